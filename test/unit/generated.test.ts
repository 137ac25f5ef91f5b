import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { generated, root } from '../../dev/generated.ts';

for (const [path, text] of await generated())
  test(`${path} is what npm run generate makes`, () => {
    const there = readFileSync(root + path, 'utf8');
    // a schema is laid out by the formatter
    if (path.endsWith('.json')) assert.equal(JSON.parse(there), JSON.parse(text));
    else assert.ok(there === text, 'it is stale: npm run generate');
  });

test('there are no pages of modules that there are no more', async () => {
  const made = await generated();
  for (const name of readdirSync(`${root}docs/modules`)) assert.ok(made.has(`docs/modules/${name}`), name);
});

test.run();
