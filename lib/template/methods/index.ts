import type { Spec } from '../call.ts';
import { Callable, type Item } from '../special.ts';
import { Tuple } from '../tuple.ts';
import { Float } from '../values.ts';
import { dictMethods } from './dict.ts';
import { listMethods, tupleMethods } from './list.ts';
import { floatMethods, intMethods } from './number.ts';
import { textMethods } from './text.ts';

const text: ReadonlyMap<string, Spec> = new Map(Object.entries(textMethods));
const list: ReadonlyMap<string, Spec> = new Map(Object.entries(listMethods));
const tuple: ReadonlyMap<string, Spec> = new Map(Object.entries(tupleMethods));
const dict: ReadonlyMap<string, Spec> = new Map(Object.entries(dictMethods));
const integer: ReadonlyMap<string, Spec> = new Map(Object.entries(intMethods));
const float: ReadonlyMap<string, Spec> = new Map(Object.entries(floatMethods));

/** The methods that change what they are called on: `append`, `update`, ... */
export const MUTATORS: ReadonlySet<string> = new Set([
  'append',
  'extend',
  'insert',
  'pop',
  'popitem',
  'remove',
  'clear',
  'sort',
  'reverse',
  'update',
  'setdefault',
]);

/** The method of a value, as Python has it; undefined when its type has none of that name. */
export function methodSpec(item: Item, name: string): Spec | undefined {
  if (typeof item === 'string') return text.get(name);
  if (item instanceof Map) return dict.get(name);
  if (Array.isArray(item)) return item instanceof Tuple ? tuple.get(name) : list.get(name);
  if (typeof item === 'number') return integer.get(name);
  return item instanceof Float ? float.get(name) : undefined;
}

/** The method as a value that can be called later. */
export function methodOf(item: Item, name: string): Callable | undefined {
  const spec = methodSpec(item, name);
  return spec && new Callable(name, spec.signature, spec.run, item);
}
