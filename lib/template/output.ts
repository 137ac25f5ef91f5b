import { Failure, Nothing, UndefinedUsed, UnknownFound } from './error.ts';
import { str } from './print.ts';
import { type Item, Special } from './special.ts';
import { taintOf } from './taint.ts';
import { Secret, Undefined, Unknown, type Value } from './values.ts';

const LARGEST = 100 * 1024 * 1024;

/**
 * What a template prints. One printed value and nothing else stays that value, unless the output is to be text. As
 * ansible-core, a None beside it is nothing. What a loop prints is always text, or its type would depend on how often
 * it ran.
 */
export class Output {
  readonly #native: boolean;
  /** The secret texts among what was printed. */
  readonly secrets: string[] = [];
  #text = '';
  #secret = false;
  #none = false;
  #empty = true;
  #only: { value: Item } | undefined;
  #loops = 0;
  #muted = false;

  constructor(native: boolean) {
    this.#native = native;
  }

  write(text: string): void {
    if (this.#muted) return;
    if (this.#only) this.#flush();
    this.#empty = false;
    this.#text += text;
    if (this.#text.length > LARGEST) throw new Failure('the template printed more than 100 MB');
  }

  /** After this nothing is printed any more, until `unmute`: a template that extends another only fills blocks. */
  mute(): void {
    this.#muted = true;
  }

  unmute(): void {
    this.#muted = false;
  }

  get muted(): boolean {
    return this.#muted;
  }

  enterLoop(): void {
    this.#loops++;
  }

  leaveLoop(): void {
    this.#loops--;
  }

  print(item: Item): void {
    if (this.#muted) return;
    if (item instanceof Undefined && !(item instanceof Nothing)) throw new UndefinedUsed(item);
    if (item === null && this.#native) this.#none = true;
    else if (this.#native && this.#empty && this.#loops === 0 && !this.#only) this.#only = { value: item };
    else {
      if (this.#only) this.#flush();
      this.write(this.#textOf(item));
    }
  }

  #flush(): void {
    const { value } = this.#only as { value: Item };
    this.#only = undefined;
    this.#empty = false;
    this.#text += this.#textOf(value);
  }

  /** As Ansible: None is printed as nothing. */
  #textOf(item: Item): string {
    if (typeof item === 'string') return item;
    if (item === null) return '';
    const held = taintOf(item);
    if (held instanceof Unknown) throw new UnknownFound(held);
    if (held) {
      this.#secret = true;
      this.secrets.push(str(item));
    }
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
