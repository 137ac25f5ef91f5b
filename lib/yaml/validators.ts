import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import { packageRoot } from '../package-root.ts';

const require = createRequire(import.meta.url);

/** A schema's compiled check, made by `npm run build`: compiling them at every start would take longer than all else. */
export function validator(name: 'inventory' | 'play' | 'role' | 'block' | 'task' | 'handler'): ValidateFunction {
  return require(`${packageRoot}dist/generated/validators.cjs`)[name];
}
