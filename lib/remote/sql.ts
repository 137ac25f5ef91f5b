import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import mysql from 'mysql2/promise';
import type { Sql, SqlLogin, SqlReader, SqlResult, SqlRow, SqlServer, SqlTls } from '../module.ts';
import { sql } from '../text/sql.ts';
import { type Session, TunnelError } from './session.ts';
import { loginErrorKind, SqlError, serverNumber, withoutSecrets } from './sql-error.ts';

/** A connection to a database; one statement at a time. Its methods reject with SqlError. */
export interface SqlConnection extends SqlReader {
  run(statement: Sql): Promise<SqlResult>;
  /** Breaks it off; what is running rejects with `lost`. */
  close(): void;
}

const NO_BACKSLASH_ESCAPES = 512; // a bit of the server status that comes with every result

/** Opens a connection from the host to a database, through the session. Rejects with SqlError or SessionError. */
export async function openSql(session: Session, login: SqlLogin): Promise<MysqlConnection> {
  const where = `${login.socket ?? `${login.host} port ${login.port}`} from ${session.host}`;
  if (login.tls?.ca !== undefined && login.tls.checkHostname && isIP(login.host) !== 0)
    throw new SqlError(
      'denied',
      `${where}: a certificate is of a name: give that as login_host, or check_hostname: false`,
    );
  let stream: Duplex;
  try {
    stream = await tunnel(session, login);
  } catch (error) {
    if (!(error instanceof TunnelError)) throw error;
    throw new SqlError('refused', error.message);
  }
  let inner: mysql.Connection | undefined;
  try {
    inner = await mysql.createConnection({
      stream,
      user: login.user,
      password: login.password,
      ...(login.database !== undefined && { database: login.database }),
      charset: 'utf8mb4',
      connectTimeout: login.connectTimeoutMs,
      // as Ansible: affected rows are those that changed; no reading of files here because a server asks for it
      flags: ['-FOUND_ROWS', '-LOCAL_FILES'],
      typeCast,
      ...(login.tls !== undefined && { host: login.host, ssl: tlsOf(login.tls) }),
    });
    return await MysqlConnection.start(inner, login);
  } catch (error) {
    inner?.destroy();
    stream.destroy();
    if (error instanceof SqlError && error.number === undefined) throw error;
    throw loginError(error, login, where);
  }
}

/** As Ansible: without authorities the certificate is not checked. */
function tlsOf({ ca, cert, key, checkHostname }: SqlTls): mysql.SslOptions {
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    rejectUnauthorized: ca !== undefined,
    verifyIdentity: ca !== undefined && checkHostname,
  };
}

