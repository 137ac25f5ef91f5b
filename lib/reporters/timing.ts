import type { Event, Reporter, TaskRef } from '../events.ts';
import { duration, type Look, lookOf, plural, type ReporterOptions } from './look.ts';
import { placeOf, rule, taskTitle } from './titles.ts';

const ROWS = 10;

interface Cost {
  readonly task: TaskRef;
  /** Milliseconds: the slowest host of each time the task was run, since the others wait for it. */
  ms: number;
  frames: number;
  readonly hosts: Set<string>;
  /** Slowest host of the run of the task that is not over yet. */
  current: number;
}

/** Writes the slowest tasks when the run is over. */
export default function makeTiming(options: ReporterOptions): Reporter {
  const costs = new Map<number, Cost>();
  return {
    on(event) {
      if (event.type === 'task-started') settle(costs.get(event.task.id));
      if (event.type === 'task-finished') add(costs, event);
      if (event.type === 'run-finished') options.write(table([...costs.values()], lookOf(options)));
    },
  };
}

function add(costs: Map<number, Cost>, event: Extract<Event, { type: 'task-finished' }>): void {
  const { task } = event;
  const cost = costs.get(task.id) ?? { task, ms: 0, frames: 0, hosts: new Set(), current: 0 };
  costs.set(task.id, cost);
  cost.current = Math.max(cost.current, event.ms);
  cost.frames += event.frames;
  cost.hosts.add(event.host);
}

function settle(cost: Cost | undefined): void {
  if (!cost) return;
  cost.ms += cost.current;
  cost.current = 0;
}

function table(costs: readonly Cost[], look: Look): string {
  for (const cost of costs) settle(cost);
  const slowest = [...costs].sort((a, b) => b.ms - a.ms || a.task.id - b.task.id).slice(0, ROWS);
  if (slowest.length === 0) return '';
  const rows = slowest.map(({ task, ms, frames, hosts }) => [
    duration(ms),
    plural(hosts.size, 'host'),
    plural(frames, 'round trip'),
    `${taskTitle(task, look)}  ${look.paint.dim(placeOf(task, look))}`,
  ]);
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) => row.map((cell, i) => cell.padStart(widths[i] ?? 0)).join('  ');
  return `${rule('SLOWEST TASKS', look)}${rows.map(row => `${line(row)}\n`).join('')}`;
}
