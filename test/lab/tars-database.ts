import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { type Login, until } from './tars-host.ts';

/** A MariaDB of the test's own, in its own directory and on a free port; Debian's own one is not touched. */
export class Database {
  readonly login: Login;
  readonly #socket: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, socket: string, login: Login) {
    this.#process = process;
    this.#socket = socket;
    this.login = login;
  }

  /** Why there can be none on this machine, undefined when there can. */
  static missing(): string | undefined {
    if (process.getuid?.() !== 0) return 'needs root';
    return existsSync('/usr/sbin/mariadbd') ? undefined : 'needs /usr/sbin/mariadbd (Debian: mariadb-server)';
  }

  /** Starts it and makes one user with everything. */
  static async start(dir: string, address: string): Promise<Database> {
    const data = join(dir, 'data');
    const socket = join(dir, 'sock');
    mkdirSync(dir, { recursive: true });
    execFileSync('mariadb-install-db', ['--no-defaults', '--user=root', `--datadir=${data}`, '--skip-test-db'], {
      stdio: 'ignore',
    });
    const port = await freePort(address);
    const args = ['--no-defaults', '--user=root', `--datadir=${data}`, `--socket=${socket}`];
    args.push(`--port=${port}`, `--bind-address=${address}`, '--innodb-buffer-pool-size=16M', '--sql-mode=TRADITIONAL');
    const child = spawn('/usr/sbin/mariadbd', args, { stdio: 'ignore' });
    const database = new Database(child, socket, { host: address, port, user: 'tarsAdmin', password: "Tars@'2026\\" });
    try {
      await until('mariadbd answers', 30, () =>
        database.query('SELECT 1').then(
          () => true,
          () => false,
        ),
      );
      const { user, password } = database.login;
      await database.query(`CREATE USER ${user}@'%' IDENTIFIED BY ${mysql.escape(password)}`);
      await database.query(`GRANT ALL ON *.* TO ${user}@'%'`);
    } catch (error) {
      database.stop();
      throw error;
    }
    return database;
  }

  /** Runs statements as root over the socket; the rows of the last. */
  async query(sql: string, database?: string): Promise<Record<string, unknown>[]> {
    const connection = await mysql.createConnection({
      socketPath: this.#socket,
      user: 'root',
      multipleStatements: true,
      ...(database === undefined ? {} : { database }),
    });
    try {
      const [rows] = await connection.query(sql);
      return rows as Record<string, unknown>[];
    } finally {
      await connection.end();
    }
  }

  async count(table: string, where = '1'): Promise<number> {
    const [row] = await this.query(`SELECT COUNT(*) AS n FROM db_tars.${table} WHERE ${where}`);
    return Number(row?.['n']);
  }

  stop(): void {
    this.#process.kill('SIGKILL');
  }
}

async function freePort(address: string): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, address, resolve));
  const bound = server.address();
  await new Promise(resolve => server.close(resolve));
  if (bound === null || typeof bound === 'string') throw new Error('internal: no port');
  return bound.port;
}
