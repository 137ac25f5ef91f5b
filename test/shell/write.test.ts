import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { skipped } from '../skip.ts';
import { inShells, type Shell } from './shells.ts';

const test = suite('write.sh');

const file = (shell: Shell, name: string, content = 'x\n', mode = 0o644) =>
  writeFileSync(join(shell.folder, name), content, { mode });
const read = (shell: Shell, name: string) => readFileSync(join(shell.folder, name), 'utf8');
const mode = (shell: Shell, name: string) => (statSync(join(shell.folder, name)).mode & 0o7777).toString(8);

inShells(test, 'tp_set sets what is given, and clears set-id bits of folders', shell => {
  mkdirSync(join(shell.folder, 'd'));
  shell.run("chmod 2755 d; tp_set '' '' 0750 d; tp_set '' '' '' d");
  assert.is(mode(shell, 'd'), '750');
  file(shell, 'g');
  shell.run("chmod 700 g; tp_set '' '' u=rwX,go=rX d g");
  assert.equal([mode(shell, 'd'), mode(shell, 'g')], ['755', '755']);
  assert.is(shell.run("tp_set no-such-user '' 0600 g || echo failed").out, 'failed\n');
  assert.is(mode(shell, 'g'), '755');
});

inShells(test, 'tp_chmod_x gives each path the mode that X makes of its own', shell => {
  file(shell, 'a', '', 0o644);
  file(shell, 'b', '', 0o700);
  file(shell, 'c c', '', 0o600);
  shell.run("tp_chmod_x u=rwX,g=X,o= a b 'c c'");
  assert.equal([mode(shell, 'a'), mode(shell, 'b'), mode(shell, 'c c')], ['600', '710', '600']);
});

inShells(test, 'tp_mkdir gives the mode to what it makes only', shell => {
  mkdirSync(join(shell.folder, 'a'), { mode: 0o755 });
  assert.is(shell.run("tp_mkdir '' '' 0700 'a/b b/c/'; tp_mkdir '' '' 0711 a; tp_mkdir '' '' '' n").rc, 0);
  assert.equal(
    [mode(shell, 'a'), mode(shell, 'a/b b'), mode(shell, 'a/b b/c'), mode(shell, 'n')],
    ['755', '700', '700', '755'],
  );
  file(shell, 'f');
  assert.is(shell.run("tp_mkdir '' '' '' f/x 2>/dev/null || echo failed").out, 'failed\n');
});

inShells(test, 'tp_new makes a private file and never takes one that is there', shell => {
  const said = shell.run(
    'tp_new . && echo $tp_new; tp_new . && echo $tp_new; ls -l .tplay* | cut -c 1-10; umask; set -o | grep noclobber | grep -c on',
  );
  const [one, two, ...rest] = said.out.trim().split('\n');
  assert.is.not(one, two);
  assert.equal(rest, ['-rw-------', '-rw-------', '0022', '0']);
  assert.is(shell.run('tp_new /proc || echo failed').out, 'failed\n');
});

inShells(test, 'tp_install writes, keeps attributes, and makes backups', shell => {
  file(shell, 'src', 'new\n');
  file(shell, 'dest', 'old\n', 0o4750);
  execFileSync('chmod', ['4750', join(shell.folder, 'dest')]);
  const said = shell.run('tp_install -b src dest; echo $?; tp_stat dest backup_file; tp_stat dest backup_file');
  const [rc, kept, again] = said.out.split('\n');
  assert.is(rc, '0');
  assert.match(kept ?? '', /^backup_file=dest\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/);
  assert.is(again, 'backup_file=');
  assert.is(read(shell, (kept ?? '').slice('backup_file='.length)), 'old\n');
  assert.equal([read(shell, 'dest'), mode(shell, 'dest')], ['new\n', '4750']);
  shell.run(
    "umask 077; tp_install src fresh; tp_install -m u+x src fresh2; tp_install -m 0604 src '-odd name' 2>/dev/null || tp_install -m 0604 src './-odd name'",
  );
  assert.equal([mode(shell, 'fresh'), mode(shell, 'fresh2'), mode(shell, '-odd name')], ['600', '700', '604']);
});

inShells(test, 'tp_backup never overwrites a backup of the same second', shell => {
  file(shell, 'f', 'one');
  shell.run(
    'date() { echo now; }; tp_backup f; echo two >f; tp_backup f; tp_backup f; tp_taken_backup; echo $tp_value',
  );
  assert.is(readdirSync(shell.folder).filter(n => n.endsWith('now~')).length, 3);
});

inShells(test, 'tp_install does not write what differs in attributes only', shell => {
  file(shell, 'src');
  file(shell, 'dest');
  const inode = statSync(join(shell.folder, 'dest')).ino;
  shell.run('tp_install -b -m 0600 src dest');
  assert.is(statSync(join(shell.folder, 'dest')).ino, inode);
  assert.equal([mode(shell, 'dest'), readdirSync(shell.folder)], ['600', ['dest', 'src']]);
});

