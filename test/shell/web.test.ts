import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inShells } from './shells.ts';

const test = suite('web');

/** What tp_web is asked for; `only` holds further assignments. */
const asked = (more = '') =>
  `tp_q_url='http://x/y?token' tp_q_out='' tp_q_file='' tp_q_given='' tp_q_curl=c tp_q_second='' tp_q_wget=w tp_q_plain='' tp_q_body=b tp_q_post='' tp_q_seconds=1 tp_q_follow='' tp_q_only='' tp_q_kerberos='' tp_q_simple='' tp_q_inflate=''
: >b; ${more}`;

/** A program that notes how it was called, and its config file. */
const program = (name: string) =>
  `${name}() { [ "$1" != --version ] || { echo GNU; return; }; echo "${name} $*" >>said; cat >>said <"\${WGETRC:-/dev/null}"; [ "${name}" = curl ] || cat >>said; }
tp_has() { [ "$1" = ${name} ]; }`;

inShells(test, 'tp_web hands everything to curl in a file', shell => {
  shell.run(`${asked()} tp_web </dev/null`, program('curl'));
  assert.match(readFileSync(join(shell.folder, 'said'), 'utf8'), /^curl -K c -D \S+ -o \S+ -w %\{url_effective\}\n$/);
});

inShells(test, 'tp_web gives wget the address by stdin', shell => {
  shell.run(`echo secret >w; ${asked()} tp_web`, program('wget'));
  const said = readFileSync(join(shell.folder, 'said'), 'utf8');
  assert.match(said, /^wget -nv -S .*-i -\nsecret\nhttp:\/\/x\/y\?token\n$/);
});

inShells(test, "tp_web asks the controller where only busybox's wget is and something is secret", shell => {
  const busybox = 'wget() { [ "$1" != --version ] || return 1; echo "$@" >said; }\ntp_has() { [ "$1" = wget ]; }';
  const relayed = shell.run(`${asked()} tp_web; echo $?`, busybox);
  assert.is(relayed.out, '97\n');
  assert.is(relayed.err, 'tplay: relay\n');
  const got = shell.run(`${asked('tp_q_simple=1;')} tp_web && echo "$tp_tool"`, busybox);
  assert.is(got.out, 'busybox\n');
});

inShells(test, 'tp_origin prints scheme, host and port without the login', shell => {
  const said = shell.run('tp_origin http://h:1/a; tp_origin "https://u:p@h?x"; tp_origin http://h');
  assert.is(said.out, 'http://h:1\nhttps://h\nhttp://h\n');
});

inShells(test, 'tp_sum_listed reads the lists of sha256sum and BSD-like ones of one word', shell => {
  const list = (text: string, name: string) =>
    shell.run(`printf '${text}' >l; tp_sum_listed l '${name}'; echo "$tp_listed"`);
  assert.is(list('aa  x\\nbb *y z\\ncc  ./d\\n', 'y z').out, 'bb\n');
  assert.is(list('aa  x\\r\\ncc  ./d\\r\\n', 'd').out, 'cc\n');
  assert.is(list('ee\\n', 'any').out, 'ee\n');
  assert.match(list('aa  x\\nee\\n', 'y').err, /none of y/);
});

test.run();
