import type { Syntax } from './lex.ts';
import { SyntaxProblem } from './syntax-error.ts';

const NAMES: Readonly<Record<string, keyof Syntax>> = {
  trim_blocks: 'trimBlocks',
  lstrip_blocks: 'lstripBlocks',
  keep_trailing_newline: 'keepTrailingNewline',
  newline_sequence: 'newline',
  variable_start_string: 'variableStart',
  variable_end_string: 'variableEnd',
  block_start_string: 'blockStart',
  block_end_string: 'blockEnd',
  comment_start_string: 'commentStart',
  comment_end_string: 'commentEnd',
};
const FLAGS = new Set(['trim_blocks', 'lstrip_blocks', 'keep_trailing_newline']);
const BEGIN = '#jinja2:';

/**
 * As Ansible: a first line `#jinja2: trim_blocks: False, lstrip_blocks: True` says how the rest of the file is written,
 * and is no part of it. Throws SyntaxProblem.
 */
export function readHeader(text: string): { readonly length: number; readonly syntax: Partial<Syntax> } {
  if (!text.startsWith(BEGIN)) return { length: 0, syntax: {} };
  const end = text.indexOf('\n');
  const line = end < 0 ? text : text.slice(0, end);
  const syntax: Record<string, string | boolean> = {};
  let at = BEGIN.length;
  for (const piece of line.slice(BEGIN.length).replace(/\r$/, '').split(',')) {
    const range = { start: at + piece.length - piece.trimStart().length, end: at + piece.length };
    at += piece.length + 1;
    const [, name = '', value = ''] = /^\s*(\w+)\s*:\s*(.*?)\s*$/.exec(piece) ?? [];
    const key = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
    if (key === undefined)
      throw new SyntaxProblem(
        `"#jinja2:" has no setting "${name || piece.trim()}"`,
        range,
        `it has ${Object.keys(NAMES).join(', ')}`,
      );
    syntax[key] = FLAGS.has(name) ? flag(value, range) : quoted(value, range);
  }
  return { length: end < 0 ? text.length : end + 1, syntax: syntax as Partial<Syntax> };
}

type Range = { readonly start: number; readonly end: number };

function flag(value: string, range: Range): boolean {
  if (value === 'True' || value === 'False') return value === 'True';
  throw new SyntaxProblem(`"${value}" is neither True nor False`, range);
}

function quoted(value: string, range: Range): string {
  const inner = /^(['"])(.+)\1$/.exec(value)?.[2];
  if (inner === undefined) throw new SyntaxProblem(`"${value}" is no text in quotes`, range);
  return inner.replaceAll('\\n', '\n').replaceAll('\\r', '\r');
}
