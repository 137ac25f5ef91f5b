import { type Call, type SpecTable, structure } from '../call.ts';
import { Missing } from '../error.ts';
import { iterate } from '../loop.ts';
import type { Item } from '../special.ts';
import { plain } from '../taint.ts';
import { Tuple } from '../tuple.ts';
import type { Value } from '../values.ts';

function first(call: Call): Item {
  const item = iterate(call.input)[0];
  return item === undefined ? new Missing('an empty list has no first item', call.frame.run.at) : item;
}

function last(call: Call): Item {
  const item = iterate(call.input).at(-1);
  return item === undefined ? new Missing('an empty list has no last item', call.frame.run.at) : item;
}

function chunks(items: readonly Value[], size: number): Value[][] {
  const made: Value[][] = [];
  for (let i = 0; i < items.length; i += size) made.push(items.slice(i, i + size));
  return made;
}

function batch(call: Call): Value {
  const size = call.int(0);
  if (size < 1) call.fail('needs a size of at least 1');
  const made = chunks(Array.from(iterate(call.input)), size);
  const rest = made.at(-1);
  if (call.value(1) !== null && rest) while (rest.length < size) rest.push(plain(call.value(1)));
  return made;
}

/** Jinja's `slice(n)`: n columns, the first ones longer. */
function columns(call: Call): Value {
  const items = Array.from(iterate(call.input));
  const count = call.int(0);
  if (count < 1) call.fail('needs at least 1 slice');
  const size = Math.floor(items.length / count);
  const longer = items.length % count;
  let at = 0;
  return Array.from({ length: count }, (_, i) => {
    const piece = items.slice(at, (at += size + (i < longer ? 1 : 0)));
    if (call.value(1) !== null && i >= longer) piece.push(plain(call.value(1)));
    return piece;
  });
}

/** As Ansible's `flatten`: None is dropped unless skip_nulls is false. */
function flatten(items: readonly Value[], levels: number, skipNulls: boolean): Value[] {
  return items.flatMap(item => {
    if (skipNulls && (item === null || item === 'None' || item === 'null')) return [];
    if (!Array.isArray(item)) return [item];
    return levels === 0 ? [item] : flatten(item, levels - 1, skipNulls);
  });
}

function product(call: Call): Value {
  const lists = [call.input, ...call.rest].map(item => Array.from(iterate(item)));
  const repeated = call.extra.find(([name]) => name === 'repeat')?.[1];
  const pools = Array.from({ length: typeof repeated === 'number' ? repeated : 1 }, () => lists).flat();
  const size = pools.reduce((count, pool) => count * pool.length, 1);
  if (size > 1_000_000) call.fail(`would make ${size} combinations`);
  return pools
    .reduce<Value[][]>((rows, pool) => rows.flatMap(row => pool.map(item => [...row, item])), [[]])
    .map(row => Tuple.make(row));
}

function zip(call: Call, longest: boolean): Value {
  const lists = [call.input, ...call.rest].map(item => iterate(item));
  const lengths = lists.map(list => list.length);
  const length = longest ? Math.max(...lengths) : Math.min(...lengths);
  const fill = plain(call.extra.find(([name]) => name === 'fillvalue')?.[1] ?? null);
  return Array.from({ length }, (_, i) => Tuple.make(lists.map(list => (i < list.length ? (list[i] as Value) : fill))));
}

/** All choices of `size` items, in order. */
function combinations(items: readonly Value[], size: number, from = 0): Value[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) =>
    i < from ? [] : combinations(items, size - 1, i + 1).map(rest => [item, ...rest]),
  );
}

function permutations(items: readonly Value[], size: number): Value[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, i) => permutations(items.toSpliced(i, 1), size - 1).map(rest => [item, ...rest]));
}

const MOST = 1_000_000;

/** The items, unless there are more ways to choose among them than fit in memory. */
function few(call: Call, size: number, count: (items: number, size: number) => number): readonly Value[] {
  const items = iterate(call.input);
  if (size < 0) call.fail('needs a size that is not below 0');
  return count(items.length, size) * Math.max(1, size) > MOST
    ? call.fail('would make too many lists')
    : Array.from(items);
}

function arrangements(items: number, size: number): number {
  let count = 1;
  for (let i = 0; i < size && count <= MOST; i++) count *= items - i;
  return count;
}

function choices(items: number, size: number): number {
  let count = 1;
  for (let i = 0; i < Math.min(size, items - size) && count <= MOST; i++) count = (count * (items - i)) / (i + 1);
  return count;
}

/** Filters that take lists apart and put them together. */
export const listFilters: SpecTable = {
  first: structure('', first),
  last: structure('', last),
  batch: structure('linecount fill_with?', batch),
  slice: structure('slices fill_with?', columns),
  flatten: structure('levels? skip_nulls?', call =>
    flatten(iterate(call.input), call.value(0) === null ? -1 : call.int(0), call.bool(1, true)),
  ),
  product: structure('*lists **options', product),
  zip: structure('*lists', call => zip(call, false)),
  zip_longest: structure('*lists **options', call => zip(call, true)),
  combinations: structure('size', call =>
    combinations(few(call, call.int(0), choices), call.int(0)).map(row => Tuple.make(row)),
  ),
  permutations: structure('size?', call => {
    const items = few(call, call.int(0, iterate(call.input).length), arrangements);
    return permutations(items, call.int(0, items.length)).map(row => Tuple.make(row));
  }),
  reverse: structure('', call =>
    typeof call.input === 'string'
      ? Array.from(call.input).reverse().join('')
      : Array.from(iterate(call.input)).reverse(),
  ),
};
