import { lookupNames } from '../template/index.ts';
import type { Raw } from '../template/values.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import { toRaw } from '../vars/raw.ts';
import { type MapEntry, type MapNode, valueOf } from '../yaml/node.ts';
import type { Loop } from './program.ts';

const PREFIX = /^with_(?:ansible\.(?:builtin|legacy)\.)?/;

/** The lookup that a keyword like `with_items` goes over, as written without its collection; undefined for others. */
export function loopLookup(keyword: string): string | undefined {
  return keyword.startsWith('with_') ? keyword.replace(PREFIX, '') : undefined;
}

/** The loop of a task: `loop`, or one of Ansible's `with_` forms, of which there is one for every lookup. */
export function loopOf(map: MapNode, found: Diagnostics): Loop | undefined {
  const entries = map.entries.filter(e => e.key.source === 'loop' || loopLookup(e.key.source) !== undefined);
  const [entry, second] = entries;
  if (entry === undefined) return undefined;
  if (second !== undefined)
    found.error('conflicting-arguments', `a task has one loop, not ${entries.map(e => e.key.source).join(' and ')}`, {
      span: second.key.span,
    });
  const lookup = loopLookup(entry.key.source);
  if (lookup !== undefined && !checkLookup(entry, lookup, found)) return undefined;
  const control = valueOf(map, 'loop_control');
  const raw = (key: string): Raw | undefined => {
    const node = control?.kind === 'map' ? valueOf(control, key) : undefined;
    return node === undefined ? undefined : toRaw(node, found);
  };
  return {
    over: toRaw(entry.value, found),
    lookup,
    span: entry.value.span,
    loopVar: raw('loop_var') ?? 'item',
    indexVar: raw('index_var'),
    label: raw('label'),
    pause: raw('pause'),
    extended: raw('extended'),
    extendedAllitems: raw('extended_allitems'),
  };
}

function checkLookup({ key, value }: MapEntry, lookup: string, found: Diagnostics): boolean {
  const names = lookupNames();
  if (!names.includes(lookup)) {
    const near = didYouMean(
      `with_${lookup}`,
      names.map(n => `with_${n}`),
    );
    const suggestion = near ?? 'after with_ stands the name of a lookup; or write loop: with a list';
    found.error('unknown-lookup', `there is no lookup "${lookup}" for a loop to go over`, {
      span: key.span,
      suggestion,
    });
    return false;
  }
  if (value.kind !== 'scalar' || value.value !== null) return true;
  // As Ansible: nothing is no empty list.
  found.error('missing-argument', `${key.source} needs a value`, {
    span: key.span,
    suggestion: 'write [] for no items',
  });
  return false;
}
