import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { skipped } from '../../skip.ts';
import { type Args, failure, mariadbMissing, Server, Tasks } from './rig.ts';

const missing = mariadbMissing();
if (missing === undefined) {
  const server = await Server.start('--log-bin=bin', '--server-id=7');
  const tasks = new Tasks({ login_unix_socket: server.socket, config_file: '' });
  const folder = mkdtempSync(join(tmpdir(), 'tplay-test-dump-'));
  const path = (name: string) => join(folder, name);
  const db = (args: Args, options = {}) => tasks.run('mysql_db', args, options);
  const ran = async (args: Args, options = {}) => {
    const outcome = await db(args, options);
    assert.is(outcome.status, 'changed', JSON.stringify(outcome));
    return 'values' in outcome ? (outcome.values ?? {}) : {};
  };
  const sums = async (name: string) => (await server.sql(`CHECKSUM TABLE \`${name}\`.t`))[0]?.['Checksum'];
  await server.sql(
    "CREATE DATABASE shop CHARACTER SET utf8mb4; CREATE TABLE shop.t (id INT PRIMARY KEY, name TEXT, raw BLOB); INSERT INTO shop.t VALUES (1, 'o''x ü€𝄞', 0x00ff0a27), (2, NULL, ''); CREATE VIEW shop.v AS SELECT id FROM shop.t; CREATE DATABASE rest; CREATE TABLE rest.t (a INT); INSERT INTO rest.t VALUES (7)",
  );

  for (const end of ['.sql', '.sql.gz', '.sql.bz2', '.sql.xz'])
    test(`a dump to a file ending in ${end} is loaded again`, async () => {
      const target = path(`-o 'x' $(y) ü${end}`);
      const predicted = await db({ name: 'shop', state: 'dump', target }, { check: true });
      assert.is(predicted.status, 'changed');
      assert.not.ok(existsSync(target), 'the dry run wrote a file');
      const outcome = await db({ name: 'shop', state: 'dump', target });
      assert.equal(
        [outcome.status, 'diff' in outcome && outcome.diff],
        ['changed', 'diff' in predicted && predicted.diff],
      );
      assert.is((await db({ name: 'shop', state: 'dump', target })).status, 'changed', 'a dump is made each time');
      const copy = `copy${end}`;
      const load = { name: copy, state: 'import', target, encoding: 'utf8mb4', collation: 'utf8mb4_bin' };
      assert.is((await db(load, { check: true })).status, 'changed');
      assert.equal(await server.sql(`SHOW DATABASES LIKE '${copy}'`), []);
      const values = await ran(load);
      assert.match((values['executed_commands'] as string[])[0] ?? '', /^CREATE DATABASE .* COLLATE 'utf8mb4_bin'$/);
      assert.is(await sums(copy), await sums('shop'));
      // what is there is loaded into again: the dump itself drops its tables first
      await server.sql(`INSERT INTO \`${copy}\`.t VALUES (3, 'drift', ''); CREATE TABLE \`${copy}\`.kept (a INT)`);
      assert.equal((await ran(load))['executed_commands'], [(values['executed_commands'] as string[])[1]]);
      assert.is(await sums(copy), await sums('shop'));
      assert.is((await server.sql(`SHOW TABLES FROM \`${copy}\` LIKE 'kept'`)).length, 1);
      await server.sql(`DROP DATABASE \`${copy}\``);
    });

  test('several databases and all of them are dumped with their names', async () => {
    await ran({ name: ['shop', 'rest'], state: 'dump', target: path('two.sql') });
    assert.match(readFileSync(path('two.sql'), 'utf8'), /USE `shop`;[^]*USE `rest`;/);
    const values = await ran({ name: 'all', state: 'dump', target: path('all.sql') });
    assert.equal(values['db_list'], ['all']);
    assert.match(readFileSync(path('all.sql'), 'utf8'), /USE `mysql`;[^]*USE `rest`;/);
    await server.sql('DROP DATABASE shop; DROP DATABASE rest');
    await ran({ name: 'rest', state: 'import', target: path('two.sql') });
    assert.equal(await server.sql('SELECT * FROM rest.t'), [{ a: 7 }]);
    assert.equal(await server.sql("SHOW TABLES FROM information_schema LIKE 'shop'"), []);
    await ran({ name: 'all', state: 'import', target: path('two.sql') });
    assert.is((await server.sql('SELECT * FROM shop.t')).length, 2);
  });

  test('the options of a dump do what they say', async () => {
    const text = async (more: Args) => {
      await ran({ name: 'shop', state: 'dump', target: path('o.sql'), ...more });
      return readFileSync(path('o.sql'), 'utf8');
    };
    assert.match(await text({ hex_blob: true, single_transaction: true, quick: false }), /0x00FF0A27/);
    assert.match(await text({ master_data: 2 }), /\n-- CHANGE MASTER TO MASTER_LOG_FILE=/);
    assert.match(await text({ master_data: 1 }), /\nCHANGE MASTER TO MASTER_LOG_FILE=/);
    assert.not.match(await text({ ignore_tables: ['shop.t', 'shop.v'] }), /CREATE TABLE/);
    const some = await text({ dump_extra_args: "--where='id = 2' --no-create-info t", skip_lock_tables: true });
    assert.match(some, /INSERT INTO `t` VALUES\n?\s*\(2,/);
    assert.not.match(some, /CREATE TABLE|'o''x|\(1,/);
    assert.match(await text({ encoding: 'latin1' }), /SET NAMES latin1/);
    const before = readFileSync(path('o.sql'), 'utf8');
    await ran({
      name: 'shop',
      state: 'dump',
      target: path('o.sql'),
      dump_extra_args: '$(touch /tmp/x) ;x',
      force: true,
    }).then(
      () => assert.unreachable(),
      () => assert.is(readFileSync(path('o.sql'), 'utf8'), before),
    );
  });

  test('names of databases may hold every character', async () => {
    for (const [i, name] of ["o'x `y`", '-x', '$(z) ü', '--all-databases'].entries()) {
      await server.sql(
        `CREATE DATABASE \`${name.replaceAll('`', '``')}\`; USE \`${name.replaceAll('`', '``')}\`; CREATE TABLE odd${i} (a INT)`,
      );
      await ran({ name, state: 'dump', target: path('odd.sql'), dump_extra_args: '--skip-comments' });
      assert.match(readFileSync(path('odd.sql'), 'utf8'), new RegExp(`CREATE TABLE \`odd${i}\``));
      await server.sql(`DROP TABLE \`${name.replaceAll('`', '``')}\`.odd${i}`);
      await ran({ name, state: 'import', target: path('odd.sql') });
      assert.is((await server.sql(`SHOW TABLES FROM \`${name.replaceAll('`', '``')}\``)).length, 1);
      await ran({ name: [name, 'rest'], state: 'dump', target: path('odd.sql') });
    }
  });

  test('a dump that fails leaves the file that was there, packed or not', async () => {
    for (const name of ['old.sql', 'old.sql.gz']) {
      writeFileSync(path(name), 'old');
      const outcome = await db({ name: 'shop', state: 'dump', target: path(name), dump_extra_args: '--nope' });
      assert.match(failure(outcome), /unknown option '--nope'[^]*could not be written and is as it was/);
      assert.is(readFileSync(path(name), 'utf8'), 'old');
    }
    assert.equal(
      readdirSync(folder).filter(name => name.startsWith('.tplay')),
      [],
    );
  });

  test('a dump keeps the mode of the file, follows a link, and is private while it is made', async () => {
    writeFileSync(path('real.sql'), 'old');
    chmodSync(path('real.sql'), 0o640);
    symlinkSync('real.sql', path('link.sql'));
    await ran({ name: 'rest', state: 'dump', target: path('link.sql') });
    assert.match(readFileSync(path('real.sql'), 'utf8'), /Dump completed/);
    assert.is(statSync(path('real.sql')).mode & 0o777, 0o640);
    mkdirSync(path('in here'));
    await ran({ name: 'rest', state: 'dump', target: 'here.sql', chdir: path('in here') });
    await ran({ name: 'rest', state: 'import', target: './here.sql', chdir: path('in here') });
    assert.equal(readdirSync(path('in here')), ['here.sql']);
  });

  test('what is in the way is told, in a dry run as not yet', async () => {
    for (const [args, message] of [
      [{ name: 'nope', state: 'dump', target: path('n.sql') }, /there is no database "nope" to dump/],
      [{ name: 'shop', state: 'dump', target: path('no/n.sql') }, /no does not exist: make it first/],
      [{ name: 'shop', state: 'dump', target: folder }, /is a directory/],
      [{ name: 'new', state: 'import', target: path('gone.sql') }, /gone.sql does not exist on the host/],
      [{ name: 'new', state: 'import', target: folder }, /is no regular file/],
      [{ name: 'shop', state: 'dump', target: path('n.sql'), chdir: path('nowhere') }, /nowhere/],
    ] as const) {
      assert.match(failure(await db(args)), message);
      const dry = await db(args, { check: true });
      assert.ok(dry.status === 'unknown' && message.test(dry.why), JSON.stringify(dry));
    }
    assert.equal(await server.sql("SHOW DATABASES LIKE 'new'"), [], 'a database was made for nothing');
    const environment = { PATH: folder };
    const dump = { name: 'shop', state: 'dump', target: path('n.sql') };
    assert.match(failure(await db(dump, { environment })), /no mysqldump: install mariadb-client/);
    const load = { name: 'shop', state: 'import', target: path('two.sql') };
    assert.match(failure(await db(load, { environment })), /no mysql: install mariadb-client/);
  });

  test('what is loaded is UTF-8 unless it is said otherwise', async () => {
    writeFileSync(
      path('u.sql'),
      "CREATE OR REPLACE TABLE rest.u (a VARCHAR(9) CHARACTER SET utf8mb4); INSERT INTO u VALUES ('ü€')",
    );
    const hex = async () => (await server.sql('SELECT HEX(a) AS h FROM rest.u'))[0]?.['h'];
    await ran({ name: 'rest', state: 'import', target: path('u.sql') });
    assert.is(await hex(), 'C3BCE282AC');
    writeFileSync(path('l.sql'), Buffer.from("REPLACE INTO u VALUES ('ü')", 'latin1'));
    await server.sql('TRUNCATE rest.u');
    await ran({ name: 'rest', state: 'import', target: path('l.sql'), encoding: 'latin1' });
    assert.is(await hex(), 'C3BC');
  });

  test('nothing of a damaged file is loaded, and an error ends an import unless force says otherwise', async () => {
    const sql = 'CREATE TABLE rest.first (a INT);\n-- äöü\n';
    writeFileSync(path('cut.sql.gz'), gzipSync(sql.repeat(50)).subarray(0, -4));
    const cut = await db({ name: 'rest', state: 'import', target: path('cut.sql.gz') });
    assert.match(failure(cut), /cut.sql.gz is damaged, and nothing of it was loaded/);
    assert.equal(await server.sql("SHOW TABLES FROM rest LIKE 'first'"), []);
    writeFileSync(
      path('bad.sql.gz'),
      gzipSync('CREATE TABLE one (a INT); SELEC 1; CREATE TABLE two (a INT); SELECT 1;'),
    );
    const bad = { name: 'rest', state: 'import', target: path('bad.sql.gz') };
    assert.match(failure(await db(bad)), /ERROR 1064 .* at line 1/);
    await server.sql('DROP TABLE rest.one');
    const values = await ran({ ...bad, force: true });
    assert.match(String(values['msg']), /ERROR 1064/);
    assert.is((await server.sql("SHOW TABLES FROM rest LIKE 'two'")).length, 1);
  });

  test('a login of any kind is that of the look, whatever files say, and its password is in no command', async () => {
    mkdirSync(path('bin'));
    for (const name of ['mysqldump', 'mysql'])
      writeFileSync(
        path(`bin/${name}`),
        `#!/bin/sh\n{ printf '<%s>' "$@"; env; cat /proc/$$/cmdline /proc/$PPID/cmdline; } >>${path('seen')}\nls -ld "$HOME" "$HOME/.my.cnf" | cut -c1-10 >${path('modes')}\nexec /usr/bin/${name} "$@"\n`,
        { mode: 0o755 },
      );
    writeFileSync(
      path("my 'c' #.cnf"),
      '[client]\npassword=wrong\nhost=nowhere.invalid\nport=1\n[mysqldump]\nskip-comments\nuser=nobody\n',
    );
    const odd = [
      '\'"`\\',
      ' # ; $(x) ',
      'ünï €𝄞',
      'a\tb\nc\rd',
      "\\'\\n",
      '"',
      '*',
      '[client]',
      '!include /etc/passwd',
    ];
    for (const password of odd) {
      await server.sql(
        `CREATE OR REPLACE USER dumper@localhost IDENTIFIED BY ${JSON.stringify(password)}; GRANT ALL ON *.* TO dumper@localhost`,
      );
      for (const way of [
        { login_unix_socket: server.socket },
        { login_unix_socket: undefined, login_host: '127.0.0.1', login_port: server.port },
      ]) {
        const login = { ...way, login_user: 'dumper', login_password: password, config_file: path("my 'c' #.cnf") };
        await using own = new Tasks({});
        const args = {
          name: 'rest',
          state: 'dump',
          target: path('login.sql.gz'),
          ...Object.fromEntries(Object.entries(login).filter(([, v]) => v !== undefined)),
        };
        const environment = { PATH: `${path('bin')}:/usr/bin:/bin` };
        const outcome = await own.run('mysql_db', args, { environment });
        assert.is(outcome.status, 'changed', `${password}: ${JSON.stringify(outcome)}`);
        assert.not.match(
          gunzipSync(readFileSync(path('login.sql.gz'))).toString(),
          /^-- /m,
          'the file of options was not read',
        );
        const loaded = await own.run('mysql_db', { ...args, state: 'import' }, { environment });
        assert.is(loaded.status, 'changed', JSON.stringify(loaded));
        const only = await own.run('mysql_db', { ...args, restrict_config_file: true }, { environment });
        assert.is(only.status, 'changed', JSON.stringify(only));
        const shown = JSON.stringify([outcome, loaded]) + readFileSync(path('seen'), 'latin1');
        if (password.length > 3) assert.not.ok(shown.includes(password), 'the password is seen');
        assert.is(readFileSync(path('modes'), 'utf8'), 'drwx------\n-rw-------\n');
      }
    }
    assert.match(readFileSync(path('seen'), 'utf8'), /<--defaults-file=[^>]*\.my\.cnf>/);
    const gone = /^HOME=(.*)$/m.exec(readFileSync(path('seen'), 'utf8'))?.[1] ?? '';
    assert.match(gone, /\.tplay-/);
    assert.not.ok(existsSync(gone), 'the file with the password is still there');
  });

  for (const [given, message] of [
    [{ state: 'dump' }, 'state: dump needs "target"'],
    [{ state: 'import' }, 'state: import needs "target"'],
    [{ state: 'import', name: ['a', 'b'], target: 'x' }, 'import takes one database'],
    [{ state: 'dump', name: ['a', 'all'], target: 'x' }, 'stands for every database'],
    [{ state: 'dump', target: 'x/' }, 'ends in "/"'],
    [{ state: 'dump', target: 'x', dump_extra_args: "'a" }, 'never closed'],
    [{ state: 'dump', target: 'x', ignore_tables: 'a' }, 'is not database.table'],
    [{ state: 'dump', target: 'x', master_data: 3 }, '3'],
  ] as const)
    test(`${JSON.stringify(given)} is refused before anything is asked`, async () => {
      await db({ name: 'shop', ...given }).then(
        () => assert.unreachable(),
        (error: Error) => assert.ok(error.message.includes(message), error.message),
      );
    });

  test.after(async () => {
    await tasks[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
} else skipped('dumps and imports of a MariaDB', missing);

test.run();
