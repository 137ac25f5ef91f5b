import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sh } from '../../lib/shell/sh.ts';
import { skipped } from '../skip.ts';
import { inShells, type Shell } from './shells.ts';

const test = suite('files of the prelude');
/** A host without a stat command that knows -c. */
const NO_STAT = 'tp_stat_c=';

const file = (shell: Shell, name: string, content = 'x\n', mode = 0o644) =>
  writeFileSync(join(shell.folder, name), content, { mode });
const read = (shell: Shell, name: string) => readFileSync(join(shell.folder, name), 'utf8');
const mode = (shell: Shell, name: string) => (statSync(join(shell.folder, name)).mode & 0o7777).toString(8);

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

inShells(test, 'tp_read prints state and bytes', shell => {
  writeFileSync(join(shell.folder, 'f'), Buffer.from([0, 255, 10, 45, 45, 10]), { mode: 0o600 });
  const said = shell.run('tp_read f');
  const end = said.bytes.indexOf('\n--\n');
  assert.match(
    said.bytes.toString('latin1', 0, end),
    /^type=file\nmode=0600\nowner=\S+\ngroup=\S+\nsha256=[0-9a-f]{64}$/,
  );
  assert.ok(said.bytes.subarray(end + 4).equals(Buffer.from([0, 255, 10, 45, 45, 10])));
  assert.is(shell.run('tp_read none').out, 'type=absent\nmode=\nowner=\ngroup=\nsha256=\n--\n');
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