/** The connect timeout is for the tunnel too: a host may try long to reach an address that does not answer. */
async function tunnel(session: Session, login: SqlLogin): Promise<Duplex> {
  const to = login.socket === undefined ? { host: login.host, port: login.port } : { socket: login.socket };
  const opening = session.connect(to);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const why = `no answer within ${login.connectTimeoutMs / 1000} s`;
    timer = setTimeout(() => reject(new TunnelError(session.host, to, why)), login.connectTimeoutMs);
  });
  try {
    return await Promise.race([opening, late]);
  } catch (error) {
    opening.then(
      stream => stream.destroy(),
      () => undefined, // the same error, or it was too late
    );
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function loginError(error: unknown, login: SqlLogin, where: string): SqlError {
  const number = serverNumber(error) ?? (error instanceof SqlError ? error.number : undefined);
  const kind =
    error instanceof SqlError && number !== undefined
      ? loginErrorKind({ errno: number, sqlState: '' })
      : loginErrorKind(error);
  const said = withoutSecrets((error as Error).message, login.password === '' ? [] : [login.password]);
  if (kind === 'refused') return new SqlError(kind, `no database answers at ${where}: ${said}`, { number });
  const what = `cannot log in to the database at ${where} as "${login.user}"`;
  return new SqlError(kind, `${what}: ${said}${advice(number, login)}`, { number });
}

function advice(number: number | undefined, login: SqlLogin): string {
  if (number === 1820 || number === 1862)
    return '; a fresh MySQL gives root such a password: set another on the host with mysql --connect-expired-password';
  if (number !== 1045 && number !== 1698) return '';
  const socket = login.socket !== undefined;
  return socket
    ? '; where the account is known by the socket alone, it is the login user of the connection that counts, not the become user'
    : '; see login_user and login_password (and config_file); an account known by its socket needs login_unix_socket';
}

/** The one implementation of SqlConnection. */
export class MysqlConnection implements SqlConnection {
  readonly server: SqlServer;
  readonly #inner: mysql.Connection;
  readonly #login: SqlLogin;
  #backslash: boolean;
  /** Set when it can no longer be used. */
  dead = false;

  private constructor(inner: mysql.Connection, login: SqlLogin, found: { server: SqlServer; backslash: boolean }) {
    this.#inner = inner;
    this.#login = login;
    this.server = found.server;
    this.#backslash = found.backslash;
    inner.on('error', () => {
      this.dead = true;
    });
    inner.on('end', () => {
      this.dead = true;
    });
  }

  /** Asks a fresh connection what server it is. */
  static async start(inner: mysql.Connection, login: SqlLogin): Promise<MysqlConnection> {
    const [rows] = await inner.query('SELECT @@version AS version, @@version_comment AS comment, @@sql_mode AS mode');
    const { version, comment, mode } = (rows as { version: string; comment: string; mode: string }[])[0] ?? {
      version: '',
      comment: '',
      mode: '',
    };
    const [major = 0, minor = 0, patch = 0] = (version.match(/\d+/g) ?? []).map(Number);
    const kind = /mariadb/i.test(`${version} ${comment}`) ? 'mariadb' : 'mysql';
    const server: SqlServer = { kind, version: major * 10000 + minor * 100 + patch, text: version };
    return new MysqlConnection(inner, login, { server, backslash: !mode.includes('NO_BACKSLASH_ESCAPES') });
  }

  async rows(statement: Sql): Promise<readonly SqlRow[]> {
    return (await this.#query(statement)).rows;
  }

  async run(statement: Sql): Promise<SqlResult> {
    const result = await this.#query(statement);
    if (result.warnings === 0) return { ...result, remarks: [] };
    const { rows } = await this.#query(sql`SHOW WARNINGS`);
    const remarks = rows.map(r => ({
      level: String(r['Level']),
      number: Number(r['Code']),
      message: withoutSecrets(String(r['Message']), statement.secrets),
    }));
    return { ...result, remarks };
  }

  /** Makes the session state that of a new login, and logs in again. False when that did not work: it is closed. */
  async renew(): Promise<boolean> {
    if (this.dead) return false;
    const { user, password, database } = this.#login;
    try {
      await this.#inner.changeUser({ user, password, ...(database !== undefined && { database }) });
      const [rows] = await this.#inner.query('SELECT @@sql_mode AS mode');
      this.#backslash = !String((rows as { mode: string }[])[0]?.mode).includes('NO_BACKSLASH_ESCAPES');
      return !this.dead;
    } catch {
      this.close(); // the next login tells what is wrong
      return false;
    }
  }

  /** Whether the server still answers on it; else it is closed. */
  async alive(): Promise<boolean> {
    if (this.dead) return false;
    try {
      await this.#inner.ping();
    } catch {
      this.close(); // a new one takes its place
    }
    return !this.dead;
  }

  close(): void {
    this.dead = true;
    this.#inner.destroy();
  }

  /** Says goodbye, so that the server does not log a broken connection. */
  async end(): Promise<void> {
    if (this.dead) return;
    this.dead = true;
    await this.#inner.end().catch(() => undefined); // it was lost just now
    this.#inner.destroy();
  }

  async #query(statement: Sql): Promise<Omit<SqlResult, 'remarks'> & { warnings: number }> {
    const shown = String(statement);
    if (this.dead) throw new SqlError('lost', 'the connection to the database was lost', { statement: shown });
    try {
      const [result] = await this.#inner.query(statement.reveal(this.#backslash));
      const sets = Array.isArray(result) ? (result as unknown[]) : [];
      const headers = [result, ...sets].filter((r): r is mysql.ResultSetHeader => isHeader(r));
      const header = headers.at(-1);
      if (header !== undefined) this.#backslash = (header.serverStatus & NO_BACKSLASH_ESCAPES) === 0;
      // of a procedure that selects: the first of its results, as Ansible
      const rows = (Array.isArray(sets[0]) ? sets[0] : isHeader(sets[0]) ? [] : sets) as SqlRow[];
      return {
        rows: rows.map(r => ({ ...r })),
        affected: header?.affectedRows ?? rows.length,
        warnings: header?.warningStatus ?? 0,
      };
    } catch (error) {
      const number = serverNumber(error);
      if (number === undefined || this.dead) this.close();
      const said = withoutSecrets((error as Error).message, statement.secrets);
      if (number !== undefined) throw new SqlError('sql', `${said} (error ${number})`, { number, statement: shown });
      throw new SqlError('lost', `the connection to the database was lost: ${said}`, { statement: shown });
    }
  }
}

function isHeader(value: unknown): value is mysql.ResultSetHeader {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    'affectedRows' in value &&
    'serverStatus' in value
  );
}

type Field = Parameters<Exclude<mysql.ConnectionOptions['typeCast'], boolean | undefined>>[0];

const WHOLE = new Set(['TINY', 'SHORT', 'LONG', 'INT24', 'LONGLONG', 'YEAR']);
const DATES = new Set(['DATETIME', 'TIMESTAMP', 'DATETIME2', 'TIMESTAMP2']);

function typeCast(field: Field): string | number | null {
  const bytes = field.buffer();
  if (bytes === null) return null;
  const text = bytes.toString('utf8');
  const type: string = field.type;
  if (WHOLE.has(type)) return Number.isSafeInteger(Number(text)) ? Number(text) : text;
  if (type === 'FLOAT' || type === 'DOUBLE') return Number(text);
  // as Ansible: ISO 8601
  return DATES.has(type) ? text.replace(' ', 'T') : text;
}
