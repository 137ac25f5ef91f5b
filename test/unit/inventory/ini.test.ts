import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Layer } from '../../../lib/inventory/layer.ts';
import { loadInventory } from '../../../lib/inventory/load.ts';
import { Float } from '../../../lib/template/values.ts';
import { toRaw } from '../../../lib/vars/raw.ts';
import { printed, withFiles } from './fixture.ts';

interface Answer {
  readonly hosts: Readonly<Record<string, unknown>>;
  /** Own hosts, children, variables, priority. */
  readonly groups: Readonly<Record<string, readonly [readonly string[], readonly string[], unknown, number]>>;
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../../test/unit/inventory/${name}`, import.meta.url), 'utf8'));
const cases: readonly string[] = read('ini-cases.json');
const answers: readonly (Answer | null)[] = read('ini-answers.json').cases;

/** Where we mean to be stricter: the beginning of what is said. */
const STRICTER: ReadonlyMap<string, string> = new Map([
  ["h a='{1,2}'", 'bad-value: Python reads a set here, which no variable can hold'],
  ["h a='...'", 'bad-value: Python reads an ellipsis here'],
  ["h a='1+2j'", 'bad-value: Python reads a complex number here'],
  ['h a=2j b=1', 'bad-value: Python reads a complex number here'],
  ["h a='set()'", 'bad-value: Python reads a set here'],
  ["h a='{(1,2): 3}'", 'bad-value: Python reads a dict with tuples as keys here'],
  ['h a=\'"\\N{BULLET}"\'', 'bad-value: Python reads a text with a character by its name'],
  ['"h" a=1\n\'k l\' a=2', 'bad-value: "k l" is not a name for a host'],
  ['a,b x=1', 'bad-value: "a,b" is not a name for a host'],
  ['[g]\nh;a=1', 'wrong-shape: "h;a=1" stands where a host is expected'],
  ['h =1', 'wrong-shape: "=1" sets no variable'],
  ['[web]\nh\n[web:vars]\n=1', 'wrong-shape: "=1" sets no variable'],
  ['a=1', 'wrong-shape: "a=1" stands where a host is expected'],
  ['[a:children]\nungrouped\n[ungrouped]\nh', 'bad-value: "ungrouped" cannot be a child'],
  ...['@h\n', '*h\n', '!h', 'h?', 'h:x'].map(name => [name, 'is not a name for a host'] as const),
  ['h[3:1]', 'bad-value: the range from "3" to "1" goes backwards'],
  ...['h:0', 'h:99999'].map(name => [name, 'bad-value: a port is a number from 1 to 65535'] as const),
]);

/** Ansible takes a byte order mark for a part of the first name. */
const READ_HERE = new Set(['\ufeff[web]\nh']);

for (const [i, text] of cases.entries())
  test(`${JSON.stringify(text)} is read as Ansible reads it`, () =>
    withFiles({ 'hosts.ini': text }, services => {
      const inventory = loadInventory(['hosts.ini'], { ...services, compile: toRaw });
      const answer = answers[i] ?? null;
      if (READ_HERE.has(text)) return assert.ok(inventory.ok);
      const stricter = STRICTER.get(text);
      if (answer === null || stricter !== undefined) {
        assert.not(inventory.ok, 'Ansible reports an error');
        return assert.match(printed(inventory), stricter ?? '');
      }
      if (!inventory.ok) throw new Error(printed(inventory));
      const { hosts, groups } = inventory.value;
      assert.equal(Object.fromEntries(hosts.map(h => [h.name, plainLayer(h.vars)])), answer.hosts);
      const ours = [...groups.values()].map(g => {
        const own = hosts.filter(h => h.groups.includes(g.name)).map(h => h.name);
        return [g.name, [own, g.name === 'all' ? [] : g.children, plainLayer(g.vars), g.priority]] as const;
      });
      const theirs = Object.entries(answer.groups).map(([name, [own, children, ...rest]]) => [
        name,
        [own, name === 'all' ? [] : children, ...rest],
      ]);
      assert.equal(Object.fromEntries(ours), Object.fromEntries(theirs));
    }));

function plainLayer(layer: Layer): Record<string, unknown> {
  return Object.fromEntries([...layer].map(([name, entry]) => [name, plain(entry.value)]));
}

/** As record-ini.py writes values. */
function plain(value: unknown): unknown {
  if (value instanceof Float) return { float: pythonFloat(value.value) };
  if (typeof value === 'object' && value !== null && 'text' in value) return value.text; // a template
  if (value instanceof Map) return { pairs: [...value].map(([k, v]) => [plain(k), plain(v)]) };
  return Array.isArray(value) ? value.map(plain) : value;
}

function pythonFloat(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return String(value)
    .replace(/^-?\d+$/, '$&.0')
    .replace(/e\+(\d)$/, 'e+0$1');
}

test.run();
