import { defineLocal } from '../module.ts';

export default defineLocal({
  name: 'set_fact',
  doc: 'Sets host variables that last until the end of the run.',
  args: {
    properties: {
      cacheable: { type: 'boolean', default: false, description: 'Counts as facts of the host too.' },
    },
    additional: true,
  },
  examples: `
- set_fact:
    one_fact: something
    other_fact: "{{ local_var * 2 }}"
`,
  returns: { ansible_facts: 'The variables set.' },
  check(a) {
    const names = Object.keys(variables(a));
    if (names.length === 0) return 'there is no variable to set; write name: value';
    const wrong = names.find(name => !/^[A-Za-z_]\w*$/.test(name));
    return wrong === undefined
      ? undefined
      : `"${wrong}" cannot be a variable's name; use letters, digits and _, beginning with a letter`;
  },
  run(a) {
    const facts = variables(a);
    return { values: { ansible_facts: facts }, facts };
  },
});

function variables({ cacheable: _, ...rest }: { readonly cacheable: boolean }): Readonly<Record<string, unknown>> {
  return rest;
}
