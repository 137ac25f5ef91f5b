import type { Event, Reporter, TaskRef } from '../events.ts';
import { type Outcome, unreachable } from '../outcome.ts';
import { formatDiagnostics } from '../text/frame.ts';
import { positionAt } from '../text/source.ts';
import { HIDDEN } from './details.ts';
import { type Look, lookOf, type ReporterOptions } from './look.ts';
import { type DoneTask, OpenTasks, type TaskFinished } from './open-tasks.ts';
import { hostLines } from './outcome-text.ts';
import { taskTitle } from './titles.ts';

interface Case {
  readonly task: TaskRef;
  readonly event: TaskFinished;
  /** All its lines, items too. */
  readonly output: string;
  rescued: boolean;
}

interface Suite {
  readonly name: string;
  readonly cases: Case[];
}

/** One XML document at the end of the run: a test suite for each play, a test case for each task and host. */
export default function makeJunit(options: ReporterOptions): Reporter {
  return new Junit(options);
}

class Junit implements Reporter {
  readonly #options: ReporterOptions;
  readonly #tasks = new OpenTasks();
  readonly #suites: Suite[] = [];
  readonly #diagnostics: string[] = [];
  readonly #rescued: { host: string; task: number }[] = [];
  #look: Look;
  #written = false;

  constructor(options: ReporterOptions) {
    this.#options = { ...options, colour: false };
    this.#look = lookOf(this.#options);
  }

  on(event: Event): void {
    switch (event.type) {
      case 'run-started':
        this.#look = lookOf(this.#options, event.diff);
        return;
      case 'play-started':
        this.#add(this.#tasks.takeAll());
        this.#suites.push({ name: event.play, cases: [] });
        return;
      case 'task-started':
        return this.#tasks.start(event.task, event.hosts);
      case 'item-finished':
      case 'task-finished':
      case 'task-retried':
        if (!this.#tasks.keep(event)) this.#add([{ task: event.task, hosts: [{ host: event.host, events: [event] }] }]);
        return this.#add(this.#tasks.takeDone());
      case 'host-rescued':
        this.#rescued.push({ host: event.host, task: event.task.id });
        return this.#markRescued();
      case 'diagnostic':
        this.#diagnostics.push(formatDiagnostics([event.diagnostic]));
        return;
      case 'run-finished':
        return this.#finish();
      case 'message':
        if (event.host !== undefined) this.#tasks.keep(event);
        return;
      case 'batch-started':
      case 'host-started':
      case 'progress':
      case 'handler-notified':
      case 'handlers-flushed':
      case 'play-ended':
        return;
      default:
        return unreachable(event);
    }
  }

  /** Writes what there is when the run never came to its end. */
  close(): Promise<void> {
    this.#finish();
    return Promise.resolve();
  }

  #add(done: readonly DoneTask[]): void {
    if (done.length === 0) return;
    const suite = this.#suites.at(-1) ?? { name: 'run', cases: [] };
    if (this.#suites.length === 0) this.#suites.push(suite);
    for (const { task, hosts } of done)
      for (const record of hosts)
        for (const event of record.events)
          if (event.type === 'task-finished') {
            const output = hostLines(record, task, this.#look).map(line => line.text);
            suite.cases.push({ task, event, output: output.join('\n'), rescued: false });
          }
    this.#markRescued();
  }

  /** A failure that a rescue took care of is no failure of the run; the word may come before its task is over. */
  #markRescued(): void {
    const cases = this.#suites.at(-1)?.cases ?? [];
    for (const [i, { host, task }] of [...this.#rescued.entries()].reverse()) {
      const found = cases.findLast(c => c.event.host === host && c.task.id === task && !c.rescued);
      if (!found) continue;
      found.rescued = true;
      this.#rescued.splice(i, 1);
    }
  }

  #finish(): void {
    if (this.#written) return;
    this.#written = true;
    this.#add(this.#tasks.takeAll());
    const suites = this.#suites.map(suite => suiteXml(suite, this.#look));
    const errors = this.#diagnostics.length === 0 ? '' : diagnosticsXml(this.#diagnostics, this.#look);
    const body = [...suites, errors].join('');
    this.#options.write(`<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="tplay">\n${body}</testsuites>\n`);
  }
}

function suiteXml({ name, cases }: Suite, look: Look): string {
  const count = (kind: Verdict) => cases.filter(c => verdict(c) === kind).length;
  const head = attributes({
    name: look.line(name),
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(cases.reduce((sum, c) => sum + c.event.ms, 0)),
  });
  return `  <testsuite${head}>\n${cases.map(c => caseXml(c, look)).join('')}  </testsuite>\n`;
}

type Verdict = 'failure' | 'error' | 'skipped' | 'passed';

function verdict({ event: { outcome }, rescued }: Case): Verdict {
  if (outcome.status === 'failed') return outcome.ignored || rescued ? 'passed' : 'failure';
  if (outcome.status === 'unreachable') return rescued ? 'passed' : 'error';
  return outcome.status === 'skipped' || outcome.status === 'unknown' ? 'skipped' : 'passed';
}

function caseXml(one: Case, look: Look): string {
  const { task, event, output, rescued } = one;
  const head = attributes({
    classname: look.line(event.host),
    name: taskTitle(task, look),
    file: look.line(task.span.file.path),
    line: positionAt(task.span.file, task.span.start).line,
    time: seconds(event.ms),
  });
  const kind = verdict(one);
  const { outcome } = event;
  const message = task.noLog ? HIDDEN : look.line(messageOf(outcome));
  const reason = 'reason' in outcome ? outcome.reason : 'phase' in outcome ? outcome.phase : outcome.status;
  const result = {
    failure: `      <failure${attributes({ message, type: reason })}>${escape(output)}</failure>\n`,
    error: `      <error${attributes({ message, type: reason })}>${escape(output)}</error>\n`,
    skipped: `      <skipped${attributes({ message: outcome.status === 'unknown' ? `unknown: ${message}` : reason })}/>\n`,
    passed: `      <system-out>${escape(rescued ? `${output}\nrescued` : output)}</system-out>\n`,
  };
  return `    <testcase${head}>\n${result[kind]}    </testcase>\n`;
}

function messageOf(outcome: Outcome): string {
  return outcome.status === 'unknown' ? outcome.why : 'message' in outcome ? outcome.message : '';
}

function diagnosticsXml(diagnostics: readonly string[], look: Look): string {
  const text = look.text(diagnostics.join(''));
  return `  <testsuite${attributes({ name: 'diagnostics', tests: 0 })}>\n    <system-err>${escape(text)}</system-err>\n  </testsuite>\n`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escape(String(value))}"`)
    .join('');
}

/** XML text; what XML 1.0 cannot hold even escaped (half a surrogate pair, U+FFFE) becomes U+FFFD. */
function escape(text: string): string {
  return text
    .replace(/[\p{Surrogate}\ufffe\uffff]/gu, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}
