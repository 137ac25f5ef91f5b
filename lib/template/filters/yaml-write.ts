import { Failure } from '../error.ts';
import { reprFloat, typeName } from '../print.ts';
import { Float, type Key, type Value } from '../values.ts';
import { sortable, sortedPairs } from './json.ts';
import { plainText } from './yaml-scalar.ts';

export interface YamlOptions {
  readonly indent: number;
  readonly width: number;
  readonly sortKeys: boolean;
  /** Which lists and dicts are written as `[a]` and `{a: b}`: `leaves` are those that hold only scalars. */
  readonly flow: 'all' | 'none' | 'leaves';
  readonly explicitStart: boolean;
  readonly explicitEnd: boolean;
}

/** YAML as PyYAML writes it, for `to_yaml` and `to_nice_yaml`. */
export function toYaml(value: Value, options: YamlOptions): string {
  const body = new Writer(options).document(value);
  const start = options.explicitStart ? `---${body.startsWith('\n') ? '' : isBlock(value, options) ? '\n' : ' '}` : '';
  return start + body + (options.explicitEnd && !body.endsWith('...\n') ? '...\n' : '');
}

function isBlock(value: Value, options: YamlOptions): boolean {
  return isContainer(value) && !flowing(value, options);
}

function isContainer(value: Value): value is Value[] | Map<Key, Value> {
  return Array.isArray(value) || value instanceof Map;
}

function flowing(value: Value[] | Map<Key, Value>, options: YamlOptions): boolean {
  const size = Array.isArray(value) ? value.length : value.size;
  if (size === 0 || options.flow === 'all') return true;
  return options.flow === 'leaves' && ![...value.values()].some(isContainer);
}

class Writer {
  readonly #options: YamlOptions;
  constructor(options: YamlOptions) {
    this.#options = options;
  }

  document(value: Value): string {
    if (isContainer(value))
      return flowing(value, this.#options)
        ? `${this.#flow(value, 0, this.#options.indent)}\n`
        : `${this.#block(value, 0)}\n`;
    const text = this.#scalar(value, { column: 0, indent: 0, flow: false });
    return `${text.replace(/\n$/, '')}\n`;
  }

  #pairs(dict: Map<Key, Value>): [Key, Value][] {
    // As PyYAML: keys that have no common order keep the one they have.
    return this.#options.sortKeys && sortable(dict) ? sortedPairs(dict) : [...dict];
  }

  #block(value: Value[] | Map<Key, Value>, indent: number, inList = false): string {
    const margin = ' '.repeat(indent);
    const lines: string[] = [];
    if (Array.isArray(value)) for (const item of value) lines.push(`${margin}-${this.#listItem(item, indent)}`);
    else for (const [key, item] of this.#pairs(value)) lines.push(margin + this.#pair(key, item, indent));
    const text = lines.map(line => line.replace(/\n$/, '')).join('\n');
    return inList ? text.slice(indent) : text;
  }

  #listItem(item: Value, indent: number): string {
    const { indent: step } = this.#options;
    if (!isContainer(item)) return ` ${this.#scalar(item, { column: indent + 2, indent: indent + step, flow: false })}`;
    if (flowing(item, this.#options)) return ` ${this.#flow(item, indent + 2, indent + step)}`;
    // As PyYAML: what is inside stands a whole step to the right, filled with spaces behind the dash.
    const inner = indent + step;
    return ' '.repeat(step - 1) + this.#block(item, inner, true);
  }

  #pair(key: Key, item: Value, indent: number): string {
    const { indent: step } = this.#options;
    const name = this.#scalar(key, { column: indent, indent: indent + step, flow: false });
    const simple = !name.includes('\n') && name.length < 128;
    const head = simple ? `${name}:` : `? ${name}\n${' '.repeat(indent)}:`;
    if (!isContainer(item))
      return `${head} ${this.#scalar(item, { column: indent + head.length + 1, indent: indent + step, flow: false })}`;
    if (flowing(item, this.#options)) return `${head} ${this.#flow(item, indent + head.length + 1, indent + step)}`;
    // As PyYAML: a list in a dict is not indented.
    return `${head}\n${this.#block(item, Array.isArray(item) ? indent : indent + step)}`;
  }

  /** `[a, b]` or `{a: b}`, broken where it passes the width. */
  #flow(value: Value[] | Map<Key, Value>, column: number, indent: number): string {
    const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
    let text = open;
    let at = column + 1;
    const items = Array.isArray(value) ? value.map(item => [undefined, item] as const) : this.#pairs(value);
    items.forEach(([key, item], i) => {
      if (i > 0) {
        text += ',';
        at += 1;
      }
      if (at > this.#options.width && i >= 0) {
        text += `\n${' '.repeat(indent)}`;
        at = indent;
      } else if (i > 0) {
        text += ' ';
        at += 1;
      }
      const piece = this.#flowItem(key, item, { column: at, indent });
      text += piece;
      at = piece.includes('\n') ? piece.length - piece.lastIndexOf('\n') - 1 : at + piece.length;
    });
    return text + close;
  }

  #flowItem(key: Key | undefined, item: Value, { column, indent }: { column: number; indent: number }): string {
    const name = key === undefined ? '' : `${this.#scalar(key, { column, indent, flow: true })}: `;
    const at = column + name.length;
    return (
      name +
      (isContainer(item)
        ? this.#flow(item, at, indent + this.#options.indent)
        : this.#scalar(item, { column: at, indent: indent + this.#options.indent, flow: true }))
    );
  }

  #scalar(value: Value, place: Place): string {
    if (typeof value === 'string') return this.#text(value, place);
    if (value === null) return 'null';
    if (typeof value === 'boolean' || typeof value === 'number') return String(value);
    if (value instanceof Float) return float(value.value);
    throw new Failure(`a ${typeName(value)} cannot be written as YAML`);
  }

