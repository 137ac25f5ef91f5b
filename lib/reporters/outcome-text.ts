import type { TaskRef } from '../events.ts';
import { type Outcome, type SkipReason, unreachable } from '../outcome.ts';
import { detailLines, diffLines, failureLines, HIDDEN } from './details.ts';
import { duration, type Look, plural } from './look.ts';
import type { HostEvent, HostRecord, ItemFinished, TaskFinished } from './open-tasks.ts';
import { indent } from './plain-value.ts';

/** A line about a host; a loud one says more than the status, so that the live view shows it too. */
export interface HostLine {
  readonly text: string;
  readonly loud: boolean;
}

/** All that is to be said about a task on one host, in the words of Ansible. */
export function hostLines(record: HostRecord, task: TaskRef, look: Look): readonly HostLine[] {
  return record.events.flatMap(event => eventLines(event, record, { task, look }));
}

interface Shown {
  readonly task: TaskRef;
  readonly look: Look;
}

function eventLines(event: HostEvent, record: HostRecord, { task, look }: Shown): readonly HostLine[] {
  const quiet = (text: string): readonly HostLine[] => [{ text, loud: false }];
  const name = look.line(event.host ?? '');
  switch (event.type) {
    case 'item-finished':
      return resultLines(event, { task, look });
    case 'task-finished':
      return saidByItems(event, record) ? ignoring(event.outcome, look) : resultLines(event, { task, look });
    case 'task-retried':
      return quiet(
        `retrying: [${name}] after try ${event.tries} (${event.left} left, the next in ${duration(event.delayMs)})`,
      );
    case 'message':
      return look
        .text(event.text)
        .split('\n')
        .map(line => ({ text: `[${name}] ${line}`, loud: true }));
    case 'handler-notified':
      return look.verbosity < 2 ? [] : quiet(`notified: [${name}] ${look.line(event.handler)}`);
    case 'host-rescued':
      return quiet(look.paint.yellow(`rescued: [${name}]`));
    default:
      return unreachable(event);
  }
}

/** The items said it all, unless the task as a whole failed in a way that no item did. */
function saidByItems(event: TaskFinished, record: HostRecord): boolean {
  if (!event.looped) return false;
  const items = record.events.filter(e => e.type === 'item-finished');
  const { status } = event.outcome;
  if (status !== 'failed' && status !== 'unreachable') return items.length > 0;
  return items.some(item => item.outcome.status === status);
}

function resultLines(event: ItemFinished | TaskFinished, { task, look }: Shown): readonly HostLine[] {
  const { outcome } = event;
  const bad = outcome.status === 'failed' || outcome.status === 'unreachable';
  const details = task.noLog ? [] : detailsOf(outcome, task, look);
  const place = bad ? failureLines(outcome, task, look) : [];
  const cost = look.verbosity >= 2 ? [`took: ${duration(event.ms)}, ${plural(event.frames, 'round trip')}`] : [];
  const below = indent([...place, ...details, ...cost], 4).map(text => ({ text, loud: true }));
  return [
    { text: headLine(event, task, look), loud: bad || outcome.status === 'unknown' },
    ...below,
    ...(event.type === 'task-finished' ? ignoring(outcome, look) : []),
  ];
}

function detailsOf(outcome: Outcome, task: TaskRef, look: Look): readonly string[] {
  const diff = outcome.status === 'changed' && look.diff && outcome.diff ? diffLines(outcome.diff, look) : [];
  return [...diff, ...detailLines(outcome, task, look)];
}

function ignoring(outcome: Outcome, look: Look): readonly HostLine[] {
  if (outcome.status !== 'failed' || !outcome.ignored) return [];
  return [{ text: look.paint.cyan('...ignoring'), loud: true }];
}

function headLine(event: ItemFinished | TaskFinished, task: TaskRef, look: Look): string {
  const { outcome } = event;
  const host = event.delegate === undefined ? event.host : `${event.host} -> ${event.delegate}`;
  const on = `[${look.line(host)}]`;
  const label = event.type === 'item-finished' ? `(item=${task.noLog ? HIDDEN : look.line(event.item)})` : '';
  const item = label === '' ? '' : ` => ${label}`;
  const end = task.noLog && label === '' ? ` (${HIDDEN})` : '';
  switch (outcome.status) {
    case 'ok':
      return look.paint.green(`ok: ${on}${item}${end}`);
    case 'changed':
      return look.paint.yellow(`changed: ${on}${item}${end}`);
    case 'unknown':
      return look.paint.magenta(`unknown: ${on}${item}${task.noLog ? end : ` ${look.line(outcome.why)}`}`);
    case 'skipped':
      return look.paint.cyan(`skipping: ${on}${item}${skipWords(outcome.reason, look)}`);
    case 'failed':
      return look.paint.red(label === '' ? `fatal: ${on}: FAILED!${end}` : `failed: ${on} ${label}`);
    case 'unreachable':
      return look.paint.red(`fatal: ${on}: UNREACHABLE!${item}${end}`);
    default:
      return unreachable(outcome);
  }
}

/** Why a task was skipped, in brackets; empty where that goes without saying. */
export function skipWords(reason: SkipReason, look: Look): string {
  switch (reason) {
    case 'when':
      return look.verbosity > 0 ? ' (its condition is false)' : '';
    case 'creates':
      return ' (already done: creates or removes)';
    case 'check-mode':
      return ' (not run in check mode)';
    case 'no-items':
      return ' (no items)';
    default:
      return unreachable(reason);
  }
}
