import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { LocalModule } from '../../../lib/module.ts';
import assertModule from '../../../lib/modules/assert.ts';
import debug from '../../../lib/modules/debug.ts';
import packageModule from '../../../lib/modules/package.ts';
import pause from '../../../lib/modules/pause.ts';
import service from '../../../lib/modules/service.ts';
import { extendedRegex } from '../../../lib/modules/shared/ere.ts';
import { expandedWord, globWord } from '../../../lib/modules/shared/expand.ts';
import { splitWords } from '../../../lib/modules/shared/words.ts';

const context = { sleep: async () => undefined, say: () => undefined, verbosity: 0 };
const run = (module: LocalModule, args: unknown, with_ = {}) => module.run(args as never, { ...context, ...with_ });
const shown = (text: string, value: unknown, defined = true) => ({ text, value, shown: value, defined });

test('debug shows an expression by its text, and says when it is not defined', async () => {
  assert.equal(await run(debug, { var: shown('a.b', [1]), verbosity: 0 }), { values: { 'a.b': [1] } });
  assert.equal(await run(debug, { var: shown('x', null, false), verbosity: 0 }), {
    values: { x: 'VARIABLE IS NOT DEFINED!' },
  });
});

test('assert fails at the first condition that is not true, and takes only true and false', async () => {
  const that = (...conditions: unknown[]) => run(assertModule, { that: conditions, quiet: false, fail_msg: 'why' });
  assert.equal(await that(shown('a', true)), { values: { msg: 'All assertions passed' } });
  assert.equal(await that(shown('a', true), shown('b == 1', false)), {
    failed: 'why',
    values: { assertion: 'b == 1', evaluated_to: false, msg: 'why' },
  });
  assert.match(((await that(shown('c', 'yes'))) as { failed: string }).failed, 'the string "yes", not true or false');
  assert.match(((await that(shown('d', null, false))) as { failed: string }).failed, 'not defined');
});

test('pause gives what was typed, and asks in secret when told', async () => {
  const asked: unknown[] = [];
  const ask = async (...words: unknown[]) => (asked.push(words), 'typed');
  const result = await run(pause, { prompt: 'Sure?', echo: false }, { ask });
  assert.is((result as { values: Record<string, unknown> }).values['user_input'], 'typed');
  assert.equal(asked, [['Sure?', { secret: true }]]);
});

test("service and package stand for the host's own managers, or say what to write", () => {
  const expand = (module: typeof service, args: unknown, serviceMgr: string, pkgMgr: string) =>
    module.expand(args as never, new Map(), { serviceMgr, pkgMgr, home: '' });
  const web = { name: 'web', state: 'started', use: 'auto', sleep: 3 };
  assert.equal(expand(service, web, 'systemd', ''), { module: 'systemd', args: { name: 'web', state: 'started' } });
  assert.equal(expand(service, web, 'sysvinit', ''), {
    module: 'sysvinit',
    args: { name: 'web', state: 'started', sleep: 3 },
  });
  assert.match(JSON.stringify(expand(service, web, 'service', '')), 'no service manager');
  const tree = { name: ['tree'], state: 'installed', use: 'auto' };
  assert.equal(expand(packageModule, tree, '', 'dnf'), { module: 'dnf', args: { name: ['tree'], state: 'present' } });
  assert.match(JSON.stringify(expand(packageModule, tree, '', 'pacman')), 'pacman');
});

test('a command line is split as Ansible does', () => {
  const words = (text: string) => splitWords(text);
  assert.equal(words(`a "b c" 'd "e' f\\ g "h\\"i\\n" ''`), { words: ['a', 'b c', 'd "e', 'f g', 'h"i\\n', ''] });
  assert.equal(words(' a\n\tb"c"d '), { words: ['a', 'bcd'] });
  assert.ok('error' in words("it's"));
  assert.ok('error' in words('a\\'));
});

test('only names are code in a word that the host expands', () => {
  assert.is(expandedWord('~/a b').reveal(), `"$HOME"'/a b'`);
  assert.is(expandedWord('~root/x').reveal(), '~root/x');
  assert.is(expandedWord('~$(id)').reveal(), `'~$(id)'`);
  assert.is(expandedWord('$A;$(id)').reveal(), `"\${A-\\$A}"';$(id)'`);
  assert.is(globWord('/a b/*.[a-c]').reveal(), `'/a b/'*.[a-c]`);
  assert.is(globWord('/x;y/?').reveal(), `'/x;y/'?`);
});

test('a Python regular expression becomes one of grep, or is refused', () => {
  const regex = (text: string) => (extendedRegex(text) as { regex?: string }).regex;
  assert.is(regex('^\\d+\\s(?:a|b)\\.x'), '^[0-9]+[[:space:]](a|b)\\.x');
  assert.is(regex('[\\w.-]+'), '[[:alnum:]_.-]+');
  assert.is(regex('(?P<name>a+?)\\b'), '(a+)\\b');
  assert.equal(extendedRegex('(?i)a'), { regex: 'a', anyCase: true });
  for (const text of ['a++', 'b(?i)a', '(?s)a', '(?=a)', '\\Bx', 'a\nb']) assert.is(regex(text), undefined, text);
});

test.run();
