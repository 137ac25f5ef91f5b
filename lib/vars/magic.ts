import type { Key, Value } from '../template/values.ts';

/** A dict whose values are made when asked for: `hostvars` of a thousand hosts costs nothing until one is used. */
export class LazyDict extends Map<Key, Value> {
  readonly #get: (key: Key) => Value | undefined;
  readonly #names: () => Iterable<string>;

  constructor(get: (key: Key) => Value | undefined, names: () => Iterable<string>) {
    super();
    this.#get = get;
    this.#names = names;
  }

  #all(): readonly string[] {
    return [...new Set(this.#names())];
  }

  override get(key: Key): Value | undefined {
    return this.#get(key);
  }
  override has(key: Key): boolean {
    return this.#all().includes(String(key));
  }
  override get size(): number {
    return this.#all().length;
  }
  override keys(): MapIterator<Key> {
    return this.#all().values() as MapIterator<Key>;
  }
  override values(): MapIterator<Value> {
    return this.#all()
      .map(name => this.#get(name) ?? null)
      .values();
  }
  override entries(): MapIterator<[Key, Value]> {
    return this.#all()
      .map((name): [Key, Value] => [name, this.#get(name) ?? null])
      .values();
  }
  override [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries();
  }
  override forEach(each: (value: Value, key: Key, map: Map<Key, Value>) => void): void {
    for (const [key, value] of this.entries()) each(value, key, this);
  }
}
