import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { formatDiagnostics } from '../../../lib/text/frame.ts';
import { positionAt, sourceFile } from '../../../lib/text/source.ts';
import { kindName, type Node, valueOf } from '../../../lib/yaml/node.ts';
import { plainOf } from '../../../lib/yaml/plain.ts';
import { readYaml, readYamlDocuments } from '../../../lib/yaml/read.ts';

function read(text: string): Node {
  const tree = readYaml(sourceFile('x.yml', text));
  if (!tree.ok) throw new Error(formatDiagnostics(tree.errors));
  return tree.value;
}

/** Data as JSON, which shows the order of keys. */
const plain = (text: string) => JSON.stringify(plainOf(read(text)));

/** `line:column code: message; suggestion` of everything that is wrong. */
function errors(text: string): readonly string[] {
  const tree = readYaml(sourceFile('x.yml', text));
  if (tree.ok) throw new Error(`no error: ${JSON.stringify(plainOf(tree.value))}`);
  return tree.errors.map(e => {
    const at = e.span && positionAt(e.span.file, e.span.start);
    return `${at?.line}:${at?.column} ${e.code}: ${e.message}${e.suggestion ? `; ${e.suggestion}` : ''}`;
  });
}

for (const [text, wanted] of [
  ['a: 1\nb: [x, {c: d}]\n', '{"a":1,"b":["x",{"c":"d"}]}'],
  ['', 'null'],
  ['---\n', 'null'],
  ['# nothing\n', 'null'],
  ['a:\nb: ~\nc: ""\n', '{"a":null,"b":null,"c":""}'],
  ['- yes\n- "yes"\n- !!str yes\n- !!int "3"\n', '[true,"yes","yes",3]'],
  ['a: |\n  one\n   two\n\nb: >\n  one\n  two\nc: |-\n  x\n', '{"a":"one\\n two\\n","b":"one two\\n","c":"x"}'],
  ['a: one\n  two\nb: "x\n  y"\n', '{"a":"one two","b":"x y"}'],
  ['a: &x {k: 1}\nb: *x\n', '{"a":{"k":1},"b":{"k":1}}'],
  ['a: &x {k: 1, l: 2}\nb: {<<: *x, k: 3}\n', '{"a":{"k":1,"l":2},"b":{"k":3,"l":2}}'],
  ['b: {<<: [{k: 1}, {k: 2, l: 2}]}\n', '{"b":{"k":1,"l":2}}'],
  ['"a b": 1\n? c\n: 2\n', '{"a b":1,"c":2}'],
  ['a: "tab\\tquote\\" \\u00e9"\n', '{"a":"tab\\tquote\\" é"}'],
  ["a: 'it''s'\n", '{"a":"it\'s"}'],
  ['a: x # comment\nb: "x # y"\n', '{"a":"x","b":"x # y"}'],
  ['a: http://x:80/\nb: -x\n', '{"a":"http://x:80/","b":"-x"}'],
  ['%YAML 1.1\n---\na: 1\n', '{"a":1}'],
  ['\ufeffa: 1\n', '{"a":1}'],
  ['a: 1\r\nb: 2\r\n', '{"a":1,"b":2}'],
] as const)
  test(`reads ${JSON.stringify(text)}`, () => assert.is(plain(text), wanted));

for (const [text, wanted] of [
  ['a: 1\na: 2\n', ['2:1 duplicate-key: the key "a" stands twice in this mapping']],
  ['a:\n\tb: 1\n', ['2:1 yaml-syntax: a tab cannot indent YAML; use spaces']],
  ['a: {{ b }}\n', ['1:4 yaml-trap: a value that starts with {{ needs quotes; write "{{ ... }}"']],
  ['a: b: c\n', ['1:4 yaml-syntax: a text with ": " in it needs quotes; write "b: c"']],
  ['a: *nope\n', ['1:4 yaml-syntax: there is no anchor "nope"']],
  ['a: 1\n---\nb: 2\n', ['3:1 wrong-shape: there is more than one YAML document in this file']],
  ['{<<: 1}\n', ['1:6 wrong-shape: the merge key << takes a mapping or a list of mappings']],
  ['a: !custom x\n', ['1:12 unsupported: the YAML tag !custom is not supported here']],
  ['? [a]\n: 1\n', ['1:3 yaml-trap: a key must be a plain word or text']],
] as const)
  test(`tells what is wrong with ${JSON.stringify(text)}`, () => assert.equal(errors(text), wanted));

