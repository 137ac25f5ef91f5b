import { readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sh } from '../../lib/shell/sh.ts';
import { inShells } from './shells.ts';

const test = suite('core.sh');

inShells(test, 'tp_has tells whether there is a command', shell => {
  assert.is(shell.run('tp_has sh; echo $?; tp_has no-such-command; [ $? != 0 ] && echo no').out, '0\nno\n');
});

inShells(test, 'tp_temp makes private files, gone with the session', shell => {
  const said = shell.run(
    'a=$(tp_temp); b=$(tp_temp); [ "$a" != "$b" ] && { ls -l "$a"; ls -ld "$tp_dir"; } | cut -c 1-10',
  );
  assert.is(said.out, '-rw-------\ndrwx------\n');
  assert.equal(readdirSync(shell.folder), []);
});

inShells(test, 'tp_kv prints one line whatever the value is', shell => {
  const values = ['', 'a b', 'a=b', 'back\\slash\\n', 'two\nlines', '\n', 'end\n\n', '\\', "'$(id)`id`é"];
  const said = shell.run(sh.lines(...values.map(v => sh`tp_kv key ${v}`)));
  const wanted = values.map(v => `key=${v.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`);
  assert.is(said.out, wanted.join(''));
});

inShells(test, 'tp_converge leaves what is right', shell => {
  const said = shell.run(
    sh`tp_converge state=good ${'tp_kv state good; tp_kv more 1'} ${'echo applied >applied'} 0; echo "rc $?"`,
  );
  assert.is(said.out, 'state=good\nmore=1\n--\nrc 0\n');
  assert.equal(readdirSync(shell.folder), []);
});

inShells(test, 'tp_converge applies and looks again', shell => {
  const probe = 'if [ -e done ]; then tp_kv state good; else tp_kv state bad; fi';
  const said = shell.run(sh`tp_converge state=good ${probe} ${'echo noise; : >done'} 0; echo "rc $?"`);
  assert.is(said.out, 'state=bad\n--\nstate=good\nrc 0\n');
  assert.is(said.err, 'noise\n');
});

inShells(test, 'tp_converge only looks in a dry run, and always applies when forced', shell => {
  assert.is(shell.run(sh`tp_converge a=1 ${'tp_kv a 2'} ${'touch done'} 1`).out, 'a=2\n--\n');
  assert.equal(readdirSync(shell.folder), []);
  shell.run(sh`tp_converge a=1 ${'tp_kv a 1'} ${'touch done'} 2`);
  assert.equal(readdirSync(shell.folder), ['done']);
});

inShells(test, 'tp_converge applies nothing where the look found a fault, not even when forced', shell => {
  for (const mode of [0, 2])
    assert.match(
      shell.run(sh`tp_converge a=1 ${"tp_kv a 2; tp_kv fault 'no such'"} ${'echo x >done'} ${mode}; echo "rc $?"; ls`)
        .out,
      /fault=no such\n--\nrc 91\n(?!.*done)/s,
    );
  shell.run(sh`tp_converge a=1 ${"tp_kv a 2; tp_kv fault ''; tp_kv b 1"} ${'touch none'} 0 || :`);
  assert.match(shell.run(sh`ls`).out, 'none');
});

inShells(test, 'tp_converge fails where any line of apply fails, or the look does', shell => {
  assert.match(shell.run(sh`tp_converge a=1 ${'tp_kv a 2'} ${'false\ntouch done'} 0; echo "rc $?"`).out, /rc 1\n/);
  assert.equal(readdirSync(shell.folder), []);
  assert.is(shell.run(sh`tp_converge a=1 ${'exit 3'} : 0; echo "rc $?"`).out, 'rc 90\n');
});

inShells(test, 'tp_tools names the managers', shell => {
  assert.match(shell.run('tp_tools').out, /^\S+ (systemd|openrc|sysvinit|service)\n$/);
});

test.run();
