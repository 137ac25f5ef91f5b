import type { Event, Reporter, TaskRef } from '../events.ts';
import { type Status, unreachable } from '../outcome.ts';
import { formatDiagnostics } from '../text/frame.ts';
import { countPieces, LiveState } from './live-state.ts';
import { duration, type Look, lookOf, type ReporterOptions } from './look.ts';
import { type DoneTask, type HostEvent, type HostRecord, OpenTasks } from './open-tasks.ts';
import { hostLines } from './outcome-text.ts';
import { batchText } from './plain.ts';
import { recapText } from './recap.ts';
import { Screen } from './screen.ts';
import { rule, taskTitle } from './titles.ts';
import { fit, type Piece } from './width.ts';

const REDRAW_MS = 100;

/** For a terminal: a line for each task that is over, failures in full, and below them what is going on now. */
export default function makeLive(options: ReporterOptions): Reporter {
  return new Live(options);
}

class Live implements Reporter {
  readonly #options: ReporterOptions;
  readonly #screen: Screen;
  readonly #state = new LiveState();
  readonly #tasks = new OpenTasks();
  readonly #now: () => number;
  #look: Look;
  #check = false;
  #inStep = true;
  /** Output that stays, written with the next drawing. */
  #pending = '';
  #drawnAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(options: ReporterOptions) {
    this.#options = options;
    this.#screen = new Screen(text => options.write(text));
    this.#now = options.now ?? Date.now;
    this.#look = lookOf(options);
  }

  on(event: Event): void {
    if (event.type === 'run-started') {
      this.#look = lookOf(this.#options, event.diff);
      this.#check = event.check;
    }
    this.#state.take(event, this.#now());
    if (event.type === 'run-finished') this.#over = true;
    this.#pending += this.#output(event);
    if (this.#over) this.#draw();
    else this.#schedule();
  }

  close(): Promise<void> {
    this.#over = true;
    this.#pending += this.#done(this.#tasks.takeAll());
    this.#draw();
    return Promise.resolve();
  }

  /** What an event adds to the output that stays. */
  #output(event: Event): string {
    switch (event.type) {
      case 'run-started':
        return event.check ? this.#look.paint.magenta('dry run: no host is changed\n') : '';
      case 'play-started':
        return `${this.#done(this.#tasks.takeAll())}${this.#playText(event)}`;
      case 'batch-started':
        return event.of > 1 ? batchText(event, this.#look) : '';
      case 'task-started':
        this.#tasks.start(event.task, event.hosts);
        return '';
      case 'host-started':
      case 'progress':
      case 'handlers-flushed':
        return '';
      case 'message':
        return event.host === undefined ? `${this.#look.text(event.text)}\n` : this.#hostEvent(event);
      case 'item-finished':
      case 'task-finished':
      case 'task-retried':
      case 'host-rescued':
      case 'handler-notified':
        return this.#hostEvent(event);
      case 'play-ended':
        return `${this.#done(this.#tasks.takeAll())}${this.#endText(event)}`;
      case 'diagnostic':
        return this.#options.redactor.text(formatDiagnostics([event.diagnostic], this.#options.colour));
      case 'run-finished':
        return `${this.#done(this.#tasks.takeAll())}${recapText(event, this.#check, this.#look)}`;
      default:
        return unreachable(event);
    }
  }

  #playText({ play, hosts, inStep }: Extract<Event, { type: 'play-started' }>): string {
    this.#inStep = inStep;
    const none = hosts.length === 0 ? this.#look.paint.cyan('skipping: no hosts matched\n') : '';
    return `${rule(`PLAY [${this.#look.line(play)}]`, this.#look)}${none}`;
  }

  #endText({ play, why }: Extract<Event, { type: 'play-ended' }>): string {
    return why === undefined ? '' : `play [${this.#look.line(play)}] ended: ${this.#look.line(why)}\n`;
  }

  #hostEvent(event: HostEvent): string {
    if (this.#tasks.keep(event)) return this.#done(this.#tasks.takeDone());
    const { host = '' } = event;
    if (event.type === 'message') return `[${this.#look.line(host)}] ${this.#look.text(event.text)}\n`;
    const task = event.type === 'handler-notified' ? event.by : event.task;
    return this.#done([{ task, hosts: [{ host, events: [event] }] }]);
  }

  #done(tasks: readonly DoneTask[]): string {
    return tasks
      .map(done => summary(done, this.#look, this.#inStep) + loudText(done.task, done.hosts, this.#look))
      .join('');
  }

  #draw(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#over ? [] : this.#state.lines(this.#now(), this.#look);
    if (this.#pending === '') this.#screen.draw(lines, this.#look.columns());
    else this.#screen.print(this.#pending, lines, this.#look.columns());
    this.#pending = '';
    this.#drawnAt = this.#now();
    if (!this.#over) this.#wait(1000); // the seconds go on while nothing happens
  }

  #schedule(): void {
    const { redrawMs = REDRAW_MS } = this.#options;
    const due = this.#drawnAt + redrawMs - this.#now();
    if (due <= 0) this.#draw();
    else this.#wait(due);
  }

  #wait(ms: number): void {
    if (this.#options.redrawMs === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#draw(), ms).unref();
  }
}

/** `changed 3  ok 2 · role : name`, with the seconds where they are worth telling, and whose it is where hosts go alone. */
function summary({ task, hosts }: DoneTask, look: Look, inStep: boolean): string {
  const finished = hosts.flatMap(({ events }) => events.filter(e => e.type === 'task-finished'));
  if (finished.length === 0) return '';
  const counts = new Map<Status, number>();
  for (const { outcome } of finished) counts.set(outcome.status, (counts.get(outcome.status) ?? 0) + 1);
  const ms = Math.max(...finished.map(event => event.ms));
  const title = `${task.handler ? 'handler ' : ''}${taskTitle(task, look)}`;
  const took: readonly Piece[] = ms < 1000 ? [] : [[` · ${duration(ms)}`, look.paint.dim]];
  const whose: readonly Piece[] = inStep ? [] : [[` · ${hosts.map(h => look.line(h.host)).join(', ')}`]];
  return `${fit([...countPieces(counts, look), [' · '], [title], ...whose, ...took], look.columns() - 1)}\n`;
}

/** Hosts that have more to say than their status, in full. */
function loudText(task: TaskRef, hosts: readonly HostRecord[], look: Look): string {
  return hosts
    .map(record => hostLines(record, task, look))
    .filter(lines => lines.some(line => line.loud))
    .flatMap(lines => lines.map(line => `${line.text}\n`))
    .join('');
}
