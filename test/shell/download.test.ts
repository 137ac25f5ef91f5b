import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inShells } from './shells.ts';

const test = suite('download.sh');

/** Stands for a program: says how it was called, and what is in its configuration and on its stdin. */
const program = (name: string) => `${name}() {
  [ "$1" != --help ] || return 0
  echo "${name} $*" >>said
  cat "\${WGETRC:-$tp_config}" >>said
  [ "$1" != -nv ] || cat >>said
}
tp_has() { [ "$1" = ${name} ]; }`;
const call = (hidden: string) =>
  `tp_download http://x/y?token 'tp_config=c; echo curl-file >c' 'tp_config=w; echo wget-file >w' '${hidden}' out; echo $?`;

inShells(test, 'tp_download hands everything to curl in a file', shell => {
  const said = shell.run(call('private'), program('curl'));
  assert.is(said.out, '0\n');
  assert.is(readFileSync(join(shell.folder, 'said'), 'utf8'), 'curl -K c -o out\ncurl-file\n');
});

inShells(test, 'tp_download gives wget the address by stdin', shell => {
  const said = shell.run(call('private'), program('wget'));
  assert.is(said.out, '0\n');
  assert.is(readFileSync(join(shell.folder, 'said'), 'utf8'), 'wget -nv -i - -O out\nwget-file\nhttp://x/y?token\n');
});

inShells(test, "tp_download refuses secrets for busybox's wget, and says what is missing", shell => {
  const busybox =
    'wget() { [ "$1" != --help ] || { echo BusyBox; return; }; echo "$@"; }\ntp_has() { [ "$1" = wget ]; }';
  assert.is(shell.run(call(''), busybox).out, '-q -O out -- http://x/y?token\n0\n');
  const refused = shell.run(call('private'), busybox);
  assert.is(refused.out, '1\n');
  assert.match(refused.err, /install curl/);
  const login = shell.run(call('').replace('//x', '//me:pw@x'), busybox);
  assert.is(login.out, '1\n');
  assert.match(login.err, /install curl/);
  assert.match(shell.run(call(''), 'tp_has() { return 1; }').err, /neither curl nor wget/);
});

test.run();
