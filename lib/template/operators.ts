import { contains, equals, keyOf, numeric, order } from './compare.ts';
import { dateArithmetic } from './dates.ts';
import { Failure, UndefinedUsed } from './error.ts';
import { formatPercent } from './format.ts';
import type { BinaryOperator, CompareOperator } from './nodes.ts';
import { printed, str, typeName } from './print.ts';
import { type Item, Special } from './special.ts';
import { OMIT, revealAll, taint, taintOf } from './taint.ts';
import { Tuple } from './tuple.ts';
import { Float, Secret, Undefined, Unknown, type Value } from './values.ts';

/** Above this a list or text made by `*` is taken for a mistake. */
const LARGEST = 10_000_000;

/** A Python int; JavaScript could only give a wrong one beyond 2^53. */
export function int(value: number): number {
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  throw new Failure('the result is too large to be exact (beyond 2^53)');
}

/** Python's `+ - * / // % **`. */
export function binary(operator: BinaryOperator, left: Item, right: Item): Item {
  const held = mixed(left, right);
  if (held instanceof Unknown) return held;
  if (!held) return plainBinary(operator, left, right);
  // `%` reads into the right side; the others only move what is inside.
  const open = (item: Item) =>
    operator === '%' ? revealAll(item as Value) : item instanceof Secret ? item.reveal() : item;
  try {
    return taint(plainBinary(operator, open(left), open(right)), true);
  } catch (error) {
    // The message of "%" may quote its text.
    throw error instanceof Failure && operator === '%' ? new Failure('"%" failed on a secret value') : error;
  }

  function mixed(a: Item, b: Item): boolean | Unknown {
    if (a instanceof Undefined) throw new UndefinedUsed(a);
    if (b instanceof Undefined) throw new UndefinedUsed(b);
    if (a instanceof Unknown) return a;
    if (b instanceof Unknown) return b;
    if (operator === '%' && typeof b === 'object') return a instanceof Secret || orUnknown(taintOf(b), a);
    return a instanceof Secret || b instanceof Secret;
  }
}

function orUnknown(held: boolean | Unknown, left: Item): boolean | Unknown {
  return held instanceof Unknown ? held : held || left instanceof Secret;
}

function plainBinary(operator: BinaryOperator, left: Item, right: Item): Item {
  if (typeof left === 'string' && operator === '%') return formatPercent(left, right as Value);
  const a = numeric(left);
  const b = numeric(right);
  if (a !== undefined && b !== undefined) {
    const float = left instanceof Float || right instanceof Float;
    return arithmetic(operator, [a, b], float);
  }
  if (operator === '+') {
    if (typeof left === 'string' && typeof right === 'string') return left + right;
    if (Array.isArray(left) && Array.isArray(right) && left instanceof Tuple === right instanceof Tuple) {
      const joined = [...left, ...right];
      return left instanceof Tuple ? Tuple.make(joined) : joined;
    }
  }
  if (operator === '*') {
    const repeated =
      repeat(left, right instanceof Float ? undefined : b) ?? repeat(right, left instanceof Float ? undefined : a);
    if (repeated !== undefined) return repeated;
  }
  if (left instanceof Special && right instanceof Special) {
    const date = dateArithmetic(operator, left, right);
    if (date) return date;
  }
  throw new Failure(
    `"${operator}" cannot join ${typeName(left)} and ${typeName(right)}`,
    joinAdvice(operator, left, right),
  );
}

function joinAdvice(operator: string, left: Item, right: Item): string | undefined {
  const texts = Number(typeof left === 'string') + Number(typeof right === 'string');
  const numbers = Number(numeric(left) !== undefined) + Number(numeric(right) !== undefined);
  if (texts === 1 && numbers === 1)
    return operator === '+'
      ? 'join texts with "~", or turn the text into a number with "| int"'
      : 'turn the text into a number with "| int"';
  if (operator === '+' && left instanceof Map && right instanceof Map) return 'join dicts with "| combine(...)"';
  return undefined;
}

