import { Failure, Nothing, UndefinedUsed } from './error.ts';
import { type Item, Special } from './special.ts';
import { Tuple } from './tuple.ts';
import { Secret, Undefined, Unknown, type Value } from './values.ts';

/** What `omit` is: an argument with this value is dropped from its task, and a key in an argument with it. */
export const OMIT: Undefined = new Undefined('omit is no text: it can only be a whole value');

const DEEPEST = 1000; // a list can hold itself

/** Whether a value holds a secret anywhere, or the Unknown it holds; throws for an undefined inside. */
export function taintOf(value: Item, depth = 0): Unknown | boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (value instanceof Unknown) return value;
  if (value instanceof Nothing) return false;
  if (value === OMIT && depth > 0) return false; // it may stand in a dict or list until that is given to a module
  if (value instanceof Undefined) throw new UndefinedUsed(value);
  if (value instanceof Secret) {
    const inner = taintOf(value.reveal(), depth);
    return inner instanceof Unknown ? inner : true;
  }
  if (!Array.isArray(value) && !(value instanceof Map)) return false;
  if (depth > DEEPEST) throw new Failure('the value is nested too deep');
  let secret = false;
  for (const inner of value.values()) {
    if (typeof inner !== 'object' || inner === null) continue;
    const taint = taintOf(inner, depth + 1);
    if (taint instanceof Unknown) return taint;
    if (taint) secret = true;
  }
  return secret;
}

/** The value with every secret inside it revealed; the same object when it holds none. */
export function revealAll(value: Value): Value {
  if (value instanceof Secret) return revealAll(value.reveal());
  if (Array.isArray(value)) {
    const items = value.map(revealAll);
    return value instanceof Tuple ? Tuple.make(items) : items;
  }
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [k, revealAll(v)]));
  return value;
}

/** `result`, secret when something it was made from is. */
export function taint(result: Item, secret: boolean): Item {
  if (!secret || result instanceof Special || result instanceof Unknown || result instanceof Undefined) return result;
  return new Secret(result);
}

/** A value that may stand in a list or dict: everything but functions, dates and the like. */
export function plain(item: Item): Value {
  if (item instanceof Special) throw new Failure(`a ${item.type} cannot be kept in a list, a dict or a variable`);
  return item;
}
