import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { SqlServer } from '../../../lib/module.ts';
import { accountSql, changeAuth, identified, logsInAs } from '../../../lib/modules/shared/mysql-account.ts';
import { grantChanges, grantStatements } from '../../../lib/modules/shared/mysql-changes.ts';
import { fillQuery, queryKind } from '../../../lib/modules/shared/mysql-format.ts';
import { readGrants } from '../../../lib/modules/shared/mysql-grants.ts';
import { isSha2Of, nativeHash, sha256Crypt } from '../../../lib/modules/shared/mysql-password.ts';
import { readPriv } from '../../../lib/modules/shared/mysql-priv.ts';
import { changePrimarySql, replicaSql, settingsOf, threads } from '../../../lib/modules/shared/mysql-replica.ts';
import { sameValue, settable } from '../../../lib/modules/shared/mysql-values.ts';
import { splitScript } from '../../../lib/modules/shared/sql-script.ts';
import { withoutSecrets } from '../../../lib/remote/sql-error.ts';
import { sql } from '../../../lib/text/sql.ts';

const mysql8: SqlServer = { kind: 'mysql', version: 80036, text: 'MySQL 8.0.36' };
const mysql57: SqlServer = { kind: 'mysql', version: 50744, text: 'MySQL 5.7.44' };
const maria55: SqlServer = { kind: 'mariadb', version: 50568, text: 'MariaDB 5.5.68' };

test('values are quoted, and backslashes by what the server makes of them', () => {
  const text = sql`SELECT ${"o'x\\"}, ${1}, ${null}, ${true}, ${['a', 2]} FROM ${sql.id('we`ird')}`;
  assert.is(text.reveal(true), "SELECT 'o''x\\\\', 1, NULL, TRUE, ('a', 2) FROM `we``ird`");
  assert.is(text.reveal(false), "SELECT 'o''x\\', 1, NULL, TRUE, ('a', 2) FROM `we``ird`");
});

test('a secret value is sent and never shown', () => {
  const text = sql`ALTER USER ${accountSql('a', '%')} IDENTIFIED BY ${sql.secret("p'w")}`;
  assert.is(String(text), "ALTER USER 'a'@'%' IDENTIFIED BY '***'");
  assert.is(JSON.stringify({ text }), `{"text":"ALTER USER 'a'@'%' IDENTIFIED BY '***'"}`);
  assert.is(text.reveal(true), "ALTER USER 'a'@'%' IDENTIFIED BY 'p''w'");
  assert.is(withoutSecrets("syntax near 'p''w' and mo' at line 1", text.secrets), "syntax near '***' at line 1");
  assert.is(withoutSecrets("password p'w (p''w) too weak", text.secrets), 'password *** (***) too weak');
});

test('the hashes of passwords are those the servers keep', () => {
  assert.is(nativeHash('123456'), '*6BB4837EB74329105EE4568DDA7DC67ED2CA2AD9');
  assert.is(nativeHash(''), '');
  // openssl passwd -5 -salt 0123456789abcdef 'Hello wörld'
  const made = sha256Crypt(Buffer.from('Hello wörld'), Buffer.from('0123456789abcdef'), 5000);
  assert.is(made, 'Y9WzW5wx/9CFrAKdeYcELFxxbNa8UYN6YB4sEV93WJ7');
  // the published example of a MySQL 8 account with the password "hashcat"
  const salt = Buffer.from('F9CC98CE08892924F50A213B6BC571A2C11778C5', 'hex');
  assert.is(
    sha256Crypt(Buffer.from('hashcat'), salt, 5000),
    Buffer.from(
      '625479393559393965414D45316477456B484F41316E64484742577A2E3162785353526B7554584647562F',
      'hex',
    ).toString(),
  );
});

test('a kept hash of MySQL 8 is known for its password', () => {
  const salt = 'abcdefghijklmnopqrst';
  const kept = `$A$005$${salt}${sha256Crypt(Buffer.from('pw'), Buffer.from(salt), 5000)}`;
  assert.ok(isSha2Of(kept, 'pw'));
  assert.not.ok(isSha2Of(kept, 'pW'));
  assert.not.ok(isSha2Of(kept, ''));
  assert.not.ok(isSha2Of('', 'pw'));
  assert.ok(isSha2Of('', ''));
  assert.ok(logsInAs({ plugin: 'caching_sha2_password', hash: kept }, { kind: 'password', password: 'pw' }));
});

