import type { Event, Recap, Reporter, TaskRef } from '../../../lib/events.ts';
import type { Outcome } from '../../../lib/outcome.ts';
import { makeReporter, type ReporterKind, type ReporterOptions } from '../../../lib/reporters/make.ts';
import { Redactor } from '../../../lib/text/redact.ts';
import { sourceFile } from '../../../lib/text/source.ts';

const file = sourceFile('roles/web/tasks/main.yml', '---\n- name: first\n  file:\n- name: second\n  shell:\n');

/** A task of the role web, at line 2 of its file unless told. */
export function task(id: number, name: string, more: Partial<TaskRef> & { at?: number } = {}): TaskRef {
  const { at = 4, ...rest } = more;
  const span = { file, start: at, end: at + 1 };
  return { id, name, role: 'web', module: 'file', span, handler: false, noLog: false, ...rest };
}

/** What one host says in a task: how it ended, and events before that. */
export interface HostPart {
  readonly outcome: Outcome;
  readonly items?: readonly (readonly [item: string, outcome: Outcome])[];
  readonly before?: readonly Event[];
  readonly delegate?: string;
}

/** The events of a task whose hosts finish in the opposite of their order. */
export function taskEvents(ref: TaskRef, parts: Readonly<Record<string, Outcome | HostPart>>): readonly Event[] {
  const hosts = Object.keys(parts);
  const events: Event[] = [{ type: 'task-started', task: ref, hosts }];
  for (const host of hosts) events.push({ type: 'host-started', task: ref, host });
  for (const [host, part] of Object.entries(parts).reverse()) {
    const { outcome, items = [], before = [], delegate } = 'outcome' in part ? part : { outcome: part };
    events.push(...before);
    const common = { task: ref, host, ms: 100, frames: 1, ...(delegate !== undefined && { delegate }) };
    for (const [item, result] of items) events.push({ type: 'item-finished', ...common, item, outcome: result });
    events.push({ type: 'task-finished', ...common, outcome, looped: items.length > 0 });
  }
  return events;
}

export const started: Event = { type: 'run-started', playbooks: ['install'], check: false, diff: false };

export function play(...hosts: readonly string[]): Event {
  return { type: 'play-started', play: 'web servers', hosts, inStep: true };
}

export function counts(some: Partial<Recap>): Recap {
  const none = { ok: 0, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0, unknown: 0 };
  return { ...none, ...some };
}

export function finished(recap: readonly (readonly [string, Recap])[]): Event {
  return { type: 'run-finished', recap, ms: 1234, frames: 3, exitStatus: 0, interrupted: false };
}

export const ok = { status: 'ok', values: {} } as const satisfies Outcome;
export const changed = { status: 'changed', values: {} } as const satisfies Outcome;
export const failed = {
  status: 'failed',
  reason: 'exit-status',
  message: 'the command ended with exit status 2',
  command: 'ls /nowhere',
  reply: { rc: 2, stdout: '', stderr: 'ls: /nowhere: no such file\n' },
  ignored: false,
} as const satisfies Outcome;

/** A reporter that writes into `written`, 60 columns wide, drawing at every event, with the secret `hunter2`. */
export function recorder(
  kind: ReporterKind,
  more: Partial<ReporterOptions> = {},
): { reporter: Reporter; written: string[] } {
  const redactor = new Redactor();
  redactor.add('hunter2');
  const written: string[] = [];
  const options = { colour: false, verbosity: 0, redactor, columns: 60, redrawMs: 0, now: () => 0, ...more };
  return { reporter: makeReporter(kind, { ...options, write: text => written.push(text) }), written };
}

/** All that a reporter writes for some events. */
export function output(kind: ReporterKind, events: readonly Event[], more: Partial<ReporterOptions> = {}): string {
  const { reporter, written } = recorder(kind, more);
  for (const event of events) reporter.on(event);
  return written.join('');
}

/** What the plain reporter writes under the heading of a single task. */
export function ofTask(events: readonly Event[], more: Parameters<typeof output>[2] & { diff?: boolean } = {}): string {
  const { diff = false, ...options } = more;
  const all = output('plain', [{ type: 'run-started', playbooks: [], check: false, diff }, ...events], options);
  return all.slice(all.indexOf('**\n') + 3);
}
