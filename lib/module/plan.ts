import type { ArgsOf, ArgsSchema, LocalNeed, Locals, ModuleBase, Reply, State, Values } from '../module.ts';
import type { Sh } from '../shell/sh.ts';

/**
 * State that is looked at on the host and compared here, where a program prints too much for one string to compare (docker
 * inspect): one round trip when nothing is to be done, three when something is.
 */
export interface PlanModule<S extends ArgsSchema = ArgsSchema> extends ModuleBase<S> {
  readonly kind: 'plan';
  needs?(args: ArgsOf<S>): readonly LocalNeed[];
  /** Runs in the frame of the first look, never in a dry run; when it fails the task fails. */
  prepare?(args: ArgsOf<S>): Sh | undefined;
  look(args: ArgsOf<S>, local: Locals): Sh;
  /** What is missing, from what `look` printed. Asked again after the script ran: there must then be none. */
  plan(args: ArgsOf<S>, reply: Reply, local: Locals): Plan | PlanRefusal;
  /** What `register` gets of the script's own output, or why it is a failure. */
  done?(
    args: ArgsOf<S>,
    reply: Reply,
  ): { readonly values: Values; readonly changed?: boolean } | { readonly failed: string; readonly values?: Values };
}

/** Why it cannot be done; `later`: in a dry run a task before may be what would make it possible. */
export interface PlanRefusal {
  readonly failed: string;
  readonly later?: boolean;
}

export interface Plan {
  readonly before: State;
  readonly after: State;
  /** Runs under `set -e`; undefined when the state is right. */
  readonly script?: Sh | undefined;
  /** The script is a command, not a way to a state: no second look. */
  readonly command?: boolean;
  readonly values?: Values;
}