test('several faults are told at once', () => {
  assert.equal(
    errors('a: 1\na: 2\nb: {c: 1, c: 2}\nd: *x\n').map(e => e.split(':').slice(0, 2).join(':').split(' ')[0]),
    ['2:1', '3:11', '4:4'],
  );
});

test('aliases that explode and nesting without end are refused, not unfolded', () => {
  const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i++)
    bomb.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  assert.match(errors(bomb.join('\n')).join(), 'too much data');
  assert.match(errors('['.repeat(100_000)).join(), 'nested');
  assert.match(errors(`${'['.repeat(600)}${']'.repeat(600)}`).join(), 'nested');
  assert.equal(errors('a: &a [*a]\n'), ['1:8 recursion: "*a" stands inside what it stands for']);
  assert.equal(errors('a: &a\n  <<: *a\n'), ['2:7 recursion: "*a" stands inside what it stands for']);
});

test('every key and value knows its place', () => {
  const text = 'first: 1\nlist:\n  - one\n  - key: "quoted"\n';
  const tree = read(text);
  const list = valueOf(tree as never, 'list');
  assert.ok(list?.kind === 'seq');
  const [one, map] = list.items;
  const at = (node: Node | undefined) => node && text.slice(node.span.start, node.span.end);
  assert.is(at(one), 'one');
  assert.ok(map?.kind === 'map');
  assert.is(text.slice(map.entries[0]?.key.span.start, map.entries[0]?.key.span.end), 'key');
  assert.is(at(map.entries[0]?.value), '"quoted"');
});

for (const [name, text] of [
  ['plain', 'k: some MARK here\n'],
  ['quoted', 'k: "some MARK here"\n'],
  ['literal', 'k: |\n  first\n  some MARK here\n'],
  ['literal with indentation', 'a:\n  k: |\n      first\n\n        some MARK here\n'],
  ['list item', '- - k: some MARK here\n'],
  ['plain over lines', 'k: some text\n  that goes\n\n  on MARK here\n'],
  ['folded', 'k: >-\n  some text\n  that goes\n\n  on MARK here\n'],
  ['folded with more indentation', 'k: >\n  a\n    b\n  c MARK here\n'],
  ['quoted over lines', 'k: "some text\n  that\n\n  goes MARK here"\n'],
  ['quoted with escapes', 'k: "a\\tb \\u00e9\\x41 \\"q\\" \\\n   joined MARK here"\n'],
  ['quoted with single quotes', "k: 'it''s ''so'' MARK here'\n"],
] as const)
  test(`an index of a ${name} scalar is found in the file`, () => {
    let node: Node = read(text);
    while (node.kind !== 'scalar') {
      const inner: Node | undefined = node.kind === 'seq' ? node.items[0] : node.entries[0]?.value;
      if (inner === undefined) throw new Error('nothing inside');
      node = inner;
    }
    assert.is(node.offsetAt(node.source.indexOf('MARK')), text.indexOf('MARK'));
  });

test('a text of several documents is read as such', () => {
  const documents = readYamlDocuments(sourceFile('x.yml', 'a: 1\n---\n- 2\n---\n'));
  assert.ok(documents.ok);
  assert.equal(documents.value.map(kindName), ['a mapping', 'a list', 'nothing']);
});

test('!unsafe and !vault keep their text', () => {
  const tree = read('a: !unsafe "{{ x }}"\n');
  const node = valueOf(tree as never, 'a');
  assert.ok(node?.kind === 'scalar' && node.tag === '!unsafe' && node.value === '{{ x }}');
});

test.run();
