import { anything, type Call, content, type SpecTable, structure } from '../call.ts';
import { contains, numeric, truth } from '../compare.ts';
import { UndefinedUsed } from '../error.ts';
import { toBool } from '../filters/types.ts';
import { iterate } from '../loop.ts';
import type { CompareOperator } from '../nodes.ts';
import { compare } from '../operators.ts';
import { Callable, type Item } from '../special.ts';
import { OMIT } from '../taint.ts';
import { Float, Secret, Undefined, Unknown } from '../values.ts';

function comparison(operator: CompareOperator) {
  return anything('other', call => compare(operator, call.input, call.value(0)));
}

const eq = comparison('==');
const ne = comparison('!=');
const lt = comparison('<');
const le = comparison('<=');
const gt = comparison('>');
const ge = comparison('>=');

/** A test of a value's type: it tells nothing of a secret's content. */
function kind(test: (value: Item) => boolean) {
  return anything('', call => {
    if (call.input instanceof Unknown) return call.input;
    return test(call.input instanceof Secret ? call.input.reveal() : call.input);
  });
}

function integer(call: Call): number {
  const value =
    call.input instanceof Float && Number.isInteger(call.input.value) ? call.input.value : numeric(call.input);
  return value ?? call.wrongInput('a number');
}

/** As Ansible: an encrypted scalar of YAML is, a text that looks like one is not. */
function isSealed({ input }: Call): Item {
  if (input instanceof Undefined) throw new UndefinedUsed(input);
  return input instanceof Unknown ? input : input instanceof Secret && input.sealed;
}

/** As Ansible: `truthy(convert_bool=True)` also reads texts as `bool` does. */
function isTruthy(call: Call): boolean {
  const converted =
    call.bool(0) && typeof call.input === 'string' && BOOLS.has(call.input.toLowerCase())
      ? toBool(call.input)
      : call.input;
  return truth(converted) === true;
}

const BOOLS = new Set(['yes', 'on', '1', 'true', 'no', 'off', '0', 'false', 'y', 't', 'n', 'f']);

function sub(inner: Call['input'], outer: Call['input']): boolean {
  const all = iterate(outer);
  return iterate(inner).every(item => contains(all as never, item));
}

/** Tests of values. */
export const valueTests: SpecTable = {
  defined: anything('', call => !(call.input instanceof Undefined) || call.input === OMIT),
  undefined: anything('', call => call.input instanceof Undefined && call.input !== OMIT),
  none: kind(value => value === null),
  boolean: kind(value => typeof value === 'boolean'),
  true: kind(value => value === true),
  false: kind(value => value === false),
  integer: kind(value => typeof value === 'number'),
  float: kind(value => value instanceof Float),
  number: kind(value => numeric(value) !== undefined),
  string: kind(value => typeof value === 'string'),
  mapping: kind(value => value instanceof Map),
  sequence: kind(value => typeof value === 'string' || Array.isArray(value) || value instanceof Map),
  iterable: kind(value => typeof value === 'string' || Array.isArray(value) || value instanceof Map),
  callable: kind(value => value instanceof Callable),
  vault_encrypted: anything('', isSealed),
  sameas: structure('other', call => call.input === call.value(0)),
  escaped: structure('', () => false),
  in: anything('seq', call => compare('in', call.input, call.value(0))),
  contains: anything('item', call => compare('in', call.value(0), call.input)),
  eq,
  '==': eq,
  equalto: eq,
  ne,
  '!=': ne,
  lt,
  '<': lt,
  lessthan: lt,
  le,
  '<=': le,
  gt,
  '>': gt,
  greaterthan: gt,
  ge,
  '>=': ge,
  divisibleby: content('num', call => {
    const by = call.int(0);
    return by === 0 ? call.fail('cannot divide by 0') : integer(call) % by === 0;
  }),
  even: content('', call => integer(call) % 2 === 0),
  odd: content('', call => Math.abs(integer(call) % 2) === 1),
  subset: content('b', call => sub(call.input, call.value(0))),
  issubset: content('b', call => sub(call.input, call.value(0))),
  superset: content('b', call => sub(call.value(0), call.input)),
  issuperset: content('b', call => sub(call.value(0), call.input)),
  any: content('', call => iterate(call.input).some(item => truth(item) === true)),
  all: content('', call => iterate(call.input).every(item => truth(item) === true)),
  truthy: content('convert_bool?', isTruthy),
  falsy: content('convert_bool?', call => !isTruthy(call)),
  nan: content('', call => Number.isNaN(numeric(call.input))),
  isnan: content('', call => Number.isNaN(numeric(call.input))),
  filter: content('', call => call.frame.run.library.filters.has(String(call.input))),
  test: content('', call => call.frame.run.library.tests.has(String(call.input))),
};
