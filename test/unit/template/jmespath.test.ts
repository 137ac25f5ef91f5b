// What Ansible answers is recorded in recorded/; here is what our own values add.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseJson } from '../../../lib/template/filters/json.ts';
import { Float, Secret, Unknown, type Value } from '../../../lib/template/index.ts';
import { rendered, scopeOf } from './scope.ts';

const data = parseJson('{"2": "two", "1": "one", "price": 3.0, "list": [1, 2.0], "__proto__": "own"}');
const value = (text: string, more: readonly (readonly [string, Value])[] = []) =>
  rendered(`{{ ${text} }}`, scopeOf(new Map<string, Value>([['data', data], ...more])));

test('numbers keep their kind and keys their order', () => {
  assert.equal(value("data | json_query('price')"), new Float(3));
  assert.equal(value("data | json_query('list')"), [1, new Float(2)]);
  assert.equal(value("data | json_query('keys(@)')"), ['2', '1', 'price', 'list', '__proto__']);
  assert.is(value(`data | json_query('"__proto__"')`), 'own');
  assert.is(value("data | json_query('constructor')"), null);
});

test('a secret inside makes the answer secret, an unknown one unknown', () => {
  assert.instance(value("[{'a': s}] | json_query('[0].a')", [['s', new Secret('x')]]), Secret);
  assert.instance(value("[{'a': u}] | json_query('[0].a')", [['u', new Unknown('not run')]]), Unknown);
});

const FAULTS: readonly (readonly [string, RegExp])[] = [
  ['users[?a', /"users\[\?a" cannot be read at its end/],
  ['a b', /"a b" cannot be read at character 3/],
  ['a.#', /cannot be read at character 3/],
  ['lenght(@)', /no function "lenght"[^]*did you mean "length"/],
  ['length(`1`)', /"length" takes string or array or object, not number/],
  ['length()', /"length" takes 1 arguments, not 0/],
  ['[1:2:3:4]', /cannot be read/],
  ['list[::0]', /step of a slice cannot be 0/],
];
for (const [path, message] of FAULTS)
  test(`the expression ${path} fails and says why`, () => {
    let said = '';
    try {
      value(`data | json_query("${path}")`);
    } catch (error) {
      const { diagnostic } = error as { diagnostic?: { message: string; suggestion?: string } };
      said = `${diagnostic?.message}\n${diagnostic?.suggestion}`;
    }
    assert.match(said, message);
  });

test('an expression of any depth ends', () => {
  const deep = (open: string, close: string) => `${open.repeat(20_000)}a${close.repeat(20_000)}`;
  for (const path of [deep('(', ')'), deep('!', ''), deep('[', ']')])
    assert.throws(() => value('data | json_query(p)', [['p', path]]), /too deep/);
  assert.is(value('data | json_query(p)', [['p', 'a.'.repeat(2_000) + 'a']]), null);
});

test.run();