test('each server is told about a password in its own words', () => {
  const auth = { kind: 'plugin', plugin: 'mysql_native_password', text: 'pw' } as const;
  assert.is(String(identified(auth, mysql8)), "IDENTIFIED WITH mysql_native_password BY '***'");
  const old = { plugin: 'mysql_native_password', hash: '' };
  const at = { name: accountSql('a', 'h'), server: maria55 };
  assert.is(String(changeAuth(old, { kind: 'password', password: 'pw' }, at)), "SET PASSWORD FOR 'a'@'h' = '***'");
  const other = { plugin: 'auth_socket', hash: '' };
  const change = changeAuth(other, { kind: 'password', password: 'pw' }, { ...at, server: mysql57 });
  assert.is(String(change), "ALTER USER 'a'@'h' IDENTIFIED WITH mysql_native_password BY '***'");
});

const names = { server: mysql8, fold: false };
const have = (...lines: string[]) => readGrants(lines, names);
const want = (priv: unknown) => {
  const read = readPriv(priv, names);
  if ('error' in read) throw new Error(read.error);
  return read.grants;
};
const KNOWN = new Set(['SELECT', 'INSERT', 'SUPER', 'BACKUP_ADMIN', 'ROLE_ADMIN', 'GRANT', 'USAGE', 'PROXY']);
const statements = (is: ReturnType<typeof have>, priv: unknown, mode: 'exact' | 'append' | 'subtract' = 'exact') =>
  grantStatements(grantChanges(is, want(priv), mode, { server: mysql8, known: KNOWN }), accountSql('u', 'h')).map(s =>
    String(s.sql),
  );

test('the grants of MySQL 8 are read: static and dynamic ones, roles and PROXY aside', () => {
  const grants = have(
    'GRANT SELECT, INSERT, SUPER ON *.* TO `u`@`h` WITH GRANT OPTION',
    'GRANT BACKUP_ADMIN,ROLE_ADMIN ON *.* TO `u`@`h` WITH GRANT OPTION',
    "GRANT PROXY ON ''@'' TO 'u'@'h' WITH GRANT OPTION",
    'GRANT `app`@`%` TO `u`@`h`',
    'GRANT SELECT (`a b`, `c`) ON `d.b`.`t` TO `u`@`h`',
  );
  assert.equal(
    [...grants.values()].map(g => [...g.privileges]),
    [
      ['SELECT', 'INSERT', 'SUPER', 'GRANT', 'BACKUP_ADMIN', 'ROLE_ADMIN'],
      ['SELECT (a b)', 'SELECT (c)'],
    ],
  );
  assert.equal(statements(grants, { '*.*': 'ALL,GRANT', '`d.b`.t': 'SELECT(c)' }), [
    "REVOKE SELECT (`a b`) ON `d.b`.`t` FROM 'u'@'h'",
  ]);
  assert.equal(statements(grants, '*.*:SELECT,BACKUP_ADMIN/`d.b`.t:SELECT(c,`a b`)'), [
    "REVOKE INSERT, SUPER, ROLE_ADMIN ON *.* FROM 'u'@'h'",
    "REVOKE GRANT OPTION ON *.* FROM 'u'@'h'",
  ]);
});

test('an account whose name looks like a grant is not one', () => {
  const grants = have(
    "GRANT USAGE ON *.* TO 'x WITH GRANT OPTION'@'%'",
    "GRANT SELECT ON `ON`.`TO` TO ' ON *.* TO '@'%'",
  );
  assert.equal(
    [...grants.values()].map(g => [g.object.database, g.object.name, ...g.privileges]),
    [
      ['*', '*'],
      ['ON', 'TO', 'SELECT'],
    ],
  );
});

test('replication speaks of SOURCE and REPLICA where the server does', () => {
  const settings = settingsOf({
    primary_host: 'a',
    primary_log_pos: 4,
    primary_ssl: true,
    primary_auto_position: true,
  });
  const change = String(changePrimarySql(settings, "p'w", { server: mysql8, which: { channel: 'c' } }));
  assert.is(
    change,
    "CHANGE REPLICATION SOURCE TO SOURCE_HOST = 'a', SOURCE_SSL = 1, SOURCE_LOG_POS = 4, SOURCE_AUTO_POSITION = 1, SOURCE_PASSWORD = '***' FOR CHANNEL 'c'",
  );
  assert.is(String(replicaSql('RESET', {}, { server: mysql8, all: true })), 'RESET REPLICA ALL');
  assert.is(String(replicaSql('START', { connection_name: "o'x" }, { server: maria55 })), "START SLAVE 'o''x'");
  assert.equal(threads({ Replica_IO_Running: 'Connecting', Replica_SQL_Running: 'Yes' }), { io: 'Yes', sql: 'Yes' });
});

