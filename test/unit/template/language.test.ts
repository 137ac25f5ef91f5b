import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  compileTemplate,
  compileTemplateFile,
  condition,
  Float,
  fromPlain,
  isTemplate,
  OMIT,
  type Raw,
  render,
  Secret,
  Tuple,
  toPlain,
  toText,
  truth,
  type Value,
  withoutOmitted,
} from '../../../lib/template/index.ts';
import { sourceFile } from '../../../lib/text/source.ts';
import { compiled, evaluated, originOf, rendered, scopeOf, services } from './scope.ts';

const scope = scopeOf(
  fromPlain({ list: [1, 2], name: 'web1', one: 1, none: null, d: { a: 1, items: 'key' }, flag: true }) as Map<
    string,
    Value
  >,
);
const file = (text: string, options = {}) =>
  compiled(compileTemplateFile(sourceFile('t.j2', text), options)).render(scope);

test('a text that is one expression has the type of its value', () => {
  assert.equal(rendered('{{ list }}', scope), [1, 2]);
  assert.is(rendered('{{ one }}', scope), 1);
  assert.is(rendered('{{ flag }}', scope), true);
  assert.is(rendered('{{ none }}', scope), null);
  assert.equal(rendered('{{ 1.0 }}', scope), new Float(1));
  assert.is(rendered("{{ '1' }}", scope), '1');
  assert.is(rendered("{{ '[1, 2]' }}", scope), '[1, 2]');
});

test('an expression among other text is a text', () => {
  assert.is(rendered('{{ one }} ', scope), '1 ');
  assert.is(rendered('{{ one }}{{ one }}', scope), '11');
  assert.is(rendered('x{{ none }}y', scope), 'xy');
});

test('branches and blocks keep the type of the one value they print, loops make text', () => {
  assert.equal(rendered('{% if flag %}{{ list }}{% else %}none{% endif %}', scope), [1, 2]);
  assert.equal(
    rendered('{% set r = [] %}{% for i in list %}{% set _ = r.append(i * 2) %}{% endfor %}{{ r }}', scope),
    [2, 4],
  );
  assert.equal(rendered('{% set r = [] %}{% for i in list %}{{ r.append(i) }}{% endfor %}{{ r }}\n', scope), [1, 2]);
  assert.is(rendered('{% for i in [7] %}{{ i }}{% endfor %}', scope), '7');
});

test('changing a variable in place does not leave the template', () => {
  assert.equal(rendered('{% set _ = list.append(3) %}{{ list }}', scope), [1, 2, 3]);
  assert.equal(rendered('{{ list }}', scope), [1, 2]);
});

test('a template file is always text', () => {
  assert.is(file('{{ list }}'), '[1, 2]');
  assert.is(file('{{ none }}'), '');
});

test('backslashes are literal in the expressions of a playbook and escapes elsewhere', () => {
  assert.is(rendered(String.raw`{{ 'a\nb' }}`, scope), String.raw`a\nb`);
  assert.is(rendered(String.raw`{% if 'a\nb' == "a` + '\n' + String.raw`b" %}yes{% endif %}`, scope), 'yes');
  assert.is(evaluated(String.raw`'a\nb' | length`, scope), 3);
  assert.is(file(String.raw`{{ 'a\nb' }}`), 'a\nb');
  assert.is(
    compiled(
      compileTemplate(String.raw`{{ 'a\tb' }}`, originOf(''), { escapes: { variables: true, blocks: true } }),
    ).render(scope),
    'a\tb',
  );
});

