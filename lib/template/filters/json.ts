import { orderText } from '../compare.ts';
import { Failure } from '../error.ts';
import { reprFloat, typeName } from '../print.ts';
import { type Dict, Float, type Key, type Value } from '../values.ts';

interface JsonOptions {
  readonly indent?: string | undefined;
  /** `python` refuses keys that have no common order, as Python does; `true` sorts those as texts. */
  readonly sortKeys: boolean | 'python';
  /** Whether what is not ASCII is written as \\uXXXX. */
  readonly ascii: boolean;
  readonly separators?: readonly string[] | undefined;
}

/** Python's `json.dumps`: a space after commas and colons, floats as Python prints them. */
export function toJson(value: Value, options: JsonOptions): string {
  const [comma = options.indent === undefined ? ', ' : ',', colon = ': '] = options.separators ?? [];
  const write = (item: Value, inner: string): string => {
    if (Array.isArray(item))
      return wrap(
        ['[', ']'],
        item.map(one => write(one, inner + (options.indent ?? ''))),
        inner,
      );
    if (!(item instanceof Map)) return scalar(item, options.ascii);
    if (options.sortKeys === 'python') mustSort(item);
    const pairs = options.sortKeys ? sortedPairs(item) : [...item];
    return wrap(
      ['{', '}'],
      pairs.map(([k, v]) => quote(keyText(k), options.ascii) + colon + write(v, inner + (options.indent ?? ''))),
      inner,
    );
  };
  const wrap = ([open, close]: readonly [string, string], parts: readonly string[], inner: string): string => {
    if (parts.length === 0) return open + close;
    if (options.indent === undefined) return open + parts.join(comma) + close;
    const line = `\n${inner}${options.indent}`;
    return `${open}${line}${parts.join(comma + line)}\n${inner}${close}`;
  };
  return write(value, '');
}

function scalar(value: Value, ascii: boolean): string {
  if (typeof value === 'string') return quote(value, ascii);
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (value instanceof Float) {
    if (Number.isNaN(value.value)) return 'NaN';
    return Number.isFinite(value.value) ? reprFloat(value.value) : value.value > 0 ? 'Infinity' : '-Infinity';
  }
  throw new Failure(`a ${typeName(value)} cannot be written as JSON`);
}

function keyText(key: Key): string {
  return String(key);
}

/** Whether Python has an order for the keys: all are texts, or all are numbers or booleans. */
export function sortable(dict: Dict): boolean {
  const texts = [...dict.keys()].filter(key => typeof key === 'string').length;
  return texts === dict.size || (texts === 0 && (dict.size === 1 || !dict.has(null)));
}

function mustSort(dict: Dict): void {
  if (sortable(dict)) return;
  const names = [...new Set([...dict.keys()].map(typeName))].join(' and ');
  throw new Failure(`keys of different types (${names}) cannot be sorted`, 'give sort_keys=false, or quote the keys');
}

/** Pairs in the order of their keys; Python cannot sort keys of different types, we sort them as texts. */
export function sortedPairs(dict: Dict): [Key, Value][] {
  return [...dict].sort(([a], [b]) =>
    typeof a !== 'string' && typeof b !== 'string' ? Number(a) - Number(b) : orderText(String(a), String(b)),
  );
}

function quote(text: string, ascii: boolean): string {
  const quoted = JSON.stringify(text).replaceAll('\x7f', ascii ? '\\u007f' : '\x7f');
  return ascii
    ? quoted.replace(/[\u0080-\uffff]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : quoted;
}

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const TEXT = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;

/** Reads JSON with integers and floats kept apart, which JSON.parse cannot. Throws an Error that names line and column. */
export function parseJson(text: string): Value {
  const reader = new JsonReader(text);
  return reader.whole();
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  constructor(text: string) {
    this.#text = text;
  }

  whole(): Value {
    this.#space();
    const value = this.#value();
    this.#space();
    return this.#at < this.#text.length ? this.#fail('unexpected text after the value') : value;
  }

  #fail(what: string): never {
    const before = this.#text.slice(0, this.#at).split('\n');
    throw new Error(`${what} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`);
  }

  #space(): void {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #accept(char: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    this.#space();
    return true;
  }

  #value(): Value {
    if (this.#depth > 500) this.#fail('nested more than 500 levels deep');
    const char = this.#text[this.#at];
    if (char === '{') return this.#dict();
    if (char === '[') return this.#list();
    if (char === '"') return this.#string();
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue;
      this.#at += word.length;
      return value;
    }
    const found = this.#match(NUMBER);
    if (!found) return this.#fail(this.#at >= this.#text.length ? 'unexpected end of the text' : 'expected a value');
    const number = Number(found[0]);
    if (found[1] !== undefined || found[2] !== undefined) return new Float(number);
    return Number.isSafeInteger(number) ? number : this.#fail('the number is too large to be exact');
  }

  #string(): string {
    const found = this.#match(TEXT);
    return found ? (JSON.parse(found[0]) as string) : this.#fail('a text is not closed or holds a bad character');
  }

  #dict(): Value {
    const dict: Dict = new Map();
    this.#at++;
    this.#depth++;
    if (!this.#accept('}'))
      for (;;) {
        this.#space();
        const key = this.#text[this.#at] === '"' ? this.#string() : this.#fail('expected a key in double quotes');
        if (!this.#accept(':')) this.#fail('expected ":"');
        dict.set(key, this.#value());
        if (this.#accept('}')) break;
        if (!this.#accept(',')) this.#fail('expected "," or "}"');
      }
    this.#depth--;
    return dict;
  }

  #list(): Value {
    const list: Value[] = [];
    this.#at++;
    this.#depth++;
    if (!this.#accept(']'))
      for (;;) {
        list.push(this.#value());
        if (this.#accept(']')) break;
        if (!this.#accept(',')) this.#fail('expected "," or "]"');
      }
    this.#depth--;
    return list;
  }
}

const WORDS: readonly (readonly [string, Value])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
  ['NaN', new Float(Number.NaN)],
  ['Infinity', new Float(Number.POSITIVE_INFINITY)],
  ['-Infinity', new Float(Number.NEGATIVE_INFINITY)],
];
