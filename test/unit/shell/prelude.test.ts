import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { condense, Prelude } from '../../../lib/shell/prelude.ts';

const FOLDER = new URL('../../../../lib/shell/prelude/', import.meta.url);

test('comment lines, empty lines and indentation go, text inside quotes and here-documents stays', () => {
  const script = [
    '# comment',
    '',
    'f() { # why',
    "  x='first",
    '  # not a comment',
    '',
    "  last'",
    '  # comment',
    '  cat <<END',
    '  # kept',
    'END',
    "  echo don\\'t \"it's\" # it's",
    '}',
  ];
  const kept = [
    'f() { # why',
    "x='first",
    '  # not a comment',
    '',
    "  last'",
    'cat <<END',
    '  # kept',
    'END',
    "echo don\\'t \"it's\" # it's",
    '}',
  ];
  assert.is(condense(script.join('\n')), `${kept.join('\n')}\n`);
});

test('what a session is fed for all functions is what the files say', () => {
  const names = readdirSync(FOLDER)
    .filter(name => name.endsWith('.sh'))
    .sort();
  const files = ['core.sh', ...names.filter(n => n !== 'core.sh')].map(n => readFileSync(new URL(n, FOLDER), 'utf8'));
  const prelude = new Prelude();
  const text = prelude.core + prelude.missing(prelude.names.join('\n'), new Set());
  assert.ok(text.length < files.join('').length * 0.95);
  // bash prints every function as it has understood it, and every variable
  const understood = (script: string) =>
    execFileSync('bash', ['--posix'], {
      input: `tp_tag=t\n${script}\ndeclare -f\nset | grep ^tp_\nprintf %s "$IFS" | od -c`,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], TMPDIR: '/nonexistent' },
    });
  assert.is(understood(text), understood(files.join('\n')));
});

test('a frame brings the functions it names, and those they name, once', () => {
  const prelude = new Prelude();
  const sent = new Set<string>();
  const first = prelude.missing("tp_stat '/x' type", sent);
  assert.match(first, /^tp_stat\(\) \{$/m);
  assert.match(first, /^tp_kind\(\) \{$/m);
  assert.not.match(first, /^tp_install\(\) \{$/m);
  assert.is(prelude.missing("tp_stat '/y' type", sent), '');
  assert.is(prelude.missing('echo hello', new Set()), '');
});

test.run();
