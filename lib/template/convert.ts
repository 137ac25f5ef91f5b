import { equals as equalItems, truth as truthOf } from './compare.ts';
import { Failure, UndefinedUsed } from './error.ts';
import { toJson } from './filters/json.ts';
import { printed, str, typeName } from './print.ts';
import { OMIT, plain, revealAll } from './taint.ts';
import { type Dict, Float, Secret, Undefined, Unknown, type Value } from './values.ts';

/** Plain JavaScript data as JSON has it: dicts are null-prototype objects. */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/** A value as plain data: floats become numbers, secrets are revealed, keys become texts, what is `omit` is left out. Throws for an Unknown or Undefined inside. */
export function toPlain(value: Value): Plain {
  return plainData(value, secret => toPlain(secret.reveal())) as Plain;
}

/** A list or dict as JSON text, its secrets revealed; anything else as plain data. What is `omit` inside is left out. */
export function toPlainOrJson(value: Value): Plain {
  const revealed = withoutOmit(revealAll(value));
  return Array.isArray(revealed) || revealed instanceof Map
    ? toJson(revealed, { sortKeys: false, ascii: true })
    : toPlain(revealed);
}

function withoutOmit(value: Value): Value {
  if (Array.isArray(value)) return value.filter(kept).map(withoutOmit);
  if (!(value instanceof Map)) return value;
  return new Map([...value].filter(([, inner]) => kept(inner)).map(([key, inner]) => [key, withoutOmit(inner)]));
}

/** The same for what is only shown: secrets stay Secrets, which print as `***`. */
export function toShown(value: Value): unknown {
  return plainData(value, secret => secret);
}

function plainData(value: Value, ofSecret: (secret: Secret) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Float) return value.value;
  if (value instanceof Secret) return ofSecret(value);
  if (Array.isArray(value)) return Array.from(value.filter(kept), inner => plainData(inner, ofSecret));
  if (value instanceof Map) {
    const made: { [key: string]: unknown } = Object.create(null);
    for (const [key, inner] of value)
      if (kept(inner)) made[typeof key === 'string' ? key : str(key)] = plainData(inner, ofSecret);
    return made;
  }
  if (value instanceof Undefined) throw new UndefinedUsed(value);
  throw new Failure(`the value is not known: ${value.why}`);
}

const kept = (value: Value) => value !== OMIT;

/** Plain data as a value; numbers with a fraction become floats. Only an object's own keys are read. */
export function fromPlain(data: unknown): Value {
  if (data === undefined || data === null) return null;
  if (typeof data === 'string' || typeof data === 'boolean') return data;
  if (typeof data === 'number') return Number.isSafeInteger(data) ? data : new Float(data);
  if (typeof data === 'bigint') return Number.isSafeInteger(Number(data)) ? Number(data) : new Float(Number(data));
  if (Array.isArray(data)) return data.map(fromPlain);
  const isValue =
    data instanceof Float || data instanceof Secret || data instanceof Unknown || data instanceof Undefined;
  if (isValue) return data;
  const pairs = data instanceof Map ? [...data] : Object.entries(data);
  return new Map(pairs.map(([key, inner]) => [key, fromPlain(inner)])) as Dict;
}

/** Python's `str(value)`; `***` for what is or holds a secret is the caller's care: the text is Secret then, or Unknown. */
export function toText(value: Value): string | Secret | Unknown {
  return printed(plain(value)) as string | Secret | Unknown;
}

/** Python's truth of a value: false are None, False, 0, and what is empty. */
export function truth(value: Value): boolean | Unknown {
  return value instanceof Unknown ? value : truthOf(value) === true;
}

/** Whether two values are equal as Python's `==` has it. */
export function equals(a: Value, b: Value): boolean {
  return equalItems(a, b);
}

/**
 * The result of a condition, which must be a boolean (None is false): as ansible-core 2.19, where a text or number as
 * a condition is an error. Throws Failure, whose message and suggestion the caller places at the condition.
 */
export function condition(value: Value): boolean | Unknown {
  if (typeof value === 'boolean' || value instanceof Unknown) return value;
  if (value === null) return false;
  if (value instanceof Secret) return condition(value.reveal());
  if (value instanceof Undefined) throw new UndefinedUsed(value);
  const name = typeName(value);
  const suggestion =
    typeof value === 'string'
      ? 'use "x | bool" for a text like "yes", or "x | length > 0" for one that is not empty'
      : typeof value === 'number' || value instanceof Float
        ? 'use "x != 0", or "x | bool"'
        : 'use "x | length > 0"';
  throw new Failure(`a condition must be true or false, this one is a ${name}`, suggestion);
}
