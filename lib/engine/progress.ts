import type { RunContext } from './context.ts';

/** How often what is being sent or fetched is told, in milliseconds. */
const PROGRESS_MS = 250;

interface Transfer {
  readonly emit: RunContext['emit'];
  readonly host: string;
  readonly what: string;
}

/** Tells of a long transfer; a short one is over before it is told once. */
export function progressOf({ emit, host, what }: Transfer): (done: number, total: number) => void {
  let told = Date.now();
  return (done, total) => {
    if (Date.now() - told < PROGRESS_MS) return;
    told = Date.now();
    emit({ type: 'progress', host, what, done, total });
  };
}
