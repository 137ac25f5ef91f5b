import { characters } from '../access.ts';
import { Call, content, type SpecTable, structure } from '../call.ts';
import { formatPercent } from '../format.ts';
import { iterate } from '../loop.ts';
import { capitalize, replaceText, split, strip } from '../methods/text.ts';
import { str, typeName } from '../print.ts';
import { plain } from '../taint.ts';
import { Tuple } from '../tuple.ts';
import type { Value } from '../values.ts';
import { attributeOf } from './attribute.ts';
import { comment } from './comment.ts';
import { escapeHtml } from './html.ts';

/** Most of Jinja's text filters take any value for its text. */
function text(call: Call): string {
  return str(call.input);
}

function titled(value: string): string {
  return Array.from(value.split(/([-\s({[<]+)/u), piece => capitalize(piece)).join('');
}

function indent(call: Call): string {
  const width = call.value(0, 4);
  const by = typeof width === 'string' ? width : ' '.repeat(call.int(0, 4));
  const lines = `${call.inputText()}\n`.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
  lines.pop();
  const [first = '', ...rest] = lines;
  const indented = rest.map(line => (line !== '' || call.bool(2) ? by + line : line));
  return [call.bool(1) && (first !== '' || call.bool(2) || lines.length >= 1) ? by + first : first, ...indented].join(
    '\n',
  );
}

function truncate(call: Call): string {
  const all = Array.from(text(call));
  const length = call.int(0, 255);
  const end = call.text(2, '...');
  const leeway = call.has(3) ? call.int(3) : 5;
  if (length < Array.from(end).length) call.fail('needs a length that holds its end');
  if (all.length <= length + leeway) return all.join('');
  const kept = all.slice(0, length - Array.from(end).length).join('');
  if (call.bool(1)) return kept + end;
  const space = kept.lastIndexOf(' ');
  return (space < 0 ? kept : kept.slice(0, space)) + end;
}

function wordwrap(call: Call): string {
  const width = call.int(0, 79);
  const breakLong = call.bool(1, true);
  const line = call.value(2) === null ? '\n' : call.text(2);
  const hyphens = call.bool(3, true);
  if (width < 1) call.fail('needs a width of at least 1');
  return text(call)
    .split(/\r\n|[\n\r]/)
    .map(part => wrap(part, { width, breakLong, hyphens }).join(line))
    .join(line);
}

/** Python's textwrap for one line, white space kept inside and dropped around a break. */
function wrap(line: string, options: { width: number; breakLong: boolean; hyphens: boolean }): string[] {
  const { width } = options;
  const pattern = options.hyphens
    ? /\s+|[^\s-]*[\p{L}\d_]{2,}-(?=[\p{L}_]{2,})|\S+?(?=\s|$|[\p{L}\d_]{2,}-(?=[\p{L}_]{2,}))|\S+/gu
    : /\s+|\S+/g;
  const chunks = line.match(pattern) ?? [];
  const lines: string[] = [];
  let current = '';
  const push = () => {
    const trimmed = current.trimEnd();
    if (trimmed !== '') lines.push(trimmed);
    current = '';
  };
  for (let chunk of chunks) {
    if (current.length + chunk.length > width && current !== '') push();
    if (current === '' && lines.length > 0 && chunk.trim() === '') continue;
    while (options.breakLong && chunk.length > width) {
      lines.push(chunk.slice(0, width));
      chunk = chunk.slice(width);
    }
    current += chunk;
  }
  push();
  return lines;
}

function join(call: Call): string {
  const attribute = call.value(1);
  const items = iterate(call.input, 'joined');
  const separator = str(call.value(0, ''));
  return items.map(item => str(attribute === null ? item : plain(attributeOf(item, attribute, call)))).join(separator);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

function unescaped(all: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return ENTITIES[name] ?? all;
  const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}

/** As Python's shlex.quote. */
function quoted(value: string): string {
  if (value === '') return "''";
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'"'"'`)}'`;
}

function length(call: Call): number {
  const { input } = call;
  if (typeof input === 'string') return characters(input).length;
  if (Array.isArray(input)) return input.length;
  if (input instanceof Map) return input.size;
  return call.fail(`needs a list, a dict or a text, not ${typeName(input)}`);
}

const escape = content('', call => escapeHtml(text(call)));
const count = structure('', length);

/** Filters that make text of text. */
export const textFilters: SpecTable = {
  upper: content('', call => text(call).toUpperCase()),
  lower: content('', call => text(call).toLowerCase()),
  capitalize: content('', call => capitalize(text(call))),
  title: content('', call => titled(text(call))),
  trim: content('chars?', call =>
    strip(text(call), call.value(0) === null ? undefined : call.text(0), { left: true, right: true }),
  ),
  replace: content('old new count?', call =>
    replaceText(text(call), [str(call.value(0)), str(call.value(1))], call.value(2) === null ? -1 : call.int(2)),
  ),
  format: content('*values **named', call => {
    const values = [...call.values, ...call.rest].filter(value => value !== undefined).map(plain);
    if (values.length > 0 && call.extra.length > 0) call.fail('takes either plain or named values');
    return formatPercent(
      text(call),
      call.extra.length > 0 ? new Map(call.extra.map(([k, v]) => [k, plain(v)] as const)) : Tuple.make(values),
    );
  }),
  indent: content('width? first? blank?', indent),
  truncate: content('length? killwords? end? leeway?', truncate),
  center: content('width?', call => {
    const all = text(call);
    const width = call.int(0, 80);
    const missing = Math.max(0, width - characters(all).length);
    const left = Math.floor(missing / 2) + (missing & width & 1);
    return ' '.repeat(left) + all + ' '.repeat(missing - left);
  }),
  wordwrap: content('width? break_long_words? wrapstring? break_on_hyphens?', wordwrap),
  wordcount: content('', call => (text(call).match(/[\p{L}\p{N}_]+/gu) ?? []).length),
  join: content('d? attribute?', join),
  split: content(
    'sep? maxsplit?',
    call => split(call.inputText(), call.value(0) === null ? undefined : call.text(0), call.int(1, -1)) as Value,
  ),
  comment: content('style? **options', comment),
  quote: content('', call => quoted(call.input === null ? '' : text(call))),
  escape,
  e: escape,
  forceescape: escape,
  striptags: content('', call =>
    text(call)
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/<[^>]*>/g, '')
      .split(/\s+/)
      .filter(w => w !== '')
      .join(' ')
      .replace(/&(?:#(\d+)|#[xX]([\da-fA-F]+)|(amp|lt|gt|quot|apos|nbsp));/g, unescaped),
  ),
  length: count,
  count,
};
