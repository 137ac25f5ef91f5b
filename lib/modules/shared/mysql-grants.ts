import { type Sql, type SqlServer, sql } from '../../module.ts';
import { grantTokens, type Token } from './mysql-words.ts';

/** What privileges are given on; `*` for all databases, all tables. */
export interface GrantObject {
  readonly kind: 'TABLE' | 'FUNCTION' | 'PROCEDURE';
  readonly database: string;
  readonly name: string;
}

/**
 * Privileges on one object, under one name each: `SELECT`, `SELECT (column)`, `ALL`, and `GRANT` for the right to give
 * them on. USAGE is none.
 */
export interface Grant {
  readonly object: GrantObject;
  readonly privileges: ReadonlySet<string>;
}

export type Grants = ReadonlyMap<string, Grant>;

/** How names compare on a server. */
export interface GrantNames {
  readonly server: SqlServer;
  /** The server does not tell capitals in names of databases and tables. */
  readonly fold: boolean;
}

const KINDS: ReadonlySet<string> = new Set(['TABLE', 'FUNCTION', 'PROCEDURE']);

const SAME_PRIVILEGE: ReadonlyMap<string, string> = new Map([
  ['ALL PRIVILEGES', 'ALL'],
  ['GRANT OPTION', 'GRANT'],
  ['REPLICATION REPLICA', 'REPLICATION SLAVE'],
  ['REPLICATION REPLICA ADMIN', 'REPLICATION SLAVE ADMIN'],
  ['REPLICA MONITOR', 'SLAVE MONITOR'],
  ['DELETE VERSIONING ROWS', 'DELETE HISTORY'],
]);

/** The one name of a privilege on a server: MariaDB calls REPLICATION CLIENT BINLOG MONITOR since 10.5. */
export function privilegeName(written: string, server: SqlServer): string {
  const name = written.toUpperCase();
  if (name === 'REPLICATION CLIENT' && server.kind === 'mariadb' && server.version >= 100502) return 'BINLOG MONITOR';
  return SAME_PRIVILEGE.get(name) ?? name;
}

/** Under what key an object stands in a map of grants. */
export function grantKey(object: GrantObject, names: GrantNames): string {
  const fold = (name: string) => (names.fold ? name.toLowerCase() : name);
  const routine = object.kind !== 'TABLE'; // names of routines never differ by capitals
  return JSON.stringify([object.kind, fold(object.database), routine ? object.name.toLowerCase() : fold(object.name)]);
}

/** Adds privileges on an object to a map of grants. */
export function addGrant(to: Map<string, Grant>, grant: Grant, names: GrantNames): void {
  const { object } = grant;
  const key = grantKey(object, names);
  const own = new Set([...grant.privileges].map(p => withoutColumn(p, name => privilegeName(name, names.server))));
  own.delete('USAGE');
  to.set(key, { object, privileges: new Set([...(to.get(key)?.privileges ?? []), ...own]) });
}

function withoutColumn(privilege: string, change: (name: string) => string): string {
  const column = privilege.indexOf(' (');
  return column < 0 ? change(privilege) : change(privilege.slice(0, column)) + privilege.slice(column);
}

/** Reads what SHOW GRANTS prints; roles, PROXY and how the account logs in are left out. */
export function readGrants(lines: readonly string[], names: GrantNames): Grants {
  const grants = new Map<string, Grant>();
  for (const line of lines) {
    const tokens = grantTokens(line, '(),.@');
    if (tokens === undefined || !isWord(tokens[0], 'GRANT')) continue;
    const on = tokens.findIndex(t => isWord(t, 'ON'));
    const to = tokens.findIndex(t => isWord(t, 'TO'));
    if (on < 0 || to < on || isWord(tokens[1], 'PROXY')) continue;
    const privileges = readPrivileges(tokens.slice(1, on));
    const object = readObject(tokens.slice(on + 1, to));
    if (privileges === undefined || object === undefined) continue;
    const tail = tokens.slice(to).map(t => (t.kind === 'word' ? t.text : ''));
    if (/\bWITH\b.* GRANT OPTION\b/.test(tail.join(' '))) privileges.add('GRANT');
    addGrant(grants, { object, privileges }, names);
  }
  return grants;
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === word;
}

/** `SELECT, INSERT (a, b), CREATE VIEW`; undefined when it is something else. */
export function readPrivileges(tokens: readonly Token[]): Set<string> | undefined {
  const privileges = new Set<string>();
  for (let i = 0; i < tokens.length; i++) {
    const words: string[] = [];
    while (tokens[i]?.kind === 'word') words.push((tokens[i++] as Token).text.toUpperCase());
    const name = words.join(' ');
    // a privilege cannot be quoted: only what can be one gets into a statement
    if (!/^[A-Z_ ]+$/.test(name)) return undefined;
    if (tokens[i]?.text === '(' && tokens[i]?.kind === 'mark') {
      const end = tokens.findIndex((t, at) => at > i && t.kind === 'mark' && t.text === ')');
      const columns = tokens.slice(i + 1, end).filter(t => t.kind !== 'mark');
      if (end < 0 || columns.length === 0) return undefined;
      for (const column of columns) privileges.add(`${name} (${column.text})`);
      i = end + 1;
    } else privileges.add(name);
    const next = tokens[i];
    if (next !== undefined && !(next.kind === 'mark' && next.text === ',')) return undefined;
  }
  return privileges.size === 0 ? undefined : privileges;
}

/** `db.table`, `*.*`, `FUNCTION db.name`; undefined when it is something else. */
export function readObject(tokens: readonly Token[]): GrantObject | undefined {
  const first = tokens[0];
  const kind =
    first?.kind === 'word' && tokens.length === 4 && KINDS.has(first.text.toUpperCase())
      ? first.text.toUpperCase()
      : undefined;
  const [database, dot, name, ...more] = kind === undefined ? tokens : tokens.slice(1);
  if (database === undefined || name === undefined || dot?.text !== '.' || more.length > 0) return undefined;
  if (database.kind === 'mark' || name.kind === 'mark') return undefined;
  return { kind: (kind ?? 'TABLE') as GrantObject['kind'], database: database.text, name: name.text };
}

/** An object as GRANT and REVOKE name it. */
export function objectSql(object: GrantObject): Sql {
  const name = (text: string) => (text === '*' ? sql.code('*') : sql.id(text));
  const place = sql`${name(object.database)}.${name(object.name)}`;
  return object.kind === 'TABLE' ? place : sql`${sql.code(object.kind)} ${place}`;
}

/** Privileges as GRANT and REVOKE list them: columns together, without the right to give them on. */
export function privilegesSql(privileges: Iterable<string>): Sql {
  const columns = new Map<string, string[]>();
  for (const privilege of privileges) {
    if (privilege === 'GRANT') continue;
    const at = privilege.indexOf(' (');
    const name = at < 0 ? privilege : privilege.slice(0, at);
    const own = columns.get(at < 0 ? name : `${name} (`) ?? [];
    if (at >= 0) own.push(privilege.slice(at + 2, -1));
    columns.set(at < 0 ? name : `${name} (`, own);
  }
  const parts = [...columns].map(([name, own]) =>
    own.length === 0
      ? sql.code(name === 'ALL' ? 'ALL PRIVILEGES' : name)
      : sql`${sql.code(name)}${sql.join(own.map(sql.id), ', ')})`,
  );
  return sql.join(parts.length === 0 ? [sql`USAGE`] : parts, ', ');
}
