import type { ApiModule } from './module/api.ts';
import type { ArgsOf, ArgsSchema, Goal, LocalNeed, Locals, State } from './module/args.ts';
import type { ConnectionModule } from './module/connection.ts';
import type { EditModule, FileWishes } from './module/edit.ts';
import type { PlanModule } from './module/plan.ts';
import type { RelayRefusal, RelayRequest } from './module/relay.ts';
import type { SqlModule } from './module/sql.ts';
import type { StoredFile } from './module/stored.ts';
import type { VarsModule } from './module/vars.ts';
import type { Reply, Values } from './outcome.ts';
import type { Sh } from './shell/sh.ts';

// Everything a module's author may import from the engine.
export type * from './module/api.ts';
export { ApiFault } from './module/api.ts';
export type * from './module/args.ts';
export type * from './module/connection.ts';
export type * from './module/edit.ts';
export type * from './module/mail.ts';
export type * from './module/plan.ts';
export type * from './module/relay.ts';
export { RELAYED } from './module/relay.ts';
export type * from './module/sql.ts';
export type * from './module/stored.ts';
export type * from './module/vars.ts';
export type { Reply, Values } from './outcome.ts';
export { feed, put, type Sh, type Stream, secret, sh } from './shell/sh.ts';
export { type Sql, type SqlValue, sql } from './text/sql.ts';

/** What the session found on the host when it started, for modules that choose by it. */
export interface HostTools {
  /** Ansible's name of the package manager: apt, dnf, yum, apk, zypper, pacman; '' when none. */
  readonly pkgMgr: string;
  /** Ansible's name of the service manager: systemd, openrc, sysvinit, service. */
  readonly serviceMgr: string;
  /** The home folder of who runs the tasks, by the environment; '' when it has none. */
  readonly home: string;
}

/** What every kind of module has. */
export interface ModuleBase<S extends ArgsSchema> {
  readonly name: string;
  /** One or two sentences for the module reference. */
  readonly doc: string;
  readonly args: S;
  /** Further sentences of the reference: limits, and where it differs from Ansible's module of the name. */
  readonly notes?: readonly string[];
  /** YAML of tasks, shown in the reference and checked by a test. */
  readonly examples?: string;
  /** What `register` gets besides changed and failed: name to description. */
  readonly returns?: Readonly<Record<string, string>>;
  /** Rules between arguments that a schema cannot say: an error sentence, or undefined when all is well. */
  check?(args: ArgsOf<S>): string | undefined;
}

/** State that can be looked at, compared and reached: one round trip. */
export interface ConvergeModule<S extends ArgsSchema = ArgsSchema> extends ModuleBase<S> {
  readonly kind: 'converge';
  needs?(args: ArgsOf<S>): readonly LocalNeed[];
  goal(args: ArgsOf<S>, local: Locals): Goal;
  /**
   * Runs before the look, in the same frame, but never in a dry run; what it does is no change (as Ansible: a reload of
   * systemd, new package lists). When it fails the task fails.
   */
  prepare?(args: ArgsOf<S>): Sh | undefined;
  /** Prints the state as `key=value` lines (`tp_kv`), the keys of `want` in their order. */
  probe(args: ArgsOf<S>, want: readonly string[], local: Locals): Sh;
  /**
   * Reaches the goal from any state; runs under `set -e`; what it prints is shown only on failure. `before` is the state
   * that was looked at, where a payload is too large to go along with the look: what is there need not be sent.
   */
  apply(args: ArgsOf<S>, local: Locals, before?: State): Sh;
  /** The web request to be made by the controller when the host says that it cannot (prelude/web.sh, tp_web_relay). */
  relay?(args: ArgsOf<S>, local: Locals): RelayRequest | RelayRefusal;
  /** A look goes before every apply, which is told what is there: two round trips where something is to be done. */
  readonly looksFirst?: true;
  /**
   * The work is between the host and another place, the one that delegate_to names or the controller. `pull`: the needs are
   * read on the host, and the frames go to the other place (`dest`, where that is the controller, is a path of the
   * playbook's); `push`: the other way.
   */
  between?(args: ArgsOf<S>): 'push' | 'pull';
  /** True when apply runs whatever the state is (a restart was asked for). */
  force?(args: ArgsOf<S>): boolean;
  /** The file arguments: flags and SELinux contexts among them are heeded by what looks and writes in its frames. */
  file?(args: ArgsOf<S>): FileWishes;
  /** What `register` gets of a failure, besides its message; that is what the host said. */
  failed?(args: ArgsOf<S>, message: string): Values;
  /**
   * Further state keys worth showing in a diff and returning; they never decide. With two exceptions, where the state is not
   * right: `fault=why`, see `refuse`; and `lacks=why`, what the host has to have first: the task fails before apply, and in
   * a dry run it is unknown, since a task before it may bring that.
   */
  detail?(args: ArgsOf<S>): readonly string[];
  /** The file whose text `--diff` shows, and the text wanted. */
  text?(args: ArgsOf<S>, local: Locals): { readonly path: string; readonly text: string } | undefined;
  /** What `register` gets, from the state after (in a dry run: the goal over the state before) and the one before. */
  values?(args: ArgsOf<S>, state: State, local: Locals, before: State): Values;
  /**
   * A state that must not be changed (a directory where a file should be): an error sentence. In a real run it is asked
   * after the frame in which apply ran: apply has to stop by itself, or the probe says `fault=why`, and then nothing runs.
   */
  refuse?(args: ArgsOf<S>, before: State): string | undefined;
}

