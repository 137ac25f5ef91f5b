import type { ArgsOf, ArgsSchema, LocalNeed, Locals, ModuleBase, Reply, State, Values } from '../module.ts';
import type { Sh } from '../shell/sh.ts';
import type { Sql } from '../text/sql.ts';

/** State of a database, looked at and changed by SQL through a tunnel of the host's connection. */
export interface SqlModule<S extends ArgsSchema = ArgsSchema> extends ModuleBase<S> {
  readonly kind: 'sql';
  /** Files of the host that the login needs; an optional one may be missing. */
  loginFiles?(args: ArgsOf<S>): readonly LoginFile[];
  /** How to log in, from the arguments and those files: one after the other while the server says no. */
  login(args: ArgsOf<S>, files: ReadonlyMap<string, string>): readonly SqlLogin[];
  needs?(args: ArgsOf<S>): readonly LocalNeed[];
  /**
   * Looks (it may only read) and says what is missing. Called again after the statements ran: they must then be none,
   * or the task has not converged.
   */
  plan(args: ArgsOf<S>, db: SqlReader, local: Locals): Promise<SqlPlan | SqlRefusal>;
  /** Whether commands (see SqlPlan) changed something, from what each returned; true unless told. */
  changed?(args: ArgsOf<S>, results: readonly SqlResult[]): boolean;
  /** Further values of `register`, from what the statements returned. */
  values?(args: ArgsOf<S>, results: readonly SqlResult[]): Values;
}

export interface LoginFile {
  /** On the host; ~ is the home of the user there. */
  readonly path: string;
  readonly optional?: boolean;
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
  /** TLS, with texts of PEM files; undefined for none. */
  readonly tls?: SqlTls | undefined;
}

export interface SqlTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Whether the name of the server must be in its certificate (with ca only). */
  readonly checkHostname: boolean;
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

/** Why it cannot be done; `later`: in a dry run a task before may be what would make it possible. */
export interface SqlRefusal {
  readonly failed: string;
  readonly later?: boolean;
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
  /** What a program of the host does behind the statements: a command, too. */
  readonly program?: SqlProgram;
  /** Runs the statements in one transaction. */
  readonly transaction?: boolean;
  readonly values?: Values;
}

/** Runs on the host as the become user, in a frame: what moves more data than should come here (dumps). */
export interface SqlProgram {
  /** Ends with another status than 0 where it cannot be run, and says why on stderr. Runs before the statements, in a dry run too. */
  readonly look: Sh;
  /** Runs behind `look`, with what that has set; it has to log in as the look at the database did. */
  run(login: SqlLogin): Sh;
  /** Further values of `register`. */
  values?(reply: Reply): Values;
}

export interface SqlStatement {
  readonly sql: Sql;
  /** Error numbers that mean "already so" (1060: column exists). */
  readonly ignore?: readonly number[];
  /** Where it comes from, for error messages: `schema.sql line 12`. */
  readonly from?: string;
}
