import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { condense, readPrelude } from '../../../lib/shell/prelude.ts';

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

test('core.sh comes first, and what the shell makes of the text is what it makes of the files', () => {
  const names = readdirSync(FOLDER)
    .filter(name => name.endsWith('.sh'))
    .sort();
  const files = ['core.sh', ...names.filter(n => n !== 'core.sh')].map(n => readFileSync(new URL(n, FOLDER), 'utf8'));
  const text = readPrelude();
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

test.run();
