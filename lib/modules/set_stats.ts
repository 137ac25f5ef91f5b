import { defineLocal } from '../module.ts';

export default defineLocal({
  name: 'set_stats',
  doc: 'Keeps values for the end of the run, where they are shown when the setting show_custom_stats is on (and in the JSON output always).',
  args: {
    properties: {
      data: { type: 'object', description: 'Names and values.' },
      per_host: { type: 'boolean', default: false, description: 'Of this host; else of the whole run.' },
      aggregate: {
        type: 'boolean',
        default: true,
        description:
          'Is added to the value there is: numbers are summed, texts and lists joined, mappings merged; else takes its place.',
      },
    },
    required: ['data'],
  },
  examples: `
- set_stats:
    data:
      packages_installed: 31
    per_host: true
- set_stats: { data: { the_answer: 42 }, aggregate: false }
`,
  returns: { ansible_stats: 'data, per_host and aggregate' },
  check(a) {
    const wrong = Object.keys(a.data).find(name => !/^[A-Za-z_]\w*$/.test(name));
    return wrong === undefined
      ? undefined
      : `"${wrong}" cannot be the name of a value; use letters, digits and _, beginning with a letter`;
  },
  run: a => ({
    values: { ansible_stats: { data: a.data, per_host: a.per_host, aggregate: a.aggregate } },
    stats: { data: a.data, perHost: a.per_host, aggregate: a.aggregate },
  }),
});
