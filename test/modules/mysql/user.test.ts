import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { skipped } from '../../skip.ts';
import { converges, failure, mariadbMissing, Server, Tasks } from './rig.ts';

const missing = mariadbMissing();
if (missing === undefined) {
  const server = await Server.start();
  const tasks = new Tasks({ login_unix_socket: server.socket });
  const user = (args: Record<string, unknown>) => ['mysql_user', args] as const;
  await server.sql('CREATE DATABASE db_tars; CREATE TABLE db_tars.t (a INT, b INT, `c d` INT); CREATE DATABASE other');
  await server.sql('CREATE FUNCTION db_tars.Fun() RETURNS INT RETURN 1');

  test('an account is made, seen as it is, and dropped', async () => {
    const made = await converges(server, tasks, user({ name: 'app', password: 'one', host: '%' }));
    assert.is(made.values['msg'], 'User added');
    assert.ok(await server.logsIn('app', 'one'));
    const gone = await converges(server, tasks, user({ name: 'app', host: '%', state: 'absent' }));
    assert.is(gone.values['msg'], 'User deleted');
    assert.not.ok(await server.logsIn('app', 'one'));
  });

  test('a changed password is set, also when someone else changed it', async () => {
    await converges(server, tasks, user({ name: 'pw', password: 'one', host: '%' }));
    const changed = await converges(server, tasks, user({ name: 'pw', password: 'two', host: '%' }));
    assert.is(changed.values['password_changed'], true);
    assert.ok(await server.logsIn('pw', 'two'));
    await server.sql("SET PASSWORD FOR pw@'%' = PASSWORD('drift')");
    await converges(server, tasks, user({ name: 'pw', password: 'two', host: '%' }));
    const kept = await tasks.run(...user({ name: 'pw', password: 'three', host: '%', update_password: 'on_create' }));
    assert.is(kept.status, 'ok');
    assert.not.ok(JSON.stringify(changed).includes('two'), 'the password is in the outcome');
  });

  test('a password may hold every character', async () => {
    const odd = [
      '\'"`\\',
      "' OR '1'='1",
      '\\',
      "\\'",
      '%s ? :x ${y} {{ z }}',
      'ünï €𝄞',
      ' blank ',
      '\t\n;--\r#/*',
      '*',
      '*'.padEnd(41, 'A'),
    ];
    for (const password of odd) {
      const outcome = await tasks.run(...user({ name: 'odd', password, host: '%' }));
      assert.is(outcome.status, 'changed', password);
      assert.ok(await server.logsIn('odd', password), password);
      assert.is((await tasks.run(...user({ name: 'odd', password, host: '%' }))).status, 'ok', password);
    }
  });

  test('names of accounts and databases may hold every character', async () => {
    const names = [
      "o'brien",
      'back`tick',
      'per%cent_',
      'ünï€',
      'a b',
      '\\',
      'quo"te',
      "x'; DROP USER root@localhost; --",
    ];
    for (const name of names) {
      const args = {
        name,
        host: '%',
        password: 'x',
        priv: { [`\`${name.replaceAll('`', '``')}\`.*`]: 'SELECT,INSERT' },
      };
      await converges(server, tasks, user(args));
      await converges(server, tasks, user({ name, host: '%', state: 'absent' }));
    }
  });

  test('an account of everyone is dropped by its empty name', async () => {
    await server.sql("CREATE USER ''@localhost");
    await converges(server, tasks, user({ name: '', state: 'absent' }));
  });

  test('a hash is taken as it is', async () => {
    const hash = '*6BB4837EB74329105EE4568DDA7DC67ED2CA2AD9'; // of 123456
    await converges(server, tasks, user({ name: 'hashed', host: '%', password: hash, encrypted: true }));
    assert.ok(await server.logsIn('hashed', '123456'));
    assert.is((await tasks.run(...user({ name: 'hashed', host: '%', password: '123456' }))).status, 'ok');
  });

  test('an account may be known by a plugin', async () => {
    await converges(server, tasks, user({ name: 'plug', plugin: 'unix_socket' }));
    await converges(server, tasks, user({ name: 'plug', plugin: 'mysql_native_password', plugin_auth_string: "a'b" }));
    const to = {
      name: 'plug',
      plugin: 'mysql_native_password',
      plugin_hash_string: '*6BB4837EB74329105EE4568DDA7DC67ED2CA2AD9',
    };
    await converges(server, tasks, user(to));
    const ed = await tasks.run(...user({ name: 'ed', plugin: 'ed25519', plugin_auth_string: 'secret-text' }));
    assert.match(failure(ed), /give plugin_hash_string/);
    assert.not.match(failure(ed), /secret-text/);
  });

  test('privileges become exactly those asked for', async () => {
    const base = { name: 'priv', host: 'localhost', password: 'x' };
    await converges(server, tasks, user({ ...base, priv: '*.*:SELECT,PROCESS/db_tars.*:ALL,GRANT/other.*:INSERT' }));
    assert.equal((await server.grants('priv@localhost')).map(l => l.replace(/ IDENTIFIED .*/, '')).sort(), [
      'GRANT ALL PRIVILEGES ON `db_tars`.* TO `priv`@`localhost` WITH GRANT OPTION',
      'GRANT INSERT ON `other`.* TO `priv`@`localhost`',
      'GRANT SELECT, PROCESS ON *.* TO `priv`@`localhost`',
    ]);
    const fewer = await converges(server, tasks, user({ ...base, priv: { '*.*': 'PROCESS', 'db_tars.*': 'SELECT' } }));
    assert.match(String(fewer.values['msg']), /^Privileges updated: granted \[\], revoked \[ALTER,/);
    assert.equal(fewer.diff?.state?.['on other.*'], ['INSERT', '']);
    assert.equal(fewer.diff?.state?.['on db_tars.*'], ['ALL, GRANT', 'SELECT']);
    await server.sql('REVOKE SELECT ON db_tars.* FROM priv@localhost; GRANT DROP ON *.* TO priv@localhost');
    await converges(server, tasks, user({ ...base, priv: { '*.*': 'PROCESS', 'db_tars.*': 'SELECT' } }));
    await converges(server, tasks, user({ ...base, priv: '*.*:USAGE' }));
    assert.is((await server.grants('priv@localhost')).length, 1);
  });

  test('other names of a privilege are the same privilege', async () => {
    const tars =
      'SELECT,INSERT,UPDATE,DELETE,CREATE,DROP,RELOAD,PROCESS,REFERENCES,INDEX,ALTER,CREATE TEMPORARY TABLES,LOCK TABLES,EXECUTE,' +
      'REPLICATION SLAVE,REPLICATION CLIENT,CREATE VIEW,SHOW VIEW,CREATE USER,GRANT';
    await converges(server, tasks, user({ name: 'tarsAdmin', host: '%', password: 'x', priv: `*.*:${tars}` }));
    assert.match((await server.grants("tarsAdmin@'%'"))[0] ?? '', /BINLOG MONITOR.*WITH GRANT OPTION/);
    const names = '*.*:replication replica admin, Replica  Monitor,BINLOG MONITOR,DELETE VERSIONING ROWS';
    await converges(server, tasks, user({ name: 'names', priv: names }));
  });

  test('ALL is the same as all of them, on each level', async () => {
    for (const object of ['*.*', 'db_tars.*', 'db_tars.t', 'FUNCTION db_tars.Fun']) {
      const one = object.startsWith('FUNCTION') ? 'EXECUTE' : 'SELECT';
      for (const priv of ['ALL', 'ALL,GRANT', `GRANT,${one}`, 'ALL PRIVILEGES'])
        await converges(server, tasks, user({ name: 'full', priv: { [object]: priv } }));
      await converges(server, tasks, user({ name: 'full', state: 'absent' }));
    }
    const every =
      'SELECT,INSERT,UPDATE,DELETE,CREATE,DROP,REFERENCES,INDEX,ALTER,CREATE VIEW,SHOW VIEW,TRIGGER,DELETE HISTORY';
    await converges(server, tasks, user({ name: 'full', priv: { 'db_tars.t': every } }));
    assert.match((await server.grants('full@localhost'))[1] ?? '', /ALL PRIVILEGES ON `db_tars`.`t`/);
  });

  test('columns are privileges of their own', async () => {
    await converges(server, tasks, user({ name: 'col', priv: 'db_tars.t:SELECT(a,b),INSERT (`c d`),UPDATE' }));
    await converges(server, tasks, user({ name: 'col', priv: 'db_tars.t:SELECT(b),UPDATE' }));
    assert.match((await server.grants('col@localhost'))[1] ?? '', /GRANT SELECT \(`b`\), UPDATE ON/);
    await converges(server, tasks, user({ name: 'col', priv: '*.*:USAGE' }));
    assert.is((await server.grants('col@localhost')).length, 1);
  });

  test('the wildcards of a database name stay as they are written', async () => {
    await converges(server, tasks, user({ name: 'wild', priv: 'db\\_tars.*:SELECT/`db%`.*:INSERT/db_tars.*:UPDATE' }));
    const grants = await server.grants('wild@localhost');
    assert.ok(grants.some(g => g.includes('`db\\_tars`.*')) && grants.some(g => g.includes('`db_tars`.*')));
  });

  test('privileges are added to or taken from those there are', async () => {
    const base = { name: 'some', priv: 'db_tars.*:SELECT,INSERT/other.*:SELECT' };
    await converges(server, tasks, user(base));
    await converges(server, tasks, user({ name: 'some', priv: 'db_tars.*:UPDATE', append_privs: true }));
    assert.ok(
      (await server.grants('some@localhost')).includes(
        'GRANT SELECT, INSERT, UPDATE ON `db_tars`.* TO `some`@`localhost`',
      ),
    );
    await converges(server, tasks, user({ name: 'some', priv: 'db_tars.*:INSERT,NOSUCH', subtract_privs: true }));
    assert.ok(
      (await server.grants('some@localhost')).includes('GRANT SELECT, UPDATE ON `db_tars`.* TO `some`@`localhost`'),
    );
    await converges(server, tasks, user({ name: 'some', priv: 'db_tars.*:ALL', subtract_privs: true }));
    assert.is((await server.grants('some@localhost')).length, 2);
  });

  test('a privilege that does not exist is named, and nothing is changed', async () => {
    const before = await server.everything();
    assert.match(
      failure(await tasks.run(...user({ name: 'new', priv: '*.*:SELEC' }))),
      /has no privilege SELEC; did you mean SELECT\?/,
    );
    assert.is(await server.everything(), before);
  });

  for (const [priv, message] of [
    ['db_tars.*', 'has no list of privileges'],
    ['db_tars:SELECT', 'names no object'],
    ['a.*:SELECT/a.*:INSERT', 'named before'],
    ['a.*:SELECT; DROP', 'has no list of privileges'],
    ['`a.*:SELECT', 'a quote is not closed'],
    [['a.*:SELECT'], 'write "database.table:PRIVILEGE'],
  ] as const)
    test(`priv ${JSON.stringify(priv)} is refused before anything is asked`, async () => {
      try {
        await tasks.run(...user({ name: 'x', priv }));
        assert.unreachable();
      } catch (error) {
        assert.match((error as Error).message, message);
      }
    });

  test('the login as root without a password is tried first where that is asked for', async () => {
    await using fresh = await Server.start();
    await using own = new Tasks({ login_unix_socket: fresh.socket });
    const secured = {
      name: 'root',
      password: "n<_6'65",
      login_user: 'root',
      login_password: "n<_6'65",
      check_implicit_admin: true,
    };
    assert.is((await own.run('mysql_user', secured)).status, 'changed');
    assert.match(failure(await own.run('mysql_user', { name: 'root', password: "n<_6'65" })), /Access denied/);
    assert.is((await own.run('mysql_user', secured)).status, 'ok');
  });

  test.after(async () => {
    await tasks[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
} else skipped('mysql_user against a MariaDB', missing);

test.run();