/** Something that is run, not reached: changed whenever it ran; not run in a dry run. */
export interface CommandModule<S extends ArgsSchema = ArgsSchema> extends ModuleBase<S> {
  readonly kind: 'command';
  needs?(args: ArgsOf<S>): readonly LocalNeed[];
  run(args: ArgsOf<S>, local: Locals): Sh;
  /** Exit status 0 when it need not run (creates, removes). */
  unless?(args: ArgsOf<S>): Sh | undefined;
  /** Bytes for its standard input. */
  input?(args: ArgsOf<S>): string | undefined;
  /** Further values of `register` (cmd). */
  values?(args: ArgsOf<S>, reply: Reply): Values;
}

/** Looks and never changes. */
export interface QueryModule<S extends ArgsSchema = ArgsSchema> extends ModuleBase<S> {
  readonly kind: 'query';
  needs?(args: ArgsOf<S>): readonly LocalNeed[];
  probe(args: ArgsOf<S>, local: Locals): Sh;
  /** The web request to be made by the controller when the host says that it cannot (prelude/web.sh, tp_web_relay). */
  relay?(args: ArgsOf<S>, local: Locals): RelayRequest | RelayRefusal;
  parse(reply: Reply, args: ArgsOf<S>): QueryResult;
  /** `unknown` for what waits for something that a dry run did not do. */
  readonly inCheck?: 'run' | 'unknown';
  /** Longest time it may take, in milliseconds. */
  timeoutMs?(args: ArgsOf<S>): number | undefined;
  /**
   * What the engine shall write on the controller (fetch): the path seen from the playbook's folder. It is a change when
   * the file there has other bytes; a dry run only compares. Asked after `parse`; undefined: nothing to write.
   */
  store?(args: ArgsOf<S>, reply: Reply, host: string): StoredFile | undefined;
}

export type QueryResult =
  | { readonly values: Values; readonly changed?: boolean }
  | { readonly failed: string; readonly values?: Values };

/** Runs on the controller: no host is needed. */
export interface LocalModule<S extends ArgsSchema = ArgsSchema> extends ModuleBase<S> {
  readonly kind: 'local';
  /** Runs once for all hosts, as Ansible's pause does. */
  readonly once?: true;
  run(args: ArgsOf<S>, context: LocalContext): Promise<LocalResult> | LocalResult;
}

export interface LocalContext {
  /** Waits; ends early when the run is stopped. */
  sleep(ms: number): Promise<void>;
  /** Shows a text at once. */
  say(text: string): void;
  /** Asks the person at the terminal; undefined where there is none. */
  ask?(prompt: string, options: { readonly secret: boolean }): Promise<string>;
  readonly verbosity: number;
}

