import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { skipped } from '../../skip.ts';
import { failure, mariadbMissing, Server, Tasks } from './rig.ts';

const missing = mariadbMissing();
if (missing === undefined) {
  const dir = mkdtempSync(join(tmpdir(), 'tplay-mysql-tls-'));
  const path = (name: string) => join(dir, name);
  const words = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout ${path('key')} -out ${path('pem')}`;
  execFileSync('openssl', words.split(' '), { stdio: 'ignore' });
  const server = await Server.start(
    `--ssl-cert=${path('pem')}`,
    `--ssl-key=${path('key')}`,
    '--ssl-ca='.concat(path('pem')),
  );
  await server.sql(
    `CREATE DATABASE shop; CREATE TABLE shop.t (id INT); CREATE DATABASE bare; CREATE USER 'op'@'%' IDENTIFIED BY 'p"w #1'; GRANT ALL ON *.* TO 'op'@'%' WITH GRANT OPTION`,
  );
  const tasks = new Tasks({ login_unix_socket: server.socket });
  const overTcp = new Tasks({ login_port: server.port });
  const get = async (by: Tasks, name: string, args: Readonly<Record<string, unknown>>) => {
    const outcome = await by.run(name, args);
    if (outcome.status !== 'ok') throw new Error(failure(outcome));
    return ('values' in outcome ? outcome.values : {}) as Readonly<Record<string, unknown>>;
  };

  test('what a server is and has is told, all of it or by filter', async () => {
    const all = await get(tasks, 'mysql_info', { return_empty_dbs: true });
    assert.equal(
      Object.keys(all),
      'version databases settings global_status users engines master_status slave_status slave_hosts'.split(' '),
    );
    const { full, major } = all['version'] as { full: string; major: number };
    assert.ok(full.startsWith(`${major}.`) && /MariaDB/.test(full));
    const databases = all['databases'] as Record<string, { size: number }>;
    assert.is(databases['bare']?.size, 0);
    assert.ok((databases['shop']?.size ?? 0) > 0);
    assert.is((all['settings'] as Record<string, unknown>)['port'], server.port);
    assert.not.match(JSON.stringify(all['users']), /\*[0-9A-F]{40}/);
    assert.ok('op' in ((all['users'] as Record<string, object>)['%'] ?? {}));
    assert.equal(Object.keys(await get(tasks, 'mysql_info', { filter: 'version' })), ['version']);
    const most = await get(tasks, 'mysql_info', { filter: ['!settings', '!users'] });
    assert.not.ok('settings' in most || 'users' in most);
    const names = await get(tasks, 'mysql_info', { filter: 'databases', exclude_fields: 'db_size' });
    assert.equal((names['databases'] as Record<string, unknown>)['shop'], {});
    assert.not.ok('bare' in (names['databases'] as object));
  });

  test('user, password and socket come from an option file of the host', async () => {
    const config = path('my.cnf');
    writeFileSync(
      config,
      `# of the test\n[mysqld]\nuser = nobody\n[client]\nuser = op\npassword = 'p"w #1'\n[mysql]\nuser = x\n`,
    );
    const who = async (args: Readonly<Record<string, unknown>>) => {
      const values = await get(overTcp, 'mysql_query', { query: 'SELECT CURRENT_USER() AS me', ...args });
      return (values['query_result'] as { me: string }[][])[0]?.[0]?.me;
    };
    assert.is(await who({ config_file: config }), 'op@%');
    writeFileSync(config, `[client]\nsocket=${server.socket}\n`);
    assert.is(await who({ config_file: config }), 'root@localhost');
    const none = await overTcp.run('mysql_query', { query: 'SELECT 1', config_file: '' });
    assert.match(failure(none), /cannot log in/);
  });

  test('the certificate of the server is checked with ca_cert, and its name', async () => {
    const cipher = async (args: Readonly<Record<string, unknown>>) => {
      const login = { login_user: 'op', login_password: 'p"w #1', query: "SHOW STATUS LIKE 'Ssl_cipher'" };
      return await overTcp.run('mysql_query', { ...login, ...args });
    };
    const shown = async (args: Readonly<Record<string, unknown>>) => {
      const outcome = await cipher(args);
      const values = 'values' in outcome ? outcome.values : undefined;
      return outcome.status === 'failed' ? failure(outcome) : JSON.stringify(values?.['query_result']);
    };
    assert.match(await shown({ ca_cert: path('pem') }), /"Value":"TLS/);
    assert.match(await shown({ check_hostname: false }), /"Value":"TLS/);
    assert.match(await shown({}), /"Value":""/);
    assert.match(await shown({ ca_cert: path('pem'), login_host: '127.0.0.1' }), /a certificate is of a name/);
    assert.match(await shown({ ca_cert: path('pem'), login_host: '127.0.0.1', check_hostname: false }), /"Value":"TLS/);
    assert.match(failure(await cipher({ ca_cert: path('gone') })), /cannot read what the login needs.*gone/);
  });

  test('a dump speaks TLS as its login does', async () => {
    await server.sql("CREATE USER sec@'%' IDENTIFIED BY 'x' REQUIRE X509; GRANT ALL ON *.* TO sec@'%'");
    const pem = { ca_cert: path('pem'), client_cert: path('pem'), client_key: path('key') };
    const dump = (args: Readonly<Record<string, unknown>>) =>
      overTcp.run('mysql_db', {
        ...{ name: 'shop', state: 'dump', target: path('dump.sql'), login_user: 'sec', login_password: 'x' },
        ...args,
      });
    for (const how of [
      pem,
      { ...pem, login_host: '127.0.0.1', check_hostname: false },
      { ...pem, ca_cert: undefined },
    ]) {
      const given = Object.fromEntries(Object.entries(how).filter(([, value]) => value !== undefined));
      const outcome = await dump(given);
      assert.is(outcome.status, 'changed', JSON.stringify(outcome));
    }
    assert.match(failure(await dump({})), /Access denied/);
  });

  test('variables of the session are set before an account is made', async () => {
    const args = { name: 'later', password: 'x', session_vars: { sql_mode: 'ANSI_QUOTES' }, force_context: true };
    assert.is((await tasks.run('mysql_user', args)).status, 'changed');
    assert.is((await tasks.run('mysql_user', args)).status, 'ok');
    const bad = await tasks.run('mysql_user', { name: 'never', session_vars: { no_such: 1 } });
    assert.match(failure(bad), /no_such/);
    assert.equal(await server.sql("SELECT User FROM mysql.user WHERE User = 'never'"), []);
  });

  test('MariaDB keeps no variables by itself', async () => {
    const outcome = await tasks.run('mysql_variables', { variable: 'read_only', value: '0', mode: 'persist' });
    assert.match(failure(outcome), /keeps no variables by itself/);
  });

  test.after(async () => {
    for (const each of [tasks, overTcp]) await each[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true });
  });
} else skipped('what a MariaDB is, and logins by files', missing);

test.run();
