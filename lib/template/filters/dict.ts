import { subscript } from '../access.ts';
import { anything, type Call, type SpecTable, structure } from '../call.ts';
import { equals, keyOf } from '../compare.ts';
import { Failure } from '../error.ts';
import { iterate } from '../loop.ts';
import { dictKey } from '../operators.ts';
import { typeName } from '../print.ts';
import { folded, sorted } from '../sort.ts';
import type { Item } from '../special.ts';
import { Tuple } from '../tuple.ts';
import { type Dict, Secret, Undefined, Unknown, type Value } from '../values.ts';
import { attributeOf } from './attribute.ts';

function dictInput(call: Call): Dict {
  return call.input instanceof Map ? call.input : call.wrongInput('a dict');
}

function dictOf(secret: Secret): Dict {
  const value = secret.reveal();
  return value instanceof Map ? value : new Map();
}

function dict2items(call: Call): Value {
  const [key, value] = [call.text(0, 'key'), call.text(1, 'value')];
  return [...dictInput(call)].map(
    ([k, v]) =>
      new Map<string, Value>([
        [key, k],
        [value, v],
      ]),
  );
}

function items2dict(call: Call): Value {
  const [keyName, valueName] = [call.text(0, 'key'), call.text(1, 'value')];
  if (!Array.isArray(call.input)) return call.wrongInput('a list');
  const made: Dict = new Map();
  let secret = false;
  for (const item of call.input) {
    const inner = item instanceof Secret ? item.reveal() : item;
    const key = inner instanceof Map ? inner.get(keyName) : undefined;
    const value = inner instanceof Map ? inner.get(valueName) : undefined;
    if (key === undefined || value === undefined)
      call.fail(`needs dicts with the keys "${keyName}" and "${valueName}"`);
    if (key instanceof Secret) secret = true;
    made.set(dictKey(key as Value), value as Value);
  }
  return secret ? new Secret(made) : made;
}

const LIST_MERGES = ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp'] as const;
type ListMerge = (typeof LIST_MERGES)[number];

function mergeLists(a: readonly Value[], b: readonly Value[], how: ListMerge): Value[] {
  const apart = (items: readonly Value[], others: readonly Value[]) =>
    items.filter(item => !others.some(other => equals(item, other)));
  switch (how) {
    case 'replace':
      return [...b];
    case 'keep':
      return [...a];
    case 'append':
      return [...a, ...b];
    case 'prepend':
      return [...b, ...a];
    case 'append_rp':
      return [...apart(a, b), ...b];
    case 'prepend_rp':
      return [...b, ...apart(a, b)];
  }
}

function merge(a: Dict, b: Dict, options: { recursive: boolean; lists: ListMerge }): Dict {
  const made = new Map(a);
  for (const [key, right] of b) {
    const left = made.get(key);
    if (options.recursive && left instanceof Map && right instanceof Map) made.set(key, merge(left, right, options));
    else if (Array.isArray(left) && Array.isArray(right)) made.set(key, mergeLists(left, right, options.lists));
    else made.set(key, right);
  }
  return made;
}

/** As Ansible's `combine`: later dicts win; lists of dicts among the arguments are spread. */
function combine(call: Call): Value {
  const options = new Map(call.extra);
  const lists = options.get('list_merge') ?? 'replace';
  const how =
    LIST_MERGES.find(one => one === lists) ??
    call.fail(`has no list_merge "${String(lists)}"`, `use one of ${LIST_MERGES.join(', ')}`);
  const unknown = call.extra.find(([name]) => name !== 'recursive' && name !== 'list_merge');
  if (unknown) call.fail(`has no argument "${unknown[0]}"`);
  const dicts: Dict[] = [];
  const add = (item: Item): void => {
    if (item instanceof Map) dicts.push(item);
    else if (Array.isArray(item)) for (const inner of item) add(inner);
    else if (item instanceof Secret) add(item.reveal());
    else throw new Failure(`combine needs dicts, not ${typeName(item)}`);
  };
  for (const item of [call.input, ...call.rest]) add(item);
  return dicts.reduce(
    (all, next) => merge(all, next, { recursive: options.get('recursive') === true, lists: how }),
    new Map(),
  );
}

