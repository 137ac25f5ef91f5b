import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Outcome } from '../../../lib/outcome.ts';
import { skipped } from '../../skip.ts';
import { converges, failure, mariadbMissing, Server, Tasks } from './rig.ts';

const missing = mariadbMissing();
if (missing === undefined) {
  const primary = await Server.start('--server-id=1', '--log-bin=bin');
  const replica = await Server.start('--server-id=2', '--log-bin=bin');
  const onPrimary = new Tasks({ login_unix_socket: primary.socket });
  const onReplica = new Tasks({ login_unix_socket: replica.socket });
  const password = 're\'pl\\"ica';
  const valuesOf = (outcome: Outcome) => ('values' in outcome ? outcome.values : undefined) ?? {};
  const replicate = (args: Record<string, unknown>) => onReplica.run('mysql_replication', args);

  /** Waits until a query gives a row on the replica. */
  async function arrives(query: string): Promise<void> {
    for (let i = 0; i < 100; i++) {
      const rows = await replica.sql(query).catch(() => []);
      if (rows.length > 0) return;
      await sleep(50);
    }
    assert.unreachable(`${query} never had a row: ${JSON.stringify(await replica.sql('SHOW SLAVE STATUS'))}`);
  }

  test('a server tells whether it is a primary and whether it is a replica', async () => {
    const bin = valuesOf(await onPrimary.run('mysql_replication', { mode: 'getprimary' }, { check: true }));
    assert.equal(
      [bin['Is_Primary'], bin['File'], typeof bin['Position'], bin['queries']],
      [true, 'bin.000001', 'number', []],
    );
    for (const mode of ['getreplica', 'getslave']) assert.is(valuesOf(await replicate({ mode }))['Is_Replica'], false);
    await using none = await Server.start();
    await using tasks = new Tasks({ login_unix_socket: none.socket });
    assert.is(valuesOf(await tasks.run('mysql_replication', { mode: 'getmaster' }))['Is_Primary'], false);
  });

  test('a replica cannot start before it knows its primary', async () => {
    assert.match(failure(await replicate({ mode: 'startreplica' })), /follows no primary: run changeprimary first/);
    const dry = await onReplica.run('mysql_replication', { mode: 'startreplica' }, { check: true });
    assert.is(dry.status, 'unknown', 'in a dry run a task before may do that');
    assert.is((await replicate({ mode: 'stopreplica' })).status, 'ok');
  });

  test('a replica is pointed at its primary, started, stopped and started again', async () => {
    await converges(primary, onPrimary, [
      'mysql_user',
      { name: 'repl', host: '%', password, priv: '*.*:REPLICATION SLAVE' },
    ]);
    const where = valuesOf(await onPrimary.run('mysql_replication', { mode: 'getprimary' }));
    const same = {
      mode: 'changeprimary',
      primary_host: '127.0.0.1',
      master_port: primary.port,
      primary_user: 'repl',
      primary_password: password,
      primary_connect_retry: 1,
    };
    const change = { ...same, primary_log_file: where['File'], primary_log_pos: where['Position'] };
    const changed = await converges(replica, onReplica, ['mysql_replication', change]);
    assert.not.ok(JSON.stringify(changed).includes("re'pl"), 'the password is in the outcome');
    assert.match(
      String((changed.values['queries'] as string[])[0]),
      /^CHANGE MASTER TO MASTER_HOST = '127\.0\.0\.1'.*MASTER_PASSWORD = '\*\*\*'$/,
    );
    await converges(replica, onReplica, ['mysql_replication', { mode: 'startreplica' }]);
    await primary.sql('CREATE DATABASE shop; CREATE TABLE shop.t (a INT); INSERT INTO shop.t VALUES (1)');
    await arrives('SELECT * FROM shop.t');
    assert.is((await replicate(change)).status, 'ok', 'the position moved on and counts no more');
    const status = valuesOf(await replicate({ mode: 'getreplica' }));
    assert.equal(
      [status['Is_Replica'], status['Slave_IO_Running'], status['Master_Port']],
      [true, 'Yes', primary.port],
    );
    await converges(replica, onReplica, ['mysql_replication', { mode: 'stopslave' }]);
    await replica.sql("CHANGE MASTER TO MASTER_USER = 'drift'");
    const repaired = await converges(replica, onReplica, ['mysql_replication', same]);
    assert.equal(repaired.diff?.state, { user: ['drift', 'repl'] });
  });

  test('a replica follows by GTID', async () => {
    const change = {
      mode: 'changeprimary',
      primary_host: '127.0.0.1',
      primary_port: primary.port,
      primary_use_gtid: 'replica_pos',
    };
    await replica.sql(
      `SET GLOBAL gtid_slave_pos = '${(await primary.sql('SELECT @@gtid_binlog_pos AS p'))[0]?.['p']}'`,
    );
    await converges(replica, onReplica, ['mysql_replication', change]);
    await converges(replica, onReplica, ['mysql_replication', { mode: 'startslave' }]);
    await primary.sql('INSERT INTO shop.t VALUES (2)');
    await arrives('SELECT * FROM shop.t WHERE a = 2');
    const running = await replicate({ ...change, primary_port: 1 });
    assert.match(failure(running), /mysql_replication: .*STOP (SLAVE|REPLICA).*first/i);
  });

  test('a password that the primary refuses is set again', async () => {
    await primary.sql("SET sql_log_bin = 0; SET PASSWORD FOR repl@'%' = PASSWORD('other')");
    await replica.sql('STOP SLAVE; START SLAVE');
    for (let i = 0; i < 100; i++) {
      const row = (await replica.sql('SHOW SLAVE STATUS'))[0];
      if (row?.['Last_IO_Errno'] === 1045) break;
      await sleep(50);
    }
    await replica.sql('STOP SLAVE');
    const change = {
      mode: 'changeprimary',
      primary_host: '127.0.0.1',
      primary_user: 'repl',
      primary_password: 'other',
    };
    const changed = await replicate(change);
    assert.equal(changed.status === 'changed' && changed.diff?.state, {
      password: ['refused by the primary', 'as given'],
    });
    await converges(replica, onReplica, ['mysql_replication', { mode: 'startreplica' }]);
    await primary.sql('INSERT INTO shop.t VALUES (3)');
    await arrives('SELECT * FROM shop.t WHERE a = 3');
    assert.is((await replicate(change)).status, 'ok');
  });

  test('a named connection is one of its own', async () => {
    const named = { connection_name: "o'ther", primary_host: '127.0.0.2' };
    await converges(replica, onReplica, ['mysql_replication', { mode: 'changemaster', ...named }]);
    assert.is(valuesOf(await replicate({ mode: 'getreplica', ...named }))['Master_Host'], '127.0.0.2');
    await converges(replica, onReplica, ['mysql_replication', { mode: 'resetreplicaall', ...named }]);
    assert.is(valuesOf(await replicate({ mode: 'getreplica' }))['Master_Host'], '127.0.0.1');
  });

  test('a reset forgets, and is a command where no state shows it', async () => {
    await replicate({ mode: 'stopreplica' });
    assert.is((await replicate({ mode: 'resetreplica' })).status, 'changed');
    await converges(replica, onReplica, ['mysql_replication', { mode: 'resetreplicaall' }]);
    assert.is((await onPrimary.run('mysql_replication', { mode: 'resetprimary' }, { check: true })).status, 'changed');
    assert.is((await onPrimary.run('mysql_replication', { mode: 'resetmaster' })).status, 'changed');
    assert.is(valuesOf(await onPrimary.run('mysql_replication', { mode: 'getprimary' }))['File'], 'bin.000001');
  });

  test('what makes no sense is refused', async () => {
    for (const [args, message] of [
      [{ mode: 'changeprimary' }, /needs primary_host/],
      [{ mode: 'startreplica', fail_on_error: false }, /use ignore_errors/],
      [{ mode: 'getreplica', channel: 'a', connection_name: 'b' }, /only one of/],
    ] as const)
      await replicate(args).then(
        () => assert.unreachable(),
        (error: Error) => assert.match(error.message, message),
      );
  });

  test.after(async () => {
    for (const each of [onPrimary, onReplica, primary, replica]) await each[Symbol.asyncDispose]();
  });
} else skipped('replication between two MariaDBs', missing);

test.run();
