import { sh } from '../shell/sh.ts';
import type { Fact } from './fact.ts';

/** The environment that tasks run in. */
export const env: Fact = {
  name: 'env',
  subset: 'min',
  // A builtin, quoted by the shell itself: exact for every value, where `env` cannot tell a line break in one.
  probe: sh`export -p`,
  parse: seen => ({ env: readExports(seen.out) }),
};

/** Reads `export NAME='value'` lines as dash and busybox write them, and bash with its double quotes. */
export function readExports(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const match of text.matchAll(
    /^(?:export|declare -x) ([A-Za-z_][A-Za-z0-9_]*)=((?:'[^']*'|"(?:\\[^]|[^"\\])*"|\\[^]|[^\s'"\\])*)$/gm,
  ))
    values[match[1] as string] = unquote(match[2] as string);
  return values;
}

function unquote(text: string): string {
  return text.replace(/'([^']*)'|"((?:\\[^]|[^"\\])*)"|\\([^])/g, (_, single, double, escaped) =>
    double === undefined
      ? (single ?? escaped)
      : double.replace(/\\([$`"\\\n])/g, (__: string, c: string) => (c === '\n' ? '' : c)),
  );
}
