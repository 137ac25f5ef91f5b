import { didYouMean } from '../text/near.ts';
import { findKey, keyOf, numeric } from './compare.ts';
import { type At, Failure, Missing } from './error.ts';
import { methodOf } from './methods/index.ts';
import { typeName } from './print.ts';
import { Callable, type Item, Special } from './special.ts';
import { OMIT, taint } from './taint.ts';
import { Group, Tuple } from './tuple.ts';
import { Float, Secret, Undefined, Unknown, type Value } from './values.ts';

/**
 * `item.name`. As Jinja: a method comes before a key of that name, so `d.items` is the method and `d['items']` the key.
 * A missing one is undefined, which only fails when it is used.
 */
export function attribute(item: Item, name: string, at: At): Item {
  if (item instanceof Map) {
    // Most names are keys, and hardly any key is called like a method.
    const value = methodOf(item, name) ?? item.get(name);
    return value === undefined ? missing(item, name, at) : value;
  }
  if (item instanceof Undefined || item instanceof Unknown) return item === OMIT ? missing(item, name, at) : item;
  if (item instanceof Secret) return ofSecret(item, name, at);
  if (item instanceof Special) {
    const value = item.attribute(name);
    return value === undefined ? missing(item, name, at) : value;
  }
  if (item instanceof Group && (name === 'grouper' || name === 'list')) return item[name === 'list' ? 1 : 0] as Value;
  return methodOf(item, name) ?? missing(item, name, at);
}

/** `item[key]`. */
export function subscript(item: Item, key: Item, at: At): Item {
  if (item instanceof Undefined || item instanceof Unknown) return item === OMIT ? missing(item, key, at) : item;
  if (key instanceof Undefined || key instanceof Unknown) return key;
  if (item instanceof Secret || key instanceof Secret) return secretly(subscript(opened(item), opened(key), at), at);
  if (item instanceof Map) {
    const wanted = keyOf(key);
    const value = wanted === undefined ? undefined : item.get(wanted);
    if (value !== undefined) return value;
    const twin = wanted === undefined ? undefined : findKey(item, wanted);
    return twin ? (item.get(twin.key) as Value) : missing(item, key, at);
  }
  if (typeof item === 'string' || Array.isArray(item)) {
    const index = key instanceof Float ? undefined : numeric(key);
    const value = index === undefined ? undefined : element(item, index);
    if (value !== undefined) return value;
    if (index !== undefined) return missing(item, key, at);
  }
  // As Jinja: `x['name']` falls back to what `x.name` is.
  return typeof key === 'string' ? attribute(item, key, at) : missing(item, key, at);
}

function element(item: string | readonly Value[], index: number): Value | undefined {
  const all = typeof item === 'string' ? characters(item) : item;
  return all[index < 0 ? all.length + index : index];
}

/** A text as Python counts it: by code points. Most texts have no pairs of surrogates and stay as they are. */
export function characters(text: string): string | readonly string[] {
  return /[\ud800-\udfff]/.test(text) ? Array.from(text) : text;
}

/** A method of a secret keeps the secret as its value: calling it must not let the value out. */
function ofSecret(item: Secret, name: string, at: At): Item {
  const method = methodOf(item.reveal(), name);
  return method
    ? new Callable(name, method.signature, method.run, item)
    : secretly(attribute(item.reveal(), name, at), at);
}

function opened(item: Item): Item {
  return item instanceof Secret ? item.reveal() : item;
}

/** What was read of, or by, a secret: secret too; and when it is not there, the error must not tell what is. */
function secretly(item: Item, at: At): Item {
  return item instanceof Undefined ? new Missing('the secret value has no such key or item', at) : taint(item, true);
}

function missing(item: Item, key: Item, at: At): Undefined {
  if (item instanceof Map) {
    const advice = () => (typeof key === 'string' ? didYouMean(key, textKeys(item)) : undefined);
    return new Missing(`the dict has no key ${shown(key)}`, at, { advice });
  }
  if (numeric(key) !== undefined && (Array.isArray(item) || typeof item === 'string')) {
    const { length } = characters(typeof item === 'string' ? item : '');
    const count = Array.isArray(item) ? item.length : length;
    return new Missing(
      `the ${typeName(item)} has no item ${shown(key)}, it has ${count} item${count === 1 ? '' : 's'}`,
      at,
    );
  }
  return new Missing(`a ${typeName(item)} has no attribute ${shown(key)}`, at);
}

function textKeys(dict: ReadonlyMap<unknown, unknown>): string[] {
  return [...dict.keys()].filter(key => typeof key === 'string');
}

function shown(key: Item): string {
  return typeof key === 'string' ? `"${key}"` : typeof key === 'number' ? String(key) : `of type ${typeName(key)}`;
}

/** `item[start:stop:step]`. */
export function slice(item: Item, bounds: readonly (Item | undefined)[]): Item {
  if (item instanceof Undefined || item instanceof Unknown) return item;
  if (item instanceof Secret) return taint(slice(item.reveal(), bounds), true);
  const unknown = bounds.find(bound => bound instanceof Unknown);
  if (unknown) return unknown;
  if (typeof item !== 'string' && !Array.isArray(item)) throw new Failure(`a ${typeName(item)} cannot be sliced`);
  const all = typeof item === 'string' ? characters(item) : item;
  const [start, stop, step = 1] = bounds.map(bound => sliceBound(bound));
  const picked = [...sliceIndexes(all.length, { start, stop, step })].map(index => all[index] as Value);
  if (typeof item === 'string') return picked.join('');
  return item instanceof Tuple ? Tuple.make(picked) : picked;
}

function sliceBound(bound: Item | undefined): number | undefined {
  if (bound === undefined || bound === null) return undefined;
  const value = bound instanceof Secret ? bound.reveal() : bound;
  if (typeof value === 'number') return value;
  throw new Failure(
    `the bounds of a slice must be integers, not ${typeName(value)}`,
    typeof value === 'string' ? 'turn the text into a number with "| int"' : undefined,
  );
}

/** The indexes a Python slice takes. */
export function* sliceIndexes(
  length: number,
  bounds: { start?: number | undefined; stop?: number | undefined; step: number },
): Iterable<number> {
  const { step } = bounds;
  if (step === 0) throw new Failure('the step of a slice cannot be 0');
  const clamp = (value: number) =>
    Math.min(Math.max(value < 0 ? value + length : value, step < 0 ? -1 : 0), step < 0 ? length - 1 : length);
  const start = bounds.start === undefined ? (step < 0 ? length - 1 : 0) : clamp(bounds.start);
  const stop = bounds.stop === undefined ? (step < 0 ? -1 : length) : clamp(bounds.stop);
  if (step > 0) for (let i = start; i < stop; i += step) yield i;
  else for (let i = start; i > stop; i += step) yield i;
}
