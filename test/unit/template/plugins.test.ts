// Every filter, test and lookup of Ansible and Jinja is there, or is refused with a reason that people read.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileExpression } from '../../../lib/template/index.ts';
import { TABLES } from '../../../lib/template/library.ts';
import { REFUSED } from '../../../lib/template/refused.ts';
import { originOf } from './scope.ts';

const folder = join(import.meta.dirname.replace(/([\\/])dist\1test/, '$1test'), 'recorded');
type Kind = 'filters' | 'tests' | 'lookups';
const recorded = JSON.parse(readFileSync(join(folder, 'plugins.json'), 'utf8')) as Record<Kind, readonly string[]>;

for (const kind of ['filters', 'tests', 'lookups'] as const) {
  test(`the ${kind} of Ansible are supported or refused, never both`, () => {
    const unnamed = recorded[kind].filter(name => !TABLES[kind].has(name) && !Object.hasOwn(REFUSED[kind], name));
    assert.equal(unnamed, []);
    const both = Object.keys(REFUSED[kind]).filter(name => TABLES[kind].has(name));
    assert.equal(both, []);
  });

  test(`what is refused of the ${kind} is something Ansible has`, () =>
    assert.equal(
      Object.keys(REFUSED[kind]).filter(name => !recorded[kind].includes(name)),
      [],
    ));
}

test('a refused filter, test or lookup says why where it stands', () => {
  const said = (text: string) => {
    const made = compileExpression(text, originOf(text));
    return made.ok ? '' : made.errors.map(e => `${e.code}: ${e.message}; ${e.suggestion}`).join();
  };
  assert.match(
    said("x | community.general.jc('a')"),
    /unsupported: the filter .*jc" is not supported; it is a Python library/,
  );
  assert.match(
    said("x is ansible.utils.in_network('10.0.0.0/8')"),
    /unsupported: the test .* is not supported; addresses/,
  );
  assert.match(said("lookup('dig', 'x')"), /unsupported: the lookup "dig" is not supported; use lookup\("pipe"/);
});

test.run();
