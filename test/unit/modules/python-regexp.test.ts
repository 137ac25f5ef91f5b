import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toExtended, toExtendedLine, toExtendedWhole } from '../../../lib/modules/shared/posix-regexp.ts';
import { expand, hasMatch, pythonRegexp } from '../../../lib/modules/shared/python-regexp.ts';

const test = suite('Python regular expressions');

/** pattern, text, what Python's re.search finds (None: nothing). */
const SEARCHES: readonly (readonly [string, string, string | undefined])[] = [
  ['a$', 'ba\n', 'a'],
  ['a\\Z', 'ba\n', undefined],
  ['^b', 'a\nb', undefined],
  ['(?m)^b$', 'a\nb\n', 'b'],
  ['(?m)^$', 'a\u2028b', undefined],
  ['.', '\u2028', '\u2028'],
  ['(?s)a.b', 'a\nb', 'a\nb'],
  ['(?i)ABC', 'xabc', 'abc'],
  ['(?x) a b # c\n c', 'abc', 'abc'],
  ['(?P<x>a)(?P=x)', 'baa', 'aa'],
  ['[]x]+', 'a]x', ']x'],
  ['[^]x]', ']xa', 'a'],
  ['[[a]', '[', '['],
  ['a{,2}b', 'aaab', 'aab'],
  ['a{x', 'a{x', 'a{x'],
  ['{}', '{}', '{}'],
  ['\\s', '\u00a0', undefined],
  ['\\d', '٣', undefined],
  ['a(?#note)b', 'ab', 'ab'],
  ['\\/\\-\\"\\\'\\_', '/-"\'_', '/-"\'_'],
  ['[\\w.-]+', 'a-b.c d', 'a-b.c'],
  ['[-a]+', 'b-a', '-a'],
  ['[+--]+', 'a+,-', '+,-'],
  ['[&&~~]+', 'a&~', '&~'],
  ['[😀-😂]', 'x😁', '😁'],
  ['(a)|(b)\\2?', 'bb', 'bb'],
  ['\\x41\\101\\0', 'AA\0', 'AA\0'],
  ['(?<=a)b(?!c)', 'abcab', 'b'],
  ['(?<!a)b', 'ab', undefined],
];

test('finds what Python finds', () => {
  for (const [pattern, text, wanted] of SEARCHES) assert.is(pythonRegexp(pattern).exec(text)?.[0], wanted, pattern);
});

test('of text, letters and digits of all scripts count', () => {
  const options = { unicode: true };
  assert.is(pythonRegexp('\\w+', options).exec('-äß9')?.[0], 'äß9');
  assert.is(pythonRegexp('\\bß\\b', options).exec('ä ß')?.index, 2);
  assert.is(pythonRegexp('[\\w]\\W', options).exec('ä!')?.[0], 'ä!');
  assert.is(pythonRegexp('[\\W]', options).exec('é!')?.[0], '!');
  assert.is(pythonRegexp('[^\\W\\d]+', options).exec('9-éa٣')?.[0], 'éa');
  assert.is(pythonRegexp('[\\S]+', options).exec('\u001c\u0085\ufeffx')?.[0], '\ufeffx');
  assert.is(pythonRegexp('\\d\\s', options).exec('٣\u00a0')?.[0], '٣\u00a0');
});

test('what is not known here is refused by name', () => {
  for (const [pattern, part] of [
    ['a(b', 'not a regular'],
    ['a++', 'possessive'],
    ['(?>a)', 'not known'],
    ['\\y', 'no \\y'],
    ['[a', 'not closed'],
    ['[\\w-z]', 'a range in [ ]'],
    ['a\\', 'backslash'],
  ] as const)
    assert.throws(
      () => pythonRegexp(pattern),
      (error: Error) => error.message.includes(part),
      pattern,
    );
});

test('a search does not depend on the one before', () => {
  const regexp = pythonRegexp('a');
  assert.equal([hasMatch(regexp, 'ba'), hasMatch(regexp, 'a'), hasMatch(regexp, 'b')], [true, true, false]);
});

test('replacements are filled as by Python', () => {
  const match = pythonRegexp('(?P<k>a)(b)?').exec('a');
  assert.ok(match);
  if (match === null) return;
  assert.is(expand('\\1\\2|\\g<k>\\g<1>0|\\n\\t\\\\|$1$&', match), 'a|aa0|\n\t\\|$1$&');
  assert.throws(() => expand('\\3', match), /no group 3/);
  assert.throws(() => expand('\\y', match), /no \\y/);
});

test('grep gets what means the same, or nothing', () => {
  assert.equal(toExtended('a\\d+(?:b|c)\\.[\\w-]'), { text: '^(a[0-9]+(b|c)[.][A-Za-z0-9_-])' });
  assert.equal(toExtended('\\^x', 'anywhere'), { text: '\\^x' });
  for (const pattern of ['a(?=b)', 'a++', '(a)\\1', '\\bx']) assert.ok('error' in toExtended(pattern), pattern);
  assert.equal(toExtended('[*?]+?x.*?'), { text: '^([*?]+x.*)' });
});

test('of a whole file grep gets line breaks as another character', () => {
  assert.equal(toExtendedWhole('(?is)a.*?b\\nc$'), { text: 'a.*b\x01c\x01?$', ignoreCase: true });
  assert.equal(toExtendedWhole('a.[^\\n]'), { text: 'a[^\x01][^\x01]', ignoreCase: false });
  assert.equal(toExtendedWhole('(?m)^a|b$'), { text: '(^|\x01)a|b(\x01|$)', ignoreCase: false });
  assert.equal(toExtendedLine('(?i)a$'), { text: '^(a\r?$)', ignoreCase: true });
  for (const pattern of ['(?m)a\\n^b', '(?m)a$\\n', '(?x)a', '[\\W]'])
    assert.ok('error' in toExtendedWhole(pattern), pattern);
});

test.run();
