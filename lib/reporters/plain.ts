import type { Event, Reporter } from '../events.ts';
import { unreachable } from '../outcome.ts';
import { formatDiagnostics } from '../text/frame.ts';
import { duration, type Look, lookOf, plural, type ReporterOptions } from './look.ts';
import { type DoneTask, type HostEvent, OpenTasks } from './open-tasks.ts';
import { hostLines } from './outcome-text.ts';
import { recapText } from './recap.ts';
import { rule, taskRule } from './titles.ts';
import { fitList } from './width.ts';

/** Lines as people know them from Ansible, for files, pipes and terminals that cannot be drawn on. */
export default function makePlain(options: ReporterOptions): Reporter {
  return new Plain(options);
}

class Plain implements Reporter {
  readonly #options: ReporterOptions;
  readonly #tasks = new OpenTasks();
  #look: Look;
  #check = false;
  /** Which task the lines that follow belong to, as the reader sees it. */
  #heading: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** How much of a transfer is done, in per cent, by host. */
  readonly #sent = new Map<string, number>();

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#look = lookOf(options);
  }

  on(event: Event): void {
    switch (event.type) {
      case 'run-started':
        this.#look = lookOf(this.#options, event.diff);
        this.#check = event.check;
        if (event.check) this.#write(rule(`DRY RUN [${event.playbooks.map(this.#look.line).join(', ')}]`, this.#look));
        return;
      case 'play-started':
        return this.#playStarted(event.play, event.hosts);
      case 'batch-started':
        if (event.of > 1) this.#write(batchText(event, this.#look));
        return;
      case 'task-started':
        return this.#taskStarted(event);
      case 'host-started':
      case 'handlers-flushed':
        return;
      case 'progress':
        this.#sent.set(event.host, Math.floor((100 * event.done) / Math.max(1, event.total)));
        return;
      case 'message':
        if (event.host === undefined) return this.#write(`${this.#look.text(event.text)}\n`);
        return this.#hostEvent(event);
      case 'item-finished':
      case 'task-finished':
      case 'task-retried':
      case 'host-rescued':
      case 'handler-notified':
        return this.#hostEvent(event);
      case 'play-ended':
        this.#print(this.#tasks.takeAll());
        if (event.why !== undefined)
          this.#write(`\nplay [${this.#look.line(event.play)}] ended: ${this.#look.line(event.why)}\n`);
        return;
      case 'diagnostic':
        return this.#write(this.#options.redactor.text(formatDiagnostics([event.diagnostic], this.#options.colour)));
      case 'run-finished':
        this.#print(this.#tasks.takeAll());
        this.#stopTimer();
        return this.#write(recapText(event, this.#check, this.#look));
      default:
        return unreachable(event);
    }
  }

  close(): Promise<void> {
    this.#print(this.#tasks.takeAll());
    this.#stopTimer();
    return Promise.resolve();
  }

  #playStarted(play: string, hosts: readonly string[]): void {
    this.#print(this.#tasks.takeAll());
    this.#heading = undefined;
    this.#write(rule(`PLAY [${this.#look.line(play)}]`, this.#look));
    if (hosts.length === 0) this.#write(this.#look.paint.cyan('skipping: no hosts matched\n'));
  }

  #taskStarted(event: Extract<Event, { type: 'task-started' }>): void {
    // While another task is open its lines would come under this heading: then the heading waits for the lines.
    if (this.#tasks.size === 0) {
      this.#write(taskRule(event.task, this.#look));
      this.#heading = event.task.id;
    }
    this.#tasks.start(event.task, event.hosts);
    this.#sent.clear();
    const { progressMs } = this.#options;
    if (progressMs !== undefined) this.#startTimer(progressMs);
  }

  #hostEvent(event: HostEvent): void {
    if (event.host !== undefined) this.#sent.delete(event.host);
    if (!this.#tasks.keep(event)) return this.#printLoose(event);
    this.#print(this.#tasks.takeDone());
    if (this.#tasks.size === 0) this.#stopTimer();
  }

  /** An event outside of any open task, such as a result copied from the one host of a `run_once`. */
  #printLoose(event: HostEvent): void {
    const { host = '' } = event;
    if (event.type === 'message') return this.#write(`[${this.#look.line(host)}] ${this.#look.text(event.text)}\n`);
    const task = event.type === 'handler-notified' ? event.by : event.task;
    this.#print([{ task, hosts: [{ host, events: [event] }] }]);
  }

  #print(done: readonly DoneTask[]): void {
    for (const { task, hosts } of done) {
      const lines = hosts.flatMap(record => hostLines(record, task, this.#look));
      if (lines.length === 0) continue;
      if (this.#heading !== task.id) this.#write(taskRule(task, this.#look));
      this.#heading = task.id;
      this.#write(lines.map(line => `${line.text}\n`).join(''));
    }
  }

  #write(text: string): void {
    this.#options.write(text);
  }

  #startTimer(progressMs: number): void {
    this.#stopTimer();
    const { now = Date.now } = this.#options;
    const start = now();
    const tell = (): void => {
      const running = this.#tasks.pending.map(host => this.#look.line(host) + this.#percent(host));
      const what = `... ${duration(now() - start)}, ${plural(running.length, 'host')} not through: `;
      this.#write(`${what}${fitList(running, Math.max(20, this.#look.columns() - what.length))}\n`);
      this.#timer = setTimeout(tell, 3 * progressMs).unref();
    };
    this.#timer = setTimeout(tell, progressMs).unref();
  }

  /** How far a transfer is, of a host that told. */
  #percent(host: string): string {
    const sent = this.#sent.get(host);
    return sent === undefined ? '' : ` ${sent} %`;
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** The heading of a batch of `serial`. */
export function batchText(event: Extract<Event, { type: 'batch-started' }>, look: Look): string {
  const hosts = event.hosts.map(host => look.line(host)).join(', ');
  return rule(`BATCH ${event.number} OF ${event.of} [${hosts}]`, look);
}
