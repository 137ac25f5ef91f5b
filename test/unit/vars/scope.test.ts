import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { TemplateError } from '../../../lib/template/index.ts';
import { Secret, type Value } from '../../../lib/template/values.ts';
import { Diagnostics } from '../../../lib/text/diagnostic.ts';
import { sourceFile, spanName } from '../../../lib/text/source.ts';
import { LazyDict } from '../../../lib/vars/lazy-dict.ts';
import { layerOf } from '../../../lib/vars/raw.ts';
import { dataLayer, LayeredScope, type VarLayer } from '../../../lib/vars/scope.ts';
import { readYaml } from '../../../lib/yaml/read.ts';
import { services } from '../template/scope.ts';

/** A layer of YAML, as of a file of variables. */
function layer(yaml: string, name = 'vars.yml'): VarLayer {
  const found = new Diagnostics();
  const tree = readYaml(sourceFile(name, yaml));
  if (!tree.ok || tree.value.kind !== 'map') throw new Error('no mapping');
  const made = layerOf(tree.value, found);
  assert.not(found.failed);
  return made;
}

function scope(...layers: VarLayer[]): LayeredScope {
  const magic = (name: string): Value | undefined => (name === 'inventory_hostname' ? 'web1' : undefined);
  return new LayeredScope({ layers, magic, magicNames: ['inventory_hostname'], services: services() });
}

test('the last layer wins, whole values at a time', () => {
  const s = scope(layer('a: 1\nd: {x: 1, y: 2}'), layer('a: 2'), layer('d: {x: 3}'));
  assert.is(s.get('a'), 2);
  assert.equal(s.get('d'), new Map([['x', 3]]));
  assert.is(s.get('nope'), undefined);
});

test('a null hides what is below', () => {
  assert.is(scope(layer('a: 1'), layer('a:')).get('a'), null);
});

test('values are rendered in the scope that asks, not where they are set', () => {
  const weak = layer('url: "http://{{ name }}:{{ port }}"\nname: weak\nport: 80');
  assert.is(scope(weak, layer('name: strong')).get('url'), 'http://strong:80');
  assert.is(
    scope(weak)
      .with(dataLayer([['port', 81]]))
      .get('url'),
    'http://weak:81',
  );
});

test('data is never rendered', () => {
  assert.is(scope(dataLayer([['said', '{{ 1 + 1 }}']])).get('said'), '{{ 1 + 1 }}');
});

test('magic variables are stronger than all layers', () => {
  assert.is(scope(layer('inventory_hostname: other')).get('inventory_hostname'), 'web1');
});

test('types survive, secrets stay secret', () => {
  const s = scope(
    dataLayer([['password', new Secret('hunter2')]]),
    layer('number: "{{ 1 + 1 }}"\nlist: "{{ [1, 2] }}"\nuse: "x{{ password }}"'),
  );
  assert.is(s.get('number'), 2);
  assert.equal(s.get('list'), [1, 2]);
  const use = s.get('use');
  assert.ok(use instanceof Secret && use.reveal() === 'xhunter2');
});

test('a variable that refers to itself is an error with the way, at its place', () => {
  const s = scope(layer('a: "{{ b }}"\nb: "{{ c + 1 }}"\nc: "{{ a }}"'));
  try {
    s.get('b');
    assert.unreachable();
  } catch (error) {
    assert.ok(error instanceof TemplateError);
    assert.is(error.diagnostic.code, 'recursion');
    assert.match(error.diagnostic.message, 'b -> c -> a -> b');
    assert.is(error.diagnostic.span && spanName(error.diagnostic.span), 'vars.yml:2:1');
  }
});

test('after an error a variable can be asked for again', () => {
  const s = scope(layer('a: "{{ nope }}"'));
  for (let i = 0; i < 2; i++)
    assert.throws(
      () => s.get('a'),
      (e: unknown) => e instanceof TemplateError && e.diagnostic.code === 'undefined-variable',
    );
});

test('a variable is rendered once', () => {
  let asked = 0;
  const magic = (name: string) => (name === 'counter' ? ++asked : undefined);
  const s = new LayeredScope({
    layers: [layer('a: "{{ counter }}"')],
    magic,
    magicNames: ['counter'],
    services: services(),
  });
  assert.is(s.get('a'), 1);
  assert.is(s.get('a'), 1);
});

test('names and places are known for messages', () => {
  const s = scope(layer('a: 1\nb: 2'), layer('b: 3', 'other.yml'));
  assert.equal([...new Set(s.names())].sort(), ['a', 'b', 'inventory_hostname']);
  const where = s.where('b');
  assert.is(where && spanName(where), 'other.yml:1:1');
  assert.is(s.where('inventory_hostname'), undefined);
});

test('a lazy dict makes its values when asked, and is a dict in every other way', () => {
  const made: string[] = [];
  const get = (key: unknown) => {
    if (key !== 'a' && key !== 'b') return undefined;
    made.push(String(key));
    return `value of ${key}`;
  };
  const dict = new LazyDict({ get, has: key => key === 'a' || key === 'b', keys: () => ['a', 'b', 'a'] });
  assert.is(dict.size, 2);
  assert.ok(dict.has('a'));
  assert.not(dict.has('c'));
  assert.equal([...dict.keys()], ['a', 'b']);
  assert.equal(made, []);
  assert.is(dict.get('b'), 'value of b');
  assert.equal(made, ['b']);
  assert.equal(
    [...dict],
    [
      ['a', 'value of a'],
      ['b', 'value of b'],
    ],
  );
});

test.run();
