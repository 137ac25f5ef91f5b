import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  compileExpression,
  compileTemplate,
  compileTemplateFile,
  type Dict,
  fromPlain,
  type Scope,
  type Template,
  TemplateError,
} from '../../../lib/template/index.ts';
import type { Checked, Diagnostic } from '../../../lib/text/diagnostic.ts';
import { positionAt, sourceFile } from '../../../lib/text/source.ts';
import { compiled, originOf, scopeOf } from './scope.ts';

const vars = fromPlain({ name: 'web1', list: [1, 2], user: { name: 'bob', home: '/h' }, nothing: null }) as Dict;

/** `line:column-column code message (suggestion)`, the columns of the first and behind the last character. */
function shown(d: Diagnostic): string {
  if (!d.span) return d.message;
  const { line, column } = positionAt(d.span.file, d.span.start);
  return `${line}:${column}-${column + d.span.end - d.span.start} ${d.code} ${d.message}${d.suggestion === undefined ? '' : ` (${d.suggestion})`}`;
}

function compileErrors(checked: Checked<Template>): string[] {
  return checked.ok ? [] : checked.errors.map(shown);
}

function failure(text: string, compile = compileTemplate): string {
  try {
    compiled(compile(text, originOf(text))).render(scopeOf(vars));
  } catch (error) {
    if (error instanceof TemplateError) return shown(error.diagnostic);
    throw error;
  }
  return 'no error';
}

const SYNTAX: readonly (readonly [string, string])[] = [
  ['{{ name', '1:1-3 template-syntax "{{" is never closed ("}}" is missing)'],
  ['a\n{% if name %}b', '2:4-6 template-syntax "if" is never closed ("{% endif %}" is missing)'],
  ['{% for x in list %}', '1:4-7 template-syntax "for" is never closed ("{% endfor %}" is missing)'],
  ['{# never', '1:1-3 template-syntax "{#" is never closed ("#}" is missing)'],
  ['{% raw %}x', '1:1-3 template-syntax "raw" is never closed ("{% endraw %}" is missing)'],
  ['{{ }}', '1:1-6 template-syntax there is no expression in the braces'],
  ['{{ 1 + }}', '1:8-9 template-syntax expected a value, found the end of the expression'],
  ['{{ (1 }}', '1:7-8 template-syntax "}" cannot close "(" (use ")")'],
  ['{{ [1, 2) }}', '1:9-10 template-syntax ")" cannot close "[" (use "]")'],
  ["{{ 'abc }}", "1:4-5 template-syntax the text that starts with ' is never closed"],
  ['{{ a && b }}', '1:6-7 template-syntax "&" does not belong into an expression (use "and")'],
  ['{{ a = 1 }}', '1:6-7 template-syntax expected an operator or "}}", found "=" (compare with "==")'],
  ['{{ name uppper }}', '1:9-15 template-syntax expected an operator or "}}", found "uppper"'],
  ['{% iff name %}', '1:4-7 template-syntax there is no tag "iff" (did you mean "if"?)'],
  ['{% endif %}', '1:4-9 template-syntax "endif" closes nothing here'],
  ['{% if a %}{% endfor %}', '1:14-20 template-syntax "endfor" closes nothing here, "if" is still open'],
  ['{% break %}', '1:4-9 template-syntax "break" outside of a loop'],
  ['{{ name | uper }}', '1:11-15 unknown-filter there is no filter "uper" (did you mean "upper"?)'],
  ['{{ name is strng }}', '1:12-17 unknown-test there is no test "strng" (did you mean "string"?)'],
  ["{{ lookup('fil', 'x') }}", '1:11-16 unknown-lookup there is no lookup "fil" (did you mean "file"?)'],
  ["{{ name | replace('a') }}", '1:11-18 template-error the filter "replace" needs its argument "new"'],
  ['{{ name | join(sep=1) }}', '1:16-19 template-error the filter "join" has no argument "sep"'],
  [
    "{{ name | default('a', bolean=true) }}",
    '1:24-30 template-error the filter "default" has no argument "bolean" (did you mean "boolean"?)',
  ],
  [
    '{{ 99999999999999999999 }}',
    '1:4-24 template-syntax the number is too large to be exact (write it as a text in quotes)',
  ],
];

