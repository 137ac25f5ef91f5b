import { equals, order } from '../compare.ts';
import { Failure } from '../error.ts';
import { Float, type Value } from '../values.ts';
import { callFunction, type Reference } from './functions.ts';
import type { Path } from './parse.ts';

/** The value of an expression for some data; null for what is not there. Throws Failure. */
export function evaluatePath(path: Path, data: Value): Value {
  const at = (inner: Path, value = data) => evaluatePath(inner, value);
  switch (path.type) {
    case 'current':
      return data;
    case 'literal':
      return path.value;
    case 'field':
      return data instanceof Map ? (data.get(path.name) ?? null) : null;
    case 'index':
      return Array.isArray(data) ? (data.at(path.index) ?? null) : null;
    case 'slice':
      return Array.isArray(data) ? sliced(data, path.parts) : null;
    case 'then':
      return at(path.right, at(path.left));
    case 'flatten':
      return flattened(at(path.of));
    case 'project':
      return projected(path, at(path.left));
    case 'not':
      return isFalse(at(path.of));
    case 'and':
    case 'or': {
      const left = at(path.left);
      return isFalse(left) === (path.type === 'or') ? at(path.right) : left;
    }
    case 'compare':
      return compared(path.operator, at(path.left), at(path.right));
    case 'list':
      return data === null ? null : path.items.map(item => at(item));
    case 'dict':
      return data === null ? null : new Map(path.entries.map(([name, item]) => [name, at(item)]));
    case 'call':
      return callFunction(
        path.name,
        path.args.map(argument => argumentOf(argument, data)),
      );
    case 'reference':
      throw new Failure('in JMESPath "&" stands only before an argument of a function');
  }
}

function argumentOf(path: Path, data: Value): Value | Reference {
  return path.type === 'reference' ? { apply: value => evaluatePath(path.of, value) } : evaluatePath(path, data);
}

/** Unlike Python, 0 is true. */
function isFalse(value: Value): boolean {
  if (value === null || value === false || value === '') return true;
  return (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0);
}

function flattened(value: Value): Value {
  return Array.isArray(value) ? value.flatMap(item => (Array.isArray(item) ? Array.from(item) : [item])) : null;
}

function projected({ of, right, only }: Path & { type: 'project' }, base: Value): Value {
  if (of === 'list' ? !Array.isArray(base) : !(base instanceof Map)) return null;
  const items = Array.isArray(base) ? base : [...(base as Map<unknown, Value>).values()];
  return items
    .filter(item => only === undefined || !isFalse(evaluatePath(only, item)))
    .map(item => evaluatePath(right, item))
    .filter(item => item !== null);
}

function sliced(list: readonly Value[], [start, stop, step = 1]: readonly (number | undefined)[]): Value[] {
  if (step === 0) throw new Failure('the step of a slice cannot be 0');
  const { length } = list;
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const bound = (value: number) => Math.min(Math.max(value < 0 ? value + length : value, low), high);
  const from = start === undefined ? (step > 0 ? low : high) : bound(start);
  const to = stop === undefined ? (step > 0 ? high : low) : bound(stop);
  const taken: Value[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) taken.push(list[i] ?? null);
  return taken;
}

function compared(operator: string, left: Value, right: Value): Value {
  if (operator === '==' || operator === '!=') return same(left, right) === (operator === '==');
  if (!orderable(left) || !orderable(right)) return null;
  const sign = order(left, right, operator);
  switch (operator) {
    case '<':
      return sign < 0;
    case '<=':
      return sign <= 0;
    case '>':
      return sign > 0;
    default:
      return sign >= 0;
  }
}

/** Equal as in Python, but a bool is no number. */
function same(left: Value, right: Value): boolean {
  return (typeof left === 'boolean') === (typeof right === 'boolean') && equals(left, right);
}

function orderable(value: Value): boolean {
  return typeof value === 'number' || typeof value === 'string' || value instanceof Float;
}
