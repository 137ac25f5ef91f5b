import type { ArgsOf, ArgsSchema, ModuleBase, Reply, Sh, Values } from '../module.ts';
import type { UnreachablePhase } from '../outcome.ts';

/** What is about the way to a host: the connection may be lost while it works, and is made anew. */
export interface ConnectionModule<S extends ArgsSchema = ArgsSchema> extends ModuleBase<S> {
  readonly kind: 'connection';
  /** What a dry run does: nothing, and says that it would change something (its values), or that it was skipped. */
  inCheck(args: ArgsOf<S>, host: Pick<HostDoor, 'local'>): ConnectionResult | { readonly skipped: true };
  run(args: ArgsOf<S>, host: HostDoor): Promise<ConnectionResult>;
}

export type ConnectionResult =
  | { readonly values: Values; readonly changed: boolean }
  /** The host could not be reached at all. */
  | Lost
  | { readonly failed: string; readonly values?: Values; readonly reply?: Reply };

/** One host as it is reached by the task: its user and become. */
export interface HostDoor {
  /** Is it the controller itself? */
  readonly local: boolean;
  /** Runs a script there, after a new login where there is no connection. */
  ask(script: Sh, options?: AskOptions): Promise<Reply | Lost>;
  /** Gives the connection up, with those to hosts behind this one when it restarts; the next `ask` logs in anew. */
  drop(options?: { readonly restarts: boolean }): Promise<void>;
  /** Waits; rejects when the run is stopped. */
  sleep(ms: number): Promise<void>;
  /** Milliseconds, on a clock that never goes back. */
  now(): number;
}

export interface AskOptions {
  /** Longest time for a new login, in milliseconds. */
  readonly connectMs?: number | undefined;
  /** Longest time for the answer; the connection is given up then. */
  readonly timeoutMs?: number | undefined;
}

/** The host could not be asked, or the connection was lost before it answered. */
export interface Lost {
  readonly lost: string;
  readonly phase: UnreachablePhase;
}
