import { type Sql, type SqlRow, type SqlServer, sql } from '../../module.ts';
import { didYouMean } from '../../text/near.ts';

/** On what terms an account may connect: what its connections must show, and how much it may do. */
export interface Terms {
  readonly require?: Require | undefined;
  readonly limits?: Limits | undefined;
}

type Part = (typeof PARTS)[number];
const PARTS = ['SUBJECT', 'ISSUER', 'CIPHER'] as const;

/** What REQUIRE says: NONE, SSL, X509, or parts of the certificate and the cipher. */
export type Require = 'NONE' | 'SSL' | 'X509' | Readonly<Partial<Record<Part, string>>>;

/** Names of limits to their numbers; 0 is no limit. */
export type Limits = Readonly<Partial<Record<keyof typeof COLUMNS, number>>>;

/** The limits, and where mysql.user has them. */
const COLUMNS = {
  MAX_QUERIES_PER_HOUR: 'max_questions',
  MAX_UPDATES_PER_HOUR: 'max_updates',
  MAX_CONNECTIONS_PER_HOUR: 'max_connections',
  MAX_USER_CONNECTIONS: 'max_user_connections',
  MAX_STATEMENT_TIME: 'max_statement_time',
} as const;

interface TermArgs {
  readonly tls_requires?: unknown;
  readonly resource_limits?: Readonly<Record<string, unknown>> | undefined;
}

/** What the arguments say about terms, or an error sentence. An argument that is not given says nothing. */
export function readTerms(a: TermArgs): Terms | { readonly error: string } {
  const require = a.tls_requires === undefined ? undefined : readRequire(a.tls_requires);
  if (typeof require === 'object' && 'error' in require) return require;
  const limits = a.resource_limits === undefined ? undefined : readLimits(a.resource_limits);
  if (limits !== undefined && 'error' in limits) return limits;
  return { require, limits };
}

/** As Ansible: an argument without a value asks for no encryption. */
function readRequire(given: unknown): Require | { readonly error: string } {
  if (given === null || given === '') return 'NONE';
  if (typeof given !== 'object' || Array.isArray(given))
    return { error: 'tls_requires is a mapping: `ssl:`, `x509:`, or subject, issuer and cipher with their texts' };
  const entries = Object.entries(given).map(([name, value]) => [name.toUpperCase(), value] as const);
  const stray = entries.find(([name]) => !['SSL', 'X509', ...PARTS].includes(name));
  if (stray !== undefined)
    return { error: `tls_requires: "${stray[0].toLowerCase()}" is none of ssl, x509, subject, issuer and cipher` };
  const whole = entries.find(([name]) => name === 'SSL' || name === 'X509')?.[0];
  if (whole !== undefined && entries.length > 1)
    return { error: `tls_requires: ${whole.toLowerCase()} stands alone, without other requirements` };
  if (whole !== undefined) return whole as 'SSL' | 'X509';
  const empty = entries.find(([, value]) => typeof value !== 'string' || value === '');
  if (empty !== undefined) return { error: `tls_requires: ${empty[0].toLowerCase()} needs a text` };
  return entries.length === 0 ? 'NONE' : (Object.fromEntries(entries) as Require);
}

function readLimits(given: Readonly<Record<string, unknown>>): Limits | { readonly error: string } {
  const limits: Record<string, number> = {};
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(COLUMNS, name)) {
      const known = Object.keys(COLUMNS);
      const meant = didYouMean(name, known) ?? `it takes ${known.join(', ')}`;
      return { error: `resource_limits has no "${name}"; ${meant}` };
    }
    const number = typeof value === 'boolean' || value === null || value === '' ? Number.NaN : Number(value);
    const least = name === 'MAX_USER_CONNECTIONS' ? -1 : 0; // MariaDB: -1 lets nobody in
    const whole = name === 'MAX_STATEMENT_TIME' || Number.isInteger(number);
    if (!Number.isFinite(number) || number < least || !whole)
      return { error: `resource_limits: ${name} is a number from ${least}, not ${JSON.stringify(value)}` };
    limits[name] = number;
  }
  return limits;
}

/** The terms of an account that the server has, by its row of mysql.user. */
export function termsOf(row: SqlRow): Required<Terms> {
  const text = (column: string) => String(row[column] ?? '');
  const given = PARTS.map(part => [part, text(part === 'CIPHER' ? 'ssl_cipher' : `x509_${part.toLowerCase()}`)]);
  const parts = Object.fromEntries(given.filter(([, value]) => value !== '')) as Require;
  const type = text('ssl_type');
  const require = type === 'ANY' ? 'SSL' : type === 'X509' ? 'X509' : type === 'SPECIFIED' ? parts : 'NONE';
  const limits = Object.entries(COLUMNS).filter(([, column]) => row[column] !== undefined);
  return { require, limits: Object.fromEntries(limits.map(([name, column]) => [name, Number(row[column])])) };
}

/** What is to be changed about terms; of an account that is not there yet those that are not the servers' own. */
export function termsToSet(have: Terms | undefined, want: Terms): Terms {
  const is = have?.limits ?? {};
  const limits = Object.entries(want.limits ?? {}).filter(([name, n]) => n !== (is[name as keyof Limits] ?? 0));
  const same = want.require === undefined || requireText(want.require) === requireText(have?.require ?? 'NONE');
  return {
    ...(!same && { require: want.require }),
    ...(limits.length > 0 && { limits: Object.fromEntries(limits) }),
  };
}

/** For a diff: what of `terms` there is to say where `of` is changed. */
export function termsState(terms: Terms | undefined, of: Terms): Record<string, string> {
  const limits = Object.keys(of.limits ?? {}) as (keyof Limits)[];
  return {
    ...(of.require !== undefined && { requires: requireText(terms?.require ?? 'NONE') }),
    ...Object.fromEntries(limits.map(name => [name, String(terms?.limits?.[name] ?? 0)])),
  };
}

function requireText(require: Require): string {
  return String(requireSql(require));
}

function requireSql(require: Require): Sql {
  if (typeof require === 'string') return sql.code(require);
  const parts = PARTS.filter(part => require[part] !== undefined);
  return sql.join(
    parts.map(part => sql`${sql.code(part)} ${require[part] ?? ''}`),
    ' AND ',
  );
}

/** What stands at the end of CREATE USER or ALTER USER; undefined when there is nothing to set. */
export function termsSql({ require, limits }: Terms): Sql | undefined {
  const numbers = Object.entries(limits ?? {}).map(([name, n]) => sql`${sql.code(name)} ${n}`);
  const clauses = [
    ...(require === undefined ? [] : [sql`REQUIRE ${requireSql(require)}`]),
    ...(numbers.length === 0 ? [] : [sql`WITH ${sql.join(numbers, ' ')}`]),
  ];
  return clauses.length === 0 ? undefined : sql.join(clauses, ' ');
}

/** Why a server cannot have these terms. */
export function termsFault({ limits }: Terms, server: SqlServer): string | undefined {
  if (server.kind === 'mariadb' || limits === undefined) return undefined;
  if (limits.MAX_STATEMENT_TIME !== undefined) return `${server.text} has no MAX_STATEMENT_TIME: it is MariaDB's`;
  return limits.MAX_USER_CONNECTIONS === -1
    ? `${server.text} has no MAX_USER_CONNECTIONS -1: it is MariaDB's`
    : undefined;
}
