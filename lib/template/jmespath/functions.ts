import { didYouMean } from '../../text/near.ts';
import { equals, numeric, order } from '../compare.ts';
import { Failure } from '../error.ts';
import { toJson } from '../filters/json.ts';
import { readFloat } from '../filters/types.ts';
import { type Dict, Float, type Value } from '../values.ts';

/** An argument written `&expression`: what it gives for an item. */
export interface Reference {
  apply(item: Value): Value;
}

type Argument = Value | Reference;

/** Types of JMESPath; `strings` and `numbers` are lists of those, `reference` is `&expression`. */
type Kind = 'any' | 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object' | 'strings' | 'numbers' | 'reference';

interface Function_ {
  /** For each argument the kinds it may be; the last one is repeated where `many`. */
  readonly takes: readonly string[];
  readonly many?: true;
  readonly run: (...args: never[]) => Value;
}

const isReference = (value: Argument): value is Reference =>
  typeof value === 'object' && value !== null && 'apply' in value;

function kindOf(value: Argument): Kind {
  if (isReference(value)) return 'reference';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (value instanceof Map) return 'object';
  if (typeof value === 'number' || value instanceof Float) return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'string';
}

function isA(value: Argument, kind: string): boolean {
  const own = kindOf(value);
  if (kind === 'any') return own !== 'reference';
  if (kind !== 'strings' && kind !== 'numbers') return own === kind;
  return Array.isArray(value) && value.every(item => `${kindOf(item)}s` === kind);
}

/** Calls a function of the standard; throws Failure for one that is not there and for arguments it does not take. */
export function callFunction(name: string, args: readonly Argument[]): Value {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (found === undefined)
    throw new Failure(`JMESPath has no function "${name}"`, didYouMean(name, Object.keys(FUNCTIONS)));
  const { takes, many, run } = found;
  if (many ? args.length < takes.length : args.length !== takes.length)
    throw new Failure(`the JMESPath function "${name}" takes ${takes.length} arguments, not ${args.length}`);
  args.forEach((value, i) => {
    const kinds = (takes[i] ?? takes.at(-1) ?? 'any').split(' ');
    if (!kinds.some(kind => isA(value, kind)))
      throw new Failure(`the JMESPath function "${name}" takes ${kinds.join(' or ')}, not ${kindOf(value)}`);
  });
  return run(...(args as never[]));
}

const numberOf = (value: Value) => numeric(value) as number;
/** The sum of whole numbers is whole, as in Python. */
function sum(list: readonly Value[]): Value {
  const total = list.reduce<number>((before, value) => before + numberOf(value), 0);
  return list.some(value => value instanceof Float) ? new Float(total) : total;
}

/** Items with what they are ordered by: texts only or numbers only. */
function keyed(list: readonly Value[], key: (item: Value) => Value, name: string): { item: Value; key: Value }[] {
  const made = list.map(item => ({ item, key: key(item) }));
  const kinds = new Set(made.map(one => kindOf(one.key)));
  if (kinds.size > 1 || [...kinds].some(kind => kind !== 'string' && kind !== 'number'))
    throw new Failure(`the JMESPath function "${name}" needs texts only or numbers only`);
  return made;
}

function sortedBy(list: readonly Value[], key: (item: Value) => Value, name: string): Value[] {
  return keyed(list, key, name)
    .sort((a, b) => order(a.key, b.key))
    .map(one => one.item);
}

const own = (item: Value) => item;

/** The first of those that are largest (`by` 1) or smallest (-1); null of none. */
function best(list: readonly Value[], by: 1 | -1, key: (item: Value) => Value): Value {
  const name = by === 1 ? 'max' : 'min';
  const [first, ...rest] = keyed(list, key, name);
  if (first === undefined) return null;
  return rest.reduce((before, one) => (order(one.key, before.key) * by > 0 ? one : before), first).item;
}

function text(value: Value): string {
  return typeof value === 'string' ? value : toJson(value, { sortKeys: false, ascii: true, separators: [',', ':'] });
}

const FUNCTIONS: Readonly<Record<string, Function_>> = {
  abs: {
    takes: ['number'],
    run: (n: Value) => (n instanceof Float ? new Float(Math.abs(n.value)) : Math.abs(numberOf(n))),
  },
  avg: { takes: ['numbers'], run: (l: Value[]) => (l.length === 0 ? null : new Float(numberOf(sum(l)) / l.length)) },
  ceil: { takes: ['number'], run: (n: Value) => Math.ceil(numberOf(n)) },
  floor: { takes: ['number'], run: (n: Value) => Math.floor(numberOf(n)) },
  contains: { takes: ['array string', 'any'], run: (of: Value[] | string, item: Value) => holds(of, item) },
  starts_with: { takes: ['string', 'string'], run: (s: string, with_: string) => s.startsWith(with_) },
  ends_with: { takes: ['string', 'string'], run: (s: string, with_: string) => s.endsWith(with_) },
  join: { takes: ['string', 'strings'], run: (glue: string, l: string[]) => l.join(glue) },
  keys: { takes: ['object'], run: (d: Dict) => [...d.keys()] },
  values: { takes: ['object'], run: (d: Dict) => [...d.values()] },
  length: { takes: ['string array object'], run: (v: Value) => lengthOf(v) },
  map: { takes: ['reference', 'array'], run: (to: Reference, l: Value[]) => l.map(item => to.apply(item)) },
  max: { takes: ['numbers strings'], run: (l: Value[]) => best(l, 1, own) },
  min: { takes: ['numbers strings'], run: (l: Value[]) => best(l, -1, own) },
  max_by: { takes: ['array', 'reference'], run: (l: Value[], by: Reference) => best(l, 1, item => by.apply(item)) },
  min_by: { takes: ['array', 'reference'], run: (l: Value[], by: Reference) => best(l, -1, item => by.apply(item)) },
  merge: { takes: ['object'], many: true, run: (...all: Dict[]) => new Map(all.flatMap(d => [...d])) },
  not_null: { takes: ['any'], many: true, run: (...all: Value[]) => all.find(v => v !== null) ?? null },
  reverse: {
    takes: ['array string'],
    run: (v: Value[] | string) => (typeof v === 'string' ? [...v].reverse().join('') : [...v].reverse()),
  },
  sort: { takes: ['strings numbers'], run: (l: Value[]) => sortedBy(l, own, 'sort') },
  sort_by: {
    takes: ['array', 'reference'],
    run: (l: Value[], by: Reference) => sortedBy(l, item => by.apply(item), 'sort_by'),
  },
  sum: { takes: ['numbers'], run: sum },
  to_array: { takes: ['any'], run: (v: Value) => (Array.isArray(v) ? v : [v]) },
  to_number: {
    takes: ['any'],
    run: (v: Value) => (kindOf(v) === 'number' ? v : typeof v === 'string' ? readNumber(v) : null),
  },
  to_string: { takes: ['any'], run: text },
  type: { takes: ['any'], run: (v: Value) => kindOf(v) },
};

function holds(of: Value[] | string, item: Value): boolean {
  if (typeof of !== 'string') return of.some(one => equals(one, item));
  if (typeof item === 'string') return of.includes(item);
  throw new Failure('the JMESPath function "contains" looks for texts only in a text');
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return [...value].length;
  return Array.isArray(value) ? value.length : (value as Dict).size;
}

function readNumber(text: string): Value {
  if (/^\s*[+-]?\d+\s*$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  const number = readFloat(text);
  return number === undefined ? null : new Float(number);
}
