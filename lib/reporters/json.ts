import type { Event, Reporter, TaskRef } from '../events.ts';
import type { Outcome } from '../outcome.ts';
import type { Diagnostic } from '../text/diagnostic.ts';
import type { Redactor } from '../text/redact.ts';
import { positionAt, type Span } from '../text/source.ts';
import { HIDDEN } from './details.ts';
import type { ReporterOptions } from './look.ts';
import { plainValue } from './plain-value.ts';

/** One event a line, as `events.ts` has them; a span is `{ file, line, column }`. Nothing else is written. */
export default function makeJson({ write, redactor }: ReporterOptions): Reporter {
  return {
    on: event => write(`${jsonLine(withoutSecrets(plainValue(asData(event)) as object, redactor))}\n`),
  };
}

// Words and numbers of ours: a secret that is like one of them (`ini` in `finished`) must not garble them.
const OWN = [
  'type',
  'status',
  'reason',
  'phase',
  'severity',
  'code',
  'id',
  'line',
  'column',
  'ms',
  'frames',
  'exitStatus',
];
const PARTS = ['task', 'by', 'outcome', 'diagnostic', 'span'];

function withoutSecrets(part: object, redactor: Redactor): object {
  const entries = Object.entries(part).map(([key, value]: [string, unknown]) => {
    if (OWN.includes(key)) return [key, value];
    const isPart = PARTS.includes(key) && typeof value === 'object' && value !== null;
    return [key, isPart ? withoutSecrets(value, redactor) : redactor.value(value)];
  });
  return Object.fromEntries(entries);
}

function jsonLine(value: unknown): string {
  // Valid in JSON as they are, but a terminal may obey them.
  return JSON.stringify(value).replace(/[\x7f-\x9f]/g, c => `\\u00${c.charCodeAt(0).toString(16)}`);
}

function asData(event: Event): unknown {
  if (event.type === 'diagnostic') return { ...event, diagnostic: diagnosticData(event.diagnostic) };
  if (event.type === 'handler-notified') return { ...event, by: taskData(event.by) };
  if (!('task' in event)) return event;
  const { task } = event;
  if (!task.noLog || !('outcome' in event)) return { ...event, task: taskData(task) };
  const item = event.type === 'item-finished' ? { item: HIDDEN } : {};
  return { ...event, task: taskData(task), ...item, outcome: hidden(event.outcome) };
}

/** Of a `no_log` task only how it ended. */
function hidden(outcome: Outcome): unknown {
  const { status } = outcome;
  if (status === 'failed') return { status, reason: outcome.reason, ignored: outcome.ignored, hidden: HIDDEN };
  if (status === 'skipped') return { status, reason: outcome.reason, hidden: HIDDEN };
  return status === 'unreachable' ? { status, phase: outcome.phase, hidden: HIDDEN } : { status, hidden: HIDDEN };
}

function taskData(task: TaskRef): unknown {
  return { ...task, span: spanData(task.span) };
}

/** A diagnostic as JSON has it: a span is `{ file, line, column }`. */
export function diagnosticData(diagnostic: Diagnostic): unknown {
  const { span, notes, ...rest } = diagnostic;
  return {
    ...rest,
    ...(span && { span: spanData(span) }),
    ...(notes && { notes: notes.map(n => ({ message: n.message, ...(n.span && { span: spanData(n.span) }) })) }),
  };
}

function spanData(span: Span): { file: string; line: number; column: number } {
  return { file: span.file.path, ...positionAt(span.file, span.start) };
}
