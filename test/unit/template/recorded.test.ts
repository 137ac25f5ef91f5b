// The answers of Ansible's own Templar, recorded by recorded/record.py, against ours.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseJson } from '../../../lib/template/filters/json.ts';
import { compileTemplateFile, type Dict } from '../../../lib/template/index.ts';
import { repr } from '../../../lib/template/print.ts';
import { sourceFile } from '../../../lib/text/source.ts';
import { MEANT } from './recorded/meant.ts';
import { compiled, evaluated, scopeOf, services } from './scope.ts';

process.env['TZ'] = 'UTC';
const folder = join(import.meta.dirname.replace(/([\\/])dist\1test/, '$1test'), 'recorded');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

type Answer = string | { readonly error: string };
const answers = JSON.parse(read('answers.json')) as Record<
  'expressions' | 'templates',
  readonly (readonly [string, Answer])[]
>;
const files = JSON.parse(read('files.json')) as Record<string, string>;
const vars = () => scopeOf(parseJson(read('vars.json')) as Dict, services(files));

function ours(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function differences(all: readonly (readonly [string, Answer])[], run: (source: string) => string): string[] {
  return all.flatMap(([source, answer]) => {
    const got = ours(() => run(source));
    const meant = MEANT.get(source);
    const same =
      meant !== undefined ? got === meant : typeof answer === 'string' ? got === answer : got.startsWith('error: ');
    return same ? [] : [`${source}\n  ansible: ${JSON.stringify(answer)}\n  ours:    ${JSON.stringify(got)}`];
  });
}

test('every recorded expression has the value it has in Ansible', () => {
  const wrong = differences(answers.expressions, source => repr(evaluated(source, vars())));
  assert.is(wrong.length, 0, `${wrong.length} of ${answers.expressions.length} differ:\n${wrong.join('\n')}`);
});

test('every recorded template prints what it prints in Ansible', () => {
  const wrong = differences(answers.templates, source =>
    String(compiled(compileTemplateFile(sourceFile('t.j2', source))).render(vars())),
  );
  assert.is(wrong.length, 0, `${wrong.length} of ${answers.templates.length} differ:\n${wrong.join('\n')}`);
});

test('every meant difference is still one', () => {
  const all = new Map([...answers.expressions, ...answers.templates]);
  for (const [source, value] of MEANT) {
    assert.ok(all.has(source), `${source} is not recorded`);
    assert.is.not(all.get(source), value, `${source} does not differ any more`);
  }
});

test.run();