test('the options of a template file change its tags and its white space', () => {
  assert.is(file('[[ one ]] {{ one }}', { variableStart: '[[', variableEnd: ']]' }), '1 {{ one }}');
  assert.is(file('<% if one %>x<% endif %>', { blockStart: '<%', blockEnd: '%>' }), 'x');
  assert.is(file('a<# x #>b', { commentStart: '<#', commentEnd: '#>' }), 'ab');
  assert.is(file('{% if one %}\nx\n{% endif %}\n', { trimBlocks: false, keepTrailingNewline: false }), '\nx\n');
  assert.is(file('  {% if one %}\nx\n  {% endif %}\ny', { lstripBlocks: true }), 'x\ny');
  assert.is(file('  {%+ if one %}\nx\n  {% endif %}y', { lstripBlocks: true }), '  x\ny');
  assert.is(file('a\nb\r\nc\n', { newline: '\r\n' }), 'a\r\nb\r\nc\r\n');
  assert.is(file('x\n', { keepTrailingNewline: false }), 'x');
});

test('white space control takes and keeps white space', () => {
  assert.is(file('a  {%- if one -%}  b  {%- endif -%}  c'), 'abc');
  assert.is(file('a {%- raw -%} {{ x }} {%- endraw -%} b'), 'a{{ x }}b');
  assert.is(file('a {#- x -#} b'), 'ab');
  assert.is(file('a  {{- one -}}  b'), 'a1b');
  assert.is(file('{% if one %}\n  x\n{% endif +%}\ny'), '  x\n\ny');
});

test('templates include, import and extend each other', () => {
  const files = {
    'part.j2': '[{{ name }} {{ local | default("-") }}]\n',
    'macros.j2': '{% macro hi(x) %}hi {{ x }} {{ name | default("-") }}{% endmacro %}{% set answer = 42 %}',
    'base.j2': 'A {% block head %}base{% endblock %} B {% block body %}body{% endblock %} C',
    'child.j2': '{% extends "base.j2" %}ignored {% block head %}child of {{ super() }}{% endblock %}',
    'loop.j2': '{% include "loop.j2" %}',
    'broken.j2': '{{ 1 + }}',
  };
  const with_ = scopeOf(new Map<string, Value>([['name', 'web1']]), services(files));
  const run = (text: string) => compiled(compileTemplateFile(sourceFile('main.j2', text))).render(with_);
  assert.is(run('{% set local = 1 %}{% include "part.j2" %}'), '[web1 1]');
  assert.throws(() => run('{% include "part.j2" without context %}'), /"name" is not defined/);
  assert.is(run('{% import "macros.j2" as m %}{{ m.hi(1) }} {{ m.answer }}'), 'hi 1 - 42');
  assert.is(run('{% import "macros.j2" as m with context %}{{ m.hi(1) }}'), 'hi 1 web1');
  assert.is(run('{% from "macros.j2" import hi as greet, answer %}{{ greet("x") }} {{ answer }}'), 'hi x - 42');
  assert.is(run('{% include "child.j2" %}'), 'A child of base B body C');
  assert.is(
    run('{% extends "base.j2" %}{% set x = 5 %}{% block body %}{{ x }}{{ self.head() }}{% endblock %}'),
    'A base B 5base C',
  );
  assert.is(run('{% include "none.j2" ignore missing %}x'), 'x');
  assert.is(run('{% include ["none.j2", "part.j2"] %}'), '[web1 -]');
  assert.throws(() => run('{% include "none.j2" %}'), /there is no template "none.j2"/);
  assert.throws(() => run('{% include "loop.j2" %}'), /without end/);
  assert.throws(() => run('{% include "broken.j2" %}'), /expected a value/);
  assert.throws(() => run('{% from "macros.j2" import hello %}{{ hello() }}'), /does not define "hello"/);
});

test('a raw tree is rendered in its order, what is omitted is dropped where it is given away', () => {
  const t = (text: string): Raw => compiled(compileTemplate(text, originOf(text)));
  const raw: Raw = new Map<string, Raw>([
    ['z', t('{{ name }}')],
    ['gone', t('{{ nope | default(omit) }}')],
    ['l', [t('{{ one }}'), t('{{ omit }}'), 'x']],
    ['plain', '{{ not a template }}'],
  ]);
  assert.equal(
    withoutOmitted(render(raw, scope)),
    new Map<string, Value>([
      ['z', 'web1'],
      ['l', [1, 'x']],
      ['plain', '{{ not a template }}'],
    ]),
  );
  assert.is(render(t('{{ nope | default(omit) }}'), scope), OMIT);
  assert.throws(
    () => render(t('a {{ nope | default(omit) }}'), scope),
    /omit is no text: it can only be a whole value/,
  );
});

