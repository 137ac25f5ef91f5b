import { type Call, content, type SpecTable, structure } from '../call.ts';
import { findKey, keyOf, setKey } from '../compare.ts';
import { Failure } from '../error.ts';
import { iterate } from '../loop.ts';
import { none } from '../none.ts';
import { dictKey } from '../operators.ts';
import { plain } from '../taint.ts';
import { Tuple } from '../tuple.ts';
import type { Dict, Value } from '../values.ts';

function dict(call: Call): Dict {
  return call.input as Dict;
}

function lookUp(call: Call): Value | undefined {
  const key = keyOf(call.value(0));
  const found = key === undefined ? undefined : findKey(dict(call), key);
  return found && dict(call).get(found.key);
}

function merge(call: Call): void {
  const other = call.value(0, new Map());
  const pairs =
    other instanceof Map
      ? [...other]
      : call.list(0).map(pair => {
          if (Array.isArray(pair) && pair.length === 2) return [dictKey(pair[0] as Value), pair[1] as Value] as const;
          return call.fail('needs a dict or a list of pairs');
        });
  for (const [key, value] of pairs) dict(call).set(key, value);
  for (const [key, value] of call.extra) dict(call).set(key, plain(value));
}

/** Python's methods of dict; keys(), values() and items() give lists, as they print and index alike. */
export const dictMethods: SpecTable = {
  fromkeys: content('keys value?', call => {
    const made: Dict = new Map();
    for (const key of iterate(call.value(0))) setKey(made, dictKey(key), plain(call.value(1)));
    return made;
  }),
  keys: structure('', call => [...dict(call).keys()]),
  values: structure('', call => [...dict(call).values()]),
  items: structure('', call => [...dict(call)].map(pair => Tuple.make(pair))),
  get: structure('key default?', call => {
    const found = lookUp(call);
    return found === undefined ? call.value(1) : found;
  }),
  copy: structure('', call => new Map(dict(call))),
  clear: structure('', call => none(dict(call).clear())),
  update: structure('other? **values', call => none(merge(call))),
  setdefault: structure('key default?', call => {
    const found = lookUp(call);
    if (found !== undefined) return found;
    const value = plain(call.value(1));
    dict(call).set(dictKey(call.value(0)), value);
    return value;
  }),
  pop: structure('key default?', call => {
    const found = lookUp(call);
    const key = keyOf(call.value(0));
    if (found !== undefined && key !== undefined) {
      dict(call).delete(findKey(dict(call), key)?.key ?? key);
      return found;
    }
    return call.has(1)
      ? call.value(1)
      : call.fail('did not find the key in the dict', 'give a default: pop(key, none)');
  }),
  popitem: structure('', call => {
    const last = [...dict(call)].at(-1);
    if (!last) throw new Failure('popitem of an empty dict');
    dict(call).delete(last[0]);
    return Tuple.make(last);
  }),
};