/** Two dicts merged as the options `recursive` and `list_merge` of a call say. */
export function mergeDicts(call: Call, a: Dict, b: Dict): Dict {
  const options = new Map(call.extra);
  const lists = LIST_MERGES.find(how => how === (options.get('list_merge') ?? 'replace'));
  if (lists === undefined) return call.fail(`merges lists by ${LIST_MERGES.join(', ')}`);
  return merge(a, b, { recursive: options.get('recursive') === true, lists });
}

function dictsort(call: Call): Value {
  const by = call.text(1, 'key');
  if (by !== 'key' && by !== 'value') call.fail('sorts by "key" or "value"');
  const at = by === 'value' ? 1 : 0;
  const fold = call.bool(0) ? (value: Value) => value : folded;
  return sorted(
    [...dictInput(call)].map(pair => Tuple.make(pair)),
    { reverse: call.bool(2), key: pair => fold((pair as Tuple)[at] as Value) },
  );
}

function items(call: Call): Item {
  if (call.input instanceof Unknown) return call.input;
  if (call.input instanceof Undefined) return []; // as Jinja
  if (call.input instanceof Secret) return [...dictOf(call.input)].map(pair => new Secret(Tuple.make(pair)));
  return [...dictInput(call)].map(pair => Tuple.make(pair));
}

/** `key | extract(container, more_keys)`. */
function extract(call: Call): Item {
  const { at } = call.frame.run;
  const more = call.value(1);
  const path = [call.input, ...(more === null ? [] : Array.isArray(more) ? more : [more])];
  return path.reduce<Item>((container, key) => {
    if (container instanceof Undefined) return container;
    return subscript(container, key, at);
  }, call.value(0));
}

/** Each item with each entry of a list inside it: pairs of (item, entry). */
function subelements(call: Call): Value {
  const all = call.input instanceof Map ? [...call.input.values()] : iterate(call.input);
  const path = typeof call.value(0) === 'string' ? call.text(0).split('.') : call.list(0);
  const skip = call.bool(1);
  return all.flatMap(item => {
    let inner: Item = item;
    for (const key of path) inner = inner instanceof Undefined ? inner : attributeOf(inner as Value, key, call);
    if (inner instanceof Undefined && skip) return [];
    if (!Array.isArray(inner))
      call.fail(`needs a list under "${path.join('.')}"`, 'skip items without it by skip_missing=true');
    return (inner as Value[]).map(entry => Tuple.make([item, entry]));
  });
}

function rekeyOnMember(call: Call): Value {
  const name = call.text(0);
  const overwrite = call.text(1, 'error') === 'overwrite';
  const made: Dict = new Map();
  const all = call.input instanceof Map ? [...call.input.values()] : iterate(call.input);
  let secret = false;
  for (const item of all) {
    if (item instanceof Map && item.get(name) instanceof Secret) secret = true;
    const key = item instanceof Map ? keyOf(item.get(name) ?? null) : undefined;
    if (key === undefined || key === null) return call.fail(`needs dicts with the key "${name}"`);
    if (made.has(key) && !overwrite)
      return call.fail(`found two dicts with the same "${name}"`, 'use duplicates="overwrite"');
    made.set(key, item);
  }
  return secret ? new Secret(made) : made;
}

/** Filters of dicts. */
export const dictFilters: SpecTable = {
  dict2items: structure('key_name? value_name?', dict2items),
  items2dict: structure('key_name? value_name?', items2dict),
  combine: structure('*dicts **options', combine),
  dictsort: structure('case_sensitive? by? reverse?', dictsort),
  items: anything('', items),
  extract: structure('container morekeys?', extract),
  subelements: structure('subelements skip_missing?', subelements),
  rekey_on_member: structure('key duplicates?', rekeyOnMember),
};