inShells(test, 'tp_install leaves the old file whatever fails', shell => {
  file(shell, 'src', 'new\n');
  file(shell, 'dest', 'old\n');
  mkdirSync(join(shell.folder, 'd'));
  const fails = (command: string) => {
    const said = shell.run(`${command}; echo $?`);
    assert.is.not(said.out.trim().split('\n').at(-1), '0', command);
    assert.is(read(shell, 'dest'), 'old\n');
    assert.equal(readdirSync(shell.folder).sort(), ['d', 'dest', 'src'], command);
    return said.err;
  };
  assert.match(
    fails('tp_install -v \'grep -q absent "$tp_new"\' src dest'),
    /validate failed with status 1: dest is as it was/,
  );
  assert.match(fails('tp_install src d'), /d is a directory/);
  assert.match(fails('tp_install src none/x'), /the directory none does not exist/);
  fails('tp_install none dest');
  fails('tp_install -o no-such-user src dest');
  fails('(set -e; tp_install -o no-such-user src dest)');
  fails('cat() { command cat "$@"; return 1; }; tp_install src dest');
  fails('mv() { return 1; }; tp_install src dest');
});

inShells(test, 'tp_install writes through links with -L, and into a mount with -u', shell => {
  file(shell, 'src', 'new\n');
  file(shell, 'dest', 'old\n', 0o600);
  symlinkSync('dest', join(shell.folder, 'l'));
  shell.run('tp_install -L src l');
  assert.equal([read(shell, 'dest'), mode(shell, 'dest'), statSync(join(shell.folder, 'l')).size], ['new\n', '600', 4]);
  const inode = statSync(join(shell.folder, 'dest')).ino;
  file(shell, 'src', 'newer\n');
  shell.run('mv() { return 1; }; tp_install -u src dest');
  assert.equal([read(shell, 'dest'), statSync(join(shell.folder, 'dest')).ino], ['newer\n', inode]);
});

/** A file system of one page that is full, or one that cannot be written to. */
function mounted(options: string, body: (folder: string) => void, folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4096', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return false;
  }
  try {
    writeFileSync(join(folder, 'dest'), 'old\n');
    if (options !== '') execFileSync('mount', ['-o', `remount,${options}`, folder]);
    body(folder);
  } finally {
    execFileSync('umount', [folder]);
  }
  return true;
}

inShells(test, 'a full or read-only disk is told, and the old file stays', shell => {
  file(shell, 'src', 'x'.repeat(20_000));
  const folder = join(shell.folder, 'm');
  mkdirSync(folder);
  const check = (reason: RegExp) => (m: string) => {
    const said = shell.run('tp_install src m/dest; echo $?');
    assert.is(said.out, '1\n');
    assert.match(said.err, reason);
    assert.match(said.err, /m\/dest could not be written and is as it was/);
    assert.is(readFileSync(join(m, 'dest'), 'utf8'), 'old\n');
    assert.equal(readdirSync(m), ['dest']);
  };
  if (!mounted('', check(/No space left/), folder) || !mounted('ro', check(/Read-only file system/), folder))
    skipped(`a full disk in ${shell.name}`, 'needs root and mount');
});

inShells(test, 'tp_write_guarded writes only over what was read', shell => {
  file(shell, 'src', 'new\n');
  file(shell, 'f', 'abc');
  const sum = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  assert.is(shell.run("tp_write_guarded '' src f; echo $?").out, '91\n');
  assert.is(
    shell.run(`tp_write_guarded ${sum} -m 0600 src f; echo $?; tp_write_guarded ${sum} src f; echo $?`).out,
    '0\n91\n',
  );
  assert.equal([read(shell, 'f'), mode(shell, 'f')], ['new\n', '600']);
  assert.is(
    shell.run(`tp_write_guarded ${sum} src gone; echo $?; tp_write_guarded '' src "$PWD/a/b"; echo $?`).out,
    '91\n0\n',
  );
  assert.is(read(shell, 'a/b'), 'new\n');
});

inShells(test, 'tp_below counts what differs and sets it', shell => {
  mkdirSync(join(shell.folder, 'd/e e'), { recursive: true, mode: 0o755 });
  file(shell, 'd/a', '', 0o644);
  file(shell, 'd/e e/b\nb', '', 0o755);
  symlinkSync('/etc/passwd', join(shell.folder, 'd/l'));
  const count = (words: string) => shell.run(`tp_below ${words}; echo $tp_below`).out.trim();
  assert.is(count("d '' '' 0755"), '1');
  assert.is(count("d '' '' u=rwX,go=rX"), '0');
  assert.is(count("d '' '' go="), '4');
  assert.is(count('d "$(id -un)" "$(id -gn)" ""'), '0');
  assert.is(count("d no-such-user '' ''"), 'unknown');
  assert.is(count("none '' '' 0700"), '0');
  shell.run("tp_below -s d '' '' u=rwx,go=");
  assert.is(count("d '' '' 0700"), '0');
  shell.run("rm d/e*/b*; echo >'d/e e/c'; chmod 700 'd/e e/c'; chmod 644 d/a; tp_below -s d '' '' u=rwX,g=rX,o=");
  assert.equal([mode(shell, 'd/a'), mode(shell, 'd/e e/c'), mode(shell, 'd/e e')], ['640', '750', '750']);
});

inShells(test, 'tp_assemble joins files in the order of their names', shell => {
  mkdirSync(join(shell.folder, 'd/sub'), { recursive: true });
  file(shell, 'd/b', 'b');
  file(shell, 'd/a a', 'a\n');
  file(shell, 'd/.h', 'h\n');
  assert.is(shell.run("tp_assemble d '' '' ''").out, 'h\na\nb');
  assert.is(shell.run("tp_assemble d '--\n' '' visible").out, 'a\n--\nb');
  assert.is(shell.run("tp_assemble d '' '^b' ''; tp_assemble d '' nothing ''; echo $?").out, 'b0\n');
  assert.match(shell.run("tp_assemble none '' '' ''").err, /not a folder/);
});

test.run();