for (const [text, expected] of SYNTAX)
  test(`${JSON.stringify(text)} is refused at its place`, () => {
    assert.equal(compileErrors(compileTemplate(text, originOf(text))), [expected]);
  });

test('every unknown name is reported, not only the first', () => {
  const text = '{{ a | nope1 }} {{ b is nope2 }}';
  assert.is(compileErrors(compileTemplate(text, originOf(text))).length, 2);
});

const EVALUATION: readonly (readonly [string, string])[] = [
  ['a {{ nme }}', '1:6-9 undefined-variable "nme" is not defined (did you mean "name"?)'],
  ['{{ user.nme }}', '1:4-12 undefined-variable the dict has no key "nme" (did you mean "name"?)'],
  ['{{ user.x.y.z }}', '1:4-10 undefined-variable the dict has no key "x"'],
  ["{{ user['nam'] }}", '1:4-15 undefined-variable the dict has no key "nam" (did you mean "name"?)'],
  ['{{ list[5] }}', '1:4-11 undefined-variable the list has no item 5, it has 2 items'],
  ['x\n {% if nme %}{% endif %}', '2:8-11 undefined-variable "nme" is not defined (did you mean "name"?)'],
  ['{% for x in user.lst %}{% endfor %}', '1:13-21 undefined-variable the dict has no key "lst"'],
  [
    '{{ name + 1 }}',
    '1:4-12 template-error "+" cannot join str and int (join texts with "~", or turn the text into a number with "| int")',
  ],
  ['{{ name < 1 }}', '1:4-12 template-error "<" cannot compare str and int (turn the text into a number with "| int")'],
  ['{{ 1 / 0 }}', '1:4-9 template-error division by zero'],
  ['{% for x in 5 %}{% endfor %}', '1:13-14 template-error a int cannot be looped over (use "range(...)" to count)'],
  ['{{ name() }}', '1:4-10 template-error a str cannot be called'],
  [
    '{{ user.items }}',
    '1:4-14 template-error the value is a function (call "items" with "()", or write [\'...\'] to read a key of that name)',
  ],
  [
    "{{ '[1' | from_json }}",
    '1:4-20 template-error from_json cannot read the text: expected "," or "]" at line 1, column 3',
  ],
  ["{{ 'x' | regex_search('(') }}", '1:4-27 template-error the regular expression cannot be read: Unterminated group'],
  ['{{ nothing.x }}', '1:4-13 undefined-variable a NoneType has no attribute "x"'],
  [
    '{{ nothing | mandatory }}{{ nme | mandatory }}',
    '1:29-32 undefined-variable "nme" is not defined (did you mean "name"?)',
  ],
  ['{{ undef("set me") }}', '1:4-19 undefined-variable set me'],
];

for (const [text, expected] of EVALUATION)
  test(`${JSON.stringify(text)} fails at its place`, () => assert.is(failure(text), expected));

test('braces in a condition are an error that shows the fix', () => {
  const first = (text: string) => compileErrors(compileExpression(text, originOf(text)))[0];
  assert.is(
    first('{{ name }}'),
    '1:1-3 template-syntax this is an expression already, braces do not belong into it (write name)',
  );
  assert.is(
    first('x == {{ name }}'),
    '1:6-8 template-syntax this is an expression already, braces do not belong into it (write x == name)',
  );
  assert.is(
    first('x == "{{ name }}"'),
    '1:7-9 template-syntax this is an expression already, braces do not belong into it (write x == name)',
  );
  assert.is(first(''), '1:1-2 template-syntax there is no expression');
  assert.is(first('a b'), '1:3-4 template-syntax expected an operator or the end of the expression, found "b"');
});

