import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { skipped } from '../../skip.ts';
import { converges, failure, mariadbMissing, Server, Tasks } from './rig.ts';

const missing = mariadbMissing();
if (missing === undefined) {
  const server = await Server.start();
  const tasks = new Tasks({ login_unix_socket: server.socket });
  const shop = { login_db: 'shop' };
  await server.sql('CREATE DATABASE shop; CREATE TABLE shop.t (id INT PRIMARY KEY, name TEXT)');

  test('databases are created and dropped', async () => {
    const names = ['one', 'two `2`', "o'x", 'per%_', 'ünï', '\\', 'a.b/c'];
    const made = await converges(server, tasks, [
      'mysql_db',
      { name: names, encoding: 'utf8mb4', collation: 'utf8mb4_bin' },
    ]);
    assert.is(made.values['db'], names.join(' '));
    assert.equal(
      (made.values['executed_commands'] as string[])[1],
      "CREATE DATABASE `two ``2``` CHARACTER SET 'utf8mb4' COLLATE 'utf8mb4_bin'",
    );
    await server.sql('DROP DATABASE one');
    const again = await converges(server, tasks, ['mysql_db', { name: names }]);
    assert.equal(again.diff?.state, { 'database one': ['absent', 'present'] });
    await converges(server, tasks, ['mysql_db', { name: names, state: 'absent' }]);
  });

  test('a name that cannot be is refused', async () => {
    for (const name of ['all', 'x'.repeat(65), ''])
      await tasks.run('mysql_db', { name: [name] }).then(
        () => assert.unreachable(),
        (error: Error) => assert.match(error.message, /database name|all is for state: dump/),
      );
    assert.match(
      failure(await tasks.run('mysql_db', { name: 'x', encoding: 'nope' })),
      /Unknown character set: 'nope'/,
    );
  });

  test('what a query reads comes back as plain data', async () => {
    const query =
      "SELECT 1 AS i, 12345678901234567890 AS big, 1.50 AS dec_, CAST(1.5 AS DOUBLE) AS f, NULL AS n, 'ü€𝄞' AS t, " +
      "CAST('2020-01-02 03:04:05' AS DATETIME) AS dt, CAST('2020-01-02' AS DATE) AS d, TIME('10:00') AS tm, b'1' AS bit_, JSON_OBJECT('a', 1) AS j, 1 = 1 AS b";
    const outcome = await tasks.run('mysql_query', { query }, { check: true });
    assert.is(outcome.status, 'ok');
    assert.equal('values' in outcome && outcome.values?.['query_result'], [
      [
        {
          i: 1,
          big: '12345678901234567890',
          dec_: '1.50',
          f: 1.5,
          n: null,
          t: 'ü€𝄞',
          dt: '2020-01-02T03:04:05',
          d: '2020-01-02',
          tm: '10:00:00',
          bit_: '\u0001',
          j: '{"a": 1}',
          b: 1,
        },
      ],
    ]);
    assert.equal('values' in outcome && outcome.values?.['rowcount'], [1]);
  });

  test('a query is a change when it changed rows', async () => {
    const run = async (query: unknown, more = {}) => {
      const outcome = await tasks.run('mysql_query', { ...shop, query, ...more });
      return [outcome.status, 'values' in outcome && outcome.values?.['rowcount']];
    };
    assert.equal(await run('INSERT INTO t VALUES (%s, %s)', { positional_args: [1, "o'x\\ % ?"] }), ['changed', [1]]);
    assert.equal(await run('UPDATE t SET name = %(n)s', { named_args: { n: "o'x\\ % ?" } }), ['ok', [0]]);
    assert.equal(await run(['SELECT * FROM t', 'UPDATE t SET name = 2', 'SET @a = 1']), ['changed', [1, 1, 0]]);
    assert.equal(await run('DELETE FROM t WHERE id = 7'), ['ok', [0]]);
    assert.equal(await run('CREATE TABLE u (a INT)'), ['changed', [0]]);
    assert.equal(await run('CREATE TABLE IF NOT EXISTS u (a INT, b INT)'), ['ok', [0]]);
    assert.equal(await run('DROP TABLE IF EXISTS u, nope'), ['changed', [0]]);
    assert.equal(await run('DROP TABLE IF EXISTS u'), ['ok', [0]]);
  });

  test('a dry run of a query that writes is unknown and runs nothing', async () => {
    const before = await server.everything();
    const outcome = await tasks.run('mysql_query', { ...shop, query: ['SELECT 1', 'DELETE FROM t'] }, { check: true });
    assert.is(outcome.status, 'unknown');
    assert.is(await server.everything(), before);
    const later = await tasks.run('mysql_query', { ...shop, query: 'SELECT * FROM made_later' }, { check: true });
    assert.is(
      later.status === 'unknown' && later.why,
      "what it works on is not there yet: Table 'shop.made_later' doesn't exist (error 1146)",
    );
  });

  test('a transaction is all or nothing, and a failed query is named', async () => {
    const query = ['INSERT INTO t VALUES (50, 1)', 'INSERT INTO t VALUES (50, 2)'];
    const all = await tasks.run('mysql_query', { ...shop, query, single_transaction: true });
    assert.match(failure(all), /^mysql_query: query 2: Duplicate entry '50' for key 'PRIMARY' \(error 1062\)$/);
    assert.is(all.status === 'failed' && all.command, 'INSERT INTO t VALUES (50, 2)');
    // the connection is given back at once: nothing is left of it
    assert.equal(await server.sql('SELECT id FROM shop.t WHERE id = 50'), []);
    failure(await tasks.run('mysql_query', { ...shop, query }));
    assert.equal(await server.sql('SELECT id FROM shop.t WHERE id = 50'), [{ id: 50 }]);
  });

  test('nothing of one task is left for the next one', async () => {
    await tasks.run('mysql_query', {
      query: [
        'USE shop',
        'SET @mine = 1',
        "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'",
        'SET SESSION wait_timeout = 77',
        'LOCK TABLES t WRITE',
      ],
    });
    await server.sql('INSERT INTO shop.t VALUES (60, 1)'); // hangs when the lock is still held
    const query =
      "SELECT DATABASE() AS db, @mine AS mine, @@sql_mode LIKE '%%BACK%%' AS mode, @@wait_timeout = 77 AS wait, %s AS text";
    const outcome = await tasks.run('mysql_query', { query, positional_args: ["\\'"] });
    assert.equal('values' in outcome && outcome.values?.['query_result'], [
      [{ db: null, mine: null, mode: 0, wait: 0, text: "\\'" }],
    ]);
  });

  test('values are right under every sql_mode', async () => {
    const text = `\\ ' " \` \\' \\\\`;
    await server.sql("SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'");
    await using other = new Tasks({ login_unix_socket: server.socket });
    const outcome = await other.run('mysql_query', { query: 'SELECT %s AS t', positional_args: [text] });
    assert.equal('values' in outcome && outcome.values?.['query_result'], [[{ t: text }]]);
    await converges(server, other, [
      'mysql_user',
      { name: 'mo`d\\e"', host: '%', password: text, priv: 'shop.*:SELECT' },
    ]);
    assert.ok(await server.logsIn('mo`d\\e"', text));
    await server.sql('SET GLOBAL sql_mode = DEFAULT');
    assert.is(
      (await tasks.run('mysql_user', { name: 'mo`d\\e"', host: '%', password: text, priv: 'shop.*:SELECT' })).status,
      'ok',
    );
  });

  test('a script runs once, and again when it was cut off', async () => {
    const content =
      'CREATE TABLE IF NOT EXISTS first (a INT); INSERT INTO first VALUES (1); CREATE TABLE last (a INT);';
    const args = {
      ...shop,
      content,
      unless: "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = 'shop' AND TABLE_NAME = 'last'",
    };
    const ran = await converges(server, tasks, ['mysql_script', args]);
    assert.equal([ran.values['statements'], ran.values['affected']], [3, 1]);
    await server.sql('DROP TABLE shop.last');
    await converges(server, tasks, ['mysql_script', args]);
    const lies = await tasks.run('mysql_script', { ...shop, content: 'SELECT 1', unless: 'SELECT 1 FROM shop.nope' });
    assert.match(failure(lies), /still not what was asked for: script is "to be run", not "has run"/);
  });

  test('a script is read from a file, with its line in errors', async () => {
    const file = { path: '', type: 'file', mode: 0o644 } as const;
    const locals = (text: string | Uint8Array) =>
      new Map([['a.sql', { path: '/x/a.sql', files: [{ ...file, bytes: Buffer.from(text) }] }]]);
    const procedure =
      'DELIMITER //\nCREATE OR REPLACE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END//\nDELIMITER ;\nCALL p();';
    assert.is(
      (await tasks.run('mysql_script', { ...shop, src: 'a.sql' }, { locals: locals(procedure) })).status,
      'changed',
    );
    const wrong = await tasks.run(
      'mysql_script',
      { ...shop, src: 'a.sql' },
      { locals: locals('SELECT 1;\n\nSELEC 2') },
    );
    assert.match(failure(wrong), /^mysql_script: a\.sql line 3: You have an error in your SQL syntax/);
    const latin = await tasks.run(
      'mysql_script',
      { ...shop, src: 'a.sql' },
      { locals: locals(new Uint8Array([0xff, 0x41])) },
    );
    assert.match(failure(latin), /a\.sql is not UTF-8 text/);
  });

  test('an upgrade script that was done before is no change', async () => {
    const args = {
      ...shop,
      content: 'ALTER TABLE t ADD COLUMN city TEXT; ALTER TABLE t ADD COLUMN zip TEXT',
      ignore: [1060],
    };
    assert.is((await tasks.run('mysql_script', args, { check: true })).status, 'changed');
    assert.is((await tasks.run('mysql_script', args)).status, 'changed');
    assert.is((await tasks.run('mysql_script', args)).status, 'ok');
    await server.sql('ALTER TABLE shop.t DROP COLUMN city');
    assert.is((await tasks.run('mysql_script', args)).status, 'changed');
  });

  test('a variable is shown and set', async () => {
    const shown = await tasks.run('mysql_variables', { variable: 'max_connections' });
    assert.equal('values' in shown && shown.values, { msg: '151' });
    const set = await converges(server, tasks, ['mysql_variables', { variable: 'max_connections', value: '77' }]);
    assert.equal(set.values, {
      msg: 'Variable change succeeded prev_value=151',
      queries: ['SET GLOBAL `max_connections` = 77'],
    });
    await converges(server, tasks, ['mysql_variables', { variable: 'read_only', value: true }]);
    await converges(server, tasks, ['mysql_variables', { variable: 'read_only', value: 'OFF' }]);
    await converges(server, tasks, ['mysql_variables', { variable: 'long_query_time', value: '2.5' }]);
    await converges(server, tasks, ['mysql_variables', { variable: 'init_connect', value: "SET @a = 'x\\\\'" }]);
    await converges(server, tasks, [
      'mysql_variables',
      { variable: 'sql_mode', value: 'strict_trans_tables,NO_ENGINE_SUBSTITUTION' },
    ]);
    await server.sql("SET GLOBAL sql_mode = DEFAULT, GLOBAL init_connect = ''");
    assert.match(
      failure(await tasks.run('mysql_variables', { variable: 'nope', value: '1' })),
      /has no global variable "nope"/,
    );
    assert.match(failure(await tasks.run('mysql_variables', { variable: 'port', value: '1' })), /read only variable/);
    const rounded = await tasks.run('mysql_variables', { variable: 'table_open_cache', value: '1' });
    assert.match(failure(rounded), /table_open_cache is "10", not "1"/);
  });

  test.after(async () => {
    await tasks[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
} else skipped('the database modules against a MariaDB', missing);

test.run();
