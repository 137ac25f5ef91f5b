import { type ArgsSchema, defineExpand } from '../module.ts';
import setup from './setup.ts';

const args = {
  properties: {
    ...setup.args.properties,
    parallel: { type: 'boolean', description: 'Changes nothing: all facts of a host are gathered by one look.' },
  },
} as const satisfies ArgsSchema;

/** As Ansible: what a play gathers its facts by; with other plugins of facts it would be more than setup. */
export default defineExpand({
  name: 'gather_facts',
  doc: 'Gathers facts of the host as a play does at its start.',
  args,
  examples: `
- gather_facts:
`,
  expand: ({ parallel: _, ...others }) => ({ module: 'setup', args: others }),
});
