import { didYouMean } from '../../text/near.ts';
import { type Call, type Given, invoke, type Spec, type SpecTable, structure } from '../call.ts';
import { truth } from '../compare.ts';
import { Failure, UndefinedUsed, UnknownFound } from '../error.ts';
import { iterate } from '../loop.ts';
import type { Item } from '../special.ts';
import { plain } from '../taint.ts';
import { Undefined, Unknown, type Value } from '../values.ts';
import { attributeOf } from './attribute.ts';

/** `map('filter', args...)` or `map(attribute='a.b', default=...)`. */
function map(call: Call): Item {
  const items = iterate(call.input);
  const named = new Map(call.extra);
  const attribute = named.get('attribute');
  if (attribute !== undefined) {
    const otherwise = named.get('default');
    return items.map(item => required(attributeOf(item, attribute, call, otherwise)));
  }
  const [name, ...positional] = call.rest;
  if (typeof name !== 'string') return call.fail('needs the name of a filter, or attribute=');
  const spec = find(call.frame.run.library.filters, name, 'filter');
  const given: Given = { positional, named: call.extra };
  return items.map(item => required(invoke(`the filter "${name}"`, spec, item, given, call.frame)));
}

/** An undefined item stays one: only what is done with it can fail. */
function required(item: Item): Value {
  return item instanceof Undefined ? item : plain(item);
}

function find(specs: ReadonlyMap<string, Spec>, written: string, kind: string): Spec {
  const name = written.replace(/^ansible\.(?:builtin|legacy)\./, '');
  const spec = specs.get(name);
  if (spec) return spec;
  throw new Failure(
    `there is no ${kind} "${written}"`,
    didYouMean(name, specs.keys()),
    kind === 'filter' ? 'unknown-filter' : 'unknown-test',
  );
}

/** What `select` and its kin ask of each item. */
function tester(call: Call, arguments_: readonly Item[]): (item: Item) => boolean {
  const [name, ...positional] = arguments_;
  if (name === undefined) return item => decide(item);
  if (typeof name !== 'string') return call.fail('needs the name of a test');
  const spec = find(call.frame.run.library.tests, name, 'test');
  const given: Given = { positional, named: call.extra };
  return item => decide(invoke(`the test "${name}"`, spec, item, given, call.frame));
}

/** An unknown answer leaves the whole list unknown. */
function decide(answer: Item): boolean {
  if (answer instanceof Unknown) throw new UnknownFound(answer);
  return truth(answer) === true;
}

function pick(call: Call, wanted: boolean, byAttribute: boolean): Item {
  const items = iterate(call.input);
  const attribute = byAttribute ? call.rest[0] : undefined;
  const rest = byAttribute ? call.rest.slice(1) : call.rest;
  if (byAttribute && attribute === undefined) call.fail('needs the name of an attribute');
  const test = tester(call, rest);
  const asked = (item: Value): Item => {
    if (attribute === undefined) return item;
    const value = attributeOf(item, attribute, call);
    if (value instanceof Undefined && rest.length === 0) throw new UndefinedUsed(value);
    return value;
  };
  try {
    return items.filter(item => test(asked(item)) === wanted);
  } catch (error) {
    if (error instanceof UnknownFound) return error.unknown;
    throw error;
  }
}

/** Filters that do something with each item of a list. */
export const eachFilters: SpecTable = {
  map: structure('*arguments **options', map),
  select: structure('*arguments **options', call => pick(call, true, false)),
  reject: structure('*arguments **options', call => pick(call, false, false)),
  selectattr: structure('*arguments **options', call => pick(call, true, true)),
  rejectattr: structure('*arguments **options', call => pick(call, false, true)),
};
