import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Prelude } from '../../lib/shell/prelude.ts';
import { type Sh, sh } from '../../lib/shell/sh.ts';
import { inShells, SHELLS, type Shell } from './shells.ts';

const test = suite('release.sh');

/** Releases with two files each; what is in them tells which it is. */
function app(shell: Shell, versions: readonly string[], links: { current?: string; permanent?: string }): string {
  const root = join(shell.folder, 'app');
  rmSync(root, { recursive: true, force: true });
  for (const version of versions) release(join(root, 'releases', version), version);
  for (const [name, version] of Object.entries(links)) symlinkSync(`releases/${version}`, join(root, name));
  return root;
}

function release(folder: string, version: string): void {
  mkdirSync(join(folder, 'd'), { recursive: true });
  writeFileSync(join(folder, 'a'), version);
  writeFileSync(join(folder, 'd/b'), version);
  writeFileSync(join(folder, '.tplay-release'), 'sha256 x\ncurrent then\n');
}

function archive(shell: Shell, version: string): string {
  const path = join(shell.folder, `${version}.tar`);
  release(join(shell.folder, 'src', version), version);
  const { status } = spawnSync('tar', ['-cf', path, '-C', join(shell.folder, 'src', version), '.']);
  assert.is(status, 0);
  return path;
}

const names = (path: string) => readdirSync(path).sort();

inShells(test, 'tp_release_at knows a link to a release, however it is written, and nothing else', shell => {
  const root = app(shell, ['1'], {});
  const at = (target: string) => {
    rmSync(join(root, 'current'), { force: true });
    symlinkSync(target, join(root, 'current'));
    return shell.run(sh`tp_release_at ${root} current; echo "$?$tp_release_at"`).out;
  };
  for (const target of ['releases/1', './releases/1/', join(root, 'releases/1')]) assert.is(at(target), '01\n', target);
  for (const target of ['releases', 'releases/', 'releases/..', 'releases/1/d', '/', '1', '../app/releases/1'])
    assert.is(at(target), '1\n', target);
  rmSync(join(root, 'current'));
  assert.is(shell.run(sh`tp_release_at ${root} current; echo "$?$tp_release_at"`).out, '0\n');
  writeFileSync(join(root, 'current'), '');
  assert.is(
    shell.run(sh`tp_release_at ${root} current; echo "$?$tp_way"`).out,
    `1${root}/current is there and no link: move it away, it becomes a link to a release\n`,
  );
});

inShells(test, 'tp_release prints what is asked for, tp_release_there compares what it was unpacked from', shell => {
  const root = app(shell, ['1', '2'], { current: '2', permanent: '1' });
  const said = shell.run(
    sh`tp_release ${root} 2 x current '' unpacked current permanent remove old in_the_way rolled_back`,
  );
  assert.is(said.out, 'unpacked=true\ncurrent=2\npermanent=1\nremove=\nold=\nin_the_way=\nrolled_back=false\n');
  assert.is(shell.run(sh`tp_release ${root} 2 y current '' unpacked`).out, 'unpacked=other\n');
  assert.is(
    shell.run(sh`tp_release ${root} 3 y current 1 unpacked old remove`).out,
    'unpacked=false\nold=2\nremove=\n',
  );
  assert.is(shell.run(sh`tp_release ${`${root}/none`} 3 y permanent 1 unpacked old`).out, 'unpacked=false\nold=\n');
  assert.is(
    shell.run('tp_r=app tp_v=1 tp_s=; tp_release_there; echo "$tp_value"; tp_v=9; tp_release_there; echo "$tp_value"')
      .out,
    'true\nfalse\n',
  );
});

inShells(test, 'tp_release_guard refuses what would not do, before anything is done', shell => {
  const root = app(shell, ['1'], { permanent: '1' });
  mkdirSync(join(root, 'current'));
  assert.is(shell.run(sh`tp_release_guard ${root} 1 x permanent`).rc, 0);
  assert.match(shell.run(sh`tp_release_guard ${root} 1 x current permanent`).err, 'current is there and no link');
  assert.match(shell.run(sh`tp_release_guard ${root} 1 y`).err, 'unpacked from something else');
});

inShells(test, 'tp_release_old and tp_release_used name what was current once and is no more', shell => {
  const root = app(shell, ['1', '2', '3', 'w'], { current: '3', permanent: '2' });
  writeFileSync(join(root, 'releases/w/.tplay-release'), 'sha256 x\n');
  mkdirSync(join(root, 'releases/other'));
  symlinkSync('1', join(root, 'releases/link'));
  const old = (state: string, keep: string) =>
    shell.run(
      sh`tp_release_old ${[root, '4', state, keep]}; echo $tp_old / $tp_remove`,
      'touch -t 202601010101 app/releases/3/.tplay-release',
    ).out;
  assert.is(old('unpacked', ''), '1 /\n');
  assert.is(old('current', '1'), '1 / 3\n');
  assert.is(old('permanent', '0'), '/ 2 1 3\n'.replace('2 1', order(root, '2', '1')));
  assert.is(
    shell.run('tp_release_used app/releases/w; echo $?; tp_release_used app/releases/link; echo $?').out,
    '1\n1\n',
  );
});

