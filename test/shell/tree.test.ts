import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inShells, type Shell } from './shells.ts';

const test = suite('tree.sh and copy-tree.sh');
/** A host without a stat command that knows -c. */
const NO_STAT = 'tp_stat_c=';

const file = (shell: Shell, name: string, content = 'x\n', mode = 0o644) =>
  writeFileSync(join(shell.folder, name), content, { mode });
const read = (shell: Shell, name: string) => readFileSync(join(shell.folder, name), 'utf8');
const mode = (shell: Shell, name: string) => (statSync(join(shell.folder, name)).mode & 0o7777).toString(8);

inShells(test, 'tp_open_folders opens what is closed to who is not root', shell => {
  const said = shell.run(
    'id() { echo 7; }; mkdir -p d/e/f; : >d/e/x; chmod 400 d/e/x; chmod 555 d/e/f; chmod 0 d/e; tp_open_folders d; stat -c "%a %n" d/e d/e/f d/e/x',
  );
  assert.is(said.out, '700 d/e\n755 d/e/f\n400 d/e/x\n');
});

inShells(test, 'tp_archive_kind tells archives by their first bytes', shell => {
  const kind = (bytes: string, before?: string) =>
    shell.run(`printf '${bytes}' >f; tp_archive_kind f name; echo $tp_packed_as`, before).out.trim();
  assert.is(kind('\\037\\213\\010\\000'), 'tgz');
  assert.is(kind('PK\\003\\004xx'), 'zip');
  assert.is(kind('PKG-INFO'), 'tar');
  assert.is(kind('BZh91AY&SY'), 'tbz');
  assert.is(kind('BZh-file'), 'tar');
  assert.is(kind('\\3757zXZ\\000'), 'txz');
  assert.is(kind('\\050\\265\\057\\375x'), 'tzst');
  assert.is(kind('PK\\003\\004xx', 'tp_has() { return 1; }'), 'name');
});

inShells(test, 'tp_tree tells of hundreds of paths what it tells of each, states first', shell => {
  const names = Array.from({ length: 450 }, (_, i) => `f ${i}`);
  for (const [i, name] of names.entries()) file(shell, name, `${i}\n`, i === 300 ? 0o600 : 0o644);
  const lines = shell.run(`set -- ${names.map(n => `'${n}'`).join(' ')}; tp_tree -s mode . "$@"`).out.split('\n');
  assert.is(lines.length, 901);
  assert.is(lines[0], './f 0=file 0644');
  assert.is(lines[300], './f 300=file 0600');
  assert.is(lines[449], './f 449=file 0644');
  assert.is(lines[450 + 300], shell.run("tp_tree -s mode . 'f 300'").out.split('\n')[1]);
  assert.ok(lines[899]?.startsWith('sha256 of ./f 449='));
});

inShells(test, 'tp_lines, tp_next, tp_each and tp_there take lists apart', shell => {
  file(shell, 'a a');
  symlinkSync('a a', join(shell.folder, 'l'));
  assert.is(shell.run('tp_lines ""; echo $tp_lines; tp_lines "a b\n*"; echo $tp_lines').out, '0\n2\n');
  assert.is(
    shell.run('tp_next "a b\nc\nd"; echo "$tp_next|$tp_list"; tp_next x; echo "$tp_next|$tp_list"').out,
    'a b|c\nd\nx|\n',
  );
  assert.is(
    shell
      .run('show() { printf "<%s>" "$@"; }; tp_each "a b\n*\n-c" show x; tp_each "" show; echo "$IFS" | wc -c')
      .out.replace(/\s+/g, ''),
    '<x><ab><*><-c>4',
  );
  assert.is(
    shell.run("tp_root=.; tp_there -e none 'a a' l; echo $tp_there; tp_there -f none 'a a' l; echo $tp_there").out,
    '"./${2}" "./${3}"\n"./${2}"\n',
  );
});

inShells(test, 'tp_tree prints a line for each path, absent ones too', shell => {
  mkdirSync(join(shell.folder, 'r/d'), { recursive: true });
  file(shell, 'r/a\\b', 'abc', 0o600);
  file(shell, 'r/-c', '', 0o644);
  symlinkSync('a b', join(shell.folder, 'r/l'));
  const wanted = [
    './none=absent',
    './a\\b=file 0600',
    './d=directory 0755',
    './l=link a b',
    './-c=file 0644',
    'sha256 of ./none=',
    'sha256 of ./a\\b=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    'sha256 of ./d=',
    'sha256 of ./l=',
    'sha256 of ./-c=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '',
  ].join('\n');
  const call = "tp_tree -s mode r none 'a\\b' d l -c";
  assert.is(shell.run(call).out, wanted);
  assert.is(
    shell.run(call, `${NO_STAT}\ntp_has() { [ "$1" != sha256sum ] && command -v "$1" >/dev/null; }`).out,
    wanted,
  );
  assert.is(shell.run("tp_tree '' none a b").out, './a=absent\n./b=absent\n');
  assert.is(
    shell.run(
      "tp_tree -k ./key -m u=rw,go= mode r 'a\\b'; tp_tree 'mode owner' r d | grep -c \"directory 0755 $(id -un)\"",
    ).out,
    './key=file u=rw,go=\n1\n',
  );
  assert.is(
    shell.run(
      'tp_root=r tp_fields=mode tp_p=-c tp_kind=file tp_value=file tp_spec= tp_list=644:a:b:1:2; tp_tree_fields; echo $tp_value',
    ).out,
    'file 0644\n',
  );
});

