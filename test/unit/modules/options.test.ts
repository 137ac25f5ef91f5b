import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Module } from '../../../lib/module.ts';
import { differences, readDocumented, readMeant } from '../../against-ansible/options.ts';
import { openDifferences } from '../../against-ansible/options-check.ts';

test('every module takes what its namesake documents, or says why not', async () => {
  const unfinished = Object.keys(readMeant()['unfinished'] ?? {});
  const open = (await openDifferences(readDocumented())).filter(line => !unfinished.includes(line.replace(/:.*/, '')));
  assert.is(open.join('\n'), '');
});

test('what a module lacks is found: arguments, aliases, choices, defaults', () => {
  const module = {
    args: {
      properties: {
        name: { type: 'string', aliases: ['pkg'] },
        state: { type: 'string', enum: ['present'], default: 'present' },
        force: { type: 'boolean', default: false },
        tries: { type: 'integer', default: 5 },
      },
    },
  } as unknown as Module;
  const documented = {
    name: { aliases: ['pkg', 'package'] },
    state: { choices: ['present', 'absent'], default: 'absent' },
    force: { default: 'no' },
    tries: { default: '5' },
    other: {},
    free_form: {},
  };
  assert.equal(differences(module, documented), ['package', 'state=absent', 'state (default)', 'other']);
});

test.run();
