/** Plain data as modules return it and `register` shows it. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };
export type Values = { readonly [key: string]: unknown };

/** What came back for one frame: exit status and both streams, as text and stdout also as the bytes that came. */
export interface Reply {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Uint8Array;
  /** How many bytes of each stream were left out, where one was longer than was to be kept. */
  readonly cut?: { readonly stdout: number; readonly stderr: number };
  /** When it ran, by the host's clock (seconds since 1970): of a job in the background, whose reply comes later. */
  readonly ran?: { readonly begin: number; readonly end: number };
}

/** What a change is, for `--diff`: state keys with old and new value, and the text of a file where there is one. */
export interface Diff {
  readonly state?: { readonly [key: string]: readonly [before: string, after: string] };
  readonly text?: { readonly before: string; readonly after: string; readonly name: string };
}

export type FailReason =
  | 'exit-status'
  | 'not-converged'
  | 'bad-argument'
  | 'undefined-variable'
  | 'condition'
  | 'timeout'
  | 'raced'
  | 'missing-file'
  | 'internal';

export type SkipReason = 'when' | 'creates' | 'check-mode' | 'no-items';
export type UnreachablePhase = 'connect' | 'host-key' | 'auth' | 'become' | 'lost';

/** A task on a host ends in exactly one of these. */
export type Outcome =
  | { readonly status: 'ok'; readonly values: Values }
  | { readonly status: 'changed'; readonly values: Values; readonly diff?: Diff }
  /** Dry run only: it may change, that depends on what was not run. */
  | { readonly status: 'unknown'; readonly why: string; readonly values: Values }
  | { readonly status: 'skipped'; readonly reason: SkipReason; readonly values?: Values }
  | {
      readonly status: 'failed';
      readonly reason: FailReason;
      readonly message: string;
      readonly values?: Values;
      /** What was run (secrets hidden) and what came back, where something was. */
      readonly command?: string;
      readonly reply?: Pick<Reply, 'rc' | 'stdout' | 'stderr'>;
      readonly ignored: boolean;
    }
  | { readonly status: 'unreachable'; readonly phase: UnreachablePhase; readonly message: string };

export type Status = Outcome['status'];

/** Makes the compiler complain where a member of a closed union was forgotten. */
export function unreachable(value: never): never {
  throw new Error(`internal: not a known case: ${JSON.stringify(value)}`);
}
