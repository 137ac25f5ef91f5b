export { condition, equals, fromPlain, type Plain, toPlain, toPlainOrJson, toShown, toText, truth } from './convert.ts';
export { Failure, TemplateError } from './error.ts';
export { hashPassword, knowsHash, randomSalt } from './filters/password-hash.ts';
export { lookupItems, lookupNames } from './loop-terms.ts';
export { holdsTemplate, isTemplateObject } from './raw.ts';
export { render, withoutOmitted } from './render.ts';
export { OMIT, revealAll, taintOf } from './taint.ts';
export {
  compileExpression,
  compileTemplate,
  compileTemplateFile,
  isTemplate,
  type TemplateOptions,
} from './template.ts';
export { Tuple } from './tuple.ts';
export * from './values.ts';
