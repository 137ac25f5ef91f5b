import type { Ended } from './events.ts';

/** What a dry run said beside what then happened. */
export interface Agreement {
  /** One sentence each; empty when they agree. */
  readonly faults: readonly string[];
  /** How many changes it said, and how many tasks it could not tell about. */
  readonly changed: number;
  readonly unknown: number;
}

interface Counts {
  readonly first: Ended;
  said: number;
  unknown: number;
  changed: number;
}

/**
 * A task (by host, place and item) must change as often as the dry run said; at most so many times more as it said that
 * it does not know. Counted, since a file of tasks that is included twice has the same places twice.
 */
export function compare(dry: readonly Ended[], real: readonly Ended[]): Agreement {
  const all = new Map<string, Counts>();
  const at = (ended: Ended): Counts => {
    const key = JSON.stringify([ended.host, ended.place, ended.item]);
    const there = all.get(key) ?? { first: ended, said: 0, unknown: 0, changed: 0 };
    all.set(key, there);
    return there;
  };
  const parts = (run: readonly Ended[]) => run.filter(ended => !ended.whole);
  for (const ended of parts(dry)) {
    if (ended.status === 'changed') at(ended).said++;
    if (ended.status === 'unknown') at(ended).unknown++;
  }
  for (const ended of parts(real)) if (ended.status === 'changed') at(ended).changed++;
  // of a loop over what is not known the dry run has no items
  const blind = new Set(
    dry.filter(e => e.status === 'unknown' && e.item === undefined).map(e => `${e.host} ${e.place}`),
  );
  const faults = [...all.values()].flatMap(counts => faultOf(counts, blind));
  const sum = (status: string) => parts(dry).filter(ended => ended.status === status).length;
  return { faults, changed: sum('changed'), unknown: sum('unknown') };
}

function faultOf({ first, said, unknown, changed }: Counts, blind: ReadonlySet<string>): string[] {
  const { host, place, title, item } = first;
  const what = `${host}: "${title}"${item === undefined ? '' : ` with ${item}`} (${place})`;
  if (said > changed) return [`${what} changed ${times(changed)}, and the dry run said ${times(said)}`];
  if (changed <= said + unknown || blind.has(`${host} ${place}`)) return [];
  const doubt = unknown === 0 ? '' : ` and ${unknown} unknown`;
  return [`${what} changed ${times(changed)}, and the dry run said ${times(said)}${doubt}`];
}

function times(count: number): string {
  return count === 0 ? 'not at all' : count === 1 ? 'once' : `${count} times`;
}
