import { readFileSync } from 'node:fs';

/** The version of the package, e.g. `0.1.0`, from its package.json. */
export function packageVersion(): string {
  // From dist/lib/cli, where the built file is.
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { readonly version: string };
  return version;
}
