import { Failure, UndefinedUsed, UnknownFound } from './error.ts';
import { str } from './print.ts';
import { type Item, Special } from './special.ts';
import { taintOf } from './taint.ts';
import { Secret, Undefined, Unknown, type Value } from './values.ts';

const LARGEST = 100 * 1024 * 1024;

/**
 * What a template prints. One printed value and nothing else stays that value, unless the output is to be text. As
 * ansible-core: a None beside it is nothing, and a list or dict may be followed by white space (the line break at the
 * end of a `|` block). What a loop prints is always text, or its type would depend on how often it ran.
 */
export class Output {
  readonly #native: boolean;
  #text = '';
  #secret = false;
  #none = false;
  #empty = true;
  #only: { value: Item; space: string } | undefined;
  #loops = 0;

  constructor(native: boolean) {
    this.#native = native;
  }

  write(text: string): void {
    if (this.#only && !this.#follows(this.#only, text)) this.#flush();
    if (this.#only) return;
    this.#empty = false;
    this.#text += text;
    if (this.#text.length > LARGEST) throw new Failure('the template printed more than 100 MB');
  }

  #follows(only: { value: Item; space: string }, text: string): boolean {
    const container = Array.isArray(only.value) || only.value instanceof Map;
    if (!container || /\S/.test(text)) return false;
    only.space += text;
    return true;
  }

  enterLoop(): void {
    this.#loops++;
  }

  leaveLoop(): void {
    this.#loops--;
  }

  print(item: Item): void {
    if (item instanceof Undefined) throw new UndefinedUsed(item);
    if (item === null && this.#native) this.#none = true;
    else if (this.#native && this.#empty && this.#loops === 0 && !this.#only) this.#only = { value: item, space: '' };
    else {
      if (this.#only) this.#flush();
      this.write(this.#textOf(item));
    }
  }

  #flush(): void {
    const { value, space } = this.#only as { value: Item; space: string };
    this.#only = undefined;
    this.#empty = false;
    this.#text += this.#textOf(value) + space;
  }

  /** As Ansible: None is printed as nothing. */
  #textOf(item: Item): string {
    if (typeof item === 'string') return item;
    if (item === null) return '';
    const held = taintOf(item);
    if (held instanceof Unknown) throw new UnknownFound(held);
    if (held) this.#secret = true;
    if (item instanceof Secret && item.reveal() === null) return '';
    if (item instanceof Special && item.type === 'function')
      throw new Failure('a function cannot be printed', 'call it with "()"');
    return str(item);
  }

  result(): Item {
    if (this.#only) return this.#only.value;
    if (this.#none && this.#empty) return null;
    return this.#secret ? new Secret(this.#text) : this.#text;
  }

  /** What was printed, as a text: for macros and captured blocks. */
  textResult(): Value {
    if (this.#only) this.#flush();
    return this.#secret ? new Secret(this.#text) : this.#text;
  }
}
