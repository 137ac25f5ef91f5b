import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2/promise';
import * as assert from 'uvu/assert';
import { driveSql } from '../../../lib/engine/drive/sql.ts';
import type { Locals, Module } from '../../../lib/module.ts';
import { modules } from '../../../lib/modules/index.ts';
import type { Outcome } from '../../../lib/outcome.ts';
import { coerceArgs } from '../../../lib/playbook/coerce.ts';
import type { Session } from '../../../lib/remote/session.ts';
import { makeSessions } from '../../../lib/remote/sessions.ts';
import { SqlPool } from '../../../lib/remote/sql-pool.ts';
import { freePort } from '../../ssh/sshd.ts';

export type Args = Readonly<Record<string, unknown>>;

/** Why no MariaDB can be started here; undefined when one can. */
export function mariadbMissing(): string | undefined {
  if (!existsSync('/usr/sbin/mariadbd')) return 'no /usr/sbin/mariadbd (Debian: mariadb-server)';
  // a fresh MariaDB lets root in by its socket, and only root
  return process.getuid?.() === 0 ? undefined : 'needs root';
}

/** A MariaDB of the test's own: own folder, port and socket; gone with the test. */
export class Server implements AsyncDisposable {
  readonly folder: string;
  readonly socket: string;
  readonly port: number;
  readonly #process: ChildProcess;

  private constructor(folder: string, port: number, options: readonly string[]) {
    this.folder = folder;
    this.socket = join(folder, 'sock');
    this.port = port;
    const own = [`--datadir=${join(folder, 'data')}`, `--socket=${this.socket}`, `--port=${port}`];
    const small = [
      '--bind-address=127.0.0.1',
      '--innodb-buffer-pool-size=16M',
      '--skip-innodb-buffer-pool-load-at-startup',
    ];
    const log = `--log-error=${join(folder, 'log')}`;
    const args = ['--no-defaults', '--user=root', ...own, ...small, log, ...options];
    this.#process = spawn('/usr/sbin/mariadbd', args, { stdio: 'ignore' });
  }

  static async start(...options: string[]): Promise<Server> {
    const folder = mkdtempSync(join(tmpdir(), 'tplay-test-mysql-'));
    chmodSync(folder, 0o755); // others connect to the socket
    const install = ['--no-defaults', '--user=root', `--datadir=${join(folder, 'data')}`, '--skip-test-db'];
    execFileSync('mariadb-install-db', install, { stdio: 'ignore' });
    const server = new Server(folder, await freePort(), options);
    for (let i = 0; i < 600 && server.#process.exitCode === null; i++) {
      const up = await server.sql('SELECT 1').then(
        () => true,
        () => false, // not yet
      );
      if (up) return server;
      await sleep(50);
    }
    const log = existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : '';
    await server[Symbol.asyncDispose]();
    throw new Error(`mariadbd did not start: ${log}`);
  }

  /** Runs statements as root through the socket, beside the code under test; the rows of the last one. */
  async sql(text: string): Promise<Record<string, unknown>[]> {
    const connection = await mysql.createConnection({
      socketPath: this.socket,
      user: 'root',
      multipleStatements: true,
    });
    try {
      const [rows] = await connection.query(text);
      return (Array.isArray((rows as unknown[])[0]) ? (rows as unknown[][]).at(-1) : rows) as Record<string, unknown>[];
    } finally {
      await connection.end();
    }
  }

  /** Whether an account can log in by TCP with a password. */
  async logsIn(user: string, password: string): Promise<boolean> {
    try {
      const connection = await mysql.createConnection({ host: '127.0.0.1', port: this.port, user, password });
      await connection.end();
      return true;
    } catch {
      return false;
    }
  }

  async grants(account: string): Promise<string[]> {
    return (await this.sql(`SHOW GRANTS FOR ${account}`)).map(row => String(Object.values(row)[0]));
  }

