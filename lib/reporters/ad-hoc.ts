import type { Event, Reporter, TaskRef } from '../events.ts';
import { type Outcome, unreachable } from '../outcome.ts';
import { formatDiagnostics } from '../text/frame.ts';
import { clean, diffLines, withoutNoise } from './details.ts';
import { type Look, lookOf, type ReporterOptions } from './look.ts';
import { type HostEvent, OpenTasks } from './open-tasks.ts';
import { skipWords } from './outcome-text.ts';
import { indent, plainValue } from './plain-value.ts';

/** What hosts answer to a command: a block, or a line, for each, in inventory order. */
export default function makeAdHoc(options: ReporterOptions & { readonly oneLine: boolean }): Reporter {
  const tasks = new OpenTasks();
  let look = lookOf(options);
  const print = (event: HostEvent, task: TaskRef): void => {
    const text = eventText(event, { task, look, oneLine: options.oneLine });
    if (text !== '') options.write(`${text}\n`);
  };
  const printAll = (done: ReturnType<OpenTasks['takeDone']>): void => {
    for (const { task, hosts } of done) for (const host of hosts) for (const event of host.events) print(event, task);
  };
  return {
    on(event: Event): void {
      if (event.type === 'run-started') look = lookOf(options, event.diff);
      else if (event.type === 'play-started' && event.hosts.length === 0) options.write('no hosts matched\n');
      else if (event.type === 'task-started') tasks.start(event.task, event.hosts);
      else if (event.type === 'diagnostic')
        options.write(options.redactor.text(formatDiagnostics([event.diagnostic], options.colour)));
      else if (event.type === 'message' && event.host === undefined) options.write(`${look.text(event.text)}\n`);
      else if (isHostEvent(event)) {
        if (tasks.keep(event)) printAll(tasks.takeDone());
        else if (event.type === 'task-finished') print(event, event.task); // the result of a run_once, for the others
      } else if (event.type === 'run-finished') printAll(tasks.takeAll());
    },
  };
}

function isHostEvent(event: Event): event is HostEvent {
  const types: readonly Event['type'][] = ['item-finished', 'task-finished', 'task-retried', 'message'];
  return types.includes(event.type);
}

interface Shown {
  readonly task: TaskRef;
  readonly look: Look;
  readonly oneLine: boolean;
}

function eventText(event: HostEvent, shown: Shown): string {
  const { look } = shown;
  if (event.type === 'message') return `${look.line(event.host ?? '')} | ${look.text(event.text)}`;
  if (event.type !== 'task-finished' && event.type !== 'item-finished') return '';
  const { outcome } = event;
  // What an include brings speaks for itself.
  if (outcome.status === 'ok' && shown.task.module.startsWith('include_')) return '';
  const { word, paint } = headOf(outcome, look);
  const head = [look.line(event.host), word, ...(rcOf(outcome) === undefined ? [] : [`rc=${rcOf(outcome)}`])];
  if (shown.oneLine) return paint(oneLine(head.join(' | '), outcome, look));
  const streams = streamsOf(outcome, look);
  const diff = outcome.status === 'changed' && look.diff && outcome.diff ? diffLines(outcome.diff, look) : [];
  const end = streams === undefined ? '' : ' >>';
  // What a diff has said, the values would say again.
  const below = streams ?? (diff.length > 0 && look.verbosity === 0 ? [] : indent(detailsOf(outcome, shown)));
  return [paint(head.join(' | ') + end), ...indent(diff), ...below].join('\n');
}

/** The words are those of Ansible's `minimal` output. */
function headOf(outcome: Outcome, { paint }: Look): { word: string; paint: (text: string) => string } {
  switch (outcome.status) {
    case 'ok':
      return { word: 'SUCCESS', paint: paint.green };
    case 'changed':
      return { word: 'CHANGED', paint: paint.yellow };
    case 'unknown':
      return { word: 'UNKNOWN', paint: paint.magenta };
    case 'skipped':
      return { word: 'SKIPPED', paint: paint.cyan };
    case 'failed':
      return { word: 'FAILED', paint: paint.red };
    case 'unreachable':
      return { word: 'UNREACHABLE', paint: paint.red };
    default:
      return unreachable(outcome);
  }
}

/** The exit status of what was run, where something was. */
function rcOf(outcome: Outcome): number | undefined {
  if (outcome.status === 'failed' && outcome.reply !== undefined) return outcome.reply.rc;
  const rc = 'values' in outcome ? outcome.values?.['rc'] : undefined;
  return typeof rc === 'number' ? rc : undefined;
}

/** What a command wrote, as it is; undefined of a module that runs none. */
function streamsOf(outcome: Outcome, look: Look): readonly string[] | undefined {
  if (rcOf(outcome) === undefined) return undefined;
  const reply = outcome.status === 'failed' ? outcome.reply : undefined;
  const { stdout = '', stderr = '' } = reply ?? ('values' in outcome ? (outcome.values ?? {}) : {});
  const said = outcome.status === 'failed' ? [outcome.message] : [];
  return [stdout, stderr, ...said].map(text => look.text(String(text)).trimEnd()).filter(text => text !== '');
}

function detailsOf(outcome: Outcome, { look, task }: Shown): readonly string[] {
  switch (outcome.status) {
    case 'unknown':
      return [look.line(outcome.why)];
    case 'skipped':
      return [skipWords(outcome.reason, { ...look, verbosity: 1 }).trim()];
    case 'failed':
    case 'unreachable':
      return look.text(outcome.message).trimEnd().split('\n');
    case 'ok':
    case 'changed': {
      const values = withoutNoise(outcome.values, outcome);
      const { msg } = values;
      if (task.module === 'debug' && typeof msg === 'string') return look.text(msg).trimEnd().split('\n');
      return Object.keys(values).length === 0 ? [] : clean(values, look);
    }
    default:
      return unreachable(outcome);
  }
}

function oneLine(head: string, outcome: Outcome, look: Look): string {
  const values = 'values' in outcome ? (outcome.values ?? {}) : {};
  const { stdout, stderr } = outcome.status === 'failed' ? (outcome.reply ?? values) : values;
  const streams = [
    ['stdout', stdout],
    ['stderr', stderr],
  ].flatMap(([name, text]) =>
    typeof text === 'string' && text !== '' ? [`(${name}) ${look.line(text.trimEnd())}`] : [],
  );
  if (streams.length > 0 && rcOf(outcome) !== undefined) return `${head} | ${streams.join(' ')}`;
  if (outcome.status === 'failed' || outcome.status === 'unreachable') return `${head} | ${look.line(outcome.message)}`;
  if (outcome.status === 'unknown') return `${head} | ${look.line(outcome.why)}`;
  const shown = withoutNoise(values, outcome);
  if (Object.keys(shown).length === 0) return head;
  return `${head} | ${look.line(JSON.stringify(look.redactor.value(plainValue(shown))))}`;
}
