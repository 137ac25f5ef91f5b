import { INVENTORY_SCHEMA } from '../../lib/inventory/syntax.ts';
import { PROMPT_ARGS } from '../../lib/playbook/prompts.ts';
import { DRAFT, keywords } from './tasks.ts';
import { type Json, ref, VALUE_DEFINITIONS, valueJson } from './values.ts';

const TASKS = 'tasks.json';

/** schemas/playbook.json: plays and imported playbooks. */
export function playbookSchema(): Json {
  const words = ['import_playbook', 'ansible.builtin.import_playbook', 'ansible.legacy.import_playbook'];
  const role = keywords('role', 'tasks', TASKS);
  const imported = Object.fromEntries(['name', 'tags', 'vars', 'when'].map(name => [name, role[name] ?? {}]));
  return {
    $schema: DRAFT,
    title: 'playbook of tplay',
    description: 'A list of plays and of playbooks that are imported.',
    type: 'array',
    items: { if: { anyOf: words.map(word => ({ required: [word] })) }, then: ref('import'), else: ref('play') },
    definitions: {
      ...VALUE_DEFINITIONS,
      import: {
        type: 'object',
        properties: { ...imported, ...Object.fromEntries(words.map(word => [word, { type: ['string', 'object'] }])) },
        additionalProperties: false,
      },
      play: {
        type: 'object',
        properties: {
          ...keywords('play', 'tasks', TASKS),
          roles: { type: ['array', 'null'], items: ref('role') },
          vars_prompt: { type: ['array', 'null'], items: ref('prompt') },
        },
        required: ['hosts'],
        additionalProperties: false,
      },
      // everything that is no keyword is a variable of the role
      role: { type: ['string', 'object'], properties: { ...role, name: { type: 'string' } } },
      prompt: {
        type: 'object',
        properties: Object.fromEntries(
          Object.entries(PROMPT_ARGS.properties).map(([name, value]) => [name, valueJson(value)]),
        ),
        required: PROMPT_ARGS.required,
        additionalProperties: false,
      },
    },
  };
}

/** schemas/inventory.json. */
export function inventorySchema(): Json {
  return {
    $schema: DRAFT,
    title: 'inventory of tplay',
    description: 'Groups with their hosts and variables.',
    ...INVENTORY_SCHEMA,
  };
}
