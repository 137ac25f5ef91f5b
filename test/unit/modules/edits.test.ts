import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EditModule } from '../../../lib/module.ts';
import { modules } from '../../../lib/modules/index.ts';
import { coerceArgs } from '../../../lib/playbook/coerce.ts';

/**
 * Random tasks of lineinfile, blockinfile and replace with what ansible-core 2.14 made of the file. Left out: a line
 * inserted after a last line that has no line break, which 2.14 appends to that line (later versions do not).
 */
interface Row {
  readonly module: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly result?: string;
  readonly failed?: true;
}

const rows = JSON.parse(
  readFileSync(new URL('../../../../test/unit/modules/edits.json', import.meta.url), 'utf8'),
) as readonly Row[];
const test = suite('edits');

for (const name of ['lineinfile', 'blockinfile', 'replace'])
  test(`${name} makes of a file what Ansible makes of it`, async () => {
    const module = (await modules[name]?.())?.default as EditModule;
    const mine = rows.filter(row => row.module === name);
    assert.ok(mine.length > 50);
    for (const row of mine) {
      const given = new Map(Object.entries({ ...row.args, path: '/f' }).map(([key, value]) => [key, { value }]));
      const { args, faults } = coerceArgs(name, module.args, given);
      const fault = faults[0]?.message ?? module.check?.(args as never);
      const edited = fault === undefined ? module.edit(args as never, row.text, {}) : { error: fault };
      const told = JSON.stringify([row.args, row.text]);
      if (row.failed) assert.ok('error' in edited, told);
      else
        assert.is(
          'same' in edited ? row.text : 'text' in edited ? edited.text : JSON.stringify(edited),
          row.result,
          told,
        );
    }
  });

test.run();
