import { type Sql, type SqlReader, type SqlRow, type SqlServer, sql } from '../../module.ts';
import { isSha2Of, nativeHash } from './mysql-password.ts';
import { type Terms, termsOf } from './mysql-terms.ts';

const NATIVE = 'mysql_native_password';
const SHA2 = 'caching_sha2_password';

/** How an account shall log in. */
export type Auth =
  | { readonly kind: 'password'; readonly password: string }
  | {
      readonly kind: 'plugin';
      readonly plugin: string;
      readonly hash?: string | undefined;
      readonly text?: string | undefined;
    };

/** How an account logs in. */
export interface Login {
  readonly plugin: string;
  readonly hash: string;
}

export interface Account extends Login {
  readonly terms: Required<Terms>;
}

export interface AuthArgs {
  readonly password?: string | undefined;
  readonly encrypted: boolean;
  readonly plugin?: string | undefined;
  readonly plugin_auth_string?: string | undefined;
  readonly plugin_hash_string?: string | undefined;
}

/** What the arguments say about logging in; undefined: nothing. */
export function authOf(a: AuthArgs): Auth | undefined {
  if (a.password !== undefined)
    return a.encrypted
      ? { kind: 'plugin', plugin: NATIVE, hash: a.password }
      : { kind: 'password', password: a.password };
  if (a.plugin === undefined) return undefined;
  return { kind: 'plugin', plugin: a.plugin, hash: a.plugin_hash_string, text: a.plugin_auth_string };
}

/** An account's name in a statement. */
export function accountSql(user: string, host: string): Sql {
  return sql`${user}@${host}`;
}

/** The account as the server has it, undefined when there is none. */
export async function findAccount(db: SqlReader, user: string, host: string): Promise<Account | undefined> {
  const [row] = await db.rows(sql`SELECT * FROM mysql.user WHERE User = ${user} AND Host = ${host}`);
  return row === undefined ? undefined : accountOf(row);
}

function accountOf(row: SqlRow): Account {
  // up to MySQL 5.6 and MariaDB 10.3 the hash of a native password is in a column of its own
  const hash = text(row, 'authentication_string') || text(row, 'Password');
  return { plugin: text(row, 'plugin') || NATIVE, hash, terms: termsOf(row) };
}

/** The hosts of all accounts of a name. Without one it is a role. */
export async function hostsOf(db: SqlReader, user: string): Promise<readonly string[]> {
  const rows = await db.rows(sql`SELECT Host FROM mysql.user WHERE User = ${user} AND Host <> '' ORDER BY Host`);
  return rows.map(row => String(row['Host']));
}

/** How all accounts of a name log in, where that is the same for them; undefined where it is not, or there are none. */
export async function sharedAuth(db: SqlReader, user: string): Promise<Auth | undefined> {
  const rows = await db.rows(sql`SELECT * FROM mysql.user WHERE User = ${user} AND Host <> ''`);
  const [first, ...others] = rows.map(accountOf);
  if (first === undefined) return undefined;
  if (others.some(o => o.plugin !== first.plugin || o.hash !== first.hash)) return undefined;
  return { kind: 'plugin', plugin: first.plugin, hash: first.hash === '' ? undefined : first.hash };
}

function text(row: SqlRow, column: string): string {
  return row[column] === undefined || row[column] === null ? '' : String(row[column]);
}

/** Whether an account logs in as it shall. */
export function logsInAs(account: Login, auth: Auth): boolean {
  if (auth.kind === 'password') return isPasswordOf(account, auth.password);
  if (account.plugin !== auth.plugin) return false;
  if (auth.hash !== undefined)
    return auth.plugin === NATIVE ? account.hash.toUpperCase() === auth.hash.toUpperCase() : account.hash === auth.hash;
  if (auth.text === undefined) return true;
  return auth.plugin === NATIVE || auth.plugin === SHA2 ? isPasswordOf(account, auth.text) : account.hash === auth.text;
}

function isPasswordOf(account: Login, password: string): boolean {
  if (account.plugin === NATIVE) return account.hash.toUpperCase() === nativeHash(password);
  return account.plugin === SHA2 && isSha2Of(account.hash, password);
}

/** The part of CREATE USER or ALTER USER that says how to log in, or an error sentence. */
export function identified(auth: Auth, server: SqlServer, account?: Login): Sql | { readonly error: string } {
  const maria = server.kind === 'mariadb';
  if (auth.kind === 'password') {
    const by = sql`BY ${sql.secret(auth.password)}`;
    if (maria || account === undefined || account.plugin === NATIVE || account.plugin === SHA2)
      return sql`IDENTIFIED ${by}`;
    return sql`IDENTIFIED WITH ${sql.code(server.version >= 80000 ? SHA2 : NATIVE)} ${by}`;
  }
  const plugin = sql.code(auth.plugin); // the schema lets only letters, digits and _ through
  const hash =
    auth.hash ?? (maria && auth.plugin === NATIVE && auth.text !== undefined ? nativeHash(auth.text) : undefined);
  if (hash !== undefined && isOld(server)) return sql`IDENTIFIED BY PASSWORD ${sql.secret(hash)}`;
  const start = sql`IDENTIFIED ${sql.code(maria ? 'VIA' : 'WITH')} ${plugin}`;
  if (hash !== undefined) return sql`${start} ${sql.code(maria ? 'USING' : 'AS')} ${sql.secret(hash)}`;
  if (auth.text === undefined) return start;
  if (!maria && (auth.plugin === NATIVE || auth.plugin === SHA2)) return sql`${start} BY ${sql.secret(auth.text)}`;
  if (/pam$/.test(auth.plugin)) return sql`${start} ${sql.code(maria ? 'USING' : 'AS')} ${auth.text}`;
  return {
    error: `a password of the plugin ${auth.plugin} cannot be compared: give plugin_hash_string instead of plugin_auth_string`,
  };
}

/** MariaDB before 10.2 and MySQL before 5.7.6 have no ALTER USER ... IDENTIFIED. */
export function isOld(server: SqlServer): boolean {
  return server.version < (server.kind === 'mariadb' ? 100200 : 50706);
}

/** The statement that gives an account another way to log in, or an error sentence. */
export function changeAuth(
  account: Login,
  auth: Auth,
  at: { readonly name: Sql; readonly server: SqlServer },
): Sql | { readonly error: string } {
  if (!isOld(at.server)) {
    const how = identified(auth, at.server, account);
    return 'error' in how ? how : sql`ALTER USER ${at.name} ${how}`;
  }
  const hash = auth.kind === 'password' ? nativeHash(auth.password) : auth.plugin === NATIVE ? auth.hash : undefined;
  if (hash === undefined || account.plugin !== NATIVE)
    return { error: `${at.server.text} cannot change the plugin of an account: drop it first` };
  return sql`SET PASSWORD FOR ${at.name} = ${sql.secret(hash)}`;
}
