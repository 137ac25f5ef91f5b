import type { Call } from '../call.ts';
import { orderText } from '../compare.ts';
import { Failure } from '../error.ts';
import { str } from '../print.ts';
import { orderPep440 } from './pep440.ts';

type Part = number | string;

/** Python's LooseVersion: runs of digits are numbers, the rest are texts, dots only divide. */
function loose(text: string): Part[] {
  return text
    .split(/(\d+|[a-z]+|\.)/)
    .filter(part => part !== '' && part !== '.')
    .map(part => (/^\d+$/.test(part) ? Number(part) : part));
}

/** The order of two versions as Python's LooseVersion; throws where a number meets a text. */
export function orderLoose(a: string, b: string): number {
  const [left, right] = [loose(a), loose(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x, y] = [left[i] as Part, right[i] as Part];
    if (x === y) continue;
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    if (typeof x === 'string' && typeof y === 'string') return orderText(x, y);
    throw new Failure(
      `the versions "${a}" and "${b}" cannot be compared`,
      'one has a number where the other has a text',
    );
  }
  return left.length - right.length;
}

const STRICT = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/;
const SEMANTIC =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*))?(?:\+[\dA-Za-z-]+(?:\.[\dA-Za-z-]+)*)?$/;

function parsed(pattern: RegExp, text: string, kind: string): RegExpExecArray {
  const found = pattern.exec(text);
  if (!found) throw new Failure(`"${text}" is not a ${kind} version`);
  return found;
}

function orderStrict(a: string, b: string): number {
  const [left, right] = [parsed(STRICT, a, 'strict'), parsed(STRICT, b, 'strict')];
  for (const i of [1, 2, 3]) {
    const difference = Number(left[i] ?? 0) - Number(right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  // A version with a letter comes before the one without.
  const stage = (found: RegExpExecArray) => (found[4] === undefined ? 'c' : found[4]);
  return orderText(stage(left), stage(right)) || Number(left[5] ?? 0) - Number(right[5] ?? 0);
}

function orderSemantic(a: string, b: string): number {
  const [left, right] = [parsed(SEMANTIC, a, 'semantic'), parsed(SEMANTIC, b, 'semantic')];
  for (const i of [1, 2, 3]) {
    const difference = Number(left[i]) - Number(right[i]);
    if (difference !== 0) return difference;
  }
  if (left[4] === undefined || right[4] === undefined)
    return Number(left[4] === undefined) - Number(right[4] === undefined);
  return orderPrerelease(left[4].split('.'), right[4].split('.'));
}

function orderPrerelease(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const [x, y] = [a[i] as string, b[i] as string];
    if (x === y) continue;
    const [xNumber, yNumber] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (xNumber && yNumber) return Number(x) - Number(y);
    return xNumber ? -1 : yNumber ? 1 : orderText(x, y);
  }
  return a.length - b.length;
}

const OPERATORS: Readonly<Record<string, (difference: number) => boolean>> = {
  '==': d => d === 0,
  '=': d => d === 0,
  eq: d => d === 0,
  '<': d => d < 0,
  lt: d => d < 0,
  '<=': d => d <= 0,
  le: d => d <= 0,
  '>': d => d > 0,
  gt: d => d > 0,
  '>=': d => d >= 0,
  ge: d => d >= 0,
  '!=': d => d !== 0,
  '<>': d => d !== 0,
  ne: d => d !== 0,
};
const KINDS: Readonly<Record<string, (a: string, b: string) => number>> = {
  loose: orderLoose,
  strict: orderStrict,
  semver: orderSemantic,
  semantic: orderSemantic,
  pep440: orderPep440,
};

/** As Ansible's `version(other, operator, strict, version_type)`. */
export function version(call: Call): boolean {
  const operator = call.text(1, 'eq');
  const decide = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  if (!decide) return call.fail(`knows no operator "${operator}"`, `use one of ${Object.keys(OPERATORS).join(', ')}`);
  const strict = call.value(2) !== null && call.bool(2);
  if (call.value(2) !== null && call.value(3) !== null) return call.fail('takes "strict" or "version_type", not both');
  const kind = call.value(3) === null ? (strict ? 'strict' : 'loose') : call.text(3);
  const order = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (!order) return call.fail(`knows no kind "${kind}" of versions`, `use one of ${Object.keys(KINDS).join(', ')}`);
  const [a, b] = [str(call.input), str(call.value(0))];
  if (a === '' || b === '') return call.fail('needs versions that are not empty');
  return decide(order(a, b));
}
