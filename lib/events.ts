import type { Outcome } from './outcome.ts';
import type { Diagnostic } from './text/diagnostic.ts';
import type { Span } from './text/source.ts';

/** A task as reporters see it. */
export interface TaskRef {
  /** Number in the order of the program; the same task has the same id on every host. */
  readonly id: number;
  /** Its name with templates rendered where they could be, or the module's name. */
  readonly name: string;
  readonly role?: string | undefined;
  readonly module: string;
  readonly span: Span;
  readonly handler: boolean;
  /** `no_log`: nothing of its arguments and results is shown. */
  readonly noLog: boolean;
}

/** Counts of one host, as Ansible's recap; `unknown` only in a dry run. */
export interface Recap {
  ok: number;
  changed: number;
  unreachable: number;
  failed: number;
  skipped: number;
  rescued: number;
  ignored: number;
  unknown: number;
}

/** What set_stats kept: of hosts in the order of their names, and of the run. */
export interface CustomStats {
  readonly hosts: readonly (readonly [host: string, values: Readonly<Record<string, unknown>>])[];
  readonly run: Readonly<Record<string, unknown>>;
}

/** Everything that happens in a run. Times are milliseconds. */
export type Event =
  | {
      readonly type: 'run-started';
      readonly playbooks: readonly string[];
      readonly check: boolean;
      readonly diff: boolean;
    }
  | {
      readonly type: 'play-started';
      readonly play: string;
      readonly hosts: readonly string[];
      /** False where every host goes by itself (strategies other than linear): each starts its tasks alone. */
      readonly inStep: boolean;
    }
  | { readonly type: 'batch-started'; readonly hosts: readonly string[]; readonly number: number; readonly of: number }
  | { readonly type: 'task-started'; readonly task: TaskRef; readonly hosts: readonly string[] }
  | { readonly type: 'host-started'; readonly task: TaskRef; readonly host: string }
  /** One item of a loop; the whole task's `task-finished` follows. */
  | {
      readonly type: 'item-finished';
      readonly task: TaskRef;
      readonly host: string;
      readonly delegate?: string | undefined;
      /** As loop_control.label has it. */
      readonly item: string;
      readonly outcome: Outcome;
      readonly ms: number;
      readonly frames: number;
    }
  | {
      readonly type: 'task-finished';
      readonly task: TaskRef;
      readonly host: string;
      readonly delegate?: string | undefined;
      readonly outcome: Outcome;
      /** True when items were reported one by one. */
      readonly looped: boolean;
      readonly ms: number;
      /** Round trips it took. */
      readonly frames: number;
    }
  /** `until` was not met: another try follows. */
  | {
      readonly type: 'task-retried';
      readonly task: TaskRef;
      readonly host: string;
      readonly tries: number;
      readonly left: number;
      readonly delayMs: number;
    }
  /** What a task says to the person (debug, pause, a payload being sent). */
  | { readonly type: 'message'; readonly host?: string | undefined; readonly text: string }
  | {
      readonly type: 'progress';
      readonly host: string;
      readonly what: string;
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: 'handler-notified'; readonly handler: string; readonly host: string; readonly by: TaskRef }
  | { readonly type: 'handlers-flushed'; readonly hosts: readonly string[] }
  | { readonly type: 'host-rescued'; readonly host: string; readonly task: TaskRef }
  | { readonly type: 'play-ended'; readonly play: string; readonly why?: string }
  | { readonly type: 'diagnostic'; readonly diagnostic: Diagnostic }
  | {
      readonly type: 'run-finished';
      /** In inventory order. */
      readonly recap: readonly (readonly [host: string, counts: Recap])[];
      readonly ms: number;
      readonly frames: number;
      readonly exitStatus: 0 | 1 | 2 | 4;
      readonly interrupted: boolean;
      /** Only where set_stats was used. */
      readonly stats?: CustomStats;
    };

export interface Reporter {
  on(event: Event): void;
  close?(): Promise<void>;
}
