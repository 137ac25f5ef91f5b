import { Float } from '../template/values.ts';
import type { Checked } from '../text/diagnostic.ts';
import type { SourceFile } from '../text/source.ts';
import type { MapEntry, Node, ScalarNode } from './node.ts';

const DEEPEST = 500;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/y;
const STRING = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORDS: readonly (readonly [string, boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** As Ansible: JSON has no tags, a mapping with such a key stands for the text that is tagged so in YAML. */
const TAGS = [
  ['__ansible_vault', '!vault'],
  ['__ansible_unsafe', '!unsafe'],
] as const;

/**
 * Reads JSON to a located tree, where YAML would read some of it otherwise (`1e5`, tabs). As Python: `1.0` stays a float,
 * and of two equal keys the later one counts.
 */
export function readJson(file: SourceFile): Checked<Node> {
  const reader = new Reader(file);
  try {
    return { ok: true, value: reader.whole(), warnings: [] };
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    const span = { file, start: reader.at, end: Math.min(reader.at + 1, file.text.length) };
    return { ok: false, errors: [{ code: 'wrong-shape', severity: 'error', message: error.message, span }] };
  }
}

/** Thrown inside this file only: this is no JSON. */
class Wrong extends Error {}

class Reader {
  at = 0;
  readonly #file: SourceFile;
  readonly #text: string;
  #depth = 0;

  constructor(file: SourceFile) {
    this.#file = file;
    this.#text = file.text;
  }

  whole(): Node {
    const node = this.#value();
    this.#blanks();
    if (this.at < this.#text.length) throw new Wrong('this is not JSON: something follows its end');
    return node;
  }

  #blanks(): void {
    while (' \t\r\n'.includes(this.#text[this.at] ?? 'x')) this.at++;
  }

  #take(char: string): boolean {
    this.#blanks();
    if (this.#text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  #value(): Node {
    this.#blanks();
    const start = this.at;
    const char = this.#text[start];
    if (char === '{' || char === '[') {
      if (++this.#depth > DEEPEST) throw new Wrong('the JSON is nested too deeply to be read');
      this.at++;
      const node = char === '{' ? this.#map(start) : this.#list(start);
      this.#depth--;
      return node;
    }
    if (char === '"') return this.#string();
    const word = WORDS.find(([text]) => this.#text.startsWith(text, start));
    if (word !== undefined) return this.#scalar(word[0].length, word[1]);
    NUMBER.lastIndex = start;
    const [number, fraction, exponent] = NUMBER.exec(this.#text) ?? [];
    if (number === undefined)
      throw new Wrong(start < this.#text.length ? 'this is not JSON: a value is expected here' : 'the JSON has no end');
    const value = Number(number);
    if (fraction !== undefined || exponent !== undefined) return this.#scalar(number.length, new Float(value));
    // As in YAML: past 2^53 a number would silently become another one.
    return this.#scalar(number.length, Number.isSafeInteger(value) ? value : number);
  }

  #scalar(
    length: number,
    value: ScalarNode['value'],
    source = this.#text.slice(this.at, this.at + length),
  ): ScalarNode {
    const start = this.at;
    this.at += length;
    const style = this.#text[start] === '"' ? 'quoted' : 'plain';
    // An escape moves what stands behind it; what a frame points at is then the text's beginning and not far off.
    const offsetAt = (i: number) => Math.min(start + i + (style === 'quoted' ? 1 : 0), start + length);
    return { kind: 'scalar', value, source, style, span: { file: this.#file, start, end: this.at }, offsetAt };
  }

  #string(): ScalarNode {
    STRING.lastIndex = this.at;
    const text = STRING.exec(this.#text)?.[0];
    if (text === undefined) throw new Wrong('this text of the JSON is not closed, or holds a wrong escape');
    const value: string = JSON.parse(text);
    return this.#scalar(text.length, value, value);
  }

  #list(start: number): Node {
    const items: Node[] = [];
    while (!this.#take(']')) {
      if (items.length > 0 && !this.#take(',')) throw new Wrong('this is not JSON: "," or "]" is expected here');
      items.push(this.#value());
    }
    return { kind: 'seq', items, span: { file: this.#file, start, end: this.at } };
  }

  #map(start: number): Node {
    const entries = new Map<string, MapEntry>();
    while (!this.#take('}')) {
      if (entries.size > 0 && !this.#take(',')) throw new Wrong('this is not JSON: "," or "}" is expected here');
      this.#blanks();
      if (this.#text[this.at] !== '"') throw new Wrong('this is not JSON: a key in quotes is expected here');
      const key = this.#string();
      if (!this.#take(':')) throw new Wrong('this is not JSON: ":" is expected here');
      entries.set(key.source, { key, value: this.#value() });
    }
    for (const [name, tag] of TAGS) {
      const value = entries.get(name)?.value;
      if (value?.kind === 'scalar' && typeof value.value === 'string') return { ...value, tag };
    }
    return { kind: 'map', entries: [...entries.values()], span: { file: this.#file, start, end: this.at } };
  }
}
