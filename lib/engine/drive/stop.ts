import { type Session, SessionError } from '../../remote/session.ts';

export class Late extends Error {}

/** What ends the work of a task that is done from here. */
export interface StopAt {
  readonly session: Session;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Ends what is done when the run is stopped or the task takes too long. */
export class Stop {
  readonly #at: StopAt;
  readonly #stopped: Promise<never>;
  readonly #timer: NodeJS.Timeout | undefined;
  #reject: (error: Error) => void = () => undefined;
  #close: () => void = () => undefined;
  #ended = false;
  readonly #abort = () => this.#end(new SessionError('lost', `${this.#at.session.host}: stopped`));

  constructor(at: StopAt) {
    this.#at = at;
    this.#stopped = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.#stopped.catch(() => undefined); // also seen by whoever races with it
    if (at.timeoutMs !== undefined) this.#timer = setTimeout(() => this.#end(new Late()), at.timeoutMs);
    at.signal?.addEventListener('abort', this.#abort, { once: true });
    if (at.signal?.aborted) this.#abort();
  }

  /** What work gives, unless it is stopped before; then `tooLate` gets it. */
  within<T>(work: Promise<T>, tooLate?: (result: T) => void): Promise<T> {
    work.then(
      result => this.#ended && tooLate?.(result),
      () => undefined, // when it was stopped, nobody waits for it any more
    );
    return Promise.race([work, this.#stopped]);
  }

  onStop(close: () => void): void {
    this.#close = close;
  }

  done(): void {
    clearTimeout(this.#timer);
    this.#at.signal?.removeEventListener('abort', this.#abort);
  }

  #end(error: Error): void {
    this.#ended = true;
    this.#reject(error);
    this.#close();
  }
}
