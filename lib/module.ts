import type { Reply, Values } from './outcome.ts';
import type { Sh } from './shell/sh.ts';
import type { Sql } from './text/sql.ts';
import type { FromProperties, ValueSchema } from './yaml/schema.ts';

export type { Reply, Values } from './outcome.ts';
export { put, type Sh, secret, sh } from './shell/sh.ts';
export { type Sql, type SqlValue, sql } from './text/sql.ts';

/** The schema of one argument: a value's schema and what only arguments have. */
export interface ArgSchema extends ValueSchema {
  /** Other names Ansible takes for it. */
  readonly aliases?: readonly string[];
  /** Its value is hidden in everything that is shown. */
  readonly secret?: true;
  /** A permission mode: quoted octal digits, and an unquoted octal literal (0644) by its source text. */
  readonly mode?: true;
  /** Holds expressions without braces (assert's `that`, debug's `var`): compiled with the playbook, given as Evaluated. */
  readonly expression?: true;
}

/** What an expression argument becomes: its text and its value (any plain data; Undefined values come as null). */
export interface Evaluated {
  readonly text: string;
  readonly value: unknown;
  readonly defined: boolean;
}

/** The arguments of a module. */
export interface ArgsSchema {
  readonly properties: Readonly<Record<string, ArgSchema>>;
  readonly required?: readonly string[];
  /** Takes further names too: every value is given as it is (set_fact). */
  readonly additional?: true;
  /** The argument that text right after the module's name is (`command: ls -l`). */
  readonly freeForm?: string;
  /** Of each list at most one may be given. */
  readonly exclusive?: readonly (readonly string[])[];
  /** Of each list at least one must be given. */
  readonly oneOf?: readonly (readonly string[])[];
  /** Of each list all or none must be given. */
  readonly together?: readonly (readonly string[])[];
}

/** The TypeScript type of a module's checked arguments: defaults filled in, aliases resolved. */
export type ArgsOf<S extends ArgsSchema> = FromProperties<
  S['properties'],
  S['required'] extends readonly string[] ? S['required'][number] : never
>;

/** A file of the controller that a module needs; the engine finds and reads it, so that goal and apply stay pure. */
export type LocalNeed =
  /** Bytes of a file, looked for as Ansible does: the role's `files/`, the playbook's folder. */
  | { readonly kind: 'file'; readonly path: string }
  /** A file, or everything below a folder. */
  | {
      readonly kind: 'tree';
      readonly path: string;
      /** Links are read as what they lead to; else they are entries of type link, `bytes` empty. */
      readonly follow?: boolean;
    }
  /** Text of a template rendered for this host. */
  | { readonly kind: 'template'; readonly path: string; readonly options?: Readonly<Record<string, unknown>> };

export interface LocalFile {
  /** Path relative to the needed folder; '' for the needed file itself. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link';
  /** Permission bits on the controller. */
  readonly mode: number;
  readonly bytes: Uint8Array;
  /** Target of a link. */
  readonly link?: string;
}

/** What was read for one need: the absolute path it was found at, and the file or the folder's contents. */
export interface LocalData {
  readonly path: string;
  readonly files: readonly LocalFile[];
}

/** The needed files, by the path that `needs` named. */
export type Locals = ReadonlyMap<string, LocalData>;

/** What a probe prints and a goal asks for: `key=value` lines; undefined goal keys are not asked for. */
export type Goal = Readonly<Record<string, string | number | boolean | undefined>>;
export type State = Readonly<Record<string, string>>;

/** What the session found on the host when it started, for modules that choose by it. */
export interface HostTools {
  /** Ansible's name of the package manager: apt, dnf, yum, apk, zypper, pacman; '' when none. */
  readonly pkgMgr: string;
  /** Ansible's name of the service manager: systemd, openrc, sysvinit, service. */
  readonly serviceMgr: string;
}

interface Common<S extends ArgsSchema> {
  readonly name: string;
  /** One or two sentences for the module reference. */
  readonly doc: string;
  readonly args: S;
  /** YAML of tasks, shown in the reference and checked by a test. */
  readonly examples?: string;
  /** What `register` gets besides changed and failed: name to description. */
  readonly returns?: Readonly<Record<string, string>>;
  /** Rules between arguments that a schema cannot say: an error sentence, or undefined when all is well. */
  check?(args: ArgsOf<S>): string | undefined;
}

