import { defineLocal } from '../module.ts';
import { said } from './shared/said.ts';

export default defineLocal({
  name: 'fail',
  doc: 'Fails with a message; with `when` it guards what follows.',
  args: {
    properties: {
      msg: { type: 'any', description: 'Why the play cannot go on. Without it: Failed as requested from task.' },
    },
  },
  examples: `
- fail:
    msg: This host has too little memory
  when: ansible_memtotal_mb < 1000
`,
  returns: { msg: 'The message, as given.' },
  run: ({ msg }) => ({ failed: said(msg, 'Failed as requested from task'), values: msg === undefined ? {} : { msg } }),
});
