import { equals, order } from './compare.ts';
import { Secret, type Value } from './values.ts';

/** Whether texts that differ in case only are the same, as Jinja's filters take them by default. */
export function folded(value: Value): Value {
  if (value instanceof Secret) return folded(value.reveal());
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** A stable sort by Python's order; `key` gives what is compared. */
export function sorted(
  items: readonly Value[],
  options: { reverse?: boolean; key?: (item: Value) => Value } = {},
): Value[] {
  const { key, reverse } = options;
  const keyed = items.map(item => ({ item, by: key ? key(item) : item }));
  // As Python: reversed, equal items still keep their order.
  keyed.sort((a, b) => (reverse ? compareKeys(b.by, a.by) : compareKeys(a.by, b.by)));
  return keyed.map(entry => entry.item);
}

function compareKeys(a: Value, b: Value): number {
  return Array.isArray(a) && Array.isArray(b) && equals(a, b) ? 0 : order(a, b);
}

/** A set of values by Python's equality: texts, numbers and bools are found by hashing, the rest by comparing. */
export class ValueSet {
  readonly #keys = new Set<string | number | null>();
  readonly #others: Value[] = [];

  /** Whether the value is new; it is in the set afterwards. */
  add(value: Value): boolean {
    const key = hashOf(value);
    if (key !== undefined) {
      if (this.#keys.has(key)) return false;
      this.#keys.add(key);
      return true;
    }
    if (this.#others.some(other => equals(other, value))) return false;
    this.#others.push(value);
    return true;
  }

  has(value: Value): boolean {
    const key = hashOf(value);
    return key !== undefined ? this.#keys.has(key) : this.#others.some(other => equals(other, value));
  }
}

function hashOf(value: Value): string | number | null | undefined {
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value;
  if (typeof value === 'boolean') return Number(value);
  if (value instanceof Secret) return hashOf(value.reveal());
  return typeof value === 'object' && 'value' in value && typeof value.value === 'number' ? value.value : undefined;
}

/** The values without repetitions, the first of each kept. */
export function distinct(items: readonly Value[], key: (item: Value) => Value = item => item): Value[] {
  const seen = new ValueSet();
  return items.filter(item => seen.add(key(item)));
}
