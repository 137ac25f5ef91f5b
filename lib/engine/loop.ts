import type { Loop } from '../playbook/program.ts';
import { lookupItems, OMIT, render, TemplateError, Tuple } from '../template/index.ts';
import { type Raw, type Scope, Secret, Unknown, type Value } from '../template/values.ts';
import { dataLayer, type LayeredScope, type VarLayer } from '../vars/scope.ts';
import { flagOf, numberOf, plain, textOf } from './values.ts';

/** The items of a loop; unknown where what it goes over is. Throws TemplateError for what is no list. */
export function loopItems(loop: Loop, scope: Scope): readonly Value[] | Unknown {
  const items = loop.lookup === undefined ? listOf(loop, scope) : withItems(loop, loop.lookup, scope);
  // As Ansible: an item is never a tuple, though zip and some lookups make them.
  return items instanceof Unknown ? items : items.map(i => (i instanceof Tuple ? Array.from<Value>(i) : i));
}

function listOf(loop: Loop, scope: Scope): readonly Value[] | Unknown {
  const value = render(loop.over, scope);
  const over = plain(value);
  if (over instanceof Unknown) return over;
  if (Array.isArray(over)) return value instanceof Secret ? over.map(item => new Secret(item)) : over;
  throw notIterable(
    loop,
    over instanceof Map ? 'a loop takes a list, this is a mapping' : `a loop takes a list, this is ${describe(over)}`,
  );
}

/** As Ansible: the value is the list of the lookup's terms, one value stands for a list of itself. */
function withItems(loop: Loop, lookup: string, scope: Scope): readonly Value[] | Unknown {
  // As Ansible: first_found passes over names that cannot be rendered.
  const optional = lookup === 'first_found' && Array.isArray(loop.over);
  const value = optional ? definedOf(loop.over as readonly Raw[], scope) : render(loop.over, scope);
  const over = plain(value);
  if (over instanceof Unknown) return over;
  if (over instanceof Map && lookup !== 'dict') {
    if (lookup === 'items') return [...over.keys()]; // as Ansible
    throw notIterable(loop, `with_${lookup} takes a list, this is a mapping`);
  }
  const items = lookupItems(lookup, Array.isArray(over) ? over : [over], { scope, span: loop.span });
  return value instanceof Secret && !(items instanceof Unknown) ? items.map(item => new Secret(item)) : items;
}

function definedOf(terms: readonly Raw[], scope: Scope): Value[] {
  return terms.flatMap(term => {
    try {
      return [plain(render(term, scope))];
    } catch (error) {
      if (error instanceof TemplateError && error.diagnostic.code === 'undefined-variable') return [];
      throw error;
    }
  });
}

function notIterable(loop: Loop, message: string): TemplateError {
  const suggestion = 'give a list; of a mapping use "x | dict2items"';
  return new TemplateError({ code: 'wrong-type', severity: 'error', message, span: loop.span, suggestion });
}

function describe(value: Value): string {
  if (value === OMIT) return 'omit';
  return value === null
    ? 'nothing'
    : typeof value === 'string'
      ? `the text "${value.slice(0, 40)}"`
      : `a ${typeof value}`;
}

/** What `loop_control` says, rendered once for all items. */
export interface LoopControl {
  readonly loopVar: string;
  readonly indexVar: string | undefined;
  readonly pauseMs: number;
  /** Whether there is `ansible_loop`, and in it `allitems`. */
  readonly extended: boolean;
  readonly allitems: boolean;
}

/** Throws TemplateError. */
export function loopControl(loop: Loop, scope: Scope): LoopControl {
  return {
    loopVar: textOf(loop.loopVar, scope) ?? 'item',
    indexVar: textOf(loop.indexVar, scope),
    pauseMs: (numberOf(loop.pause, scope) ?? 0) * 1000,
    extended: flagOf(loop.extended, scope) ?? false,
    allitems: flagOf(loop.extendedAllitems, scope) ?? true,
  };
}

/** The variables that one turn of a loop adds; as Ansible, its result has them too. */
export function loopVars(control: LoopControl, items: readonly Value[], index: number): readonly [string, Value][] {
  const { loopVar, indexVar } = control;
  const vars: [string, Value][] = [
    [loopVar, items[index] ?? null],
    ['ansible_loop_var', loopVar],
  ];
  if (indexVar !== undefined) vars.push([indexVar, index], ['ansible_index_var', indexVar]);
  if (control.extended) vars.push(['ansible_loop', extendedOf(items, index, control.allitems)]);
  return vars;
}

function extendedOf(items: readonly Value[], index: number, allitems: boolean): Value {
  const info = new Map<string, Value>([
    ['index', index + 1],
    ['index0', index],
    ['first', index === 0],
    ['last', index === items.length - 1],
    ['length', items.length],
    ['revindex', items.length - index],
    ['revindex0', items.length - index - 1],
  ]);
  // The same list for every item: a copy each would be a million of a thousand items.
  if (allitems) info.set('allitems', items as Value[]);
  if (index < items.length - 1) info.set('nextitem', items[index + 1] ?? null);
  if (index > 0) info.set('previtem', items[index - 1] ?? null);
  return info;
}

/** What an item is called in the output: `loop_control.label`, or the item. */
export function itemLabel(loop: Loop, item: Value, scope: LayeredScope): string {
  const label = loop.label === undefined ? undefined : textOf(loop.label, scope);
  return label ?? shown(item);
}

function shown(item: Value): string {
  if (item instanceof Map)
    return JSON.stringify(Object.fromEntries([...item].map(([k, v]) => [String(k), forJson(v)])));
  return typeof item === 'string' ? item : item === OMIT ? 'omit' : JSON.stringify(forJson(item));
}

function forJson(value: Value): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [String(k), forJson(v)]));
  if (Array.isArray(value)) return value.map(forJson);
  if (value instanceof Unknown) return 'unknown';
  if (value === OMIT) return 'omit';
  return value !== null && typeof value === 'object' ? String(value) : value;
}
