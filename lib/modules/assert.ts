import { defineLocal, type Evaluated } from '../module.ts';
import { said } from './shared/said.ts';

export default defineLocal({
  name: 'assert',
  doc: 'Fails unless all of its conditions are true.',
  args: {
    properties: {
      that: {
        type: 'array',
        items: { type: 'string' },
        expression: true,
        description: 'Conditions as in `when`, without braces.',
      },
      fail_msg: { type: 'any', aliases: ['msg'], description: 'What to say when a condition is false.' },
      success_msg: { type: 'any', description: 'What to say when all are true.' },
      quiet: { type: 'boolean', default: false, description: 'Of no effect: nothing is said of what is true.' },
    },
    required: ['that'],
  },
  examples: `
- assert:
    that:
      - ansible_os_family != "RedHat"
      - number_of_the_counting == 3
    fail_msg: this host is not as it should be
`,
  returns: { assertion: 'The condition that was false.', evaluated_to: 'Its value.', msg: 'What was said.' },
  run(a) {
    for (const { text, value, defined } of a.that as unknown as readonly Evaluated[]) {
      if (!defined)
        return {
          failed: `the condition "${text}" is about something that is not defined`,
          values: { assertion: text },
        };
      if (typeof value !== 'boolean')
        return {
          failed: `the condition "${text}" is ${described(value)}, not true or false; compare it, or add "| bool"`,
          values: { assertion: text },
        };
      if (!value)
        return {
          failed: said(a.fail_msg, 'Assertion failed'),
          values: { assertion: text, evaluated_to: false, msg: a.fail_msg ?? 'Assertion failed' },
        };
    }
    return { values: { msg: a.success_msg ?? 'All assertions passed' } };
  },
});

function described(value: unknown): string {
  if (value === null) return 'none';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : `the ${typeof value} ${JSON.stringify(value)}`;
}
