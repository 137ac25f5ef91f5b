import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tplayYmlSchema } from '../../../lib/settings/schema.ts';

const file = fileURLToPath(new URL('../../../../schemas/tplay.json', import.meta.url));

test('schemas/tplay.json is made from the table: npm run generate', () => {
  assert.equal(JSON.parse(readFileSync(file, 'utf8')), tplayYmlSchema());
});

test('the schema takes what tplay.yml may hold and nothing else', () => {
  const valid = new Ajv({ strict: true, allowUnionTypes: true }).compile(tplayYmlSchema());
  for (const fine of [
    null,
    {},
    { forks: 5, become: true, inventory: ['a.yml', 'web1,'], tags: 'web', host_key_checking: false },
    { gathering: 'smart', retries: 0, roles_path: ['~/r'], private_key_file: 'k', host_key_checking: 'accept-new' },
  ])
    assert.ok(valid(fine), JSON.stringify(fine));
  for (const wrong of [
    [],
    { froks: 5 },
    { forks: 0 },
    { gathering: 'x' },
    { tags: [1] },
    { become_pass: 'x' },
    { become: 'x' },
  ])
    assert.not.ok(valid(wrong), JSON.stringify(wrong));
});

test.run();
