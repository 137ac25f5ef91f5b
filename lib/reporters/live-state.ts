import type { Event, TaskRef } from '../events.ts';
import type { Status } from '../outcome.ts';
import type { Look } from './look.ts';
import { taskTitle } from './titles.ts';
import { cut, fit, fitList, type Piece } from './width.ts';

/** Statuses in the order they are counted in a line, with the words for them. */
const WORDS: readonly (readonly [Status, string, 'red' | 'yellow' | 'magenta' | 'green' | 'cyan'])[] = [
  ['unreachable', 'unreachable', 'red'],
  ['failed', 'failed', 'red'],
  ['changed', 'changed', 'yellow'],
  ['unknown', 'unknown', 'magenta'],
  ['ok', 'ok', 'green'],
  ['skipped', 'skipped', 'cyan'],
];

export type Counts = ReadonlyMap<Status, number>;

/** `failed 1  changed 3  ok 2`, without zeros. */
export function countPieces(counts: Counts, look: Look): readonly Piece[] {
  return WORDS.flatMap(([status, word, colour]): Piece[] => {
    const count = counts.get(status) ?? 0;
    return count === 0 ? [] : [[`${word} ${count}`, look.paint[colour]]];
  }).flatMap((piece, i): Piece[] => (i === 0 ? [piece] : [['  '], piece]));
}

interface Running {
  readonly task: TaskRef;
  /** What the host waits for, e.g. `tars.tgz 43 %`. */
  note?: string;
}

/** What is going on now: what the live lines show. */
export class LiveState {
  #play: string | undefined;
  #task: TaskRef | undefined;
  #inStep = true;
  #taskSince = 0;
  #runSince: number | undefined;
  #said: string | undefined;
  #queued: readonly string[] = [];
  readonly #running = new Map<string, Running>();
  readonly #counts = new Map<Status, number>();

  /** Takes note of an event that happened at a time (milliseconds). */
  take(event: Event, now: number): void {
    this.#runSince ??= now;
    if (event.type === 'play-started') this.#playStarted(event);
    else if (event.type === 'task-started') this.#taskStarted(event, now);
    else if (event.type === 'host-started') this.#running.set(event.host, { task: event.task });
    else if (event.type === 'item-finished') this.#note(event.host, undefined);
    else if (event.type === 'task-finished') this.#finished(event.host, event.outcome.status);
    else if (event.type === 'task-retried')
      this.#note(event.host, event.left === 1 ? '1 try left' : `${event.left} tries left`);
    else if (event.type === 'progress') this.#note(event.host, progressNote(event));
    else if (event.type === 'message') this.#message(event);
    else if (event.type === 'play-ended') this.#task = undefined;
    else if (event.type === 'run-finished') this.#play = undefined;
  }

  /** The lines, none before the first play and after the run; `now` in the same milliseconds. */
  lines(now: number, look: Look): readonly string[] {
    if (this.#play === undefined) return [];
    const columns = look.columns() - 1; // the last column is left free: terminals differ in when they break a line
    const counts = countPieces(this.#counts, look);
    const elapsed = clock(now - (this.#runSince ?? now));
    const pieces: readonly Piece[] = [[`  ${elapsed} · `], ...counts, [counts.length === 0 ? '' : ' · ']];
    const last = fit([...pieces, [look.line(this.#play), look.paint.dim]], columns);
    const hosts = this.#hostsLine(look, columns);
    const said = this.#said === undefined ? [] : [look.paint.bold(cut(`  ${look.line(this.#said)}`, columns))];
    return [this.#taskLine(now, look, columns), ...said, ...(hosts === '' ? [] : [hosts]), last];
  }

  #playStarted({ play, inStep }: Extract<Event, { type: 'play-started' }>): void {
    this.#play = play;
    this.#inStep = inStep;
    this.#task = undefined;
    this.#said = undefined;
    this.#running.clear();
    this.#queued = [];
  }

  #taskStarted(event: Extract<Event, { type: 'task-started' }>, now: number): void {
    if (!this.#inStep) return; // there is no task that all are at: each host's own is shown with it
    this.#task = event.task;
    this.#taskSince = now;
    this.#said = undefined;
    this.#queued = event.hosts;
  }

  #finished(host: string, status: Status): void {
    this.#running.delete(host);
    this.#queued = this.#queued.filter(queued => queued !== host);
    this.#counts.set(status, (this.#counts.get(status) ?? 0) + 1);
  }

  #message({ host, text }: Extract<Event, { type: 'message' }>): void {
    if (host === undefined) this.#said = text;
    else this.#note(host, text);
  }

  #note(host: string, note: string | undefined): void {
    const running = this.#running.get(host);
    if (running) this.#running.set(host, { task: running.task, ...(note !== undefined && { note }) });
  }

  #taskLine(now: number, look: Look, columns: number): string {
    if (!this.#task) return look.paint.bold(cut(`> ${look.line(this.#play ?? '')}`, columns));
    const handler = this.#task.handler ? 'handler ' : '';
    const elapsed = ` · ${clock(now - this.#taskSince)}`;
    const title = cut(`> ${handler}${taskTitle(this.#task, look)}`, columns - elapsed.length);
    return `${look.paint.bold(title)}${look.paint.dim(elapsed)}`;
  }

  #hostsLine(look: Look, columns: number): string {
    const names = [...this.#running].map(([host, { task, note }]) => {
      const at = this.#inStep ? [] : [taskTitle(task, look)];
      const more = [...at, ...(note === undefined ? [] : [look.line(note)])];
      return more.length === 0 ? look.line(host) : `${look.line(host)} (${more.join(', ')})`;
    });
    const waiting = this.#queued.filter(host => !this.#running.has(host)).length;
    if (names.length === 0) return '';
    const queued = waiting === 0 ? '' : ` + ${waiting} queued`;
    return `  ${fitList(names, columns - 2 - queued.length)}${queued}`;
  }
}

function progressNote(event: Extract<Event, { type: 'progress' }>): string | undefined {
  if (event.done >= event.total) return undefined;
  return `${event.what} ${Math.floor((100 * event.done) / event.total)} %`;
}

/** `0:07`, `12:30`, `1:02:03`. */
function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