inShells(test, 'tp_tree_install puts files in place, tp_own gives them away', shell => {
  mkdirSync(join(shell.folder, 'from/d'), { recursive: true });
  mkdirSync(join(shell.folder, 'to/d'), { recursive: true });
  for (const name of ['same', 'other', 'd/new', 'd/new too', 'link']) file(shell, `from/${name}`, name, 0o600);
  file(shell, 'to/same', 'same', 0o644);
  file(shell, 'to/other', 'old', 0o640);
  symlinkSync('same', join(shell.folder, 'to/link'));
  const same = statSync(join(shell.folder, 'to/same')).ino;
  const said = shell.run("(set -e; tp_tree_install -b from to same other link d/new 'd/new too'); echo $?");
  assert.is(said.out, '0\n', said.err);
  assert.equal([read(shell, 'to/other'), mode(shell, 'to/other')], ['other', '640']);
  assert.equal([read(shell, 'to/d/new too'), mode(shell, 'to/d/new too')], ['d/new too', '644']);
  assert.equal([read(shell, 'to/link'), read(shell, 'to/same'), mode(shell, 'to/same')], ['link', 'same', '644']);
  assert.is(statSync(join(shell.folder, 'to/same')).ino, same);
  assert.is(readdirSync(join(shell.folder, 'to')).filter(n => n.startsWith('other.')).length, 1);
  mkdirSync(join(shell.folder, 'to/dir'));
  file(shell, 'from/dir');
  assert.is.not(shell.run('tp_tree_install from to dir').rc, 0);
  assert.is(shell.run('id() { echo 1; }; tp_own x 1 y 2 none; echo $?').out, '0\n');
  if (process.getuid?.() === 0)
    assert.is(
      shell.run(
        "tp_own nobody 1 no-such 4242 to/same; tp_own no-such 4243 '' 0 to/other; stat -c %u:%g to/same to/other",
      ).out,
      '65534:4242\n4243:0\n',
    );
});

inShells(test, 'tp_extract and tp_unpacked unpack, and clean up whatever happens', shell => {
  mkdirSync(join(shell.folder, 's/ro'), { recursive: true });
  mkdirSync(join(shell.folder, 'root'));
  file(shell, 's/f', 'f', 0o751);
  file(shell, 's/ro/g');
  execFileSync('sh', ['-c', 'chmod 555 s/ro; tar -czf a.tgz -C s f ro; tar -cf a.tar -C s f ro'], {
    cwd: shell.folder,
  });
  for (const kind of ['tgz', 'tar']) {
    const said = shell.run(
      `tp_unpacked ${kind} a.${kind} root 'cat "$tp_from/f"; ls -ld "$tp_from" | cut -c 1-10; exit 7'; echo " $?"`,
    );
    assert.is(said.out, 'fdrwx------\n 7\n', said.err);
    assert.equal(readdirSync(join(shell.folder, 'root')), []);
  }
  shell.run('tp_extract tgz a.tgz root');
  assert.is(mode(shell, 'root/f'), '751');
  assert.match(
    shell.run('tp_extract txz a.tgz root', 'tp_has() { [ "$1" = tar ]; }').err,
    /this host has no xz: install xz/,
  );
  assert.match(shell.run('tp_extract tgz a.tgz root', 'tp_has() { return 1; }').err, /install tar/);
});

inShells(test, 'tp_same_tree and tp_copy_tree compare and copy folders of the host', shell => {
  mkdirSync(join(shell.folder, 's/d d'), { recursive: true });
  file(shell, 's/a', 'a', 0o751);
  file(shell, 's/d d/b', 'b');
  symlinkSync('a', join(shell.folder, 's/l'));
  const same = (words: string) => shell.run(`if tp_same_tree ${words}; then echo same; else echo other; fi`).out;
  assert.is(same("s t : : '' ''"), 'other\n');
  assert.is(shell.run("tp_copy_tree -p s t '' '' '' ''; tp_copy_tree -p s t '' '' '' ''; echo $?").out, '0\n');
  assert.is(same("-p s t : : '' ''"), 'same\n');
  file(shell, 't/more');
  assert.is(same("-p s t : mode:0755 '' ''"), 'same\n');
  assert.is(same("s t mode:0600 : '' ''"), 'other\n');
  shell.run("tp_copy_tree s t '' '' 0600 0711");
  assert.is(same("s t mode:0600 : '' ''"), 'same\n');
  assert.equal(
    [mode(shell, 't'), mode(shell, 't/d d'), mode(shell, 't/more'), mode(shell, 's/a')],
    ['711', '711', '644', '751'],
  );
  file(shell, 't/a', 'x');
  assert.is(same("s t : : '' ''"), 'other\n');
});

inShells(test, 'the parts of tree comparison do what they say', shell => {
  mkdirSync(join(shell.folder, 's/d'), { recursive: true });
  file(shell, 's/a', 'a', 0o701);
  file(shell, 'a', 'a', 0o644);
  symlinkSync('a', join(shell.folder, 'l'));
  assert.is(shell.run('tp_tree_lists s; echo "$tp_folders|$tp_others"').out, '.\n./d|./a\n');
  assert.is(
    shell.run(
      'tp_like "./a=file 0644\n./l=link x" 0644 && echo yes; tp_like "./a=file 0600" 0644 || echo no; tp_like "./a=file" "" && echo yes',
    ).out,
    'yes\nno\nyes\n',
  );
  shell.run('tp_modes_as s . a; tp_unlink . l a none');
  assert.is(mode(shell, 'a'), '701');
  assert.equal(readdirSync(shell.folder).sort(), ['a', 's']);
});

test.run();
