import { type Call, type SpecTable, structure } from '../call.ts';
import { equals, order } from '../compare.ts';
import { Failure, Missing } from '../error.ts';
import { iterate } from '../loop.ts';
import { binary } from '../operators.ts';
import { distinct, folded, sorted } from '../sort.ts';
import type { Item } from '../special.ts';
import { plain } from '../taint.ts';
import { Group } from '../tuple.ts';
import type { Value } from '../values.ts';
import { attributeOf, attributeReader } from './attribute.ts';

/** The key values are compared by: an attribute, and texts without their case unless asked. */
function keyOf(call: Call, attribute: Item, caseSensitive: boolean): (item: Value) => Value {
  const read = attributeReader(attribute, call);
  if (caseSensitive) return read;
  return item => {
    const value = read(item);
    return Array.isArray(value) ? value.map(folded) : folded(value);
  };
}

function extreme(call: Call, sign: 1 | -1): Item {
  const items = iterate(call.input);
  const key = keyOf(call, call.value(1), call.bool(0));
  if (items.length === 0) return new Missing('an empty list has no smallest or largest item', call.frame.run.at);
  return items.reduce((best, item) => (order(key(item), key(best)) * sign > 0 ? item : best));
}

function sum(call: Call): Item {
  const attribute = call.value(0);
  const items = iterate(call.input).map(item => (attribute === null ? item : attributeOf(item, attribute, call)));
  return items.reduce<Item>(
    (total, item) => {
      if (typeof item === 'string')
        throw new Failure('sum needs numbers or lists, not texts', 'turn the texts into numbers with "| map(\'int\')"');
      return binary('+', total, item);
    },
    call.value(1, 0),
  );
}

function groupby(call: Call): Value {
  const attribute = call.value(0);
  const otherwise = call.has(1) ? call.value(1) : undefined;
  const caseSensitive = call.bool(2);
  const read = (item: Value) => plain(attributeOf(item, attribute, call, otherwise));
  const key = caseSensitive ? read : (item: Value) => folded(read(item));
  const groups: Value[] = [];
  let members: Value[] | undefined;
  let current: Value = null;
  for (const item of sorted(iterate(call.input), { key })) {
    const by = key(item);
    if (!members || !equals(current, by)) {
      members = [];
      // As Jinja: the group is named as its first member has it.
      groups.push(Group.pair(read(item), members));
      current = by;
    }
    members.push(item);
  }
  return groups;
}

/** Filters that compare items. */
export const orderFilters: SpecTable = {
  sort: structure('reverse? case_sensitive? attribute?', call =>
    sorted(iterate(call.input), { reverse: call.bool(0), key: keyOf(call, call.value(2), call.bool(1)) }),
  ),
  unique: structure('case_sensitive? attribute?', call =>
    distinct(iterate(call.input), keyOf(call, call.value(1), call.bool(0))),
  ),
  min: structure('case_sensitive? attribute?', call => extreme(call, -1)),
  max: structure('case_sensitive? attribute?', call => extreme(call, 1)),
  sum: structure('attribute? start?', sum),
  groupby: structure('attribute default? case_sensitive?', groupby),
};
