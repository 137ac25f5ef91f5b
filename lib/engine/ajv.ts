// A file of its own, so that it can be loaded late: it takes as long as all the rest of a small run.
export { Ajv } from 'ajv';
