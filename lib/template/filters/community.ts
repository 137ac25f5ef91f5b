import { type Call, content, type SpecTable, structure } from '../call.ts';
import { keyOf } from '../compare.ts';
import { evaluatePath } from '../jmespath/evaluate.ts';
import { parsePath } from '../jmespath/parse.ts';
import { iterate } from '../loop.ts';
import { str } from '../print.ts';
import { sorted } from '../sort.ts';
import { orderLoose } from '../tests/version.ts';
import { type Dict, type Key, Secret, type Value } from '../values.ts';
import { mergeDicts } from './dict.ts';

function opened(value: Value): Value {
  return value instanceof Secret ? value.reveal() : value;
}

function keyFrom(call: Call, item: Value, name: string): Key {
  const inner = opened(item);
  const key = inner instanceof Map ? keyOf(inner.get(name) ?? null) : undefined;
  return key === undefined || key === null ? call.fail(`needs dicts with the key "${name}"`) : key;
}

function counter(call: Call): Dict {
  const counts = new Map<Key, Value>();
  for (const item of iterate(call.input)) {
    const key = keyOf(item);
    if (key === undefined) call.fail('counts texts, numbers and bools only');
    else counts.set(key, ((counts.get(key) as number | undefined) ?? 0) + 1);
  }
  return counts;
}

function groupbyAsDict(call: Call): Value {
  const groups: Dict = new Map();
  let secret = false;
  for (const item of iterate(call.input)) {
    const key = keyFrom(call, item, call.text(0));
    if (groups.has(key)) call.fail(`found two dicts with the same "${call.text(0)}"`);
    groups.set(key, item);
    if (item instanceof Map && item.get(call.text(0)) instanceof Secret) secret = true;
  }
  return secret ? new Secret(groups) : groups;
}

/** Lists of dicts merged by the value of one key: later dicts win. */
function mergedBy(call: Call): Value {
  const lists = [call.input, ...call.rest.slice(0, -1)];
  const index = call.rest.at(-1);
  if (typeof index !== 'string') return call.fail('needs the name of a key as its last argument');
  const all = new Map<Key, Value>();
  for (const item of lists.flatMap(list => [...iterate(list)]).flatMap(item => (Array.isArray(item) ? item : [item]))) {
    const key = keyFrom(call, item, index);
    const before = all.get(key);
    all.set(key, before instanceof Map && item instanceof Map ? mergeDicts(call, before, item) : item);
  }
  return sorted([...all.values()], { key: item => keyFrom(call, item, index) });
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(text: string): string {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text, 'utf8')) crc = (CRC[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return ((crc ^ 0xffffffff) >>> 0).toString(16);
}

const FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD'];

/** As community.general's: the language is https://jmespath.org, without the additions of others. */
function jsonQuery(call: Call): Value {
  return evaluatePath(parsePath(call.text(0)), call.input as Value);
}

/** Filters of community.general that playbooks use much. */
export const communityFilters: SpecTable = {
  dict_kv: structure('key', call => new Map([[call.text(0), call.input as Value]])),
  counter: content('', counter),
  groupby_as_dict: structure('attribute', groupbyAsDict),
  lists_mergeby: structure('*lists **options', mergedBy),
  json_query: content('expr', jsonQuery),
  crc32: content('', call => crc32(call.inputText())),
  unicode_normalize: content('form?', call => {
    const form = call.text(0, 'NFC');
    return FORMS.includes(form) ? call.inputText().normalize(form) : call.fail(`knows the forms ${FORMS.join(', ')}`);
  }),
  version_sort: content('reverse?', call => {
    const all = Array.from(iterate(call.input)).sort((a, b) => orderLoose(str(a), str(b)));
    return call.bool(0) ? all.reverse() : all;
  }),
};
