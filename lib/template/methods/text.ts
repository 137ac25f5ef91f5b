import { type Call, content, type SpecTable } from '../call.ts';
import { Failure } from '../error.ts';
import { formatBraces } from '../format.ts';
import { repr, typeName } from '../print.ts';
import type { Item } from '../special.ts';
import { plain } from '../taint.ts';
import { Tuple } from '../tuple.ts';
import type { Value } from '../values.ts';

type TextRun = (text: string, call: Call) => Item;

/** A method of text: its value is always one. */
function method(params: string, run: TextRun) {
  return content(params, call => run(call.input as string, call));
}

/** Python's white space: what `strip()` and `split()` without arguments take. */
const SPACE = /[\s\x1c-\x1f\x85]/;

/** Takes characters off the ends: white space, or those of `chars`. */
export function strip(text: string, chars: string | undefined, ends: { left: boolean; right: boolean }): string {
  const all = Array.from(text);
  const taken = chars === undefined ? undefined : new Set(Array.from(chars));
  const drops = (char: string | undefined) => char !== undefined && (taken ? taken.has(char) : SPACE.test(char));
  let start = 0;
  let end = all.length;
  while (ends.left && start < end && drops(all[start])) start++;
  while (ends.right && end > start && drops(all[end - 1])) end--;
  return all.slice(start, end).join('');
}

function stripper(ends: { left: boolean; right: boolean }) {
  return method('chars?', (text, call) => strip(text, call.value(0) === null ? undefined : call.text(0), ends));
}

/** Python's `split` and `rsplit`. */
export function split(text: string, separator: string | undefined, limit = -1, right = false): string[] {
  if (separator === '') throw new Failure('split needs a separator that is not empty');
  const pieces =
    separator === undefined ? text.split(/[\s\x1c-\x1f\x85]+/).filter(piece => piece !== '') : text.split(separator);
  if (limit < 0 || (separator !== undefined && pieces.length <= limit + 1)) return pieces;
  if (separator !== undefined) {
    const cut = right ? pieces.length - limit : limit;
    return right
      ? [pieces.slice(0, cut).join(separator), ...pieces.slice(cut)]
      : [...pieces.slice(0, cut), pieces.slice(cut).join(separator)];
  }
  // Without a separator the part that is not split keeps its inner white space.
  const pattern = right ? /^([\s\S]*?)(\S+)\s*$/ : /^\s*(\S+)\s*([\s\S]*)$/;
  const parts: string[] = [];
  let rest = right ? text.trimEnd() : text.trimStart();
  for (let i = 0; i < limit; i++) {
    const found = pattern.exec(rest);
    if (!found) break;
    parts.push((right ? found[2] : found[1]) as string);
    rest = (right ? found[1] : found[2]) as string;
  }
  const last = right ? rest.trimEnd() : rest;
  if (last.trim() === '') return right ? parts.reverse() : parts;
  return right ? [last, ...parts.reverse()] : [...parts, last];
}

function splitter(right: boolean) {
  return method('sep? maxsplit?', (text, call) =>
    split(text, call.value(0) === null ? undefined : call.text(0), call.int(1, -1), right),
  );
}

/** `hello WORLD` to `Hello World`, as Python: a letter after anything that is no letter starts a word. */
export function titleCase(text: string): string {
  return text.replace(/\p{L}+/gu, word => {
    const [first = '', ...rest] = Array.from(word);
    return first.toUpperCase() + rest.join('').toLowerCase();
  });
}

