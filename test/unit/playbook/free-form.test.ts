import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { ArgsSchema } from '../../../lib/module.ts';
import { readFreeForm } from '../../../lib/playbook/free-form.ts';
import { Diagnostics } from '../../../lib/text/diagnostic.ts';
import { sourceFile } from '../../../lib/text/source.ts';
import { textNode } from '../../../lib/yaml/node.ts';

const text = { type: 'string' } as const;
const command: ArgsSchema = { properties: { cmd: text, creates: text, chdir: text }, freeForm: 'cmd' };
const file: ArgsSchema = { properties: { path: text, state: text } };

function read(line: string, schema: ArgsSchema): Readonly<Record<string, unknown>> | string {
  const words = readFreeForm(textNode(sourceFile('x', line)), schema, new Diagnostics());
  if ('stray' in words) return `stray ${words.stray.source} at ${words.stray.span.start}`;
  return Object.fromEntries([...words].map(([k, a]) => [k, a.node.kind === 'scalar' ? a.node.source : a.node.kind]));
}

for (const [line, schema, wanted] of [
  ['path=/x state=directory', file, { path: '/x', state: 'directory' }],
  ['path="/a b"  state=\'c d\'', file, { path: '/a b', state: 'c d' }],
  [
    'path={{ a + " b" }} state={{ x | default("y z") }}',
    file,
    { path: '{{ a + " b" }}', state: '{{ x | default("y z") }}' },
  ],
  ['path=a=b', file, { path: 'a=b' }],
  ['path=', file, { path: '' }],
  ['nope=1', file, { nope: '1' }],
  ['path=/x stray', file, 'stray stray at 8'],
  ['ls -l', command, { cmd: 'ls -l' }],
  ['ls   -l  "a  b"', command, { cmd: 'ls   -l  "a  b"' }],
  ['creates=/x ls -l', command, { creates: '/x', cmd: 'ls -l' }],
  ['ls -l creates=/x', command, { cmd: 'ls -l', creates: '/x' }],
  ['ls chdir=/a  -l', command, { cmd: 'ls -l', chdir: '/a' }],
  ['env FOO=bar run', command, { cmd: 'env FOO=bar run' }],
  ['echo {{ a }} {% if b %}c d{% endif %}', command, { cmd: 'echo {{ a }} {% if b %}c d{% endif %}' }],
  ["echo 'creates=/x'", command, { cmd: "echo 'creates=/x'" }],
  ['echo it\\"s', command, { cmd: 'echo it\\"s' }],
  ['path="a\\tb\\n" state=\\x41\\u00e9\\U0001F600', file, { path: 'a\tb\n', state: 'Aé😀' }],
  ["path='^k\\s*=\\1$' state=\\\\n", file, { path: '^k\\s*=\\1$', state: '\\n' }],
  ['printf a\\n creates=/x\\ty', command, { cmd: 'printf a\\n', creates: '/x\ty' }],
  ['', command, {}],
] as const)
  test(`"${line}"`, () => assert.equal(read(line, schema), wanted));

test('arguments and free text point at their places', () => {
  const line = 'ls -l creates=/x';
  const words = readFreeForm(textNode(sourceFile('x', line)), command, new Diagnostics());
  assert.ok(!('stray' in words));
  const creates = words.get('creates');
  assert.equal([creates?.key.start, creates?.node.span.start, creates?.node.span.end], [6, 14, 16]);
  assert.equal([words.get('cmd')?.node.span.start, words.get('cmd')?.node.span.end], [0, 5]);
});

test.run();
