import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SessionError } from '../../../lib/remote/session.ts';
import { makeSessions } from '../../../lib/remote/sessions.ts';
import { skipped } from '../../skip.ts';
import { freePort, sshdMissing, startSshd } from '../../ssh/sshd.ts';
import { makeUser, usersMissing } from '../../ssh/user.ts';
import { converges, failure, mariadbMissing, Server, Tasks } from './rig.ts';

const missing = mariadbMissing();
if (missing === undefined) {
  const server = await Server.start();
  const password = 'S3cr3t\'\\"word';
  await server.sql(
    "CREATE USER adm@'%' IDENTIFIED BY 'S3cr3t''\\\\\"word'; GRANT ALL ON *.* TO adm@'%' WITH GRANT OPTION",
  );
  const tcp = { login_port: server.port, login_user: 'adm', login_password: password };
  const one = { query: 'SELECT CURRENT_USER() AS u' };

  test('a login by TCP takes any password', async () => {
    await using tasks = new Tasks(tcp);
    const outcome = await tasks.run('mysql_query', one);
    assert.equal('values' in outcome && outcome.values?.['query_result'], [[{ u: 'adm@%' }]]);
    await converges(server, tasks, ['mysql_db', { name: 'tcp' }]);
  });

  test('a wrong password is told without it; a dry run does not know whether it is wrong', async () => {
    await using tasks = new Tasks({ ...tcp, login_password: 'wrong-password' });
    const message = failure(await tasks.run('mysql_db', { name: 'x' }));
    assert.match(
      message,
      /^mysql_db: cannot log in to the database at localhost port \d+ from db1 as "adm": Access denied for user 'adm'@/,
    );
    assert.match(message, /see login_user and login_password \(and config_file\)/);
    assert.not.match(message, /wrong-password/);
    const dry = await tasks.run('mysql_db', { name: 'x' }, { check: true });
    assert.match(dry.status === 'unknown' ? dry.why : dry.status, /^the database does not let this login in yet: /);
  });

  test('no server is told with where it was looked for; a dry run does not know', async () => {
    const port = await freePort();
    for (const [login, where] of [
      [{ login_port: port }, `localhost port ${port}`],
      [{ login_unix_socket: '/nonexistent/mysqld.sock' }, '/nonexistent/mysqld.sock'],
    ] as const) {
      await using tasks = new Tasks(login);
      const message = failure(await tasks.run('mysql_query', one));
      assert.ok(message.startsWith(`mysql_query: db1: cannot reach ${where} from the host: `), message);
      const dry = await tasks.run('mysql_query', one, { check: true });
      assert.match(dry.status === 'unknown' ? dry.why : dry.status, /^the database does not answer yet: /);
    }
  });

  test('something that is no database does not hold the task up', async () => {
    const silent = createServer(socket => socket.on('error', () => undefined));
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address() as { port: number };
    await using tasks = new Tasks({ login_host: '127.0.0.1', login_port: address.port, connect_timeout: 1 });
    const start = Date.now();
    assert.match(
      failure(await tasks.run('mysql_query', one)),
      /no database answers at 127\.0\.0\.1 port \d+ from db1: /,
    );
    assert.ok(Date.now() - start < 8000);
    silent.close();
  });

  test('a database that is not there yet is an error, and not known in a dry run', async () => {
    await using tasks = new Tasks(tcp);
    assert.match(failure(await tasks.run('mysql_query', { ...one, login_db: 'nope' })), /Unknown database 'nope'/);
    assert.is((await tasks.run('mysql_query', { ...one, login_db: 'nope' }, { check: true })).status, 'unknown');
  });

  test('a task that takes too long fails, and the next one works', async () => {
    await using tasks = new Tasks(tcp);
    const slow = await tasks.run('mysql_query', { query: 'SELECT SLEEP(20)' }, { timeoutMs: 300 });
    assert.is(slow.status === 'failed' && slow.reason, 'timeout');
    assert.is((await tasks.run('mysql_query', one)).status, 'ok');
  });

  test('a run that is stopped does not wait for a query', async () => {
    await using tasks = new Tasks(tcp);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 200);
    try {
      await tasks.run('mysql_query', { query: 'SELECT SLEEP(20)' }, { signal: stop.signal });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, SessionError);
    }
  });

  test('a connection is used again, and a new one opened when the server closed it', async () => {
    await using tasks = new Tasks(tcp);
    const id = async () => {
      const outcome = await tasks.run('mysql_query', { query: 'SELECT CONNECTION_ID() AS id' });
      return ('values' in outcome && (outcome.values?.['query_result'] as { id: number }[][])[0]?.[0]?.id) as number;
    };
    /** The connections that sleep now, once there are `count` of them: seen by the server, so nothing depends on speed. */
    const asleep = async (count: number) => {
      for (let tries = 0; tries < 300; tries++) {
        const query = "SELECT id FROM information_schema.processlist WHERE info = 'SELECT SLEEP(60)'";
        const rows = await server.sql(query);
        if (rows.length === count) return rows.map(row => Number(Object.values(row)[0]));
        await new Promise(resolve => setTimeout(resolve, 100));
      }
      throw new Error(`there were never ${count} connections at once`);
    };
    const sleep = () => tasks.run('mysql_query', { query: 'SELECT SLEEP(60)' });
    const first = await id();
    assert.is(await id(), first);
    const both = Promise.all([sleep(), sleep()]);
    for (const each of await asleep(2)) await server.sql(`KILL ${each}`);
    for (const killed of await both)
      assert.match(failure(killed), /the connection to the database was lost|Connection was killed/);
    const next = await id();
    assert.ok(next > first);
    await server.sql(`KILL ${next}`);
    assert.ok((await id()) > next, 'a connection that was closed while nobody used it is not used again');
  });

  test('an error of the server never shows a password', async () => {
    await server.sql("SET GLOBAL sql_mode = ''");
    await using tasks = new Tasks(tcp);
    await server.sql("INSTALL SONAME 'simple_password_check'").catch(() => undefined); // where the package has it
    for (const user of ['weak', 'x'.repeat(200)]) {
      const outcome = await tasks.run('mysql_user', { name: user, password: 'aaa-secret' });
      if (outcome.status === 'failed') assert.not.match(JSON.stringify(outcome), /aaa-secret/);
      else assert.is(user, 'weak');
    }
    await server.sql("UNINSTALL SONAME 'simple_password_check'").catch(() => undefined);
  });

  const noSshd = sshdMissing();
  if (noSshd !== undefined) skipped('the database modules through ssh', noSshd);
  else {
    test('through ssh by port and by socket; root is known by its socket', async () => {
      await using sshd = await startSshd();
      await using sessions = makeSessions({ home: sshd.folder });
      for (const login of [{ login_unix_socket: server.socket }, tcp]) {
        await using tasks = new Tasks(login, sessions.open(sshd.connection(), undefined));
        await converges(server, tasks, ['mysql_user', { name: 'far', password, host: '%', priv: 'mysql.*:SELECT' }]);
        await converges(server, tasks, ['mysql_user', { name: 'far', host: '%', state: 'absent' }]);
        const big = await tasks.run('mysql_query', {
          query: "SELECT REPEAT('x', 3000000) AS t, %s AS u",
          positional_args: ['y'.repeat(3_000_000)],
        });
        const [[row]] = ('values' in big ? big.values?.['query_result'] : []) as [[{ t: string; u: string }]];
        assert.is(row.t.length + row.u.length, 6_000_000);
      }
      const port = await freePort();
      await using nobody = new Tasks({ login_port: port }, sessions.open(sshd.connection(), undefined));
      assert.match(
        failure(await nobody.run('mysql_query', one)),
        new RegExp(`cannot reach localhost port ${port} from the host: `),
      );
      await using nothing = new Tasks(
        { login_unix_socket: join(server.folder, 'no') },
        sessions.open(sshd.connection(), undefined),
      );
      assert.match(failure(await nothing.run('mysql_query', one)), /cannot reach .*\/no from the host: /);
    });

    test('a host that forbids tunnels says so', async () => {
      await using sshd = await startSshd({ config: ['AllowTcpForwarding no'] });
      await using sessions = makeSessions({ home: sshd.folder });
      await using tasks = new Tasks(tcp, sessions.open(sshd.connection(), undefined));
      assert.match(failure(await tasks.run('mysql_query', one)), /cannot reach localhost port \d+ from the host: ./);
    });

    test('an account known by the socket is that of the user who logs in by ssh', async () => {
      const lacking = usersMissing();
      if (lacking !== undefined) return skipped('a user of the test', lacking);
      await using user = await makeUser();
      await using sshd = await startSshd();
      await server.sql(`CREATE USER ${user.name}@localhost IDENTIFIED VIA unix_socket`);
      await using sessions = makeSessions({ home: sshd.folder });
      const login = { login_unix_socket: server.socket, login_user: user.name };
      await using tasks = new Tasks(login, sessions.open(sshd.connection({ user: user.name }), undefined));
      const outcome = await tasks.run('mysql_query', one);
      assert.equal('values' in outcome && outcome.values?.['query_result'], [[{ u: `${user.name}@localhost` }]]);
      assert.match(
        failure(await tasks.run('mysql_query', { ...one, login_user: 'root' })),
        /Access denied for user 'root'@'localhost'/,
      );
    });
  }

  test('the socket is opened by the login user, whoever the task becomes', async () => {
    await server.sql('CREATE USER nobody@localhost IDENTIFIED VIA unix_socket');
    await using sessions = makeSessions();
    const become = { method: 'sudo', user: 'nobody' } as const;
    const session = sessions.open({ name: 'db1', transport: 'local', address: 'localhost' }, become);
    await using tasks = new Tasks({ login_unix_socket: server.socket }, session);
    assert.match(
      failure(await tasks.run('mysql_query', { ...one, login_user: 'nobody' })),
      /it is the login user of the connection that counts, not the become user/,
    );
    assert.is((await tasks.run('mysql_query', one)).status, 'ok');
  });

  test.after(() => server[Symbol.asyncDispose]());
} else skipped('the login to a MariaDB', missing);

test.run();
