// A template reaches data and the functions of its language: no attempt to get at JavaScript behind them succeeds.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Dict, fromPlain } from '../../../lib/template/index.ts';
import { rendered, scopeOf } from './scope.ts';

const scope = scopeOf(fromPlain({ text: 'x', list: [1], dict: { a: 1 }, one: 1, tpl: '{{ 1 + 1 }}' }) as Dict);

const ATTEMPTS: readonly string[] = [
  '{{ text.constructor }}',
  "{{ text['constructor'] }}",
  "{{ ''.constructor.constructor('return process')() }}",
  '{{ list.constructor }}',
  "{{ list['__proto__'] }}",
  '{{ dict.constructor }}',
  "{{ dict['constructor'] }}",
  '{{ dict.__proto__ }}',
  "{{ dict['__proto__'] }}",
  "{{ dict.get('constructor') | mandatory('') if dict.get('constructor') is none else 1 }}{{ undefined_on_purpose }}",
  '{{ one.constructor }}',
  '{{ dict.hasOwnProperty }}',
  '{{ list.length }}',
  '{{ list.push }}',
  '{{ text.__class__ }}',
  '{{ text.__class__.__mro__[1].__subclasses__() }}',
  "{{ text | attr('__class__') }}",
  "{{ text | attr('constructor') }}",
  "{{ dict | attr('constructor') }}",
  '{{ range.constructor }}',
  '{{ range.__globals__ }}',
  '{{ range.run }}',
  '{{ range.signature }}',
  '{{ lookup.self }}',
  '{{ dict.update.constructor }}',
  '{% for x in list %}{{ loop.constructor }}{% endfor %}',
  "{% for x in list %}{{ loop['__proto__'] }}{% endfor %}",
  '{% macro m() %}{% endmacro %}{{ m.constructor }}',
  '{% macro m() %}{{ caller.constructor }}{% endmacro %}{% call m() %}{% endcall %}',
  '{% set ns = namespace() %}{{ ns.constructor }}',
  '{% set ns = namespace() %}{{ ns.items_ }}',
  "{{ cycler('a').constructor }}",
  '{{ self.constructor }}',
  '{{ vars.constructor }}',
  '{{ omit.constructor }}',
  '{{ now().constructor }}',
  "{{ '{0.constructor}'.format(text) }}",
  "{{ '{0.__class__}'.format(text) }}",
  "{{ '{0[constructor]}'.format(dict) }}",
  "{{ '{0[__proto__]}'.format(dict) }}",
  "{{ '%(constructor)s' % dict }}",
  "{{ [dict] | map(attribute='constructor') | first }}",
  "{{ [dict] | map(attribute='__proto__.a') | first }}",
  "{{ list | map('constructor') }}",
  "{{ list | select('constructor') }}",
  "{{ [1, 2] | sort(attribute='constructor') }}",
  "{{ dict | extract({'a': 1}) }}",
  "{{ 'constructor' | extract(dict) }}",
  "{{ lookup('constructor') }}",
  "{{ lookup('__proto__') }}",
  "{{ lookup('vars', 'constructor') }}",
  "{{ 'x' | hash('constructor') }}",
  "{{ 'x' | password_hash('constructor', 'salt') }}",
  "{{ '1' is version('1', 'constructor') }}",
  "{{ '1' is version('1', 'eq', version_type='constructor') }}",
  "{{ 'x' | comment('constructor') }}",
  "{{ 'x' | regex_replace('x', '\\g<constructor>') }}",
  "{{ 'http://x/' | urlsplit('constructor') }}",
  '{{ constructor }}',
  '{{ __proto__ }}',
  '{{ process }}',
  '{{ globalThis }}',
  '{{ this }}',
  '{{ text | constructor }}',
  '{{ text is constructor }}',
  '{{ toString() }}',
];

for (const text of ATTEMPTS) test(`${text} reaches nothing`, () => assert.throws(() => rendered(text, scope)));

test('there are the 22 attempts of the design, and more', () => assert.ok(ATTEMPTS.length >= 22));

test('names of JavaScript are ordinary keys when the data has them', () => {
  const data = scopeOf(
    new Map([
      [
        'd',
        new Map([
          ['constructor', 'c'],
          ['__proto__', 'p'],
        ]),
      ],
    ]),
  );
  assert.is(rendered('{{ d.constructor }}{{ d.__proto__ }}', data), 'cp');
  assert.is(rendered("{{ {'__proto__': 1}['__proto__'] }}", data), 1);
  assert.is(({} as { a?: number }).a, undefined);
});

test('a text made at run time is never a template', () => {
  assert.is(rendered('{{ tpl }}', scope), '{{ 1 + 1 }}');
  assert.is(rendered("{{ '{' ~ '{ 1 + 1 }' ~ '}' }}", scope), '{{ 1 + 1 }}');
  assert.is(rendered("{{ [tpl] | map('string') | first }}", scope), '{{ 1 + 1 }}');
});

test.run();
