import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileTemplateFile, type Dict, fromPlain } from '../../../lib/template/index.ts';
import { formatDiagnostics } from '../../../lib/text/frame.ts';
import { sourceFile } from '../../../lib/text/source.ts';
import { compiled, scopeOf } from './scope.ts';

const scope = scopeOf(fromPlain({ name: 'web1', yes: true }) as Dict);
const file = (text: string) => compileTemplateFile(sourceFile('t.j2', text));

for (const [text, wanted] of [
  ['#jinja2: trim_blocks: False\n{% if yes %}\na\n{% endif %}\n', '\na\n'],
  ['#jinja2:lstrip_blocks: True, trim_blocks:True\n  {% if yes %}\n  a\n  {% endif %}\n', '  a\n'],
  ['#jinja2: variable_start_string: "[%", variable_end_string: "%]"\n[% name %] {{ name }}\n', 'web1 {{ name }}\n'],
  ["#jinja2: newline_sequence: '\\r\\n'\na\nb\n", 'a\r\nb\r\n'],
  ['# jinja2: trim_blocks: False\n{{ name }}\n', '# jinja2: trim_blocks: False\nweb1\n'],
] as const)
  test(`${JSON.stringify(text)} is read as its first line says`, () =>
    assert.is(compiled(file(text)).render(scope), wanted));

for (const [text, wanted] of [
  ['#jinja2: trim_block: False\n', 't.j2:1:10 error template-syntax: "#jinja2:" has no setting "trim_block"'],
  ['#jinja2: trim_blocks: no\n', 't.j2:1:10 error template-syntax: "no" is neither True nor False'],
  ['#jinja2: trim_blocks: True, newline_sequence: x\n', 't.j2:1:29 error template-syntax: "x" is no text in quotes'],
  ['#jinja2: trim_blocks: True\n\n{{ name | nope }}\n', 't.j2:3:11 error unknown-filter: there is no filter "nope"'],
] as const)
  test(`what is wrong with ${JSON.stringify(text)} is told at its place`, () => {
    const made = file(text);
    assert.not(made.ok);
    assert.is(made.ok ? '' : formatDiagnostics(made.errors).split('\n')[0], wanted);
  });

test.run();
