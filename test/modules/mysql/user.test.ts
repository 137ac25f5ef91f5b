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

  test('all accounts of a name are changed together, and none is made', async () => {
    await server.sql("CREATE USER many@a; CREATE USER many@b IDENTIFIED BY 'x'; CREATE ROLE many_role");
    const all = { name: 'many', host_all: true };
    const set = await converges(server, tasks, user({ ...all, password: 'x', priv: 'other.*:SELECT' }));
    assert.equal(set.diff?.state, {
      'login (from a)': ['mysql_native_password, another password or plugin', 'the password asked for'],
      'on other.* (from a)': ['', 'SELECT'],
      'on other.* (from b)': ['', 'SELECT'],
    });
    assert.equal([set.values['password_changed'], set.values['user']], [true, 'many']);
    await server.sql('REVOKE SELECT ON other.* FROM many@b');
    await converges(server, tasks, user({ ...all, password: 'x', priv: 'other.*:SELECT' }));
    await converges(server, tasks, user({ ...all, state: 'absent' }));
    assert.equal(await server.sql("SELECT User FROM mysql.user WHERE User LIKE 'many%'"), [{ User: 'many_role' }]);
    assert.match(failure(await tasks.run(...user({ ...all, password: 'x' }))), /host_all makes none: give host/);
    assert.is((await tasks.run(...user({ ...all, password: 'x' }), { check: true })).status, 'unknown');
  });

  test('an account is bound to encryption, and freed', async () => {
    const bound = { name: 'tls', password: 'x' };
    const required = async () =>
      /REQUIRE (.*)/.exec(Object.values((await server.sql('SHOW CREATE USER tls@localhost'))[0] ?? {}).join())?.[1];
    const made = await converges(server, tasks, user({ ...bound, tls_requires: { ssl: null } }));
    assert.equal(made.diff?.state, { account: ['absent', 'present'], requires: ['NONE', 'SSL'] });
    assert.is(await required(), 'SSL');
    assert.is((await tasks.run(...user(bound))).status, 'ok', 'it stays where nothing is said of it');
    const x509 = await converges(server, tasks, user({ ...bound, tls_requires: { X509: null } }));
    assert.is(x509.values['msg'], 'TLS requires updated');
    const parts = { subject: "/CN=o'x\\y, Inc./O=ü", ISSUER: '/CN=ca', cipher: 'ECDHE-ECDSA-AES256-SHA384' };
    await converges(server, tasks, user({ ...bound, tls_requires: parts }));
    await converges(server, tasks, user({ ...bound, tls_requires: { issuer: '/CN=ca' } }));
    assert.is(await required(), "ISSUER '/CN=ca'");
    await converges(server, tasks, user({ ...bound, tls_requires: null }));
    assert.is(await required(), undefined);
    assert.is((await tasks.run(...user({ ...bound, tls_requires: {} }))).status, 'ok');
  });

  test('what an account may use is limited; what is not named stays', async () => {
    const of = (limits: Record<string, unknown>) => user({ name: 'less', password: 'x', resource_limits: limits });
    await converges(server, tasks, of({ MAX_QUERIES_PER_HOUR: 10, MAX_USER_CONNECTIONS: '3' }));
    const more = await converges(server, tasks, of({ MAX_QUERIES_PER_HOUR: 11, MAX_STATEMENT_TIME: 1.5 }));
    assert.equal(more.diff?.state, { MAX_QUERIES_PER_HOUR: ['10', '11'], MAX_STATEMENT_TIME: ['0', '1.5'] });
    await server.sql('ALTER USER less@localhost WITH MAX_UPDATES_PER_HOUR 4');
    await converges(server, tasks, of({ MAX_QUERIES_PER_HOUR: 0, MAX_USER_CONNECTIONS: -1 }));
    const [row] = await server.sql('SHOW CREATE USER less@localhost');
    assert.match(
      Object.values(row ?? {}).join(),
      /WITH MAX_UPDATES_PER_HOUR 4 MAX_USER_CONNECTIONS -1 MAX_STATEMENT_TIME 1.5/,
    );
  });

  test('a new account of a name takes over how the others log in', async () => {
    await converges(server, tasks, user({ name: 'kin', host: 'a', password: 'one' }));
    const args = { name: 'kin', password: 'two', update_password: 'on_new_username' };
    const taken = await converges(server, tasks, user({ ...args, host: '%' }));
    assert.is(taken.values['password_changed'], false);
    assert.ok(await server.logsIn('kin', 'one'));
    await server.sql("SET PASSWORD FOR kin@a = PASSWORD('other')");
    const own = await converges(server, tasks, user({ ...args, host: 'c' }));
    assert.is(own.values['password_changed'], true);
    const [row] = await server.sql(
      "SELECT authentication_string = PASSWORD('two') AS same FROM mysql.user WHERE Host = 'c'",
    );
    assert.equal(row, { same: 1 });
    assert.is((await tasks.run(...user({ ...args, host: 'c', password: 'three' }))).status, 'ok');
    await server.sql('CREATE USER sock@a IDENTIFIED VIA unix_socket');
    await converges(server, tasks, user({ name: 'sock', update_password: 'on_new_username', password: 'x' }));
    assert.equal(await server.sql("SELECT plugin FROM mysql.user WHERE User = 'sock' AND Host = 'localhost'"), [
      { plugin: 'unix_socket' },
    ]);
  });

  for (const [given, message] of [
    [{ tls_requires: { nope: 1 } }, '"nope" is none of ssl, x509'],
    [{ tls_requires: { ssl: null, subject: '/CN=x' } }, 'ssl stands alone'],
    [{ tls_requires: { subject: '' } }, 'subject needs a text'],
    [{ tls_requires: 'ssl' }, 'tls_requires is a mapping'],
    [{ resource_limits: { MAX_QUERIES_PER_HOR: 1 } }, 'did you mean "MAX_QUERIES_PER_HOUR"?'],
    [{ resource_limits: { MAX_QUERIES_PER_HOUR: 'x' } }, 'is a number from 0, not "x"'],
    [{ resource_limits: { MAX_QUERIES_PER_HOUR: -1 } }, 'is a number from 0, not -1'],
  ] as const)
    test(`${JSON.stringify(given)} is refused before anything is asked`, async () => {
      await tasks.run(...user({ name: 'x', ...given })).then(
        () => assert.unreachable(),
        (error: Error) => assert.ok(error.message.includes(message), error.message),
      );
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
