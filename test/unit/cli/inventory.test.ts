import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { shownOf } from '../../../lib/cli/inventory-shown.ts';
import { graphText, listText, valueText } from '../../../lib/cli/inventory-text.ts';
import { LiveInventory } from '../../../lib/inventory/live.ts';
import { Diagnostics } from '../../../lib/text/diagnostic.ts';
import { toInventoryVariable } from '../../../lib/vars/raw.ts';
import { valueOf, withFiles } from '../inventory/fixture.ts';

interface Case {
  readonly files: Readonly<Record<string, string>>;
  readonly sources: readonly string[];
  readonly hosts: readonly string[];
  readonly groups: readonly string[];
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../../test/unit/cli/${name}`, import.meta.url), 'utf8'));
const cases: Readonly<Record<string, Case>> = read('inventory-cases.json');
const answers: Readonly<Record<string, Readonly<Record<string, string>>>> = read('inventory-answers.json');

for (const [name, given] of Object.entries(cases))
  for (const [args, answer] of Object.entries(answers[name] ?? {}))
    test(`${name}: ${args} prints what ansible-inventory prints`, () =>
      assert.fixture(printed(given, args.split(' ')), answer));

function printed(given: Case, args: readonly string[]): string {
  return withFiles(given.files, (services, folder) => {
    for (const [file, text] of Object.entries(given.files))
      if (text.startsWith('#!')) chmodSync(join(folder, file), 0o755);
    const inventory = valueOf(LiveInventory.open(given.sources, { ...services, compile: toInventoryVariable }));
    const [way, name] = args;
    const options = { yaml: args.includes('--yaml'), export: args.includes('--export') };
    const shown = shownOf(inventory, {
      folder,
      extraVars: new Map(),
      limit: undefined,
      export: options.export,
      found: new Diagnostics(),
    });
    if (way === '--list') return listText(shown, options);
    if (way === '--host') return valueText(shown.varsOf(name ?? ''), false);
    const top = inventory.groups.get(name === undefined || name === '--vars' ? 'all' : name);
    return top === undefined ? 'no group' : graphText(shown, top, args.includes('--vars'));
  });
}

test.run();
