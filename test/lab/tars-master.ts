import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mysql from 'mysql2/promise';
import * as assert from 'uvu/assert';
import { servers } from '../../lab/tars/servers.ts';
import type { Database } from './tars-database.ts';
import { type TarsHost, until } from './tars-host.ts';

const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));

export const alive = (host: TarsHost, server: string) => async (): Promise<boolean> =>
  (await host.monitor(server)) === 0;

/** What a master's installation brings into the databases. */
export async function fillDatabase(database: Database, host: TarsHost, packageDir: string): Promise<void> {
  const read = (file: string): string => host.filled(readFileSync(join(packageDir, file), 'utf8'));
  for (const name of ['db_tars', 'db_tars_web', 'db_user_system', 'tars_stat', 'tars_property']) {
    await database.query(`DROP DATABASE IF EXISTS ${name}; CREATE DATABASE ${name}`);
  }
  await database.query(read('framework/sql/db_tars.sql'), 'db_tars');
  // Twice, since an installation that is run again runs them again.
  for (const file of ['logs', 'master', '', 'logs', 'master', '']) {
    await database.query(read(`framework/sql/tars_servers${file && `_${file}`}.sql`), 'db_tars');
    await database.query(read('framework/sql/tars_node_init.sql'), 'db_tars');
  }
  for (const name of readdirSync(join(packageDir, 'framework/sql/template'))) {
    const parent = servers.some(one => `tars.${one.name}` === name && one.database)
      ? 'tars.framework-db'
      : 'tars.default';
    const values = [name, parent, read(`framework/sql/template/${name}`)].map(text => mysql.escape(text));
    await database.query(
      `INSERT INTO t_profile_template (template_name, parents_name, profile) VALUES (${values.join()})`,
      'db_tars',
    );
  }
  const users = name(packageDir);
  for (const [file, into] of [['web/sql/db_tars_web.sql', 'db_tars_web'], users] as const) {
    await database.query(read(file), into);
  }
}

/** The user system's file, by layout. */
function name(packageDir: string): readonly [string, string] {
  const own = readdirSync(join(packageDir, 'web/sql')).includes('db_user_system.sql');
  return [own ? 'web/sql/db_user_system.sql' : 'web/demo/sql/db_user_system.sql', 'db_user_system'];
}

/** All eleven servers, each found alive. */
export async function startMaster(host: TarsHost): Promise<void> {
  for (const { name } of servers.filter(server => server.name !== 'tarsnode')) {
    assert.equal(await host.binary(name), { status: 0, stderr: '' }, name);
  }
  assert.equal(await host.binary('tarsnode', `--nodeid=${host.address}`), { status: 0, stderr: '' });
  for (const { name } of servers) await until(`${name} answers`, 30, alive(host, name));
}

/** Runs the web, and the user system where the package has one, as long as the body lasts. */
export async function withWeb(host: TarsHost, body: (url: string) => Promise<void>): Promise<void> {
  const web = join(host.webPath, 'web');
  const apps = readdirSync(web).includes('demo') ? [web, join(web, 'demo')] : [web];
  const children: ChildProcess[] = [];
  try {
    for (const app of apps) {
      if (!readdirSync(app).includes('node_modules')) symlinkSync(modules, join(app, 'node_modules'));
      children.push(spawn(process.execPath, ['bin/www'], { cwd: app, stdio: 'inherit' }));
    }
    await body(`http://${host.address}:3000`);
  } finally {
    for (const child of children) child.kill('SIGKILL');
    for (const child of children)
      await until('it has ended', 10, () => child.exitCode !== null || child.signalCode !== null);
  }
}
