import { readFileSync } from 'node:fs';
import { packageRoot } from '../package-root.ts';

/** The version of the package, e.g. `0.1.0`, from its package.json. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(`${packageRoot}package.json`, 'utf8')) as { readonly version: string };
  return version;
}
