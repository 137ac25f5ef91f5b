// Files that are no YAML a person would write: each ends in a located diagnostic, in bounded time, wherever it is read.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Folder } from './program.ts';

const levels = Array.from({ length: 10_000 }, (_, i) => i);
const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
for (let i = 1; i < 12; i++) bomb.push(`a${i}: &a${i} [${`*a${i - 1}, `.repeat(10)}]`);
const user = (i: number) => `  - {name: user${i}, uid: ${i}, groups: [a, b, c], home: /home/user${i}}\n`;

const FILES: readonly (readonly [what: string, bytes: string | Uint8Array, error: RegExp])[] = [
  ['10 MB of small values', `x:\n${Array.from({ length: 160_000 }, (_, i) => user(i)).join('')}`, /more than 1500000/],
  ['10,000 lists in each other', `x: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`, /nested too deeply/],
  ['10,000 mappings in each other', `x: ${'{a: '.repeat(10_000)}${'}'.repeat(10_000)}\n`, /nested too deeply/],
  ['10,000 block mappings', levels.map(i => `${' '.repeat(i)}a:\n`).join(''), /nested too deeply/],
  ['10,000 block lists', `${'- '.repeat(10_000)}a\n`, /nested too deeply/],
  ['aliases that explode', bomb.join('\n'), /unfold to too much data/],
  ['an alias inside its own anchor', 'a: &a {b: *a}\n', /stands inside what it stands for/],
  ['a merge key of its own mapping', 'a: &a\n  <<: *a\n', /stands inside what it stands for/],
  [
    'bad UTF-8',
    Buffer.from([0x78, 0x3a, 0x20, 0xff, 0xc3, 0x28, 0x0a]),
    /:1:4 error yaml-syntax: the file is not UTF-8/,
  ],
  ['UTF-16', Buffer.from('\ufeffx: 1\n', 'utf16le'), /UTF-16/],
  ['a NUL byte', 'x: a\0b\n', /:1:5 error yaml-syntax: the character \\x00/],
  ['a tab', 'x:\n\t- a\n', /:2:1 error yaml-syntax: a tab/],
  ['a key of 1 MB', `${'k'.repeat(1_000_000)}: 1\n`, /1024/],
  ['100,000 times the same key', 'x: 1\n'.repeat(100_000), /duplicate-key/],
  ['an unknown tag', 'x: !custom y\n', /unsupported: the YAML tag !custom/],
  ['two documents', '---\nx: 1\n---\ny: 2\n', /more than one YAML document/],
];

/** What is tried at all four places; the others end in the same reader. */
const EVERYWHERE = /explode|lists|bad UTF-8/;
const PLAY = (more: string) => `- hosts: all\n  gather_facts: false\n${more}  tasks:\n    - debug:\n`;

for (const [what, bytes, error] of FILES)
  test(`a diagnostic, in time, for ${what}`, async () => {
    using folder = new Folder({ 'good.yml': PLAY(''), 'reads.yml': PLAY('  vars_files: [bad.yml]\n') });
    writeFileSync(join(folder.path, 'bad.yml'), bytes);
    const everywhere = [
      ['run', 'reads.yml', '-i', 'hosts.yml'],
      ['run', 'bad.yml', '-i', 'hosts.yml'],
      ['run', 'good.yml', '-i', 'bad.yml'],
      ['run', 'good.yml', '-i', 'hosts.yml', '-e', '@bad.yml'],
    ];
    for (const argv of EVERYWHERE.test(what) ? everywhere : everywhere.slice(0, 1)) {
      const { status, stderr } = await folder.run(...argv);
      assert.is(status, 1, argv.join(' '));
      assert.match(stderr, error, argv.join(' '));
      assert.not.match(stderr, /^ +at /m);
      assert.ok(stderr.length < 200_000, 'the terminal is not filled');
    }
  });

test('big texts, CRLF and a byte order mark are read', async () => {
  using folder = new Folder({
    'p.yml': PLAY('  vars_files: [big.yml]\n').replace('debug:', 'debug: { msg: "{{ block | length }} {{ one }}" }'),
    'big.yml': `\ufeffone: 1\r\nblock: |\n${'  a line of text\n'.repeat(300_000)}`,
  });
  const { status, stdout, stderr } = await folder.run('run', 'p.yml', '-i', 'hosts.yml');
  assert.is(status, 0, stderr);
  assert.match(stdout, /4500000 1/);
});

test.run();