/** The newer of two files' names first, by the rule of ls: of equal age by name. */
function order(root: string, one: string, other: string): string {
  const { stdout } = spawnSync('ls', [
    '-1t',
    `${root}/releases/${one}/.tplay-release`,
    `${root}/releases/${other}/.tplay-release`,
  ]);
  return [...stdout.toString().matchAll(/releases\/(.)/g)].map(m => m[1]).join(' ');
}

inShells(test, 'tp_release_unpack takes an archive or a folder, once', shell => {
  const root = join(shell.folder, 'app');
  const unpack = (version: string, src: string, folder = '') =>
    shell.run(sh`tp_release_unpack ${[root, version, 'tar', src, '', folder, '', '', '']}`);
  assert.equal(unpack('1', archive(shell, '1')).err, '');
  assert.equal(unpack('2', join(shell.folder, 'src'), '1/d').err, '');
  assert.equal(unpack('1', '/none').err, '');
  assert.equal(names(join(root, 'releases/1')), ['.tplay-release', 'a', 'd']);
  assert.equal(names(join(root, 'releases/2')), ['.tplay-release', 'b']);
  assert.match(readFileSync(join(root, 'releases/1/.tplay-release'), 'utf8'), /^sha256 [0-9a-f]{64}\n$/);
  assert.is(readFileSync(join(root, 'releases/2/.tplay-release'), 'utf8'), 'folder\n');
  assert.match(unpack('3', '/none').err, 'src /none does not exist on the host');
  assert.match(unpack('3', join(shell.folder, 'src'), 'x').err, 'there is no folder x in it');
  assert.equal(names(join(root, 'releases')), ['1', '2']);
});

inShells(test, 'tp_release_switch, _back, _gone, _prune, _sweep and _rm do their part', shell => {
  const root = app(shell, ['1', '2', '3'], {});
  assert.match(shell.run(sh`tp_release_back ${root} ''`).err, 'none to go back to');
  assert.is(shell.run(sh`tp_release_switch ${root} permanent 1; tp_release_switch ${root} current 2`).err, '');
  assert.is(readlinkSync(join(root, 'current')), 'releases/2');
  assert.match(shell.run(sh`tp_release_switch ${root} current 9`).err, 'releases/9 does not exist: give src');
  assert.is(shell.run(sh`tp_release_back ${root} 7`).rc, 0);
  assert.is(readlinkSync(join(root, 'current')), 'releases/2');
  assert.is(shell.run(sh`tp_release_back ${root} 2`).rc, 0);
  assert.is(readlinkSync(join(root, 'current')), 'releases/1');
  assert.match(shell.run(sh`tp_release_gone ${root} 1`).err, '1 is the current release');
  mkdirSync(join(root, 'releases/.tplay.1/in'), { recursive: true, mode: 0o500 });
  mkdirSync(join(root, '.tplay.switch'));
  assert.is(shell.run(sh`tp_release_sweep ${root}; tp_release_prune ${root} 2 unpacked 0`).err, '');
  assert.equal(names(root), ['current', 'permanent', 'releases']);
  assert.equal(names(join(root, 'releases')), ['1', '2']);
  assert.is(shell.run(sh`tp_release_gone ${root} 2; tp_release_gone ${root} 2; tp_release_rm ${`${root}/none`}`).rc, 0);
  assert.equal(names(join(root, 'releases')), ['1']);
});

inShells(test, 'whoever looks while links are switched finds a release', shell => {
  const root = app(shell, ['1', '2'], { current: '1' });
  const { out, err } = shell.run(
    sh.lines(
      sh`(n=0; while [ ! -e stop ]; do n=$((n + 1)); [ -e ${root}/current/a ] || echo gone; done; [ "$n" -gt 50 ] || echo few) &`,
      sh`n=0; while [ "$n" -lt 30 ]; do n=$((n + 1)); tp_release_switch ${root} current 2; tp_release_switch ${root} current 1; done`,
      sh`: >stop; wait`,
    ),
  );
  assert.is(out + err, '');
});

/**
 * Commands that end the whole run with a KILL: the CUTth of them before it does anything, which is also after the one
 * before it; tar and rm also in the middle. No two of them run at the same time, so that the places have numbers.
 */
