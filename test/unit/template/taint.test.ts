import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Dict, fromPlain, Secret, TemplateError, Unknown, type Value } from '../../../lib/template/index.ts';
import { evaluated, rendered, scopeOf } from './scope.ts';

const why = new Unknown('the task "x" was not run');
const vars = fromPlain({ list: ['a', 'b'], text: 'abc', yes: true }) as Dict;
vars.set('s', new Secret('hunter2'));
vars.set(
  'sd',
  new Secret(
    new Map([
      ['user', 'root'],
      ['password', 'hunter2'],
    ]),
  ),
);
vars.set(
  'mixed',
  new Map<string, Value>([
    ['user', 'root'],
    ['password', new Secret('hunter2')],
  ]),
);
vars.set('u', why);
vars.set(
  'half',
  new Map<string, Value>([
    ['known', 1],
    ['unknown', why],
  ]),
);
const scope = scopeOf(vars);

const SECRET: readonly (readonly [string, Value])[] = [
  ['{{ s }}', 'hunter2'],
  ['a {{ s }} b', 'a hunter2 b'],
  ["{{ s ~ 'x' }}", 'hunter2x'],
  ["{{ s + 'x' }}", 'hunter2x'],
  ['{{ s[0] }}', 'h'],
  ['{{ s[:2] }}', 'hu'],
  ['{{ s | upper }}', 'HUNTER2'],
  ["{{ s | replace('2', '3') }}", 'hunter3'],
  ["{{ text | replace('b', s) }}", 'ahunter2c'],
  ["{{ s.split('t') }}", ['hun', 'er2']],
  ['{{ s.upper() }}', 'HUNTER2'],
  ["{{ '%s' % s }}", 'hunter2'],
  ["{{ '{}'.format(s) }}", 'hunter2'],
  ["{{ '%s' | format(s) }}", 'hunter2'],
  ["{{ 'x'.replace('x', s) }}", 'hunter2'],
  ['{{ s | length }}', 7],
  ["{{ s == 'x' }}", false],
  ['{{ not s }}', false],
  ["{{ 'h' in s }}", true],
  ["{{ s is match('hun') }}", true],
  ['{{ sd.password }}', 'hunter2'],
  ["{{ sd['user'] }}", 'root'],
  ["{{ sd.get('user') }}", 'root'],
  ['{{ mixed.password }}', 'hunter2'],
  ['{{ mixed | to_json }}', '{"user": "root", "password": "hunter2"}'],
  ['x{{ mixed }}', "x{'user': 'root', 'password': 'hunter2'}"],
  ['{{ mixed.values() | list | last }}', 'hunter2'],
  ['{{ [s, 1] | first }}', 'hunter2'],
  ["{{ ['a', s] | join('-') }}", 'a-hunter2'],
  ['{{ [s] | map("upper") | first }}', 'HUNTER2'],
  ['{% for c in [s] %}{{ c }}{% endfor %}', 'hunter2'],
  ['{% set x %}{{ s }}{% endset %}{{ x }}', 'hunter2'],
  ['{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(s) }}', '<hunter2>'],
  ['{% filter upper %}{{ s }}{% endfilter %}', 'HUNTER2'],
  ['{{ s if yes else 1 }}', 'hunter2'],
  ['{{ nope | default(s) }}', 'hunter2'],
  ["{{ s or 'x' }}", 'hunter2'],
  ['{{ s | b64encode }}', 'aHVudGVyMg=='],
  ['{{ {"a": s}.a }}', 'hunter2'],
];

for (const [text, value] of SECRET)
  test(`${text} is secret`, () => {
    const got = rendered(text, scope);
    assert.instance(got, Secret);
    assert.equal((got as Secret).reveal(), value);
  });

const PLAIN: readonly (readonly [string, Value])[] = [
  ['{{ mixed.user }}', 'root'],
  ['{{ s is defined }}', true],
  ['{{ s is string }}', true],
  ["{{ 'a' if s else 'b' }}", 'a'],
  ['{{ [s, 1] | last }}', 1],
  ['{{ mixed | dict2items | map(attribute="key") | join }}', 'userpassword'],
];

for (const [text, value] of PLAIN) test(`${text} is not secret`, () => assert.equal(rendered(text, scope), value));

test('a list keeps the secrecy of each of its items', () => {
  const got = rendered('{{ [s, text] + [1] }}', scope) as Value[];
  assert.instance(got[0], Secret);
  assert.equal(got.slice(1), ['abc', 1]);
});

test('an error about a secret does not quote it', () => {
  for (const text of [
    '{{ s | from_json }}',
    '{{ s | to_datetime }}',
    '{{ s | urlsplit(s) }}',
    "{{ '1' is version(s, s) }}",
    '{{ s | human_to_bytes }}',
    "{{ 'x' | comment(s) }}",
    '{{ s + 1 }}',
    '{{ mixed[s] }}',
    "{{ lookup(s, 'x') }}",
  ])
    try {
      rendered(text, scope);
      assert.unreachable(`${text} did not fail`);
    } catch (error) {
      assert.instance(error, TemplateError, text);
      assert.not.match((error as TemplateError).message, 'hunter2');
    }
});

const UNKNOWN: readonly string[] = [
  '{{ u }}',
  'x {{ u }}',
  '{{ u.a.b }}',
  "{{ u['a'] }}",
  '{{ u[0] }}',
  '{{ u[1:] }}',
  '{{ u + 1 }}',
  "{{ u ~ 'x' }}",
  '{{ u == 1 }}',
  '{{ u > 1 }}',
  '{{ 1 in u }}',
  '{{ not u }}',
  '{{ u and yes }}',
  '{{ u or false }}',
  '{{ u | upper }}',
  '{{ u | length }}',
  "{{ u | default('x') }}",
  "{{ text | replace('a', u) }}",
  '{{ u.split() }}',
  '{{ u() }}',
  "{{ u is match('x') }}",
  '{{ u is none }}',
  '{{ u is changed }}',
  "{{ 'a' if u else 'b' }}",
  '{% if u %}a{% endif %}',
  '{% for x in u %}a{% endfor %}',
  '{{ half | to_json }}',
  'x{{ half }}',
  '{{ half.unknown }}',
  '{{ [u, 1] | join }}',
  '{{ [1, u] | select("odd") }}',
  '{{ u + s }}',
  '{{ s ~ u }}',
  "{{ '%s' % u }}",
  '{% set x %}{{ u }}{% endset %}{{ x }}',
  '{% macro m() %}{{ u }}{% endmacro %}{{ m() }}',
  '{{ u | bool }}',
  '{{ range(u) }}',
  "{{ lookup('env', u) }}",
  '{{ {"a": u} | combine({"b": 1}) == 1 }}',
  '{{ -u }}',
  '{{ nope | default(u) }}',
];

for (const text of UNKNOWN) test(`${text} is unknown`, () => assert.is(rendered(text, scope), why));

test('what does not depend on the unknown is known', () => {
  assert.is(rendered('{{ u is defined }}', scope), true);
  assert.is(rendered('{{ u is undefined }}', scope), false);
  assert.is(rendered('{{ half.known }}', scope), 1);
  assert.is(evaluated('u and false', scope), false);
  assert.is(evaluated('false and u', scope), false);
  assert.is(evaluated('u or true', scope), true);
  assert.is(evaluated('true or u', scope), true);
  assert.is(rendered('{{ [u, 1] | length }}', scope), 2);
  assert.is(rendered('{{ [u, 1] | last }}', scope), 1);
});

test.run();
