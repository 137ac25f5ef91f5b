/** What went wrong with a database: nobody answers there, it says no, the database is not there, the link broke, or SQL. */
export type SqlErrorKind = 'refused' | 'denied' | 'unknown-database' | 'lost' | 'sql';

/** An error of a database; its message holds no password. */
export class SqlError extends Error {
  readonly kind: SqlErrorKind;
  /** The server's error number; undefined when the error is not the server's. */
  readonly number: number | undefined;
  /** The statement as people may see it, when it was one's. */
  readonly statement: string | undefined;
  constructor(kind: SqlErrorKind, message: string, parts: { number?: number | undefined; statement?: string } = {}) {
    super(message);
    this.kind = kind;
    this.number = parts.number;
    this.statement = parts.statement;
  }
}

// 1040 too many connections, 1053 shutting down, 1129 host blocked for its errors, 1203 too many of this user
const REFUSED = new Set([1040, 1053, 1129, 1203]);
// 1044 not this database, 1045 and 1698 wrong user or password, 1130 not from this host, 1820 and 1862 password
// expired, 1524 a plugin the server has not loaded, 3118 and 4151 account locked
const DENIED = new Set([1044, 1045, 1130, 1524, 1698, 1820, 1862, 3118, 4151]);

/** What the client library threw while it logged in. */
export function loginErrorKind(error: unknown): SqlErrorKind {
  const number = serverNumber(error);
  if (number === undefined) return 'refused';
  if (number === 1049) return 'unknown-database';
  if (DENIED.has(number)) return 'denied';
  return REFUSED.has(number) ? 'refused' : 'sql';
}

/** The server's error number; undefined when the error comes from the client library or the connection. */
export function serverNumber(error: unknown): number | undefined {
  const { errno, sqlState } = error as { errno?: number; sqlState?: string };
  return sqlState !== undefined && typeof errno === 'number' && errno > 0 ? errno : undefined;
}

/** What the server said about a statement, without its secrets. */
export function withoutSecrets(message: string, secrets: readonly string[]): string {
  if (secrets.length === 0) return message;
  // a syntax error quotes the statement from some place on and cuts it, so that a part of a secret may be in it
  let text = message.replace(/near '[^]*' at line (\d+)/, "near '***' at line $1");
  const forms = secrets.flatMap(s => [s, s.replaceAll('\\', '\\\\').replaceAll("'", "''")]);
  for (const form of forms.sort((a, b) => b.length - a.length)) if (form !== '') text = text.replaceAll(form, '***');
  return text;
}
