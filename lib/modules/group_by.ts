import { defineLocal } from '../module.ts';

export default defineLocal({
  name: 'group_by',
  doc: 'Puts each host into a group until the end of the run; plays and tasks that follow see it.',
  args: {
    properties: {
      key: { type: 'string', description: 'Name of the group, usually with a variable in it; blanks become `-`.' },
      parents: {
        type: 'array',
        items: { type: 'string' },
        default: ['all'],
        description: 'Groups that this group is in; those that are not there are made.',
      },
    },
    required: ['key'],
  },
  examples: `
- group_by:
    key: os_{{ ansible_facts.distribution }}
- group_by:
    key: "{{ ansible_facts.pkg_mgr }}"
    parents: package_managers
`,
  returns: { add_group: 'Name of the group.', parent_groups: 'Names of its parents.' },
  run(a) {
    const group = dashed(a.key);
    const parents = a.parents.map(dashed);
    return { values: { add_group: group, parent_groups: parents }, adds: { group, parents } };
  },
});

function dashed(name: string): string {
  return name.replaceAll(' ', '-');
}
