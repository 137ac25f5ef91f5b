import { Float } from '../template/values.ts';
import type { MapEntry, Node, ScalarNode } from '../yaml/node.ts';
import { readLiteralString } from './literal-string.ts';
import type { Written } from './written.ts';

/** What a text is as a Python literal: `refused` are literals that no variable can hold. */
export type Literal =
  | { readonly kind: 'text' }
  | { readonly kind: 'value'; readonly node: Node }
  | { readonly kind: 'refused'; readonly what: string };

/**
 * Reads a text as Python's `ast.literal_eval` does: numbers, strings, True, False, None, lists, tuples and dicts, with a
 * comment behind them. Everything else is text, as it is in Ansible.
 */
export function readLiteral(written: Written): Literal {
  const reader = new Reader(written);
  try {
    return { kind: 'value', node: reader.whole() };
  } catch (error) {
    if (error instanceof NoLiteral) return { kind: 'text' };
    if (error instanceof Refused) return { kind: 'refused', what: error.message };
    throw error;
  }
}

/** Thrown inside this file only: the text is no literal. */
class NoLiteral extends Error {}
class Refused extends Error {}

const NUMBER =
  /^(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][-+]?\d(?:_?\d)*)?|\d(?:_?\d)*\.?(?:[eE][-+]?\d(?:_?\d)*)|\d(?:_?\d)*\.|0(?:_?0)*|[1-9](?:_?\d)*)/;
const NAMES: ReadonlyMap<string, boolean | null> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
]);
const DEEPEST = 100;

class Reader {
  readonly #in: Written;
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(written: Written) {
    this.#in = written;
    this.#text = written.text;
  }

  whole(): Node {
    this.#blanks();
    const start = this.#at;
    const first = this.#value();
    const node = this.#peek(',') ? this.#sequence(start, first, '') : first;
    this.#blanks();
    if (this.#at < this.#text.length && this.#text[this.#at] !== '#') throw new NoLiteral();
    return node;
  }

  #blanks(): void {
    while (/[ \t\f]/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #peek(char: string): boolean {
    this.#blanks();
    return this.#text[this.#at] === char;
  }

  #take(char: string): boolean {
    const there = this.#peek(char);
    if (there) this.#at++;
    return there;
  }

  #value(): Node {
    this.#blanks();
    const start = this.#at;
    const char = this.#text[start] ?? '';
    if (char === '[' || char === '(' || char === '{') return this.#nested(char, start);
    const word = /^[A-Za-z_]\w*/.exec(this.#text.slice(start))?.[0] ?? '';
    if (NAMES.has(word)) {
      this.#at += word.length;
      return this.#scalar(start, NAMES.get(word) as boolean | null);
    }
    if (/^set[ \t]*\([ \t]*\)/.test(this.#text.slice(start))) throw new Refused('a set');
    if (/^\.\.\./.test(this.#text.slice(start))) throw new Refused('an ellipsis');
    if (/[-+.\d]/.test(char)) return this.#number(start);
    return this.#strings(start);
  }

  #scalar(start: number, value: ScalarNode['value']): ScalarNode {
    return { ...this.#in.slice(start, this.#at).node(value) };
  }

  #number(start: number): ScalarNode {
    const sign = /^[-+]/.exec(this.#text.slice(start))?.[0];
    if (sign !== undefined) this.#at++;
    this.#blanks();
    const digits = NUMBER.exec(this.#text.slice(this.#at))?.[0];
    if (digits === undefined) throw new NoLiteral();
    this.#at += digits.length;
    if (/^[jJ]|^[ \t]*[-+][ \t]*[\d.][\d_.]*(?:[eE][-+]?\d+)?[jJ]/.test(this.#text.slice(this.#at)))
      throw new Refused('a complex number');
    if (/\w/.test(this.#text[this.#at] ?? '')) throw new NoLiteral();
    const written = this.#in.slice(start, this.#at);
    return written.node(numberOf(digits, sign === '-') ?? written.text);
  }

  #strings(start: number): ScalarNode {
    const read = readLiteralString(this.#in.slice(start));
    if (read === undefined) throw new NoLiteral();
    if ('refused' in read) throw new Refused(read.refused);
    this.#at = start + read.length;
    return read.written.node();
  }

  #nested(open: string, start: number): Node {
    if (++this.#depth > DEEPEST) throw new NoLiteral();
    this.#at++;
    const node = open === '{' ? this.#braces(start) : this.#brackets(open === '[' ? ']' : ')', start);
    this.#depth--;
    return node;
  }

  #brackets(close: string, start: number): Node {
    if (this.#take(close)) return this.#list(start, []);
    const first = this.#value();
    if (close === ')' && this.#take(close)) return first; // (1) is 1
    return this.#sequence(start, first, close);
  }

  /** The items behind the first one, up to what closes them; a tuple without parentheses is closed by the end. */
  #sequence(start: number, first: Node, close: string): Node {
    const items = [first];
    while (this.#take(',')) {
      this.#blanks();
      const end = close === '' ? /^(?:#|$)/.test(this.#text.slice(this.#at)) : this.#peek(close);
      if (end) break;
      items.push(this.#value());
    }
    if (close !== '' && !this.#take(close)) throw new NoLiteral();
    return this.#list(start, items);
  }

  #list(start: number, items: readonly Node[]): Node {
    return { kind: 'seq', items, span: this.#in.slice(start, this.#at).span };
  }

  #braces(start: number): Node {
    const entries: MapEntry[] = [];
    while (!this.#take('}')) {
      if (entries.length > 0 && !this.#take(',')) throw new NoLiteral();
      if (entries.length > 0 && this.#take('}')) break;
      const key = this.#value();
      if (!this.#take(':')) throw this.#peek(',') || this.#peek('}') ? new Refused('a set') : new NoLiteral();
      if (key.kind !== 'scalar') throw key.kind === 'seq' ? new Refused('a dict with tuples as keys') : new NoLiteral();
      entries.push({ key, value: this.#value() });
    }
    return { kind: 'map', entries, span: this.#in.slice(start, this.#at).span };
  }
}

/** Undefined for a whole number beyond 2^53, which would silently become another one: its text stays. */
function numberOf(text: string, negative: boolean): number | Float | undefined {
  const digits = text.replaceAll('_', '');
  const isFloat = !/^0[xXoObB]/.test(digits) && /[.eE]/.test(digits);
  const value = Number(/^0+$/.test(digits) ? '0' : digits);
  if (isFloat) return new Float(negative ? -value : value);
  if (!Number.isSafeInteger(value)) return undefined;
  return negative && value !== 0 ? -value : value;
}
