// A secret or an unknown value at every place of every filter, test, lookup and method: nothing lets its text out.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Secret, TemplateError, Tuple, Unknown, type Value } from '../../../lib/template/index.ts';
import { TABLES } from '../../../lib/template/library.ts';
import { dictMethods } from '../../../lib/template/methods/dict.ts';
import { listMethods } from '../../../lib/template/methods/list.ts';
import { textMethods } from '../../../lib/template/methods/text.ts';
import { repr } from '../../../lib/template/print.ts';
import { rendered, scopeOf } from './scope.ts';

const PLAIN = 'hunter2xyzzy';
const unknown = new Unknown('the task was not run');
const make = (wrap: (value: Value) => Value) =>
  scopeOf(
    new Map<string, Value>([
      ['s', wrap(PLAIN)],
      ['l', [wrap(PLAIN), wrap('b')]],
      ['d', new Map([['k', wrap(PLAIN)]])],
      ['ld', [new Map([['k', wrap(PLAIN)]])]],
      ['n', 3],
    ]),
  );
const secrets = make(value => new Secret(value));
const unknowns = make(() => unknown);

/** What people see of a value: everything but what is in a Secret. */
function shown(value: Value): string {
  if (value instanceof Secret) return '***';
  if (value instanceof Unknown) return '';
  if (value instanceof Tuple || Array.isArray(value)) return value.map(shown).join(' ');
  if (value instanceof Map) return [...value].map(([k, v]) => `${String(k)} ${shown(v)}`).join(' ');
  return repr(value);
}

/** Fewer rounds, or every run would hash a password a million times. */
const SLOW = new Set(['password_hash', 'password']);
const ARGUMENTS = ['', 's', "'x', s", 's, s', 'n', "'k'", 'l', 'd', 's, s, s', "'k', 'eq', s"];
const INPUTS = ['s', 'l', 'd', 'ld', "'a' ~ s", '[s]', '{s: 1}', "'x'"];

function* expressions(): Iterable<string> {
  for (const name of TABLES.filters.keys())
    if (!SLOW.has(name))
      for (const input of INPUTS) for (const given of ARGUMENTS) yield `${input} | ${name}(${given})`;
  for (const name of TABLES.tests.keys())
    if (/^\w+$/.test(name) && name !== 'in')
      for (const input of INPUTS) for (const given of ARGUMENTS) yield `${input} is ${name}(${given})`;
  for (const name of TABLES.lookups.keys())
    if (!SLOW.has(name)) for (const given of ARGUMENTS.slice(1)) yield `lookup('${name}', ${given})`;
  for (const [input, methods] of [
    ['s', textMethods],
    ["'x'", textMethods],
    ['l', listMethods],
    ['d', dictMethods],
  ] as const)
    for (const name of Object.keys(methods)) for (const given of ARGUMENTS) yield `${input}.${name}(${given})`;
}

function outcome(text: string, scope: typeof secrets): string {
  try {
    return shown(rendered(`{{ ${text} }}`, scope));
  } catch (error) {
    if (error instanceof TemplateError) return JSON.stringify(error.diagnostic, (key, v) => (key === 'span' ? '' : v));
    if (error instanceof Error && error.message.startsWith('does not compile')) return error.message;
    return `crash: ${error instanceof Error ? error.stack : String(error)}`;
  }
}

test('no filter, test, lookup or method lets a secret out', () => {
  const leaks = [...expressions()].filter(text => {
    const said = outcome(text, secrets);
    return said.startsWith('crash') || said.includes(PLAIN);
  });
  assert.equal(leaks, []);
});

test('an unknown value is no crash anywhere', () => {
  const crashes = [...expressions()].filter(text => outcome(text, unknowns).startsWith('crash'));
  assert.equal(crashes, []);
});

test.run();