function repeat(value: Item, count: number | undefined): Value | undefined {
  if (count === undefined || !Number.isInteger(count)) return undefined;
  const times = Math.max(0, count);
  if (typeof value !== 'string' && !Array.isArray(value)) return undefined;
  if (value.length * times > LARGEST) throw new Failure(`"*" would make more than ${LARGEST} items`);
  if (typeof value === 'string') return value.repeat(times);
  const items: Value[] = [];
  for (let i = 0; i < times; i++) items.push(...value);
  return value instanceof Tuple ? Tuple.make(items) : items;
}

function arithmetic(operator: BinaryOperator, [a, b]: readonly [number, number], float: boolean): Value {
  const result = (value: number): Value => (float ? new Float(value) : int(value));
  switch (operator) {
    case '+':
      return result(a + b);
    case '-':
      return result(a - b);
    case '*':
      return result(a * b);
    case '/':
      return new Float(a / divisor(b));
    case '//':
      return result(Math.floor((a - modulo(a, b)) / b));
    case '%':
      return result(modulo(a, b));
    case '**':
      return power(a, b, float);
  }
}

/** As Python: the result has the sign of the divisor. */
function modulo(a: number, b: number): number {
  const rest = a % divisor(b);
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function power(a: number, b: number, float: boolean): Value {
  if (b < 0) divisor(a);
  if (float || b < 0) {
    const result = a ** b;
    if (Number.isNaN(result)) throw new Failure('"**" of a negative number needs a whole exponent');
    return new Float(result);
  }
  // JavaScript's own power may be off by one near 2^53.
  return b > 1100 && Math.abs(a) > 1
    ? int(Number.POSITIVE_INFINITY)
    : int(Number(BigInt(a) ** BigInt(Math.abs(a) > 1 ? b : b % 2 || 2 * Math.sign(b))));
}

function divisor(value: number): number {
  if (value === 0) throw new Failure('division by zero');
  return value;
}

/** One comparison: a bool, kept secret or unknown when a side is. */
export function compare(operator: CompareOperator, left: Item, right: Item): Item {
  if (typeof left === 'object' || typeof right === 'object') {
    const a = taintOfOperand(left);
    // Only a dict's keys are looked at, and its values perhaps not made yet (hostvars).
    const ofKeys = right instanceof Map && (operator === 'in' || operator === 'not in');
    const b = ofKeys ? false : taintOfOperand(right);
    if (a instanceof Unknown) return a;
    if (b instanceof Unknown) return b;
    if (a || b) return new Secret(plainCompare(operator, left, right));
  }
  return plainCompare(operator, left, right);
}

function taintOfOperand(item: Item): boolean | Unknown {
  return typeof item === 'object' && item !== null && item !== OMIT ? taintOf(item) : false;
}

function plainCompare(operator: CompareOperator, left: Item, right: Item): boolean {
  switch (operator) {
    case '==':
      return equals(left, right);
    case '!=':
      return !equals(left, right);
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
  }
  const difference = order(left, right, operator);
  if (Number.isNaN(difference)) return false;
  if (operator === '<') return difference < 0;
  if (operator === '<=') return difference <= 0;
  return operator === '>' ? difference > 0 : difference >= 0;
}

/** `-x` and `+x`. */
export function signed(sign: 1 | -1, item: Item): Item {
  if (item instanceof Undefined) throw new UndefinedUsed(item);
  if (item instanceof Unknown) return item;
  if (item instanceof Secret) return taint(signed(sign, item.reveal()), true);
  const value = numeric(item);
  if (value === undefined) throw new Failure(`"${sign === 1 ? '+' : '-'}" needs a number, not ${typeName(item)}`);
  return item instanceof Float ? new Float(sign * value) : int(sign * value);
}

/** `a ~ b ~ c`: the values as texts, one after the other. */
export function concat(items: readonly Item[]): Value {
  let text = '';
  let secret = false;
  for (const item of items) {
    const part = printed(item);
    if (part instanceof Unknown) return part;
    if (part instanceof Secret) secret = true;
    text += str(part);
  }
  return secret ? new Secret(text) : text;
}

/** `{key: value}`: Python's keys are texts, numbers, bools and None. */
export function dictKey(item: Item): string | number | boolean | null {
  if (item instanceof Undefined) throw new UndefinedUsed(item);
  const key = keyOf(item);
  if (key === undefined)
    throw new Failure(`a ${typeName(item)} cannot be the key of a dict`, 'use a text, as with "| string"');
  return key;
}
