import { Ajv } from 'ajv';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { tplayYmlSchema } from '../../../lib/settings/schema.ts';

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
