import type { Call } from '../call.ts';
import { str } from '../print.ts';

interface Style {
  readonly decoration: string;
  readonly beginning?: string;
  readonly end?: string;
}

const STYLES: Readonly<Record<string, Style>> = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
};

/** As Ansible's `comment`: every line behind a decoration, with an empty commented line before and after. */
export function comment(call: Call): string {
  const name = call.text(0, 'plain');
  const style = Object.hasOwn(STYLES, name)
    ? (STYLES[name] as Style)
    : call.fail(`knows the styles ${Object.keys(STYLES).join(', ')}`);
  const options = new Map(call.extra);
  const option = (key: string, otherwise: string) => (options.has(key) ? str(options.get(key) ?? '') : otherwise);
  const count = (key: string) => {
    const value = options.get(key);
    return typeof value === 'number' ? value : 1;
  };
  const newline = option('newline', '\n');
  const decoration = option('decoration', style.decoration);
  const prefix = option('prefix', decoration.trimEnd());
  const postfix = option('postfix', decoration.trimEnd());
  const beginning = option('beginning', style.beginning ?? '');
  const end = option('end', style.end ?? '');
  const decorated = decoration + str(call.input).replaceAll(newline, newline + decoration);
  const lines = decorated.replaceAll(decoration + newline, decoration.trimEnd() + newline);
  const before =
    (beginning === '' ? '' : beginning + newline) +
    (prefix + newline).repeat(prefix === '' ? 0 : count('prefix_count'));
  const after = (newline + postfix).repeat(count('postfix_count')) + (end === '' ? '' : newline + end);
  return before + lines + after;
}
