import { attribute } from '../access.ts';
import { anything, content, type SpecTable, structure } from '../call.ts';
import { truth } from '../compare.ts';
import { Failure, Missing, UndefinedUsed } from '../error.ts';
import { iterate } from '../loop.ts';
import { methodSpec } from '../methods/index.ts';
import { printed, str, typeName } from '../print.ts';
import type { Item } from '../special.ts';
import { OMIT } from '../taint.ts';
import { Float, Undefined, Unknown, type Value } from '../values.ts';

const TRUE = new Set(['yes', 'on', '1', 'true']);

/** As Ansible's `bool`: everything but yes, on, 1 and true is false. */
export function toBool(value: Item): Item {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return TRUE.has(value.toLowerCase());
  return value === 1 || (value instanceof Float && value.value === 1);
}

/** Jinja's `int`: what cannot be read is the default, 0. */
function toInt(value: Item, otherwise: Value, base: number): Value {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return value;
  if (value instanceof Float) return Number.isFinite(value.value) ? whole(Math.trunc(value.value)) : otherwise;
  if (typeof value !== 'string') return otherwise;
  const text = digits(value);
  const read = readInt(text, base) ?? readFloat(text);
  if (read === Number.POSITIVE_INFINITY || read === Number.NEGATIVE_INFINITY)
    throw new Failure('an infinite number is no integer');
  if (read === undefined || Number.isNaN(read)) return otherwise;
  return whole(Math.trunc(read));
}

function whole(value: number): number {
  if (!Number.isSafeInteger(value)) throw new Failure('the number is too large to be exact (beyond 2^53)');
  return value === 0 ? 0 : value;
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const PREFIX: Readonly<Record<number, RegExp>> = { 2: /^0b/, 8: /^0o/, 16: /^0x/ };

/** As Python reads numbers: digits of every script, and `_` between two of them. */
function digits(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/(?<=\w)_(?=\w)/g, '')
    .replace(/[^\x00-\x7f]/gu, char => (/\p{Nd}/u.test(char) ? String(digitOf(char)) : char));
}

/** The scripts' digits stand in rows of ten that begin at a zero. */
function digitOf(char: string): number {
  const code = char.codePointAt(0) as number;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return code - zero;
}

function readInt(text: string, base: number): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replace(/^[+-]/, '').replace(PREFIX[base] ?? /^$/, '');
  if (body === '') return undefined;
  const allowed = DIGITS.slice(0, base);
  if (!Array.from(body).every(digit => allowed.includes(digit))) return undefined;
  return sign * Number.parseInt(body, base);
}

/** Python's `float(text)`; undefined when it is none. */
export function readFloat(text: string): number | undefined {
  const trimmed = digits(text);
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(trimmed)) return Number(trimmed);
  const named = /^([+-]?)(inf|infinity|nan)$/.exec(trimmed);
  if (!named) return undefined;
  return named[2] === 'nan' ? Number.NaN : named[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

function toFloat(value: Item, otherwise: Value): Value {
  if (value instanceof Float) return value;
  if (typeof value === 'number' || typeof value === 'boolean') return new Float(Number(value));
  const read = typeof value === 'string' ? readFloat(value) : undefined;
  return read === undefined ? otherwise : new Float(read);
}

function orDefault(input: Item, otherwise: Item, falsy: boolean): Item {
  if (input instanceof Unknown) return input;
  if (input instanceof Undefined && input !== OMIT) return otherwise;
  if (!falsy) return input;
  return input !== OMIT && truth(input) === false ? otherwise : input;
}

const defaults = anything('default_value? boolean?', call => orDefault(call.input, call.value(0, ''), call.bool(1)));

const typeNames: Readonly<Record<string, string>> = { undefined: 'AnsibleUndefined' };

/** Filters about a value's type, and about values that are not there. */
export const typeFilters: SpecTable = {
  default: defaults,
  d: defaults,
  bool: structure('', call => toBool(call.input)),
  int: structure('default? base?', call => toInt(call.input, call.value(0, 0) as Value, call.int(1, 10))),
  float: structure('default?', call => toFloat(call.input, call.value(0, new Float(0)) as Value)),
  string: structure('', call => printed(call.input)),
  list: structure('', call => [...iterate(call.input, 'made a list')]),
  mandatory: anything('msg?', call => {
    if (!(call.input instanceof Undefined)) return call.input;
    const message = call.value(0);
    throw message === null ? new UndefinedUsed(call.input) : new Failure(str(message), undefined, 'undefined-variable');
  }),
  type_debug: anything('', call => {
    const name = typeName(call.input);
    return typeNames[name] ?? name;
  }),
  ternary: structure('true_val false_val none_val?', call => {
    if (call.input === null && call.value(2) !== null) return call.value(2);
    return truth(call.input) === true ? call.value(0) : call.value(1);
  }),
  safe: content('', call => str(call.input)),
  // As Jinja: an attribute, never a key of a dict.
  attr: structure('name', call => {
    const { at } = call.frame.run;
    const name = call.text(0);
    return call.input instanceof Map && !methodSpec(call.input, name)
      ? new Missing(`a dict has no attribute "${name}"`, at)
      : attribute(call.input, name, at);
  }),
};
