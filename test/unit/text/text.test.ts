import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Diagnostic, Diagnostics, sortDiagnostics } from '../../../lib/text/diagnostic.ts';
import { unifiedDiff } from '../../../lib/text/diff.ts';
import { formatDiagnostics, printable } from '../../../lib/text/frame.ts';
import { didYouMean, nearest } from '../../../lib/text/near.ts';
import { Redactor } from '../../../lib/text/redact.ts';
import { lineText, positionAt, sourceFile, spanName } from '../../../lib/text/source.ts';

const file = sourceFile('site.yml', '- hosts: all\n\ttasks: []\n\n  last: line');

function at(start: number, end: number, more: Partial<Diagnostic> = {}): Diagnostic {
  return { code: 'wrong-shape', severity: 'error', message: 'it is wrong', span: { file, start, end }, ...more };
}

test('offsets become lines and columns from 1', () => {
  for (const [offset, line, column] of [
    [0, 1, 1],
    [12, 1, 13],
    [13, 2, 1],
    [14, 2, 2],
    [24, 3, 1],
    [25, 4, 1],
    [37, 4, 13],
  ] as const)
    assert.equal(positionAt(file, offset), { line, column }, `offset ${offset}`);
  assert.is(spanName({ file, start: 14, end: 15 }), 'site.yml:2:2');
});

test('lines come without their break', () => {
  assert.equal(
    [1, 2, 3, 4, 5].map(n => lineText(file, n)),
    ['- hosts: all', '\ttasks: []', '', '  last: line', ''],
  );
  assert.is(lineText(sourceFile('x', 'a\r\nb\r\n'), 1), 'a');
});

test('a diagnostic shows its line, a squiggle, what to type and its notes', () => {
  const notes = [{ message: 'imported', span: { file, start: 25, end: 26 } }, { message: 'no place' }];
  assert.is(
    formatDiagnostics([at(2, 7, { suggestion: 'did you mean "host"?', notes })]),
    `site.yml:1:3 error wrong-shape: it is wrong
  1 | - hosts: all
    |   ~~~~~ did you mean "host"?
  note: imported at site.yml:4:1
  note: no place
`,
  );
});

test('a tab in front of the place is kept, so that the squiggle stands below', () => {
  assert.match(formatDiagnostics([at(14, 19)]), '  2 | \ttasks: []\n    | \t~~~~~\n');
});

test('a span over several lines is shown in its first', () => {
  assert.match(formatDiagnostics([at(9, 30)]), '  1 | - hosts: all\n    |          ~~~\n');
});

test('an empty span and one behind the end have a squiggle of one', () => {
  assert.match(formatDiagnostics([at(24, 24)]), '  3 | \n    | ~\n');
  assert.match(formatDiagnostics([at(37, 37)]), '~\n');
});

test('a very long line is cut to what surrounds the place', () => {
  const long = sourceFile('x.yml', `${'a'.repeat(5000)}BAD${'b'.repeat(5000)}`);
  const text = formatDiagnostics([at(0, 0, { span: { file: long, start: 5000, end: 5003 } })]);
  assert.ok(text.length < 600);
  const [, line = '', mark = ''] = text.split('\n');
  assert.is(line.slice(mark.indexOf('~'), mark.lastIndexOf('~') + 1), 'BAD');
});

test('without a place only the sentence and what to type', () => {
  const { span: _, ...nowhere } = at(0, 0, { severity: 'warning', suggestion: 'type more' });
  assert.is(formatDiagnostics([nowhere]), 'warning wrong-shape: it is wrong\n  type more\n');
});

test('control characters of files are shown, never sent to the terminal', () => {
  assert.is(printable('a\x1b[31mb\x07\x9bc\td'), 'a\\x1b[31mb\\x07\\x9bc\td');
  const evil = sourceFile('x.yml', 'a: \x1b]0;title\x07');
  assert.not.match(formatDiagnostics([at(0, 1, { span: { file: evil, start: 0, end: 1 } })]), '\x1b');
});

