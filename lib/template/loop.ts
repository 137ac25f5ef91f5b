import { signature } from './call.ts';
import { equals, numeric } from './compare.ts';
import { type At, Failure, Missing, Nothing, UndefinedUsed, UnknownFound } from './error.ts';
import type { Frame } from './frame.ts';
import { none } from './none.ts';
import { typeName } from './print.ts';
import { Callable, type Item, Special } from './special.ts';
import { Float, Secret, Undefined, Unknown, type Value } from './values.ts';

/** What `for` goes through: the items of a list, the keys of a dict, the characters of a text. */
export function iterate(item: Item, use = 'looped over'): readonly Value[] {
  if (Array.isArray(item)) return item;
  if (typeof item === 'string') return Array.from(item);
  if (item instanceof Map) return [...item.keys()];
  if (item instanceof Nothing) return [];
  if (item instanceof Undefined) throw new UndefinedUsed(item);
  if (item instanceof Unknown) throw new UnknownFound(item);
  if (item instanceof Secret) return iterate(item.reveal(), use).map(inner => new Secret(inner));
  throw new Failure(
    `a ${typeName(item)} cannot be ${use}`,
    numeric(item) !== undefined && !(item instanceof Float) && typeof item === 'number'
      ? 'use "range(...)" to count'
      : undefined,
  );
}

const ANYTHING = signature('*values', 'anything');

/** The `loop` of a `for`. */
export class Loop extends Callable {
  override readonly type = 'loop';
  readonly #items: readonly Value[];
  readonly #depth: number;
  readonly #at: At;
  index0 = -1;
  #last: readonly Item[] | undefined;

  constructor(
    items: readonly Value[],
    options: { depth: number; at: At; recurse: ((items: Item, frame: Frame) => Item) | undefined },
  ) {
    const { recurse } = options;
    super('loop', signature('items', 'anything'), call => {
      if (!recurse)
        throw new Failure('"loop" can only be called in a recursive loop', 'write "{% for ... recursive %}"');
      return recurse(call.value(0), call.frame);
    });
    this.#items = items;
    this.#depth = options.depth;
    this.#at = options.at;
  }

  override attribute(name: string): Item | undefined {
    const { length } = this.#items;
    switch (name) {
      case 'index':
        return this.index0 + 1;
      case 'index0':
        return this.index0;
      case 'revindex':
        return length - this.index0;
      case 'revindex0':
        return length - this.index0 - 1;
      case 'first':
        return this.index0 === 0;
      case 'last':
        return this.index0 === length - 1;
      case 'length':
        return length;
      case 'depth':
        return this.#depth + 1;
      case 'depth0':
        return this.#depth;
      case 'previtem':
        return this.#neighbour(-1, 'the first item of a loop has no item before it');
      case 'nextitem':
        return this.#neighbour(1, 'the last item of a loop has no item after it');
      case 'cycle':
        return new Callable('loop.cycle', ANYTHING, call => pick(call.values, call.rest, this.index0));
      case 'changed':
        return new Callable('loop.changed', ANYTHING, call => this.#changed([...call.rest]));
    }
    return undefined;
  }

  #neighbour(step: 1 | -1, message: string): Item {
    const item = this.#items[this.index0 + step];
    return item === undefined ? new Missing(message, this.#at) : item;
  }

  #changed(values: readonly Item[]): boolean {
    const last = this.#last;
    this.#last = values;
    return !last || last.length !== values.length || !values.every((value, i) => equals(value, last[i] as Item));
  }

  override text(): string {
    return `<LoopContext ${this.index0 + 1}/${this.#items.length}>`;
  }
}

function pick(values: readonly (Item | undefined)[], rest: readonly Item[], index: number): Item {
  const all = [...values, ...rest].filter(value => value !== undefined);
  if (all.length === 0) throw new Failure('cycle needs at least one value');
  return all[index % all.length] as Item;
}

/** What `cycler(...)` makes: `next()`, `current`, `reset()`. */
export class Cycler extends Special {
  override readonly type = 'cycler';
  readonly #items: readonly Item[];
  #index = 0;
  constructor(items: readonly Item[]) {
    super();
    if (items.length === 0) throw new Failure('cycler needs at least one value');
    this.#items = items;
  }

  override attribute(name: string): Item | undefined {
    if (name === 'current') return this.#items[this.#index];
    if (name === 'reset') return new Callable('reset', signature('', 'anything'), () => none((this.#index = 0)));
    if (name !== 'next') return undefined;
    return new Callable('next', signature('', 'anything'), () => {
      const item = this.#items[this.#index] as Item;
      this.#index = (this.#index + 1) % this.#items.length;
      return item;
    });
  }

  override text(): string {
    return '<Cycler>';
  }
}
