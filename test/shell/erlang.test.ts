import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Sh, sh } from '../../lib/shell/sh.ts';
import { inShells, type Shell } from './shells.ts';

const test = suite('erlang.sh');

/**
 * A target system's folder whose programs say what the test wants: what real nodes do is seen by the scenario `erlang`.
 * Each call of erl_call takes the next line of `answers`; the form it was given is kept in `asked`.
 */
function target(shell: Shell, answers: readonly string[], epmd = ''): string {
  const root = join(shell.folder, 'target');
  const bin = join(root, 'erts-13/bin');
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(root, 'releases'), { recursive: true });
  writeFileSync(join(root, 'releases/start_erl.data'), '13 FIRST\n');
  writeFileSync(join(root, 'answers'), answers.map(line => `${line}\n`).join(''));
  const program = (name: string, text: string) => {
    writeFileSync(join(bin, name), `#!/bin/sh\ncd ${root}\n${text}`);
    chmodSync(join(bin, name), 0o755);
  };
  program(
    'erl_call',
    'cat >>asked; echo "$* HOME=$HOME PORT=$ERL_EPMD_PORT" >>called\nread -r line <answers; sed 1d answers >rest; mv rest answers; printf %s "$line"\n',
  );
  program('epmd', `echo "$*" >>epmd-called; echo '${epmd}'\n`);
  program('erlexec', 'echo "$*" >>erlexec-called; echo "unpacked=false|running="\n');
  return root;
}

const ask = (shell: Shell, root: string, script: Sh, port: string | number = '') =>
  shell.run(sh.lines(sh`sleep() { :; }`, sh`tp_erl_at ${[root, 'sys@10.0.0.7', '/h', port]} || exit`, script));
const read = (root: string, name: string) => readFileSync(join(root, name), 'utf8');

inShells(test, 'tp_erl_at says what is lacking where there is no target system', shell => {
  const { rc, err } = ask(shell, join(shell.folder, 'none'), sh`echo no`);
  assert.is(rc, 1);
  assert.match(err, /none holds no target system/);
});

inShells(
  test,
  'tp_erl gives the string that the node says; the form goes in by stdin, the cookie by its file',
  shell => {
    const root = target(shell, ['{ok, "a "b" c"}', '{ok, []}', '{error, "bad"}', '']);
    const script = sh`for n in 1 2 3 4; do tp_erl 7 'x("y").'; echo "$? $tp_out"; done`;
    assert.is(ask(shell, root, script, 4000).out, '0 a "b" c\n0 \n2 {error, "bad"}\n1 \n');
    assert.is(read(root, 'asked'), 'x("y").\n'.repeat(4));
    assert.is(read(root, 'called'), '-name sys@10.0.0.7 -timeout 7 -e HOME=/h PORT=4000\n'.repeat(4));
  },
);

inShells(test, 'tp_erl_at takes a name without a dot in its host for a short one', shell => {
  const root = target(shell, ['{ok, "x"}']);
  shell.run(sh`tp_erl_at ${[root, 'sys@host', '/h', '']}; tp_erl 1 x.`);
  assert.match(read(root, 'called'), /^-sname sys@host -timeout 1 -e/);
});

inShells(
  test,
  'tp_erl_look prints the lines of a node that runs, and those of the files for one that does not',
  shell => {
    const running = target(shell, ['{ok, "unpacked=true|running=FIRST"}']);
    assert.is(ask(shell, running, sh`tp_erl_look on. off.`).out, 'unpacked=true\nrunning=FIRST\n');
    const stopped = target(shell, ['']);
    assert.is(ask(shell, stopped, sh`tp_erl_look on. off.`).out, 'unpacked=false\nrunning=\n');
    assert.is(read(stopped, 'erlexec-called'), `-noinput -boot ${stopped}/bin/start -eval off.\n`);
    const strange = ask(shell, target(shell, ['{error, "no such thing"}']), sh`tp_erl_look on. off.`);
    assert.is(strange.rc, 1);
    assert.match(strange.err, /sys@10.0.0.7 says \{error, "no such thing"\}/);
  },
);

inShells(test, 'tp_erl_do fails with what the node says of its failure', shell => {
  const root = target(shell, ['{ok, "ok"}', '{ok, "error {bad,relup}"}']);
  const { out, err } = ask(shell, root, sh`tp_erl_do 5 a.; echo "$? $tp_out"; tp_erl_do 5 b.; echo $?`);
  assert.is(out, '0 ok\n1\n');
  assert.match(err, /sys@10.0.0.7: \{bad,relup\}/);
});

inShells(test, 'tp_erl_silent tells a node that is stopped from one with another cookie', shell => {
  const stopped = ask(shell, target(shell, [''], 'name other at port 1'), sh`tp_erl_do 5 a.`);
  assert.match(stopped.err, /does not answer: start it first/);
  const root = target(shell, [''], 'name sys at port 1');
  const other = ask(shell, root, sh`tp_erl_do 5 a.`, 4000);
  assert.match(other.err, /runs, but does not answer: is the cookie in \/h\/.erlang.cookie its own\?/);
  assert.match(read(root, 'epmd-called'), /^-port 4000 -names$/m);
});

inShells(test, 'tp_erl_back waits for another process with the version, where the emulator restarts', shell => {
  const back = (...answers: string[]) =>
    ask(shell, target(shell, answers), sh`tp_erl_do 5 a. || exit; tp_erl_back TWO 3 now.; echo $?`);
  assert.is(back('{ok, "ok 77 hot"}').out, '0\n');
  assert.is(back('{ok, "ok 77 restarts"}', '{ok, "77 ONE"}', '', '{ok, "88 TWO"}').out, '0\n');
  assert.match(
    back('{ok, "ok 77 restarts"}', '{ok, "88 ONE"}').err,
    /came back with ONE, not TWO: does bin\/start take/,
  );
  assert.match(back('{ok, "ok 77 restarts"}', '', '', '').err, /has not come back within 3 seconds/);
});

inShells(test, 'tp_erl_send puts a package under its name, whole', shell => {
  const root = target(shell, []);
  writeFileSync(join(shell.folder, 'p'), 'package');
  assert.is(ask(shell, root, sh`tp_erl_send ${[join(shell.folder, 'p'), 'mysystem2']}`).rc, 0);
  assert.is(read(root, 'releases/mysystem2.tar.gz'), 'package');
  assert.not(existsSync(join(root, 'releases/.tplay.mysystem2.new')));
});

test.run();