test('colours only when asked for', () => {
  assert.not.match(formatDiagnostics([at(0, 1)]), '\x1b');
  assert.match(formatDiagnostics([at(0, 1)], true), '\x1b[31merror');
});

test('diagnostics are sorted by file and place, and each is told once', () => {
  const other = sourceFile('a.yml', 'x');
  const all = [
    at(9, 10),
    at(2, 3, { message: 'second' }),
    at(2, 3, { message: 'second' }),
    at(0, 1, { span: { file: other, start: 0, end: 1 }, message: 'other file' }),
  ];
  assert.equal(
    sortDiagnostics(all).map(d => d.message),
    ['other file', 'second', 'it is wrong'],
  );
});

test('warnings alone are no failure', () => {
  const found = new Diagnostics();
  found.warning('unknown-tag', 'hm');
  const fine = found.checked(1);
  assert.ok(fine.ok && fine.value === 1 && fine.warnings.length === 1);
  found.error('wrong-shape', 'no');
  assert.not(found.checked(1).ok);
});

for (const [name, known, wanted] of [
  ['ownr', ['owner', 'group', 'mode'], 'owner'],
  ['wbe1', ['web1', 'db1'], 'web1'],
  ['OWNER', ['owner'], 'owner'],
  ['moed', ['node', 'mode'], 'mode'],
  ['xyz', ['owner', 'group'], undefined],
  ['a', ['b'], 'b'],
  ['stat', ['state', 'start'], 'state'],
  ['completely', ['different'], undefined],
  ['', ['a'], 'a'],
  ['x', [], undefined],
] as const)
  test(`"${name}" is near ${wanted ?? 'nothing'}`, () => assert.is(nearest(name, known), wanted));

test('did you mean says so, or nothing', () => {
  assert.is(didYouMean('ownr', ['owner']), 'did you mean "owner"?');
  assert.is(didYouMean('qqqq', ['owner']), undefined);
});

test('a diff names both sides and has three lines around a change', () => {
  const before = [...'abcdefgh'].join('\n');
  const text = unifiedDiff(`${before}\n`, `${before.replace('e', 'E')}\n`, { before: 'old', after: 'new' });
  assert.is(text, '--- old\n+++ new\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n');
  assert.is(unifiedDiff('same', 'same', { before: 'a', after: 'b' }), '');
});

test('a diff tells of a missing line break at the end, and hides control characters', () => {
  const text = unifiedDiff('a', 'a\n\x1b[2J', { before: 'x', after: 'y' });
  assert.match(text, 'No newline at end of file');
  assert.match(text, '+\\x1b[2J');
});

test('a file name in a diff that is like a rule of the diff does not hide the rest', () => {
  const text = unifiedDiff('', '--- x\n', { before: '/a --- b', after: '/c' });
  assert.match(text, '--- /a --- b\n+++ /c\n');
  assert.match(text, '+--- x');
});

test('secrets are hidden wherever they stand, the longest first', () => {
  const redactor = new Redactor();
  redactor.add('pass');
  redactor.add('password1');
  assert.is(redactor.text('password1, pass and passing'), '***, *** and ***ing');
  assert.equal(redactor.value({ a: ['x pass'], pass: 1, m: new Map([['k', 'password1']]) }), {
    a: ['x ***'],
    '***': 1,
    m: new Map([['k', '***']]),
  });
});

test('the lines of a secret and its JSON form are hidden too, regular expressions are plain text', () => {
  const redactor = new Redactor();
  redactor.add('-----BEGIN\nline "two"\n-----END');
  redactor.add('a.*b');
  assert.is(redactor.text('say line "two" now'), 'say *** now');
  assert.is(redactor.text(JSON.stringify({ k: 'line "two"' })), '{"k":"***"}');
  assert.is(redactor.text('axxb a.*b'), 'axxb ***');
});

test('what is too short to be looked for is left, as is everything without secrets', () => {
  const redactor = new Redactor();
  redactor.add('');
  redactor.add('ab');
  redactor.add('  ');
  assert.is(redactor.text('ab ab'), 'ab ab');
});

test.run();