/** State that can be looked at, compared and reached: one round trip. */
export interface ConvergeModule<S extends ArgsSchema = ArgsSchema> extends Common<S> {
  readonly kind: 'converge';
  needs?(args: ArgsOf<S>): readonly LocalNeed[];
  /** What must run before the look, never in a dry run (systemd's daemon-reload: what it shows depends on it). */
  prepare?(args: ArgsOf<S>): Sh | undefined;
  goal(args: ArgsOf<S>, local: Locals): Goal;
  /**
   * Runs before the look, in the same frame, but never in a dry run; what it does is no change (as Ansible: a reload of
   * systemd, new package lists). When it fails the task fails.
   */
  prepare?(args: ArgsOf<S>): Sh | undefined;
  /** Prints the state as `key=value` lines (`tp_kv`), the keys of `want` in their order. */
  probe(args: ArgsOf<S>, want: readonly string[], local: Locals): Sh;
  /** Reaches the goal from any state; runs under `set -e`; what it prints is shown only on failure. */
  apply(args: ArgsOf<S>, local: Locals): Sh;
  /** True when apply runs whatever the state is (a restart was asked for). */
  force?(args: ArgsOf<S>): boolean;
  /** Further state keys worth showing in a diff and returning; they never decide. */
  detail?(args: ArgsOf<S>): readonly string[];
  /** The file whose text `--diff` shows, and the text wanted. */
  text?(args: ArgsOf<S>, local: Locals): { readonly path: string; readonly text: string } | undefined;
  /** What `register` gets, from the state after (in a dry run: the goal over the state before). */
  values?(args: ArgsOf<S>, state: State, local: Locals): Values;
  /** A state that must not be changed (a directory where a file should be): an error sentence. */
  refuse?(args: ArgsOf<S>, before: State): string | undefined;
}

/** The text of one file: read, edited here, written back if it differs: one round trip, two when changed. */
export interface EditModule<S extends ArgsSchema = ArgsSchema> extends Common<S> {
  readonly kind: 'edit';
  path(args: ArgsOf<S>): string;
  /** The text wanted; `{ error }` when it cannot be (a marker is missing). `text` is undefined for a missing file. */
  edit(args: ArgsOf<S>, text: string | undefined): EditResult;
  /** Owner, group and mode wanted (Ansible's file arguments), validate command and backup. */
  file?(args: ArgsOf<S>): FileWishes;
}

export type EditResult =
  | { readonly text: string; readonly values?: Values; readonly message?: string }
  /** Nothing to do (a missing file of which a line shall be absent). */
  | { readonly same: true; readonly message?: string }
  | { readonly error: string };

/** Arguments common to everything that writes a file. */
export interface FileWishes {
  readonly mode?: string | undefined;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly validate?: string | undefined;
  readonly backup?: boolean | undefined;
}

