import { attribute as readAttribute, subscript } from '../access.ts';
import type { Call } from '../call.ts';
import { Failure } from '../error.ts';
import { str } from '../print.ts';
import type { Item } from '../special.ts';
import { taintOf } from '../taint.ts';
import { Undefined, type Value } from '../values.ts';

/** The value at a path such as `a.b.0` of an item, as `map(attribute=...)`, `sort(attribute=...)` and the like read it. */
export function attributeOf(item: Value, path: Item, call: Call, otherwise?: Item): Item {
  const { at } = call.frame.run;
  if (typeof path === 'object' && path !== null && taintOf(path) !== false)
    call.fail('needs the name of an attribute, and one that is not secret');
  const parts =
    typeof path === 'number'
      ? [path]
      : str(path)
          .split('.')
          .map(part => (/^\d+$/.test(part) ? Number(part) : part));
  let value: Item = item;
  for (const part of parts) {
    value =
      typeof part === 'number' || value instanceof Map ? subscript(value, part, at) : readAttribute(value, part, at);
    if (value instanceof Undefined) return otherwise === undefined ? value : otherwise;
  }
  return value;
}

/** A function that reads one attribute, or each of several given as `a,b`. */
export function attributeReader(path: Item, call: Call): (item: Value) => Value {
  if (path === null) return item => item;
  if (typeof path !== 'string' && typeof path !== 'number')
    throw new Failure(`${call.what} needs the name of an attribute`);
  const paths = typeof path === 'string' ? path.split(',').map(part => part.trim()) : [path];
  if (paths.length === 1) return item => attributeOf(item, paths[0] as Item, call) as Value;
  return item => paths.map(one => attributeOf(item, one, call) as Value);
}