export type LocalResult =
  | {
      readonly values: Values;
      readonly changed?: boolean;
      /** Host variables to set; `cacheable` ones count as facts. */
      readonly facts?: Values;
      /** What is kept for the end of the run. */
      readonly stats?: Stats;
      /** What is added to the inventory; whether that is a change is for the engine to say. */
      readonly adds?: Adds;
    }
  | { readonly failed: string; readonly values?: Values }
  | { readonly skipped: true };

/** Values for the end of the run: of the host or of the run, added to those there are or in their place. */
export interface Stats {
  readonly data: Readonly<Record<string, unknown>>;
  readonly perHost: boolean;
  readonly aggregate: boolean;
}

/** A host with those of the arguments that are its variables, or the host itself to a group. */
export type Adds =
  | {
      readonly host: string;
      readonly port?: number;
      readonly groups: readonly string[];
      /** Names of arguments. */
      readonly vars: readonly string[];
    }
  | { readonly group: string; readonly parents: readonly string[] };

/** Stands for another module: template is copy with rendered content, package is the host's package manager. */
export interface ExpandModule<S extends ArgsSchema = ArgsSchema> extends ModuleBase<S> {
  readonly kind: 'expand';
  needs?(args: ArgsOf<S>): readonly LocalNeed[];
  /** The module and its arguments, or an error sentence. */
  expand(
    args: ArgsOf<S>,
    local: Locals,
    tools: HostTools,
  ): { readonly module: string; readonly args: Readonly<Record<string, unknown>> } | { readonly error: string };
}

export type Module = (
  | ConvergeModule
  | EditModule
  | CommandModule
  | QueryModule
  | LocalModule
  | SqlModule
  | ApiModule
  | ConnectionModule
  | PlanModule
  | VarsModule
  | ExpandModule
) & {};

// The define functions infer the argument type from `args` and forget it again, so that all modules are of one type.
// The cast is sound because the engine checks the arguments by this very schema before it calls the module.
const erase = <M extends { kind: string }>(module: M) => module as unknown;

export function defineConverge<const S extends ArgsSchema>(m: Omit<ConvergeModule<S>, 'kind'>): ConvergeModule {
  return erase({ kind: 'converge', ...m }) as ConvergeModule;
}
export function defineEdit<const S extends ArgsSchema>(m: Omit<EditModule<S>, 'kind'>): EditModule {
  return erase({ kind: 'edit', ...m }) as EditModule;
}
export function defineCommand<const S extends ArgsSchema>(m: Omit<CommandModule<S>, 'kind'>): CommandModule {
  return erase({ kind: 'command', ...m }) as CommandModule;
}
export function defineQuery<const S extends ArgsSchema>(m: Omit<QueryModule<S>, 'kind'>): QueryModule {
  return erase({ kind: 'query', ...m }) as QueryModule;
}
export function defineLocal<const S extends ArgsSchema>(m: Omit<LocalModule<S>, 'kind'>): LocalModule {
  return erase({ kind: 'local', ...m }) as LocalModule;
}
export function defineSql<const S extends ArgsSchema>(m: Omit<SqlModule<S>, 'kind'>): SqlModule {
  return erase({ kind: 'sql', ...m }) as SqlModule;
}
export function defineApi<const S extends ArgsSchema>(m: Omit<ApiModule<S>, 'kind'>): ApiModule {
  return erase({ kind: 'api', ...m }) as ApiModule;
}
export function defineConnection<const S extends ArgsSchema>(m: Omit<ConnectionModule<S>, 'kind'>): ConnectionModule {
  return erase({ kind: 'connection', ...m }) as ConnectionModule;
}
export function definePlan<const S extends ArgsSchema>(m: Omit<PlanModule<S>, 'kind'>): PlanModule {
  return erase({ kind: 'plan', ...m }) as PlanModule;
}
export function defineExpand<const S extends ArgsSchema>(m: Omit<ExpandModule<S>, 'kind'>): ExpandModule {
  return erase({ kind: 'expand', ...m }) as ExpandModule;
}
export function defineVars<const S extends ArgsSchema>(m: Omit<VarsModule<S>, 'kind'>): VarsModule {
  return erase({ kind: 'vars', ...m }) as VarsModule;
}