/** Something that is run, not reached: changed whenever it ran; not run in a dry run. */
export interface CommandModule<S extends ArgsSchema = ArgsSchema> extends Common<S> {
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
export interface QueryModule<S extends ArgsSchema = ArgsSchema> extends Common<S> {
  readonly kind: 'query';
  probe(args: ArgsOf<S>): Sh;
  parse(reply: Reply, args: ArgsOf<S>): QueryResult;
  /** `unknown` for what waits for something that a dry run did not do. */
  readonly inCheck?: 'run' | 'unknown';
  /** Longest time it may take, in milliseconds. */
  timeoutMs?(args: ArgsOf<S>): number | undefined;
  /**
   * What the engine shall write on the controller (fetch): the path seen from the playbook's folder. It is a change when
   * the file there has other bytes; a dry run only compares. Asked after `parse`; undefined: nothing to write.
   */
  store?(
    args: ArgsOf<S>,
    reply: Reply,
    host: string,
  ): { readonly path: string; readonly bytes: Uint8Array } | undefined;
}

export type QueryResult =
  | { readonly values: Values; readonly changed?: boolean }
  | { readonly failed: string; readonly values?: Values };

/** Runs on the controller: no host is needed. */
export interface LocalModule<S extends ArgsSchema = ArgsSchema> extends Common<S> {
  readonly kind: 'local';
  run(args: ArgsOf<S>, context: LocalContext): Promise<LocalResult> | LocalResult;
}

export interface LocalContext {
  /** Waits; ends early when the run is stopped. */
  sleep(ms: number): Promise<void>;
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
    }
  | { readonly failed: string; readonly values?: Values }
  | { readonly skipped: true };

/** State of a database, looked at and changed by SQL through a tunnel of the host's connection. */
export interface SqlModule<S extends ArgsSchema = ArgsSchema> extends Common<S> {
  readonly kind: 'sql';
  /** How to log in, from the arguments: one after the other while the server says no. */
  login(args: ArgsOf<S>): readonly SqlLogin[];
  needs?(args: ArgsOf<S>): readonly LocalNeed[];
  /**
   * Looks (it may only read) and says what is missing. Called again after the statements ran: they must then be none,
   * or the task has not converged.
   */
  plan(args: ArgsOf<S>, db: SqlReader, local: Locals): Promise<SqlPlan | { readonly failed: string }>;
  /** Whether commands (see SqlPlan) changed something, from what each returned; true unless told. */
  changed?(args: ArgsOf<S>, results: readonly SqlResult[]): boolean;
  /** Further values of `register`, from what the statements returned. */
  values?(args: ArgsOf<S>, results: readonly SqlResult[]): Values;
}

export interface SqlLogin {
  readonly host: string;
  readonly port: number;
  /** Used instead of host and port, on the managed host. */
  readonly socket?: string | undefined;
  readonly user: string;
  readonly password: string;
  readonly database?: string | undefined;
  readonly connectTimeoutMs: number;
}

export interface SqlServer {
  readonly kind: 'mariadb' | 'mysql';
  /** As MySQL's own version numbers: 10.11.4 is 101104, 8.0.36 is 80036. */
  readonly version: number;
  /** As the server calls itself. */
  readonly text: string;
}

export interface SqlReader {
  readonly server: SqlServer;
  /** Runs one reading statement. Rejects with an error that has the server's error number as `number`. */
  rows(statement: Sql): Promise<readonly SqlRow[]>;
}

/** Numbers beyond 2^53 and decimals are texts, dates ISO 8601 texts, binary values text as far as they are UTF-8. */
export type SqlRow = Readonly<Record<string, string | number | null>>;

export interface SqlResult {
  readonly rows: readonly SqlRow[];
  /** Rows changed, of a reading statement rows returned. */
  readonly affected: number;
  /** Numbers and levels (Note, Warning, Error) of what the server remarked. */
  readonly remarks: readonly { readonly level: string; readonly number: number; readonly message: string }[];
  /** It failed with an error that the statement says to ignore. */
  readonly ignored?: true;
}

export interface SqlPlan {
  readonly before: State;
  readonly after: State;
  /** Empty when the state is right. */
  readonly statements: readonly SqlStatement[];
  /**
   * Set when the statements are commands, not steps to a state: no second look. In a dry run `certain` ones count as a
   * change, `maybe` ones as unknown.
   */
  readonly command?: 'certain' | 'maybe';
  /** Runs the statements in one transaction. */
  readonly transaction?: boolean;
  readonly values?: Values;
}

export interface SqlStatement {
  readonly sql: Sql;
  /** Error numbers that mean "already so" (1060: column exists). */
  readonly ignore?: readonly number[];
  /** Where it comes from, for error messages: `schema.sql line 12`. */
  readonly from?: string;
}

/** Stands for another module: template is copy with rendered content, package is the host's package manager. */
export interface ExpandModule<S extends ArgsSchema = ArgsSchema> extends Common<S> {
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
export function defineExpand<const S extends ArgsSchema>(m: Omit<ExpandModule<S>, 'kind'>): ExpandModule {
  return erase({ kind: 'expand', ...m }) as ExpandModule;
}