  /** Everything that a module could change: accounts, privileges, databases, tables, variables. */
  async everything(): Promise<string> {
    const tables = ['global_priv', 'db', 'tables_priv', 'columns_priv', 'procs_priv'];
    const parts: unknown[] = [];
    for (const table of tables) parts.push(await this.sql(`SELECT * FROM mysql.${table}`));
    parts.push(await this.sql('SELECT * FROM information_schema.SCHEMATA'));
    parts.push(
      await this.sql(
        "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_ROWS FROM information_schema.TABLES WHERE TABLE_SCHEMA NOT IN ('information_schema', 'performance_schema', 'sys', 'mysql')",
      ),
    );
    const volatile =
      'gtid|timestamp|pseudo|last_insert|error_count|warning_count|identity|rand_seed|in_transaction|binlog_pos';
    parts.push(await this.sql(`SHOW GLOBAL VARIABLES WHERE Variable_name NOT REGEXP '${volatile}'`));
    return JSON.stringify(parts, (key, value) => (key === 'Timestamp' ? undefined : value));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = new Promise(resolve => this.#process.once('exit', resolve));
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGKILL');
      await gone;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs tasks against a server as the engine does, from a session. */
export class Tasks implements AsyncDisposable {
  readonly pool = new SqlPool();
  readonly #sessions = makeSessions();
  readonly #login: Args;
  #session: Promise<Session> | undefined;

  /** `login` is given to every task that does not say otherwise. */
  constructor(login: Args, session?: Promise<Session>) {
    this.#login = login;
    this.#session = session;
  }

  session(): Promise<Session> {
    this.#session ??= this.#sessions.open({ name: 'db1', transport: 'local', address: 'localhost' }, undefined);
    return this.#session;
  }

  async run(
    name: string,
    args: Args,
    options: {
      check?: boolean;
      locals?: Locals;
      environment?: Readonly<Record<string, string>>;
      timeoutMs?: number;
      signal?: AbortSignal;
    } = {},
  ): Promise<Outcome> {
    const module: Module | undefined = (await modules[name]?.())?.default;
    if (module?.kind !== 'sql') throw new Error(`there is no sql module ${name}`);
    const given = new Map(Object.entries({ ...this.#login, ...args }).map(([key, value]) => [key, { value }]));
    const { args: checked, faults } = coerceArgs(name, module.args, given);
    const fault = faults[0]?.message ?? module.check?.(checked as never);
    if (fault !== undefined) throw new Error(fault);
    const { check = false, locals = new Map(), ...rest } = options;
    return driveSql(module, checked as never, {
      session: await this.session(),
      sql: this.pool,
      check,
      diff: true,
      locals,
      ...rest,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pool[Symbol.asyncDispose]();
    await this.#sessions[Symbol.asyncDispose]();
  }
}

type Changed = Extract<Outcome, { status: 'changed' }>;

/** Dry run, for real, again, dry run again: predicted, done, then nothing to do; what the first one gave. */
export async function converges(
  server: Server,
  tasks: Tasks,
  task: readonly [module: string, args: Args],
): Promise<Changed> {
  const before = await server.everything();
  const predicted = await tasks.run(...task, { check: true });
  assert.is(predicted.status, 'changed', JSON.stringify(predicted));
  assert.is(await server.everything(), before, 'the dry run changed something');
  const first = await tasks.run(...task);
  if (first.status !== 'changed') throw new Error(`first: ${JSON.stringify(first)}`);
  assert.equal(first.diff, (predicted as Changed).diff, 'the dry run predicted something else');
  for (const check of [false, true]) {
    const again = await tasks.run(...task, { check });
    assert.is(again.status, 'ok', `again: ${JSON.stringify(again)}`);
  }
  return first;
}

/** The message of a task that must fail. */
export function failure(outcome: Outcome): string {
  assert.is(outcome.status, 'failed', JSON.stringify(outcome));
  return outcome.status === 'failed' ? outcome.message : '';
}
