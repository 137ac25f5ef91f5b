import type { CustomStats } from '../events.ts';
import type { Stats } from '../module.ts';

/** What set_stats keeps for the end of a run. */
export class StatsKeeper {
  readonly #hosts = new Map<string, Map<string, unknown>>();
  readonly #run = new Map<string, unknown>();

  add(host: string, { data, perHost, aggregate }: Stats): void {
    const values = perHost ? (this.#hosts.get(host) ?? new Map<string, unknown>()) : this.#run;
    if (perHost) this.#hosts.set(host, values);
    for (const [name, value] of Object.entries(data))
      values.set(name, aggregate && values.has(name) ? sum(values.get(name), value) : value);
  }

  get all(): CustomStats {
    const plain = (values: ReadonlyMap<string, unknown>) => Object.fromEntries(values);
    const hosts = [...this.#hosts].sort(([a], [b]) => (a < b ? -1 : 1));
    return { hosts: hosts.map(([host, values]) => [host, plain(values)] as const), run: plain(this.#run) };
  }
}

/** As Ansible: what cannot be added to the value there is changes nothing. */
function sum(old: unknown, more: unknown): unknown {
  if (typeof old === 'number' && typeof more === 'number') return old + more;
  if (typeof old === 'string' && typeof more === 'string') return old + more;
  if (Array.isArray(old) && Array.isArray(more)) return [...old, ...more];
  const both = [old, more].every(v => typeof v === 'object' && v !== null && !Array.isArray(v));
  return both ? { ...(old as object), ...(more as object) } : old;
}
