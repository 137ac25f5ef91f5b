import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inShells, type Shell } from './shells.ts';

const test = suite('mysql.sh');

const file = (shell: Shell, name: string, content: string | Uint8Array, mode = 0o644) => {
  writeFileSync(join(shell.folder, name), content);
  chmodSync(join(shell.folder, name), mode);
};
const read = (shell: Shell, name: string) => readFileSync(join(shell.folder, name), 'utf8');

inShells(test, 'tp_mysql_find takes the first program that is there, and says what to install', shell => {
  assert.is(shell.run('tp_mysql_find no-such-dump sh; echo "$tp_mysql"').out, 'sh\n');
  assert.match(shell.run('tp_mysql_find no-such-dump nor-this').err, /this host has no no-such-dump: install/);
});

inShells(test, 'tp_mysql_login makes a private home in which the login stands last', shell => {
  file(shell, 'login', '[client]\nuser="x"\n');
  file(shell, "a 'b'.cnf", '[client]\nuser=y\n');
  const said = shell.run(
    `tp_mysql_login login "$PWD/a 'b'.cnf" "$PWD/gone" && ls -ld "$tp_mysql_home" "$tp_mysql_home/.my.cnf" | cut -c1-10; cat "$tp_mysql_home/.my.cnf"; echo "only=$tp_mysql_only"; umask`,
  );
  const lines = said.out.trim().split('\n');
  assert.equal(lines.slice(0, 4), ['drwx------', '-rw-------', '[client]', 'default-character-set=utf8mb4']);
  assert.equal(lines.slice(4), [`!include ${shell.folder}/a 'b'.cnf`, '[client]', 'user="x"', 'only=', '0022']);
  const only = shell.run(
    'tp_mysql_login login only && echo "$tp_mysql_only" && [ -f "${tp_mysql_only#*=}" ] && echo there',
  );
  assert.match(only.out, /^--defaults-file=.*\/mysql\/\.my\.cnf\nthere\n$/);
});

inShells(test, 'tp_mysql_tls and tp_mysql_source speak the language of the client', shell => {
  const flags = 'for m in any ca name; do tp_mysql_tls "$m"; done; tp_mysql_source 2';
  const client = (version: string, help: string) => {
    file(shell, 'client', `#!/bin/sh\ncase $1 in --version) echo '${version}' ;; *) echo '${help}' ;; esac\n`, 0o755);
    return shell.run(`tp_mysql=./client; ${flags}`).out.trim().split('\n');
  };
  assert.equal(client('mysqldump Ver 10.19 Distrib 10.11.4-MariaDB', '--master-data[=#]'), [
    '--ssl --skip-ssl-verify-server-cert',
    '--ssl --skip-ssl-verify-server-cert',
    '--ssl --ssl-verify-server-cert',
    '--master-data=2',
  ]);
  assert.equal(client('mysqldump Ver 8.4.0', '--source-data[=#] --master-data'), [
    '--ssl-mode=REQUIRED',
    '--ssl-mode=VERIFY_CA',
    '--ssl-mode=VERIFY_IDENTITY',
    '--source-data=2',
  ]);
});

inShells(test, 'tp_mysql_writable and tp_mysql_readable say what is in the way', shell => {
  mkdirSync(join(shell.folder, 'd'));
  file(shell, 'f', 'x');
  assert.is(shell.run("tp_mysql_writable d/x.gz gz && tp_mysql_writable new '' && tp_mysql_readable f ''").rc, 0);
  assert.match(shell.run("tp_mysql_writable d ''").err, /d is a directory/);
  assert.match(shell.run("tp_mysql_writable no/x ''").err, /the directory no does not exist/);
  assert.match(shell.run("ln -s no/x l; tp_mysql_writable l ''").err, /the directory no does not exist/);
  assert.match(shell.run("tp_mysql_readable gone ''").err, /gone does not exist on the host/);
  assert.match(shell.run("tp_mysql_readable d ''").err, /d is no regular file/);
  const none = shell.run(
    'tp_has() { return 1; }; tp_mysql_readable f xz; tp_mysql_readable f bz2; tp_mysql_writable x gz',
  );
  assert.match(none.err, /no xz: install xz-utils\n.*no bzip2: install bzip2\n.*no gzip: install gzip/);
});

inShells(test, 'tp_install -c puts what a command prints in the place of a file, when it has ended well', shell => {
  file(shell, 'old', 'old\n', 0o640);
  const dump =
    "tp_mysql_home=/h; tp_install -L -c 'tp_mysql_print gz sh -c '\\''printf \"%s \" \"$HOME\"; printf \"%70000s\" x'\\''' '' old";
  assert.is(shell.run(dump).rc, 0);
  const unpacked = shell.run('gzip -dc <old').out;
  assert.equal([unpacked.slice(0, 3), unpacked.length], ['/h ', 70003]);
  assert.is(statSync(join(shell.folder, 'old')).mode & 0o777, 0o640);
  file(shell, 'old', 'old\n');
  for (const format of ['', 'gz']) {
    const failed = shell.run(`tp_install -c "tp_mysql_print '${format}' sh -c 'echo half; exit 3'" '' old`);
    assert.is.not(failed.rc, 0);
    assert.match(failed.err, /sh ended with status 3\nold could not be written and is as it was/);
    assert.is(read(shell, 'old'), 'old\n');
  }
  assert.is(shell.run("tp_install -c 'echo $tp_x' '' new", 'tp_x=y').rc, 0);
  assert.is(read(shell, 'new'), 'y\n');
  assert.equal(
    readdirSync(shell.folder).filter(name => name.startsWith('.tplay')),
    [],
  );
});

inShells(test, 'tp_mysql_load gives a client the whole of a file, of a damaged one nothing', shell => {
  file(shell, 'f.sql', 'one\ntwo\n');
  file(shell, 'f.gz', gzipSync('one\ntwo\n'));
  file(shell, 'cut.gz', gzipSync('one\n'.repeat(9999)).subarray(0, -9));
  const load = (what: string, client = 'cat >got') =>
    shell.run(`tp_mysql_home=/h; tp_mysql_load ${what} sh -c '${client}'`);
  for (const what of ["'' f.sql", 'gz f.gz']) {
    assert.is(load(what).rc, 0);
    assert.is(read(shell, 'got'), 'one\ntwo\n');
    assert.is(load(what, 'cat >/dev/null; echo rows; exit 4').rc, 4);
    assert.is(load(what, 'echo "$HOME" >got; echo rows').out, '');
    assert.is(read(shell, 'got'), '/h\n');
  }
  const cut = load('gz cut.gz', 'cat >never');
  assert.is(cut.rc, 1);
  assert.match(cut.err, /cut.gz is damaged, and nothing of it was loaded/);
  assert.not.ok(existsSync(join(shell.folder, 'never')));
});

test.run();
