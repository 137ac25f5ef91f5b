import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { diskFiles } from '../../lib/inventory/files.ts';
import { loadInventory } from '../../lib/inventory/load.ts';
import { scriptRunner } from '../../lib/remote/run-script.ts';
import type { Diagnostic } from '../../lib/text/diagnostic.ts';
import { ClosedLayer } from '../../lib/vars/sealed.ts';
import { plainRaw, printed } from '../unit/inventory/fixture.ts';

// Tests run from dist/, the cases stay beside the source: `<case>.yml` or `.ini` and what is printed for it, `<case>.stderr`.
const folder = fileURLToPath(new URL('../../../test/errors/inventory/', import.meta.url));
const closedLayer = (why: Diagnostic) => new ClosedLayer(why);
const services = { ...diskFiles(folder), runScript: scriptRunner(folder), compile: plainRaw, closedLayer };

for (const file of readdirSync(folder).filter(f => /\.(yml|ini)$/.test(f)))
  test(`inventory/${file} is told everything that is wrong with it`, () => {
    const expected = `${folder}${file.replace(/\.yml$/, '').replace(/\.ini$/, '-ini')}.stderr`;
    const actual = printed(loadInventory([file], services));
    // UPDATE=1 writes what is printed now: read the difference before committing it.
    if (process.env['UPDATE'] === '1') writeFileSync(expected, actual);
    assert.fixture(actual, readFileSync(expected, 'utf8'));
  });

test.run();