  #text(text: string, place: Place): string {
    const style = styleOf(text, place);
    if (style === 'plain') return this.#folded(text.split(' '), place);
    if (style === 'double') return this.#double(text, place);
    const body = text.replaceAll("'", "''");
    const margin = ' '.repeat(place.indent);
    let quoted = "'";
    let column = place.column + 1;
    for (const piece of body.split(/(\n+)/)) {
      // One more line break than there are in the text, as a single one would be read as a space.
      quoted += piece.startsWith('\n') ? `\n${piece}${margin}` : this.#folded(piece.split(' '), { ...place, column });
      column = quoted.length - quoted.lastIndexOf('\n') - 1;
    }
    return `${quoted}'`;
  }

  /** Words set in lines of the width, as PyYAML: a line is broken at the first space behind the width. */
  #folded(words: readonly string[], { column, indent }: Place): string {
    let text = words[0] as string;
    let at = column + text.length;
    for (let i = 1; i < words.length; i++) {
      const word = words[i] as string;
      // Only a single space between two words can be a line break.
      const breakable = at > this.#options.width && word !== '' && words[i - 1] !== '';
      text += breakable ? `\n${' '.repeat(indent)}${word}` : ` ${word}`;
      at = breakable ? indent + word.length : at + 1 + word.length;
    }
    return text;
  }

  #double(text: string, { column, indent }: Place): string {
    let made = '"';
    let at = column + 1;
    const chars = Array.from(text);
    chars.forEach((char, i) => {
      const inside = char === ' ' && i > 0 && i < chars.length - 1 && chars[i - 1] !== ' ';
      const breaks = inside && at > this.#options.width;
      // A line break stands for the space; a backslash keeps a space that follows it.
      const piece = breaks
        ? `\n${' '.repeat(indent)}${chars[i + 1] === ' ' ? '\\' : ''}`
        : (DOUBLE[char] ?? (needsEscape(char) ? hex(char) : char));
      made += piece;
      at = breaks ? piece.length - 1 : at + piece.length;
    });
    return `${made}"`;
  }
}

interface Place {
  readonly column: number;
  readonly indent: number;
  readonly flow: boolean;
}

const DOUBLE: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

/** As libyaml: what is beyond the basic plane counts as unprintable. */
function needsEscape(char: string): boolean {
  return !/[\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u.test(char);
}

function hex(char: string): string {
  const code = char.codePointAt(0) as number;
  if (code <= 0xff) return `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
  return code <= 0xffff
    ? `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
    : `\\U${code.toString(16).toUpperCase().padStart(8, '0')}`;
}

function styleOf(text: string, place: Place): 'plain' | 'single' | 'double' {
  if (Array.from(text).some(char => char !== '\n' && needsEscape(char))) return 'double';
  // A break beside a space cannot be kept in single quotes.
  if (/ \n|\n /.test(text)) return 'double';
  if (!plainText(text) || text.includes('\n')) return 'single';
  const starts = /^[#,[\]{}&*!|>'"%@`]|^[?:-](?:\s|$)|^---|^\.\.\.|^\s|\s$/.test(text);
  const inside =
    /: |:$| #/.test(text) ||
    (place.flow && /[,?[\]{}]|:/.test(text)) ||
    (place.flow && /^[-]/.test(text) && text.length === 1);
  return starts || inside ? 'single' : 'plain';
}

function float(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = reprFloat(value);
  // As PyYAML: YAML 1.1 floats need a point before the exponent.
  return text.includes('.') ? text : text.replace('e', '.0e');
}
