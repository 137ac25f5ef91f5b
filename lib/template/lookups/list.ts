import { randomInt } from 'node:crypto';
import { didYouMean } from '../../text/near.ts';
import { type Call, content, invoke, type SpecTable, structure } from '../call.ts';
import { Failure, Missing } from '../error.ts';
import { dictFilters } from '../filters/dict.ts';
import { formatPercent } from '../format.ts';
import { iterate } from '../loop.ts';
import { pythonRegex } from '../regex.ts';
import type { Item } from '../special.ts';
import { plain } from '../taint.ts';
import { Tuple } from '../tuple.ts';
import type { Value } from '../values.ts';
import { options, termTexts } from './file.ts';

function terms(call: Call): Value[] {
  return call.rest.map(plain);
}

/** Lists are spread once, as Ansible's `items` and `with_items` do. */
function flatOnce(values: readonly Value[]): Value[] {
  return values.flatMap(value => (Array.isArray(value) ? Array.from(value) : [value]));
}

function lists(call: Call): Value[][] {
  return terms(call).map(value =>
    Array.isArray(value) ? Array.from(value) : typeof value === 'string' ? [value] : Array.from(iterate(value)),
  );
}

function nested(call: Call): Value {
  const all = lists(call);
  if (all.length === 0) throw new Failure('the lookup "nested" needs at least one list');
  if (all.length === 1 && all[0]?.length === 0) return [];
  const size = all.reduce((count, list) => count * list.length, 1);
  if (size > 1_000_000) call.fail(`would make ${size} combinations`);
  const rows = all.reduce<Value[][]>(
    (before, list) => before.flatMap(row => list.map(item => [...row, ...flatOnce([item])])),
    [[]],
  );
  return rows.map(flatOnce); // as Ansible: once more in the end
}

function together(call: Call): Value {
  const all = lists(call);
  if (all.length === 0) throw new Failure('the lookup "together" needs at least one list');
  const length = Math.max(...all.map(list => list.length));
  return Array.from({ length }, (_, i) => flatOnce(all.map(list => list[i] ?? null))); // flat as Ansible's
}

/** `start-end/stride:format`, or the options start, end, count, stride and format. */
function sequence(call: Call): Value {
  const all = options(call);
  const given = terms(call);
  return (given.length === 0 ? [''] : termTexts(call)).flatMap(term => {
    const settings = new Map<string, string>([...all].map(([name, value]) => [name, String(value)]));
    const short = /^(?:(0?x?[\da-f]+)\s*-)?\s*(0?x?[\da-f]+)\s*(?:\/\s*(0?x?[\da-f]+))?\s*(?::(.+))?$/i.exec(
      term.trim(),
    );
    if (short && !term.includes('=')) {
      ['start', 'end', 'stride', 'format'].forEach((name, i) => {
        const value = short[i + 1];
        if (value !== undefined) settings.set(name, value);
      });
    } else
      for (const word of term.split(/\s+/).filter(w => w !== '')) {
        const at = word.indexOf('=');
        if (at < 0) call.fail(`cannot read "${term}"`, 'write it as "start=1 end=3"');
        settings.set(word.slice(0, at), word.slice(at + 1));
      }
    return counted(call, settings);
  });
}

function counted(call: Call, settings: ReadonlyMap<string, string>): Value[] {
  const number = (name: string, otherwise: number): number => {
    const text = settings.get(name);
    if (text === undefined) return otherwise;
    const value = /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
    return Number.isInteger(value) ? value : call.fail(`needs an integer as "${name}"`);
  };
  const start = number('start', 1);
  const count = settings.has('count') ? number('count', 0) : undefined;
  if (count === undefined && !settings.has('end')) return call.fail('needs "end" or "count"');
  if (count !== undefined && settings.has('end')) return call.fail('takes "end" or "count", not both');
  const stride = number('stride', 1);
  if (count === 0) return [];
  const end = count === undefined ? number('end', 0) : start + stride * (count - 1);
  if (stride > 0 && end < start) return call.fail('counts backwards only with a negative stride');
  if (stride < 0 && end > start) return call.fail('cannot count forward with a negative stride');
  if (stride === 0) return call.fail('needs a stride that is not 0');
  const length = Math.floor((end - start) / stride) + 1;
  if (length > 100_000) return call.fail(`would make ${length} numbers, more than 100000`);
  const format = settings.get('format') ?? '%d';
  return Array.from({ length }, (_, i) => formatPercent(format, start + i * stride));
}

/** The variables of the names given; `default` for those that are not there. */
function vars(call: Call): Value {
  const all = options(call);
  const { run } = call.frame;
  return termTexts(call).map(name => {
    const value = run.scope.get(name);
    if (value !== undefined) return value;
    const otherwise = all.get('default');
    if (otherwise !== undefined) return otherwise;
    return new Missing(`"${name}" is not defined`, run.at, { advice: () => didYouMean(name, run.scope.names()) });
  });
}

function varnames(call: Call): Value {
  const names = [...new Set(call.frame.run.scope.names())];
  for (const term of terms(call)) if (typeof term !== 'string') call.fail('needs regular expressions as texts');
  return termTexts(call).flatMap(pattern => {
    const regex = pythonRegex(pattern);
    return names.filter(name => {
      regex.lastIndex = 0;
      return regex.test(name);
    });
  });
}

function subelements(call: Call): Item {
  const given = terms(call);
  const [list, key, flags] = given.length === 1 && Array.isArray(given[0]) ? given[0] : given;
  if (list === undefined || key === undefined)
    throw new Failure('the lookup "subelements" needs a list and the name of a list in its items');
  const skip = flags instanceof Map && flags.get('skip_missing') === true;
  const spec = dictFilters['subelements'];
  if (!spec) throw new Failure('internal: there is no filter "subelements"');
  const pairs = invoke('the lookup "subelements"', spec, list, { positional: [key, skip], named: [] }, call.frame);
  if (!Array.isArray(pairs)) return pairs;
  // As Ansible's lookup (not its filter): the item is given without the list.
  const name = String(Array.isArray(key) ? key.at(-1) : key)
    .split('.')
    .at(-1) as string;
  return (pairs as Value[]).map(pair => {
    const [item, entry] = pair as [Value, Value];
    if (!(item instanceof Map)) return pair;
    const rest = new Map(item);
    rest.delete(name);
    return Tuple.make([rest, entry]);
  });
}

/** Lookups that make lists of lists, and those that read variables. */
export const listLookups: SpecTable = {
  items: structure('*terms **options', call => flatOnce(terms(call))),
  list: structure('*terms **options', call => terms(call)),
  flattened: structure('*terms **options', call => terms(call).flat(20) as Value[]),
  nested: structure('*terms **options', nested),
  cartesian: structure('*terms **options', nested),
  together: structure('*terms **options', together),
  sequence: content('*terms **options', sequence),
  indexed_items: structure('*terms **options', call => flatOnce(terms(call)).map((item, i) => Tuple.make([i, item]))),
  random_choice: structure('*terms **options', call => {
    const all = terms(call);
    return all.length === 0 ? all : [all[randomInt(all.length)] as Value];
  }),
  dict: structure('*terms **options', call =>
    terms(call).flatMap(term => {
      if (!(term instanceof Map)) return call.fail('needs dicts');
      return [...term].map(
        ([key, value]) =>
          new Map<string, Value>([
            ['key', key],
            ['value', value],
          ]),
      );
    }),
  ),
  subelements: structure('*terms **options', subelements),
  vars: content('*terms **options', vars),
  varnames: content('*terms **options', varnames),
};
