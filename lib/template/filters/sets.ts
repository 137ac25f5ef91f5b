import { type Call, type SpecTable, structure } from '../call.ts';
import { iterate } from '../loop.ts';
import { distinct, ValueSet } from '../sort.ts';
import type { Value } from '../values.ts';

function setOf(items: readonly Value[]): ValueSet {
  const set = new ValueSet();
  for (const item of items) set.add(item);
  return set;
}

function sides(call: Call): [readonly Value[], readonly Value[]] {
  return [iterate(call.input), iterate(call.value(0))];
}

function without(items: readonly Value[], others: readonly Value[]): Value[] {
  const set = setOf(others);
  return items.filter(item => !set.has(item));
}

/** Filters of sets; the order of the lists is kept, where Ansible's depends on Python's hashes. */
export const setFilters: SpecTable = {
  union: structure('b', call => distinct(sides(call).flat())),
  intersect: structure('b', call => {
    const [a, b] = sides(call);
    const set = setOf(b);
    return distinct(a.filter(item => set.has(item)));
  }),
  difference: structure('b', call => {
    const [a, b] = sides(call);
    return distinct(without(a, b));
  }),
  symmetric_difference: structure('b', call => {
    const [a, b] = sides(call);
    return distinct([...without(a, b), ...without(b, a)]);
  }),
};
