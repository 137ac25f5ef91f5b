import pc from 'picocolors';
import { printable } from '../text/frame.ts';
import type { Redactor } from '../text/redact.ts';

/** What every reporter is made with. */
export interface ReporterOptions {
  write(text: string): void;
  readonly colour: boolean;
  /** How often `-v` was given. */
  readonly verbosity: number;
  /** Everything written passes it. */
  readonly redactor: Redactor;
  /** Width of the terminal, or how to ask for it (it may be resized); 80 unless told. */
  readonly columns?: number | (() => number);
  /** The slowest tasks are listed at the end. */
  readonly timing?: boolean;
  /** What set_stats kept is shown at the end. */
  readonly customStats?: boolean | undefined;
  /** Plain only: after so many milliseconds a task's heading is followed by what it waits for; never unless told. */
  readonly progressMs?: number;
  /** Milliseconds of a clock; Date.now unless told. */
  readonly now?: () => number;
  /** Live only: the shortest time between two drawings; 100 unless told, 0 draws at every event and sets no timer. */
  readonly redrawMs?: number;
}

export type Paint = ReturnType<typeof pc.createColors>;

/** How text is shown: colours, how much of it, and the two ways to make foreign text safe. */
export interface Look {
  readonly paint: Paint;
  readonly verbosity: number;
  readonly customStats: boolean;
  readonly diff: boolean;
  readonly redactor: Redactor;
  /** Text without secrets and without control characters; line breaks and tabs stay. */
  text(text: string): string;
  /** The same on one line. */
  line(text: string): string;
  columns(): number;
}

/** The look that a reporter's options and the run's `--diff` give. */
export function lookOf(options: ReporterOptions, diff = false): Look {
  const { redactor, columns = 80 } = options;
  // Twice: a secret may hold a control character, and what is left of one may become a secret once escaped.
  const text = (raw: string) => redactor.text(printable(redactor.text(raw)));
  return {
    paint: pc.createColors(options.colour),
    verbosity: options.verbosity,
    customStats: options.customStats ?? false,
    diff,
    redactor,
    text,
    line: raw => text(raw).replace(/\n/g, '\\n').replace(/\t/g, ' '),
    columns: () => Math.max(20, (typeof columns === 'function' ? columns() : columns) || 80),
  };
}

/** `1 round trip`, `2 round trips`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `0.4 s`, `12.3 s`, `3 min 05 s` from milliseconds. */
export function duration(ms: number): string {
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
