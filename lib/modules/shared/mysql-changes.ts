import { type Sql, type SqlServer, type SqlStatement, sql } from '../../module.ts';
import { allPrivileges } from './mysql-all.ts';
import { type Grant, type GrantObject, type Grants, objectSql, privilegesSql } from './mysql-grants.ts';

/** What is done about the privileges of an account: made exactly those wanted, added to them, taken away. */
export type GrantMode = 'exact' | 'append' | 'subtract';

export interface GrantChange {
  readonly object: GrantObject;
  readonly before: ReadonlySet<string>;
  readonly give: readonly string[];
  readonly take: readonly string[];
  /** Nothing but perhaps the right to give on is left. */
  readonly empties: boolean;
}

interface Server {
  readonly server: SqlServer;
  /** The server's privileges under their one name. */
  readonly known: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** Compares privileges: what is to be given and taken, for each object where there is something. */
export function grantChanges(have: Grants, want: Grants, mode: GrantMode, server: Server): readonly GrantChange[] {
  const keys = mode === 'exact' ? new Set([...want.keys(), ...have.keys()]) : want.keys();
  const changes = [...keys].map(key => {
    const [is, wanted] = [have.get(key), want.get(key)];
    const object = ((wanted ?? is) as Grant).object;
    const all = allPrivileges(object, server.server, server.known);
    const sides = { before: is?.privileges ?? NONE, wanted: wanted?.privileges ?? NONE, all };
    return { object, before: sides.before, ...compare(sides, mode) };
  });
  return changes.filter(c => c.give.length > 0 || c.take.length > 0);
}

interface Sides {
  readonly before: ReadonlySet<string>;
  readonly wanted: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
}

function compare(sides: Sides, mode: GrantMode): Pick<GrantChange, 'give' | 'take' | 'empties'> {
  const had = expand(sides.before, sides.all);
  const change = difference(sides, had, mode);
  const left = [...had].filter(p => p !== 'GRANT' && !change.take.includes(p));
  return { ...change, empties: change.give.length === 0 && left.length === 0 };
}

function difference({ wanted, all }: Sides, had: ReadonlySet<string>, mode: GrantMode) {
  if (mode === 'subtract') {
    const every = wanted.has('ALL');
    return { give: [], take: [...had].filter(p => (every && p !== 'GRANT') || wanted.has(p)) };
  }
  const missing = [...expand(wanted, all)].filter(p => !had.has(p));
  const give = wanted.has('ALL') && missing.some(p => p !== 'GRANT') ? [...wanted] : missing;
  if (mode === 'append') return { give, take: [] };
  // what ALL gives beyond what is known here stays with ALL
  const spare = (p: string) => (wanted.has('ALL') && p !== 'GRANT' && !p.includes(' (') ? false : !wanted.has(p));
  return { give, take: [...had].filter(spare) };
}

function expand(privileges: ReadonlySet<string>, all: ReadonlySet<string>): ReadonlySet<string> {
  if (!privileges.has('ALL')) return privileges;
  return new Set([...[...privileges].filter(p => p !== 'ALL'), ...all]);
}

/** The statements for changes: first what is given, so that no right is missing for a moment. */
export function grantStatements(changes: readonly GrantChange[], account: Sql): SqlStatement[] {
  const gives = changes.filter(c => c.give.length > 0);
  const takes = changes.filter(c => c.take.length > 0);
  return [
    ...gives.map(c => ({ sql: giveSql(c, account) })),
    ...takes.flatMap(c => takeSql(c, account).map(s => ({ sql: s }))),
  ];
}

function giveSql({ object, give }: GrantChange, account: Sql): Sql {
  const grant = sql`GRANT ${privilegesSql(give)} ON ${objectSql(object)} TO ${account}`;
  return give.includes('GRANT') ? sql`${grant} WITH GRANT OPTION` : grant;
}

function takeSql({ object, take, empties }: GrantChange, account: Sql): Sql[] {
  const place = sql`ON ${objectSql(object)} FROM ${account}`;
  const privileges = take.filter(p => p !== 'GRANT');
  const columns = privileges.some(p => p.includes(' ('));
  return [
    ...(privileges.length === 0
      ? []
      : [sql`REVOKE ${empties && !columns ? sql`ALL PRIVILEGES` : privilegesSql(privileges)} ${place}`]),
    ...(take.includes('GRANT') ? [sql`REVOKE GRANT OPTION ${place}`] : []),
  ];
}

/** Privileges for a diff. */
export function grantText(privileges: Iterable<string>): string {
  return [...privileges].sort().join(', ');
}

/** What an account has on an object after a change, for a diff. */
export function afterText({ before, give, take }: GrantChange, wanted: ReadonlySet<string> | undefined): string {
  if (wanted?.has('ALL') || (before.has('ALL') && take.length > 0)) return grantText(wanted ?? []);
  return grantText([...[...before].filter(p => !take.includes(p)), ...give]);
}

/** How an object is called in a diff. */
export function objectText(object: GrantObject): string {
  return `${object.kind === 'TABLE' ? '' : `${object.kind} `}${object.database}.${object.name}`;
}
