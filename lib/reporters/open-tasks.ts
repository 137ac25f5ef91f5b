import type { Event, TaskRef } from '../events.ts';

export type ItemFinished = Extract<Event, { type: 'item-finished' }>;
export type TaskFinished = Extract<Event, { type: 'task-finished' }>;

/** What belongs to one host's part of a task. */
export type HostEvent = Extract<
  Event,
  { type: 'item-finished' | 'task-finished' | 'task-retried' | 'message' | 'handler-notified' | 'host-rescued' }
>;

/** Everything that happened on one host during a task, in its order. */
export interface HostRecord {
  readonly host: string;
  readonly events: readonly HostEvent[];
}

/** A task and its hosts in inventory order. */
export interface DoneTask {
  readonly task: TaskRef;
  readonly hosts: readonly HostRecord[];
}

interface OpenTask {
  /** Counted from the first that was started. */
  readonly number: number;
  readonly task: TaskRef;
  readonly records: Map<string, HostEvent[]>;
  readonly pending: Set<string>;
}

/**
 * Keeps what the hosts of a task do until the last of them is through: hosts finish in any order, and that order must
 * not reach the output. With the strategy `free` a thousand hosts have a thousand tasks open: none is looked for among all.
 */
export class OpenTasks {
  #started = 0;
  readonly #open = new Set<OpenTask>();
  /** Those of each host, in the order in which they were started. */
  readonly #of = new Map<string, Set<OpenTask>>();
  #done: OpenTask[] = [];

  start(task: TaskRef, hosts: readonly string[]): void {
    const records = new Map(hosts.map((host): [string, HostEvent[]] => [host, []]));
    const open = { number: this.#started++, task, records, pending: new Set(hosts) };
    this.#open.add(open);
    for (const host of records.keys()) this.#of.set(host, (this.#of.get(host) ?? new Set()).add(open));
    if (hosts.length === 0) this.#done.push(open);
  }

  /** How many tasks have hosts that are not through. */
  get size(): number {
    return this.#open.size;
  }

  /** Hosts of the open tasks that are not through, in inventory order. */
  get pending(): readonly string[] {
    return [...this.#open].flatMap(open => [...open.pending]);
  }

  /** Keeps an event with its host's part of a task; false when no open task has that host. */
  keep(event: HostEvent): boolean {
    const open = this.#find(event);
    if (!open || event.host === undefined) return false;
    open.records.get(event.host)?.push(event);
    if (event.type === 'task-finished' && open.pending.delete(event.host) && open.pending.size === 0)
      this.#done.push(open);
    return true;
  }

  /** The tasks all of whose hosts are through, once. */
  takeDone(): readonly DoneTask[] {
    return this.#take(this.#done.toSorted((a, b) => a.number - b.number));
  }

  /** What there is of every task, finished or not: the play is over or the run was interrupted. */
  takeAll(): readonly DoneTask[] {
    return this.#take([...this.#open]);
  }

  #take(taken: readonly OpenTask[]): readonly DoneTask[] {
    this.#done = [];
    for (const open of taken) {
      this.#open.delete(open);
      for (const host of open.records.keys()) this.#of.get(host)?.delete(open);
    }
    return taken.map(({ task, records }) => ({
      task,
      hosts: [...records].map(([host, events]) => ({ host, events })).filter(r => r.events.length > 0),
    }));
  }

  #find(event: HostEvent): OpenTask | undefined {
    const { host } = event;
    if (host === undefined) return undefined;
    const having = [...(this.#of.get(host) ?? [])];
    if (event.type === 'message') return having.find(open => open.pending.has(host)) ?? having.at(-1);
    if (event.type === 'handler-notified') return having.find(open => open.task.id === event.by.id);
    const same = having.filter(open => open.task.id === event.task.id);
    return event.type === 'host-rescued' ? same.at(-1) : same.find(open => open.pending.has(host));
  }
}
