import { type EventEmitter, setMaxListeners } from 'node:events';

/** Waits for a promise at most so long: true when it settled in time. Never rejects. */
export async function settled(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>(resolve => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const done = promise.then(
    () => true,
    () => true, // who waits here asks only whether it is over
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Calls back when the signal is given, at once if it was; returns how to stop listening. */
export function onAbort(signal: AbortSignal | undefined, stop: () => void): () => void {
  if (signal === undefined) return () => undefined;
  setMaxListeners(0, signal); // one signal stops a whole run: every host listens to it
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  return () => signal.removeEventListener('abort', stop);
}

/** Waits for something shared: stopping one who waits does not stop it for the others. */
export async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  error: () => Error,
): Promise<T> {
  let forget = () => {};
  const stopped = new Promise<never>((_, reject) => {
    forget = onAbort(signal, () => reject(error()));
  });
  try {
    return await Promise.race([stopped, work]);
  } finally {
    forget();
  }
}

/** How long output is waited for after a program has ended: one that it left running may hold the streams for ever. */
const DRAIN_MS = 1000;

/** Settles with the exit status when the streams are closed too, or some time after the exit. */
export function exitOf(program: EventEmitter): Promise<number | undefined> {
  return new Promise(resolve => {
    let status: number | undefined;
    let timer: NodeJS.Timeout | undefined;
    const done = () => {
      clearTimeout(timer);
      resolve(status);
    };
    program.once('exit', (code: number | null) => {
      status = code ?? undefined;
      timer = setTimeout(done, DRAIN_MS);
    });
    program.once('close', done);
  });
}