test('values of variables are compared as the server means them', () => {
  for (const [shown, wanted] of [
    ['ON', '1'],
    ['OFF', 'no'],
    ['100', '0100'],
    ['A,B', 'b, a'],
    ['ROW', 'row'],
    ['x', 'x'],
  ] as const)
    assert.ok(sameValue(shown, wanted), `${shown} ${wanted}`);
  for (const [shown, wanted] of [
    ['ON', '0'],
    ['100', '10'],
    ['A,B', 'A'],
    ['set names UTF8', 'SET NAMES utf8'],
  ] as const)
    assert.not.ok(sameValue(shown, wanted), `${shown} ${wanted}`);
  assert.is(settable('OFF', 'True'), 'ON');
  assert.is(settable('18446744073709551615', '18446744073709551614'), 18446744073709551614n);
});

test('values are filled in, and a percent sign is itself without values', () => {
  assert.is(String(fillQuery("SELECT '%', '%s'", undefined)), "SELECT '%', '%s'");
  assert.is(String(fillQuery('SELECT %s, %s, 5 %% 2, ?', ["o'x", [1, 'a']])), "SELECT 'o''x', (1, 'a'), 5 % 2, ?");
  assert.is(String(fillQuery('SELECT %(a)s, %(a)s, %(b)s', { a: 1, b: null })), 'SELECT 1, 1, NULL');
  for (const [query, args] of [
    ['SELECT %s', []],
    ['SELECT 1', [1]],
    ['SELECT %(a)s', { b: 1 }],
    ['SELECT %(a)s', [1]],
    ['SELECT %s', { a: 1 }],
    ['SELECT 1 % 2', { a: 1 }],
  ] as const)
    assert.ok('error' in fillQuery(query, args), query);
});

test('queries are told apart by what they do', () => {
  const kinds = {
    reads: [
      'select 1',
      ' /* c */ (SELECT 1)',
      '-- c\nSHOW TABLES',
      "SELECT 'x INTO y'",
      'with a as (select 1) select * from a',
    ],
  };
  for (const query of kinds.reads) assert.is(queryKind(query), 'reads', query);
  for (const query of [
    "SELECT 1 INTO OUTFILE '/x'",
    'CALL p()',
    'SET @a = 1',
    'with a as (select 1) delete from b',
    '/*!50000 DROP TABLE x */',
  ])
    assert.is(queryKind(query), 'writes', query);
  for (const query of ['CREATE TABLE x (a INT)', 'grant select on *.* to x', 'TRUNCATE x'])
    assert.is(queryKind(query), 'defines', query);
});

test('a script is cut into statements at the delimiters that count', () => {
  const script = `\uFEFF-- first; comment
# another; one
SELECT 'a;b', "c;''d", \`e;f\`, 'it''s', 'back\\'slash;' ; /* ; */ INSERT /* in; side */ INTO t VALUES (1); ;
/*!40101 SET NAMES utf8mb4 */;
DELIMITER //
CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END //
delimiter ;
SELECT 5--1; SELECT 6 -- the end`;
  assert.equal(splitScript(script), [
    { text: "SELECT 'a;b', \"c;''d\", `e;f`, 'it''s', 'back\\'slash;'", line: 3 },
    { text: 'INSERT /* in; side */ INTO t VALUES (1)', line: 3 },
    { text: '/*!40101 SET NAMES utf8mb4 */', line: 4 },
    { text: 'CREATE PROCEDURE p() BEGIN SELECT 1; SELECT 2; END', line: 6 },
    { text: 'SELECT 5--1', line: 8 },
    { text: 'SELECT 6 -- the end', line: 8 },
  ]);
  assert.equal(splitScript('SELECT 1;\nSELECT "x'), { error: 'line 2: the quote " that begins here never ends' });
  assert.equal(splitScript('\n/* x'), { error: 'line 2: the comment that begins here never ends' });
});

test('a script of megabytes is cut in no time', () => {
  const start = Date.now();
  const script = `INSERT INTO t VALUES ${"('some text, it''s', 12345),".repeat(200_000)}(1);\n`.repeat(2);
  const split = splitScript(script);
  assert.ok(Array.isArray(split) && split.length === 2);
  assert.ok(Date.now() - start < 60_000, `${Date.now() - start} ms`);
});

test.run();
