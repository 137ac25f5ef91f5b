import { Failure, Nothing, UndefinedUsed } from './error.ts';
import { typeName } from './print.ts';
import { type Item, Special } from './special.ts';
import { OMIT } from './taint.ts';
import { Tuple } from './tuple.ts';
import { Float, type Key, Secret, Undefined, Unknown, type Value } from './values.ts';

/** A bool, int or float as a number; undefined for everything else. */
export function numeric(value: Item): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value instanceof Float ? value.value : undefined;
}

/** Python's `==` (secrets are compared by what they hide; an undefined or unknown must be looked for before). */
export function equals(a: Item, b: Item): boolean {
  if (a === OMIT || b === OMIT) return a === b;
  if (a === b) return !(a instanceof Float) || !Number.isNaN(a.value);
  if (typeof a === 'string' || typeof b === 'string') {
    if (a instanceof Secret) return equals(a.reveal(), b);
    return b instanceof Secret && equals(a, b.reveal());
  }
  const left = numeric(a);
  if (left !== undefined) return b instanceof Secret ? equals(a, b.reveal()) : left === numeric(b);
  return equalObjects(a, b);
}

function equalObjects(a: Item, b: Item): boolean {
  if (a instanceof Secret) return equals(a.reveal(), b);
  if (b instanceof Secret) return equals(a, b.reveal());
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length || a instanceof Tuple !== b instanceof Tuple) return false;
    return a.every((item, i) => equals(item, b[i] as Value));
  }
  if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size) return false;
    for (const [key, item] of a) {
      const other = b.get(key);
      if (other === undefined || !equals(item, other)) return false;
    }
    return true;
  }
  if (a instanceof Special && b instanceof Special) return compareSpecial(a, b) === 0;
  return false;
}

function compareSpecial(a: Special, b: Special): number | undefined {
  const left = a.attribute('__order__');
  const right = b.attribute('__order__');
  return typeof left === 'number' && typeof right === 'number' && a.type === b.type ? left - right : undefined;
}

/** Python's order: below, at or above 0; throws where Python would for types without an order. */
export function order(a: Item, b: Item, sign = '<'): number {
  if (typeof a === 'string' && typeof b === 'string') return orderText(a, b);
  if (a instanceof Secret) return order(a.reveal(), b, sign);
  if (b instanceof Secret) return order(a, b.reveal(), sign);
  const left = numeric(a);
  const right = numeric(b);
  if (left !== undefined && right !== undefined) return left - right;
  if (a instanceof Undefined) throw new UndefinedUsed(a);
  if (b instanceof Undefined) throw new UndefinedUsed(b);
  if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple) return orderLists(a, b, sign);
  const special = a instanceof Special && b instanceof Special ? compareSpecial(a, b) : undefined;
  if (special !== undefined) return special;
  throw new Failure(
    `"${sign}" cannot compare ${typeName(a)} and ${typeName(b)}`,
    typeof a === 'string' && right !== undefined ? 'turn the text into a number with "| int"' : undefined,
  );
}

function orderLists(a: readonly Value[], b: readonly Value[], sign: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a[i] as Value;
    const right = b[i] as Value;
    if (!equals(left, right)) return order(left, right, sign);
  }
  return a.length - b.length;
}

/** By code points, as Python; JavaScript's own order is by UTF-16 units. */
export function orderText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    const high = (unit: number) => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
    return high(left) - high(right);
  }
  return a.length - b.length;
}

/** Python's `item in container`. */
export function contains(container: Item, item: Item): boolean {
  if (container instanceof Secret) return contains(container.reveal(), item);
  const wanted = item instanceof Secret ? item.reveal() : item;
  if (typeof container === 'string') {
    if (typeof wanted === 'string') return container.includes(wanted);
    throw new Failure(`"in" a text needs a text, not ${typeName(wanted)}`, 'turn it into text with "| string"');
  }
  if (Array.isArray(container)) return container.some(inner => equals(inner, wanted));
  if (container instanceof Map) {
    const key = keyOf(wanted);
    return key !== undefined && findKey(container, key) !== undefined;
  }
  if (container instanceof Undefined) throw new UndefinedUsed(container);
  throw new Failure(`"in" needs a list, a dict or a text on its right, not ${typeName(container)}`);
}

/** A value as the key of a dict; undefined when it cannot be one. */
export function keyOf(value: Item): Key | undefined {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Secret) return keyOf(value.reveal());
  if (value instanceof Float && Number.isInteger(value.value)) return value.value;
  return undefined;
}

/** The key of the dict that Python takes for the same (1 and True are one key), wrapped; undefined when there is none. */
export function findKey(dict: ReadonlyMap<Key, unknown>, key: Key): { key: Key } | undefined {
  if (dict.has(key)) return { key };
  if (typeof key === 'string' || key === null) return undefined;
  const twin = key === true ? 1 : key === false ? 0 : key === 1 ? true : key === 0 ? false : undefined;
  return twin !== undefined && dict.has(twin) ? { key: twin } : undefined;
}

/** Sets a key as Python does: True takes the place of 1, and the first of them stays the key. */
export function setKey(dict: Map<Key, Value>, key: Key, value: Value): void {
  const twin = typeof key === 'string' ? undefined : findKey(dict, key);
  dict.set(twin ? twin.key : key, value);
}

/** Python's `bool(value)`; undefined when it is not known, throws when it is not defined. */
export function truth(value: Item): boolean | undefined {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value.length > 0;
    case 'number':
      return value !== 0;
    default:
      if (value === null) return false;
      if (Array.isArray(value)) return value.length > 0;
      if (value instanceof Map) return value.size > 0;
      if (value instanceof Float) return value.value !== 0;
      if (value instanceof Secret) return truth(value.reveal());
      if (value instanceof Unknown) return undefined;
      if (value instanceof Nothing) return false;
      if (value instanceof Undefined) throw new UndefinedUsed(value);
      return true;
  }
}
