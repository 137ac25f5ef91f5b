import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readExtraVars } from '../../../lib/playbook/extra-vars.ts';
import { FileStore } from '../../../lib/playbook/load.ts';
import { Diagnostics } from '../../../lib/text/diagnostic.ts';

const folder = mkdtempSync(join(tmpdir(), 'tplay-extra-'));
writeFileSync(join(folder, 'v.yml'), 'from: file\nlist: [1]\n');
writeFileSync(join(folder, 'list.yml'), '- 1\n');
test.after(() => rmSync(folder, { recursive: true }));

function read(...texts: string[]): unknown {
  const found = new Diagnostics();
  const layer = readExtraVars(texts, new FileStore(folder), found);
  if (found.failed) return found.sorted.map(e => e.message).join('; ');
  return Object.fromEntries(
    [...layer].map(([k, e]) => [k, e.value instanceof Map ? Object.fromEntries(e.value) : e.value]),
  );
}

for (const [texts, wanted] of [
  [['a=1'], { a: '1' }],
  [['a=1 b="x y" c=\'z\''], { a: '1', b: 'x y', c: 'z' }],
  [['a=1', 'a=2'], { a: '2' }],
  [['a='], { a: '' }],
  [['a=yes b=0644'], { a: 'yes', b: '0644' }],
  [['{"a": 1, "b": [true], "c": {"d": null}}'], { a: 1, b: [true], c: { d: null } }],
  [['{a: yes, b: 0644}'], { a: true, b: 420 }],
  [['@v.yml'], { from: 'file', list: [1] }],
  [['from=text', '@v.yml'], { from: 'file', list: [1] }],
  [['@nosuch.yml'], 'there is no file "nosuch.yml" for -e @nosuch.yml'],
  [['@list.yml'], '-e takes a mapping, not a list'],
  [['word'], '-e takes variables, not "word"'],
  [['a=1 word'], '-e takes variables, not "word"'],
  [['{"a": 1'], 'flow map must end with a }'],
] as const)
  test(`-e ${texts.join(' -e ')}`, () => assert.equal(read(...texts), wanted));

test('a value with braces is a template', () => {
  const layer = readExtraVars(['a={{ b }}'], new FileStore(folder), new Diagnostics());
  assert.is((layer.get('a')?.value as { kind: string }).kind, 'template');
});

test.run();
