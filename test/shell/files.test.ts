import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inShells, type Shell } from './shells.ts';

const test = suite('files.sh');
/** A host without a stat command that knows -c. */
const NO_STAT = 'tp_stat_c=';

const file = (shell: Shell, name: string, content = 'x\n', mode = 0o644) =>
  writeFileSync(join(shell.folder, name), content, { mode });

inShells(test, 'tp_take prints a file or what the controller sends, tp_took tells whether all came', shell => {
  const said = shell.run(
    `printf 'in a file' >./-f; printf 'sent' >in; tp_take ./-f; echo; exec 8<in; tp_take /test-in/4 >got; cat got; echo
tp_took /test-in/4 got; echo $?; tp_took ./-f got; echo $?; tp_took /test-in/5 got; echo $?`,
  );
  assert.is(said.out, 'in a file\nsent\n0\n0\n1\n');
  assert.is(said.err, 'only 4 of 5 bytes arrived\n');
});

inShells(test, 'tp_error speaks on stderr and fails', shell => {
  const said = shell.run("tp_error a  'b  c'; echo $?");
  assert.is(said.out, '1\n');
  assert.is(said.err, 'a b  c\n');
});

inShells(test, 'tp_kind tells kinds apart', shell => {
  file(shell, 'f');
  mkdirSync(join(shell.folder, 'd'));
  symlinkSync('d', join(shell.folder, 'l'));
  symlinkSync('gone', join(shell.folder, 'dangling'));
  execFileSync('mkfifo', [join(shell.folder, 'p')]);
  const said = shell.run(
    'for p in f d l dangling p /dev/null none; do tp_kind $p; printf "%s " $tp_kind; tp_kind $p -L; printf "%s\\n" $tp_kind; done',
  );
  assert.is(
    said.out,
    'file file\ndirectory directory\nlink directory\nlink absent\nfifo fifo\nchar char\nabsent absent\n',
  );
});

inShells(test, 'tp_sum makes checksums, also with openssl or shasum alone', shell => {
  file(shell, 'a\\b', 'abc');
  const sums = 'for a in md5 sha1 sha256; do tp_sum $a "a\\\\b"; echo $tp_sum; done';
  const wanted = [
    '900150983cd24fb0d6963f7d28e17f72',
    'a9993e364706816aba3e25717850c26c9cd0d89d',
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    '',
  ];
  assert.is(shell.run(sums).out, wanted.join('\n'));
  assert.is(shell.run(sums, 'tp_has() { [ "$1" = openssl ]; }').out, wanted.join('\n'));
  assert.is(shell.run('tp_sum sha256 "a\\\\b"; echo $tp_sum', 'tp_has() { [ "$1" = shasum ]; }').out, `${wanted[2]}\n`);
  assert.match(
    shell.run('tp_sum md5 "a\\\\b" || echo failed', 'tp_has() { return 1; }').out +
      shell.run('tp_sum md5 x', 'tp_has() { return 1; }').err,
    /failed[^]*install coreutils/,
  );
});

inShells(test, 'tp_attrs finds the same without stat -c', shell => {
  for (const m of [0o644, 0o7777, 0, 0o4711, 0o1640, 0o2070]) {
    file(shell, 'f', '12345');
    execFileSync('chmod', [m.toString(8), join(shell.folder, 'f')]);
    const show =
      'tp_attrs f; echo $tp_f_mode $tp_f_uid $tp_f_gid $tp_f_size $tp_f_nlink $tp_f_inode $tp_f_owner $tp_f_group $tp_f_mtime';
    const { out } = shell.run(show);
    assert.is(out.split(' ')[0], m.toString(8).padStart(4, '0'));
    assert.is(out.split(' ')[3], '5');
    assert.is(shell.run(show, NO_STAT).out, out);
    assert.is(shell.run(show.replace('tp_attrs', 'tp_attrs_ls')).out, out);
  }
});

inShells(test, 'tp_time prints a time as it is wanted where it is that', shell => {
  shell.run('touch -t 202001020304.05 f && touch -a -t 202001020304.06 f');
  const show = 'tp_time modification_time 202001020304.05 f; tp_time modification_time 202001020304.06 f';
  const [same, other] = shell.run(show).out.split('\n');
  assert.is(same, 'modification_time=202001020304.05');
  assert.match(other ?? '', /^modification_time=\d+$/);
  assert.is(shell.run('tp_time access_time 202001020304.06 f').out.trim(), 'access_time=202001020304.06');
  assert.is(shell.run('tp_time access_time 202001020304.06 gone').out.trim(), 'access_time=');
});

