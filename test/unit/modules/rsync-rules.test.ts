import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findWords, isExcluded, parseRule, type Rule, rulesBelow } from '../../../lib/modules/shared/rsync-rules.ts';
import { sh } from '../../../lib/shell/sh.ts';

const FILES =
  'a.o keep.o .hidden sub/a.o sub/b sub/deep/b sub/deep/c top/x sub/top/x foo/bar foo/baz/bar a[b] x?y axb'.split(' ');
const PATHS = [...new Set(FILES.flatMap(f => f.split('/').map((_, i, all) => all.slice(0, i + 1).join('/'))))].sort();
const isFolder = (path: string) => PATHS.some(p => p.startsWith(`${path}/`));

const rules = (...texts: string[]) =>
  texts.map(text => {
    const rule = parseRule(text);
    assert.ok(rule !== undefined && !('error' in rule), text);
    return rule as Rule;
  });

/** What a transfer has: what is in a folder that is left out is not looked at. */
function left(list: readonly Rule[]): readonly string[] {
  const out = (path: string) => isExcluded(list, path, isFolder(path));
  return PATHS.filter(p => !p.split('/').some((_, i, all) => out(all.slice(0, i + 1).join('/'))));
}

const CASES: readonly (readonly [name: string, rules: readonly string[], gone: string])[] = [
  ['a name anywhere', ['- *.o'], 'a.o keep.o sub/a.o'],
  ['the first rule decides', ['+ keep.o', '- *.o'], 'a.o sub/a.o'],
  ['a name at the root', ['- /top'], 'top top/x'],
  ['folders only', ['- b/', '- deep/'], 'sub/deep sub/deep/b sub/deep/c'],
  ['a path at the end', ['- deep/b'], 'sub/deep/b'],
  ['a star stops at a slash', ['- /foo/*bar'], 'foo/bar'],
  ['a path at the root', ['- /sub/*/b'], 'sub/deep/b'],
  ['two stars do not', ['- /sub/**b'], 'sub/b sub/deep/b'],
  ['a folder with all in it', ['- /foo/***'], 'foo foo/bar foo/baz foo/baz/bar'],
  ['all in a folder', ['- /foo/**'], 'foo/bar foo/baz foo/baz/bar'],
  ['hidden names, not the root', ['- .*'], '.hidden'],
  ['one character', ['- x?y', '- a?b'], 'x?y axb'],
  ['a set', ['- [xy]?[y]'], 'x?y'],
];

for (const [name, texts, gone] of CASES) {
  test(`rules: ${name}`, () => {
    const list = rules(...texts);
    assert.is(PATHS.filter(p => !left(list).includes(p)).join(' '), gone.split(' ').sort().join(' '));
  });
  for (const find of ['find', 'busybox find'])
    test(`the same by ${find}: ${name}`, () => {
      const folder = mkdtempSync(join(tmpdir(), 'tplay-rules-'));
      for (const file of FILES) {
        mkdirSync(join(folder, dirname(file)), { recursive: true });
        writeFileSync(join(folder, file), '');
      }
      const script = sh`cd ${folder} && ${sh.code(find)} . ${findWords(rules(...texts), { found: sh`-exec printf '%s\n' {} +` })}`;
      const found = execFileSync('sh', ['-c', script.reveal()], { encoding: 'utf8' });
      rmSync(folder, { recursive: true });
      const paths = found.split('\n').filter(p => p !== '' && p !== '.');
      assert.equal(paths.map(p => p.slice(2)).sort(), left(rules(...texts)));
    });
}

test('rules as seen from a folder of the transfer', () => {
  const seen = rulesBelow(rules('- /src/cache', '- /other/x', '- *.o', '- /*/y', '- /src'), 'src');
  assert.equal(
    seen.map(r => r.pattern),
    ['/cache', '*.o', '/y'],
  );
});

test('what is no rule is an error', () => {
  assert.is(parseRule('# comment'), undefined);
  assert.equal(parseRule('merge /file'), {
    error: 'the filter rule "merge /file" is not understood: write "- PATTERN" or "+ PATTERN"',
  });
});

test.run();
