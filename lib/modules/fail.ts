import { defineLocal } from '../module.ts';

export default defineLocal({
  name: 'fail',
  doc: 'Fails with a message; with `when` it guards what follows.',
  args: {
    properties: {
      msg: { type: 'string', default: 'Failed as requested from task', description: 'Why the play cannot go on.' },
    },
  },
  examples: `
- fail:
    msg: This host has too little memory
  when: ansible_memtotal_mb < 1000
`,
  run: a => ({ failed: a.msg }),
});
