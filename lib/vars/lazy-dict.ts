import type { Key, Value } from '../template/values.ts';

/** What a dict is made of when it is asked. */
export interface Making {
  readonly get: (key: string) => Value | undefined;
  readonly has: (key: string) => boolean;
  /** Its keys, perhaps repeated. */
  readonly keys: () => Iterable<string>;
}

/** A dict whose values are made when asked for: `hostvars` of a thousand hosts costs nothing until one is used. */
export class LazyDict extends Map<Key, Value> {
  readonly #making: Making;

  constructor(making: Making) {
    super();
    this.#making = making;
  }

  #all(): readonly string[] {
    return [...new Set(this.#making.keys())];
  }

  override get(key: Key): Value | undefined {
    return this.#making.get(String(key));
  }
  override has(key: Key): boolean {
    return this.#making.has(String(key));
  }
  override get size(): number {
    return this.#all().length;
  }
  override keys(): MapIterator<Key> {
    return this.#all().values() as MapIterator<Key>;
  }
  override values(): MapIterator<Value> {
    return this.#all()
      .map(name => this.get(name) ?? null)
      .values();
  }
  override entries(): MapIterator<[Key, Value]> {
    return this.#all()
      .map((name): [Key, Value] => [name, this.get(name) ?? null])
      .values();
  }
  override [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries();
  }
  override forEach(each: (value: Value, key: Key, map: Map<Key, Value>) => void): void {
    for (const [key, value] of this.entries()) each(value, key, this);
  }
}
