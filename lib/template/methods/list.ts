import { Call, content, type SpecTable, structure } from '../call.ts';
import { equals, truth } from '../compare.ts';
import { Failure } from '../error.ts';
import { none } from '../none.ts';
import { sorted } from '../sort.ts';
import { plain } from '../taint.ts';
import type { Value } from '../values.ts';

function items(call: Call): Value[] {
  return call.input as Value[];
}

function find(call: Call): number {
  const from = call.int(1, 0);
  return items(call).findIndex((item, i) => i >= from && equals(item, call.value(0)));
}

const count = content('value', call => items(call).filter(item => equals(item, call.value(0))).length);
const index = content('value start?', call => {
  const at = find(call);
  return at >= 0 ? at : call.fail('did not find the value in the list');
});

/** Python's methods of tuple. */
export const tupleMethods: SpecTable = { count, index };

/** Python's methods of list; those that change the list return None. */
export const listMethods: SpecTable = {
  count,
  index,
  append: structure('value', call => none(items(call).push(plain(call.value(0))))),
  extend: structure('values', call => {
    for (const item of iterated(call)) items(call).push(item);
    return null;
  }),
  insert: structure('index value', call => {
    const all = items(call);
    const at = call.int(0);
    all.splice(at < 0 ? Math.max(0, all.length + at) : at, 0, plain(call.value(1)));
    return null;
  }),
  pop: structure('index?', call => {
    const all = items(call);
    const at = call.int(0, -1);
    const removed = all.splice(at < 0 ? all.length + at : at, at < -all.length ? 0 : 1);
    if (removed.length === 0)
      throw new Failure(all.length === 0 ? 'pop from an empty list' : `the list has no item ${at} to pop`);
    return removed[0] as Value;
  }),
  remove: structure('value', call => {
    const at = find(call);
    if (at < 0) call.fail('did not find the value in the list');
    items(call).splice(at, 1);
    return null;
  }),
  clear: structure('', call => none(items(call).splice(0))),
  copy: structure('', call => [...items(call)]),
  reverse: structure('', call => none(items(call).reverse())),
  sort: structure('reverse?', call => {
    const all = items(call);
    all.splice(0, all.length, ...sorted(all, { reverse: truth(call.value(0, false)) === true }));
    return null;
  }),
};

function iterated(call: Call): readonly Value[] {
  const value = call.value(0);
  if (typeof value === 'string') return Array.from(value);
  if (value instanceof Map) return [...value.keys()];
  return [...call.list(0)];
}