test('places are those of the file the text stands in', () => {
  const file = sourceFile('tasks.yml', 'when: >\n  name == nme\n');
  const origin = { file, span: { file, start: 8, end: 22 }, offsetAt: (index: number) => index + 10 };
  try {
    compiled(compileExpression('name == nme', origin)).render(scopeOf(vars));
    assert.unreachable();
  } catch (error) {
    assert.instance(error, TemplateError);
    assert.is(
      shown((error as TemplateError).diagnostic),
      '2:11-14 undefined-variable "nme" is not defined (did you mean "name"?)',
    );
  }
});

test('an error says where the variables it is about were set', () => {
  const file = sourceFile('vars.yml', 'name: web1\n');
  const set = { file, start: 0, end: 4 };
  const scope: Scope = { ...scopeOf(vars), where: name => (name === 'name' ? set : undefined) };
  try {
    compiled(compileTemplate('{{ name + 1 }}', originOf('{{ name + 1 }}'))).render(scope);
    assert.unreachable();
  } catch (error) {
    assert.equal((error as TemplateError).diagnostic.notes, [{ message: '"name" was set', span: set }]);
  }
});

test('an error in an undefined variable of a variable is shown where it is, unless it is replaced', () => {
  const inner = compiled(compileTemplate('{{ missing }}', originOf('{{ missing }}')));
  const scope: Scope = { ...scopeOf(vars), get: name => (name === 'lazy' ? inner.render(scope) : undefined) };
  const run = (text: string) => compiled(compileTemplate(text, originOf(text))).render(scope);
  assert.is(run("{{ lazy | default('d') }}"), 'd');
  assert.is(run('{{ lazy is defined }}'), false);
  assert.throws(() => run('{{ lazy }}'), /"missing" is not defined/);
});

test('what is nested too deep, too long or too large is an error, not a crash', () => {
  const problem = (text: string) => compileErrors(compileTemplate(text, originOf(text)))[0] ?? failure(text);
  assert.match(problem(`{{ ${'('.repeat(10_000)}1${')'.repeat(10_000)} }}`), /levels deep/);
  assert.match(problem(`{{ ${'['.repeat(10_000)}${']'.repeat(10_000)} }}`), /levels deep/);
  assert.match(problem(`{{ ${'not '.repeat(10_000)}1 }}`), /levels deep/);
  assert.match(problem(`{{ ${'-'.repeat(10_000)}1 }}`), /levels deep/);
  assert.match(problem(`{{ ${'1 + '.repeat(10_000)}1 }}`), /in a row/);
  assert.match(problem(`{{ a${'.b'.repeat(10_000)} }}`), /in a row/);
  assert.match(problem(`{{ a${' | list'.repeat(10_000)} }}`), /in a row/);
  assert.match(problem('{% if 1 %}'.repeat(10_000)), /levels deep/);
  assert.match(problem(`{{ ${'1 if 1 else '.repeat(10_000)}1 }}`), /levels deep/);
  assert.match(problem('{{ range(100001) }}'), /more than 100000/);
  assert.match(problem("{{ 'x' * 100000000 }}"), /would make more than/);
  assert.match(problem('{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}'), /calls inside each other/);
  assert.match(problem('{% set l = [] %}{% set _ = l.append(l) %}{{ l }}'), /nested too deep/);
  assert.match(problem("{% set x = 'x' * 1000000 %}{% for i in range(200) %}{{ x }}{% endfor %}"), /more than 100 MB/);
});

test('a long flat template is no deep one', () => {
  const text = '{{ name }}\n'.repeat(5000);
  assert.is(String(compiled(compileTemplateFile(sourceFile('t', text))).render(scopeOf(vars))).length, 25_000);
});

test.run();