const CUTTING = `
cut() {
  IFS= read -r n <"$COUNT"
  n=$((n + 1))
  echo "$n" >"$COUNT"
  [ "$n" != "$CUT" ] || { eval "\${1-:}"; kill -9 0; }
}
${['mkdir', 'mv', 'ln', 'chmod', 'chown', 'find', 'cp', 'cat', 'date']
  .map(name => `${name}() { cut; command ${name} "$@"; }`)
  .join('\n')}
tar() { cut; command tar "$@"; set -- $?; cut 'command rm -rf "$tp_from/in/d"'; return $1; }
rm() { cut; for last; do :; done; [ ! -d "$last" ] || cut 'command rm -rf "$last"/[123]/d "$last"/d'; command rm "$@"; }
sync() { cut; }
`;

/** Runs a script that is cut at a place; true when it came to its end. */
function runCut(shell: Shell, script: Sh, cut: number): boolean {
  const prelude = new Prelude();
  const [...words] = SHELLS[shell.name] ?? [];
  const count = join(shell.folder, 'count');
  writeFileSync(count, '0\n');
  const text = `${CUTTING}\nset -e\n${script.reveal()}\n: >"$COUNT.done"`;
  const input = `tp_tag=test\n${prelude.core}${prelude.missing(text, new Set())}\n${text}\n`;
  rmSync(`${count}.done`, { force: true });
  const env = { PATH: process.env['PATH'], TMPDIR: shell.folder, COUNT: count, CUT: String(cut) };
  // a session of its own, whose processes are killed together: nothing of it may go on and tidy up
  const { stderr } = spawnSync('setsid', ['-w', ...words], { input, env, cwd: shell.folder });
  assert.is(stderr.toString().replace(/^.*Killed.*\n/gm, ''), '');
  return existsSync(`${count}.done`);
}

const VERSIONS = ['1', '2', '3'];

/** What must hold at any time: a release that has its name is whole, and the links lead to such. */
function expectWhole(root: string, place: string): void {
  for (const version of names(join(root, 'releases')).filter(v => !v.startsWith('.'))) {
    assert.ok(VERSIONS.includes(version), `${place}: ${version}`);
    for (const file of ['a', 'd/b'])
      assert.is(readFileSync(join(root, 'releases', version, file), 'utf8'), version, `${place}: ${version}/${file}`);
  }
  for (const link of ['current', 'permanent'])
    assert.ok(existsSync(join(root, link, 'a')), `${place}: ${link} leads to nothing`);
}

function expectSafe(shell: Shell, script: Sh, { before, end }: { before: () => string; end: (root: string) => void }) {
  // each place in one of the shells: what a kill leaves is not the shell's doing
  const shells = Object.keys(SHELLS);
  let cut = 1 + shells.indexOf(shell.name);
  for (let done = false; !done; cut += shells.length) {
    const root = before();
    done = runCut(shell, script, cut);
    const place = `cut at ${cut}`;
    expectWhole(root, place);
    assert.not.equal(
      [readlinkSync(join(root, 'current')), readlinkSync(join(root, 'permanent'))],
      ['releases/2', 'releases/3'],
      place,
    );
    assert.ok(runCut(shell, script, 0), `${place}, then to the end`);
    expectWhole(root, `${place}, then to the end`);
    assert.equal(names(root), ['current', 'permanent', 'releases'], place);
    end(root);
  }
  assert.ok(cut > 8, `only ${cut} places to cut`);
}

inShells(
  test,
  'a switch that is killed at any command leaves the old release or the new one, and is finished by the next run',
  shell => {
    const src = archive(shell, '3');
    const root = join(shell.folder, 'app');
    const script = sh.lines(
      sh`tp_release_guard ${root} 3 x current permanent`,
      sh`tp_release_sweep ${root}`,
      sh`tp_release_unpack ${[root, '3', 'tar', src, 'x', '', '', '', 'u=rwX,go=rX']}`,
      sh`tp_release_switch ${root} current 3`,
      sh`tp_release_switch ${root} permanent 3`,
      sh`tp_release_prune ${root} 3 permanent 0`,
    );
    expectSafe(shell, script, {
      before: () => app(shell, ['1', '2'], { current: '2', permanent: '2' }),
      end: () => assert.equal(names(join(root, 'releases')), ['3']),
    });
  },
);

inShells(test, 'a way back and a removal that are killed at any command leave whole releases', shell => {
  const root = join(shell.folder, 'app');
  const back = sh.lines(sh`tp_release_back ${root} ''`, sh`tp_release_gone ${root} 3`, sh`tp_release_sweep ${root}`);
  expectSafe(shell, back, {
    before: () => app(shell, ['2', '3'], { current: '3', permanent: '2' }),
    end: () => {
      assert.is(readlinkSync(join(root, 'current')), 'releases/2');
      assert.equal(names(join(root, 'releases')), ['2']);
    },
  });
});

test.run();
