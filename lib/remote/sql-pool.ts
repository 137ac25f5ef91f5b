import type { SqlLogin } from '../module.ts';
import type { Session } from './session.ts';
import { type MysqlConnection, openSql, type SqlConnection } from './sql.ts';

/** A connection lent to one task; disposing gives it back. */
export type SqlLease = SqlConnection & AsyncDisposable;

/**
 * The database connections of one run. A task gets one of its own with the state of a new login (no transaction, lock,
 * session variable or chosen database is left of the task before); what it opened is used again by the next one.
 */
export class SqlPool implements AsyncDisposable {
  readonly #idle = new WeakMap<Session, Map<string, Promise<MysqlConnection | undefined>[]>>();
  readonly #all = new Set<MysqlConnection>();
  #closed = false;

  /** Rejects with SqlError or SessionError. */
  async open(session: Session, login: SqlLogin): Promise<SqlLease> {
    const key = JSON.stringify([
      login.host,
      login.port,
      login.socket,
      login.user,
      login.password,
      login.database,
      login.tls,
    ]);
    const idle = this.#idleOf(session, key);
    for (let next = idle.pop(); next !== undefined; next = idle.pop()) {
      const connection = await next;
      // a server that was restarted a moment ago may have closed it
      if (connection !== undefined && (await connection.alive())) return this.#lend(connection, idle);
    }
    const connection = await openSql(session, login);
    this.#all.add(connection);
    return this.#lend(connection, idle);
  }

  #idleOf(session: Session, key: string): Promise<MysqlConnection | undefined>[] {
    const ofSession = this.#idle.get(session) ?? new Map<string, Promise<MysqlConnection | undefined>[]>();
    this.#idle.set(session, ofSession);
    const idle = ofSession.get(key) ?? [];
    ofSession.set(key, idle);
    return idle;
  }

  #lend(connection: MysqlConnection, idle: Promise<MysqlConnection | undefined>[]): SqlLease {
    return {
      server: connection.server,
      rows: statement => connection.rows(statement),
      run: statement => connection.run(statement),
      close: () => connection.close(),
      [Symbol.asyncDispose]: async () => {
        // renewed at once, not when it is lent again: a lock left behind would stop other hosts; nobody waits for it
        if (this.#closed) await connection.end();
        else idle.push(this.#renewed(connection));
      },
    };
  }

  async #renewed(connection: MysqlConnection): Promise<MysqlConnection | undefined> {
    if (await connection.renew()) return connection;
    this.#all.delete(connection);
    return undefined;
  }

  /** Ends all connections; to be done before the sessions are closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map(connection => connection.end()));
  }
}
