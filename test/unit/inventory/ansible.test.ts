import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readHostNames } from '../../../lib/inventory/host-names.ts';
import type { Inventory } from '../../../lib/inventory/hosts.ts';
import { limitPatterns } from '../../../lib/inventory/limit.ts';
import { loadInventory } from '../../../lib/inventory/load.ts';
import { selectHosts } from '../../../lib/inventory/select.ts';
import type { InventoryServices } from '../../../lib/inventory/services.ts';
import { loadVarsFiles } from '../../../lib/inventory/vars-files.ts';
import { namesOf, valueOf, varsOf, withFiles } from './fixture.ts';

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly extra?: Readonly<Record<string, string>>;
  readonly sources: readonly string[];
  readonly playbook?: string;
  readonly patterns: readonly string[];
  readonly limits?: Readonly<Record<string, readonly string[]>>;
}
interface Answer {
  readonly hosts: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly groups: Readonly<Record<string, readonly [number, number, readonly string[]]>>;
  readonly patterns: Readonly<Record<string, readonly string[] | null>>;
  readonly limits?: Readonly<Record<string, Readonly<Record<string, readonly string[] | null>>>>;
}

// Tests run from dist/, the recorded answers stay beside the source.
const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../../test/unit/inventory/${name}`, import.meta.url), 'utf8'));
const given: { ranges: readonly string[]; cases: Readonly<Record<string, Case>> } = read('ansible-cases.json');
const answers: {
  ranges: Readonly<Record<string, { names: readonly string[]; port: number | null } | null>>;
  cases: Readonly<Record<string, Answer>>;
} = read('ansible-answers.json');

/** Where we mean to differ: Ansible names nobody and goes on (at most with a warning), we say what is wrong. */
const ERRORS_HERE = new Set([
  'nope', // an unknown name
  '!nope',
  'web02:nope:db1',
  'web:&nope',
  'web[0:-1]', // Ansible looks for a name that ends in one of these characters
  'web0[12]', // "web0" is no name
  'db1,web:&zone:!web03', // beside a comma colons separate nothing
]);

for (const [name, test_] of Object.entries(given.cases)) {
  const answer = answers.cases[name] as Answer;

  test(`${name}: groups, depths, priorities and hosts are Ansible's`, () =>
    inCase(test_, inventory => {
      const groups = [...inventory.groups.values()].map(g => [g.name, [g.depth, g.priority, g.hosts]]);
      assert.equal(Object.fromEntries(groups), answer.groups);
      assert.equal(namesOf(inventory.named), Object.keys(answer.hosts));
    }));

  test(`${name}: variables of every host are Ansible's`, () =>
    inCase(test_, (inventory, services) => {
      const playbook =
        test_.playbook === undefined ? [] : [valueOf(loadVarsFiles(test_.playbook, inventory, services))];
      for (const { name: host } of inventory.named) {
        const levels = [inventory.layersOf(host), ...[inventory.varsFiles, ...playbook].map(f => f.layersOf(host))];
        const groups = inventory.groupsOf(host).map(g => g.name);
        const group_names = groups.filter(g => g !== 'all').sort();
        assert.equal({ ...varsOf(...levels), group_names }, answer.hosts[host], host);
      }
    }));

  test(`${name}: patterns name Ansible's hosts in its order`, () =>
    inCase(test_, inventory => {
      for (const pattern of test_.patterns) compare(pattern, selectHosts(inventory, pattern), answer.patterns[pattern]);
    }));

  if (test_.limits !== undefined)
    test(`${name}: limits leave Ansible's hosts`, () =>
      inCase(test_, (inventory, services) => {
        for (const [limit, patterns] of Object.entries(test_.limits ?? {})) {
          const limited = new Set(valueOf(selectHosts(inventory, valueOf(limitPatterns(limit, services)))));
          for (const pattern of patterns) {
            const hosts = valueOf(selectHosts(inventory, pattern)).filter(h => limited.has(h));
            assert.equal(namesOf(hosts), answer.limits?.[limit]?.[pattern], `${pattern} limited to ${limit}`);
          }
        }
      }));
}

function compare(
  pattern: string,
  selected: ReturnType<typeof selectHosts>,
  expected: readonly string[] | null | undefined,
) {
  const strict = ERRORS_HERE.has(pattern);
  assert.is(selected.ok, expected !== null && !strict, `${pattern}: ${selected.ok ? 'no error' : 'an error'}`);
  if (selected.ok) assert.equal(namesOf(selected.value), expected, pattern);
}

function inCase(case_: Case, use: (inventory: Inventory, services: InventoryServices) => void): void {
  withFiles({ ...case_.files, ...case_.extra }, services =>
    use(valueOf(loadInventory(case_.sources, services)), services),
  );
}

test('ranges, addresses and ports name the hosts they name in Ansible, and are errors where Ansible names none', () => {
  for (const text of given.ranges) {
    const names = readHostNames(text);
    const answer = answers.ranges[text];
    assert.is(names.ok, answer !== null, `${text}: ${names.ok ? names.names : names.problem}`);
    if (names.ok) assert.equal({ names: names.names, port: names.port ?? null }, answer, text);
  }
});

test.run();