export function capitalize(text: string): string {
  const [first = '', ...rest] = Array.from(text);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

function padded(side: 'left' | 'right' | 'center') {
  return method('width fillchar?', (text, call) => {
    const fill = call.text(1, ' ');
    if (Array.from(fill).length !== 1) call.fail('fills with exactly one character');
    const missing = width(call) - Array.from(text).length;
    if (missing <= 0) return text;
    if (side === 'left') return text + fill.repeat(missing);
    if (side === 'right') return fill.repeat(missing) + text;
    const left = Math.floor(missing / 2) + (missing & width(call) & 1);
    return fill.repeat(left) + text + fill.repeat(missing - left);
  });
}

function width(call: Call): number {
  const value = call.int(0);
  return value > 10_000_000 ? call.fail(`cannot make a text ${value} characters wide`) : value;
}

function window(text: string, call: Call): [string, number] {
  const bound = (index: number, otherwise: number) => (call.value(index) === null ? otherwise : call.int(index));
  const start = bound(1, 0);
  const from = Math.min(start < 0 ? Math.max(0, text.length + start) : start, text.length);
  return [text.slice(from, bound(2, text.length)), from];
}

function finder(last: boolean, strict: boolean) {
  return method('sub start? end?', (text, call) => {
    const [part, from] = window(text, call);
    const at = last ? part.lastIndexOf(call.text(0)) : part.indexOf(call.text(0));
    if (at >= 0) return at + from;
    return strict ? call.fail('did not find the text') : -1;
  });
}

function edges(test: (text: string, edge: string) => boolean) {
  return method('edge start? end?', (text, call) => {
    const [part] = window(text, call);
    const edge = call.value(0);
    if (edge instanceof Tuple) return edge.some(one => typeof one === 'string' && test(part, one));
    return test(part, call.text(0));
  });
}

function every(pattern: RegExp) {
  return method('', text => pattern.test(text));
}

function partition(last: boolean) {
  return method('sep', (text, call) => {
    const separator = call.text(0);
    const at =
      separator === ''
        ? call.fail('needs a separator that is not empty')
        : last
          ? text.lastIndexOf(separator)
          : text.indexOf(separator);
    if (at < 0) return Tuple.make(last ? ['', '', text] : [text, '', '']);
    return Tuple.make([text.slice(0, at), separator, text.slice(at + separator.length)]);
  });
}

/** Joins texts; as Python the method takes nothing but texts. */
function join(text: string, call: Call): string {
  const value = call.value(0);
  const items = typeof value === 'string' ? Array.from(value) : value instanceof Map ? [...value.keys()] : call.list(0);
  return items
    .map((item, i) =>
      typeof item === 'string'
        ? item
        : call.fail(`needs texts, item ${i} is a ${typeName(item)}`, 'use the filter "| join(...)"'),
    )
    .join(text);
}

function replace(text: string, call: Call): string {
  const limit = call.int(2, -1);
  const [old, replacement] = [call.text(0), call.text(1)];
  return replaceText(text, [old, replacement], limit);
}

/** Python's `str.replace`. */
export function replaceText(text: string, [old, replacement]: readonly [string, string], limit: number): string {
  if (limit < 0) return text.replaceAll(old, () => replacement);
  const pieces = old === '' ? ['', ...Array.from(text), ''] : text.split(old);
  const cut = Math.min(limit, pieces.length - 1);
  return (
    pieces.slice(0, cut + 1).join(replacement) +
    pieces
      .slice(cut + 1)
      .map(piece => old + piece)
      .join('')
  );
}

const LINES = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

function splitlines(text: string, call: Call): Value {
  const keep = call.bool(0);
  const lines = text.split(keep ? new RegExp(`(?<=${LINES.source})(?<!\\r(?=\\n))`) : LINES);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function cased(text: string, upper: boolean): boolean {
  const other = upper ? text.toUpperCase() : text.toLowerCase();
  return text === other && text.toLowerCase() !== text.toUpperCase();
}

/** Python's methods of str. */
export const textMethods: SpecTable = {
  split: splitter(false),
  rsplit: splitter(true),
  splitlines: method('keepends?', splitlines),
  join: method('iterable', join),
  strip: stripper({ left: true, right: true }),
  lstrip: stripper({ left: true, right: false }),
  rstrip: stripper({ left: false, right: true }),
  upper: method('', text => text.toUpperCase()),
  lower: method('', text => text.toLowerCase()),
  casefold: method('', text => text.toLowerCase().replaceAll('ß', 'ss')),
  title: method('', titleCase),
  capitalize: method('', capitalize),
  swapcase: method('', text =>
    Array.from(text, c => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join(''),
  ),
  startswith: edges((text, edge) => text.startsWith(edge)),
  endswith: edges((text, edge) => text.endsWith(edge)),
  removeprefix: method('prefix', (text, call) =>
    text.startsWith(call.text(0)) ? text.slice(call.text(0).length) : text,
  ),
  removesuffix: method('suffix', (text, call) =>
    call.text(0) !== '' && text.endsWith(call.text(0)) ? text.slice(0, -call.text(0).length) : text,
  ),
  find: finder(false, false),
  rfind: finder(true, false),
  index: finder(false, true),
  rindex: finder(true, true),
  count: method('sub start? end?', (text, call) => {
    const [part] = window(text, call);
    return call.text(0) === '' ? Array.from(part).length + 1 : part.split(call.text(0)).length - 1;
  }),
  replace: method('old new count?', replace),
  format: method('*values **named', (text, call) =>
    formatBraces(
      text,
      [...call.values, ...call.rest].filter(v => v !== undefined).map(plain),
      new Map(call.extra.map(([k, v]) => [k, plain(v)])),
    ),
  ),
  format_map: method('mapping', (text, call) => formatBraces(text, [], call.value(0) as ReadonlyMap<string, Value>)),
  zfill: method('width', (text, call) => {
    const sign = /^[+-]/.exec(text)?.[0] ?? '';
    return sign + text.slice(sign.length).padStart(width(call) - sign.length, '0');
  }),
  ljust: padded('left'),
  rjust: padded('right'),
  center: padded('center'),
  expandtabs: method('tabsize?', (text, call) => {
    const size = call.int(0, 8);
    return text
      .split('\n')
      .map(line =>
        line.replace(/([^\t]*)\t/g, (_all, before: string) => before + ' '.repeat(size - (before.length % size))),
      )
      .join('\n');
  }),
  partition: partition(false),
  rpartition: partition(true),
  isdigit: every(/^[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089]+$/u),
  isdecimal: every(/^\p{Nd}+$/u),
  isnumeric: every(/^\p{N}+$/u),
  isalpha: every(/^\p{L}+$/u),
  isalnum: every(/^[\p{L}\p{N}]+$/u),
  isspace: every(/^[\s\x1c-\x1f\x85]+$/),
  isidentifier: every(/^[\p{L}_][\p{L}\p{Nd}_]*$/u),
  isprintable: method('', text => repr(text).slice(1, -1).replaceAll("\\'", "'").replaceAll('\\\\', '\\') === text),
  isascii: every(/^[\x00-\x7f]*$/),
  isupper: method('', text => cased(text, true)),
  islower: method('', text => cased(text, false)),
  istitle: method('', text => /\p{L}/u.test(text) && titleCase(text) === text),
};