inShells(test, 'tp_times_below counts what tp_touch_below sets, tp_times_wrong part of it', shell => {
  file(shell, 'out');
  mkdirSync(join(shell.folder, 'd/e e'), { recursive: true });
  file(shell, 'd/e e/-f');
  symlinkSync('../out', join(shell.folder, 'd/l'));
  const count = (words: string) => shell.run(`tp_times_below ${words}; echo $tp_below`).out.trim();
  const [m, a] = ['202001020304.05', '202101020304.05'];
  assert.is(count(`d ${m} ''`), '3');
  assert.is(count(`-L d ${m} ${a}`), '6');
  shell.run(`tp_touch_below d ${m} ''`);
  assert.is(count(`d ${m} ''`), '0');
  assert.is(count(`-L d ${m} ''`), '1');
  shell.run(`tp_touch_below -L d '' ${a}`);
  assert.is(count(`-L d ${m} ${a}`), '1');
  shell.run(`tp_touch_below -L d now now`);
  assert.is(count(`-L d ${m} ${a}`), '6');
  assert.is(count(`gone ${m} ''`), '0');
  assert.match(shell.run(`tp_times_below d ${m} ''`, NO_STAT).err, /need stat on the host/);
});

inShells(test, 'tp_time does not guess a time of access without stat', shell => {
  const { rc, err } = shell.run('touch f; tp_time access_time 202001020304.06 f', NO_STAT);
  assert.is.not(rc, 0);
  assert.match(err, 'access_time needs stat on the host, which has none');
});

inShells(test, 'tp_symbolic makes of a mode what chmod makes of it', shell => {
  const specs = [
    'u+x',
    'a=r',
    'u=rw,g=r,o=',
    'g=u',
    'o=g-w',
    '+x',
    '-w',
    '=rw',
    'u+s,g+s',
    '+t',
    'ug=rwX',
    'a-x+X',
    'u=rwX,go=rX',
    'go-rwx',
    'g+ws',
    'u=s',
    'o+t',
  ];
  const modes = ['0644', '0700', '2755', '1777', '0000', '4711'];
  for (const kind of ['file', 'directory']) {
    const make = kind === 'file' ? ': >x' : 'mkdir x';
    const cases = specs.flatMap(spec => modes.map(m => [spec, m] as const));
    const script = cases
      .map(([spec, m]) => `tp_symbolic ${spec} ${m} ${kind}; echo "${spec} ${m} $tp_symbolic"`)
      .join('\n');
    // GNU's chmod is the judge
    const real = cases
      .map(([spec, m]) => `rm -rf x; ${make}; chmod 0${m} x; chmod -- ${spec} x; echo "${spec} ${m} $(stat -c %04a x)"`)
      .join('\n');
    const judge = execFileSync('sh', ['-c', `umask 022\n${real}`], {
      cwd: shell.folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    assert.is(shell.run(script).out, judge.toString());
  }
  assert.is(shell.run('tp_symbolic q 0644 file || echo no').out, 'no\n');
});

inShells(test, 'tp_readlink and tp_target read odd targets', shell => {
  symlinkSync('a \\b\n', join(shell.folder, 'l l'));
  symlinkSync('l l', join(shell.folder, 'm'));
  assert.is(shell.run('tp_readlink "l l"; printf "<%s>" "$tp_readlink"').out, '<a \\b\n>');
  assert.is(shell.run('tp_readlink "m"; printf "<%s>" "$tp_readlink"', 'tp_has() { return 1; }').out, '<l l>');
  assert.is(
    shell.run(
      'tp_target m; printf "<%s>" "$tp_target"; tp_target "$PWD/m"; printf "<%s>" "${tp_target#$PWD}"; tp_target none; echo $tp_target',
    ).out,
    '<a \\b\n></a \\b\n>none\n',
  );
  symlinkSync('round', join(shell.folder, 'round'));
  assert.match(shell.run('tp_target round || echo failed').out, /failed/);
});

inShells(test, 'tp_stat prints the keys asked for, in their order', shell => {
  file(shell, 'f f', 'abc', 0o640);
  symlinkSync('f f', join(shell.folder, 'l'));
  assert.is(
    shell.run('tp_stat "f f" sha256 type mode size link exists path').out,
    'sha256=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\ntype=file\nmode=0640\nsize=3\nlink=\nexists=true\npath=f f\n',
  );
  assert.is(
    shell.run('tp_stat l type link sha256; tp_stat -L l type link mode').out,
    'type=link\nlink=f f\nsha256=\ntype=file\nlink=\nmode=0640\n',
  );
  assert.is(
    shell.run('tp_stat none type mode exists sha1 owner backup_file').out,
    'type=absent\nmode=\nexists=false\nsha1=\nowner=\nbackup_file=\n',
  );
  assert.is(
    shell.run("tp_stat -m u=rw,g=r,o= 'f f' mode; tp_stat -m u+x 'f f' mode").out,
    'mode=u=rw,g=r,o=\nmode=0640\n',
  );
  assert.is(shell.run("tp_stat 'f f' type mode size", NO_STAT).out, 'type=file\nmode=0640\nsize=3\n');
});

inShells(test, 'tp_into finds the name in a folder', shell => {
  mkdirSync(join(shell.folder, 'd'));
  const said = shell.run(
    "for d in d d/ new new/; do tp_into $d n; printf '%s ' $tp_dest; done; tp_into d ''; echo $tp_dest",
  );
  assert.is(said.out, 'd/n d/n new new/n d\n');
});

test.run();