test('a condition must be boolean', () => {
  assert.is(condition(true), true);
  assert.is(condition(null), false);
  assert.throws(() => condition('yes'), /must be true or false, this one is a str/);
  assert.throws(() => condition(1), /is a int/);
  assert.throws(() => condition([]), /is a list/);
});

test('truth is that of Python', () => {
  for (const value of [null, false, 0, '', [], new Map(), new Float(0)] as Value[]) assert.is(truth(value), false);
  for (const value of [true, 1, 'x', [0], new Map([['a', 1]]), new Float(0.5), '0'] as Value[])
    assert.is(truth(value), true);
});

test('values go to plain data and back', () => {
  const data = { a: [1, 1.5, null, true, { b: 'x' }] };
  assert.equal(JSON.parse(JSON.stringify(toPlain(fromPlain(data)))), data);
  assert.is(Object.getPrototypeOf(toPlain(new Map([['a', 1]]))), null);
  assert.is(toText(Tuple.make([1, 'a'])), "(1, 'a')");
  assert.is(toText([true, null, new Float(1)]), '[True, None, 1.0]');
});

test('a text is a template when it holds a tag', () => {
  for (const text of ['{{ x }}', 'a {% if %}', '{# c #}']) assert.ok(isTemplate(text));
  for (const text of ['plain', '{ x }', '} }']) assert.not.ok(isTemplate(text));
});

test('the result of a lookup is data, whatever it holds', () => {
  const with_ = scopeOf(new Map(), services({ 'f.txt': '{{ 1 + 1 }}\n' }));
  assert.is(rendered("{{ lookup('file', 'f.txt') }}", with_), '{{ 1 + 1 }}');
  assert.is(rendered("x{{ lookup('file', 'f.txt') }}", with_), 'x{{ 1 + 1 }}');
  assert.equal(rendered("{{ query('file', 'f.txt', 'f.txt') }}", with_), ['{{ 1 + 1 }}', '{{ 1 + 1 }}']);
  assert.is(rendered("{{ lookup('file', 'none.txt', errors='ignore') | default('d', true) }}", with_), 'd');
});

test('omit stays in what is rendered, and is dropped from what a module is given', () => {
  const scope = scopeOf(
    new Map<string, Value>([
      [
        'd',
        new Map<string, Value>([
          ['a', 1],
          ['b', OMIT],
          ['c', [OMIT, 2]],
        ]),
      ],
    ]),
  );
  const all = render(new Map([['v', compiled(compileTemplate('{{ d }}', originOf('{{ d }}')))]]), scope) as Map<
    string,
    Value
  >;
  assert.equal([...(all.get('v') as Map<string, Value>).keys()], ['a', 'b', 'c']);
  assert.equal(
    withoutOmitted(all),
    new Map([
      [
        'v',
        new Map<string, Value>([
          ['a', 1],
          ['c', [2]],
        ]),
      ],
    ]),
  );
  assert.equal((withoutOmitted(new Secret(all)) as Secret).reveal(), withoutOmitted(all));
  const same = new Map([['x', [1]]]);
  assert.is(withoutOmitted(same), same);
  for (const [text, value] of [
    ['d.b == omit', true],
    ['d.b != omit', false],
    ["d.b == 'x'", false],
    ['d | length', 3],
    ['d.c | reject("equalto", omit) | list', [2]],
    ["d.b | default('z', true) is defined", true],
  ] as const)
    assert.equal(rendered(`{{ ${text} }}`, scope), value, text);
  assert.throws(() => rendered('{{ d | to_json }}', scope), /undefined cannot be written|omit is no text/);
});

test.run();
