import { defineConverge, sh } from '../module.ts';

export default defineConverge({
  name: 'dpkg_selections',
  doc: 'Says what dpkg is to do with a package of Debian: hold it at its version, or let it go. Nothing is installed or removed by it.',
  args: {
    properties: {
      name: {
        type: 'string',
        pattern: '^[a-z0-9][a-z0-9.+-]*(:[a-z0-9-]+)?$',
        patternHint: 'it is the name of one package, or name:architecture',
        description: 'The package, one that dpkg knows.',
      },
      selection: {
        type: 'string',
        enum: ['install', 'hold', 'deinstall', 'purge'],
        description: 'What is wanted of it; hold keeps its version.',
      },
    },
    required: ['name', 'selection'],
  },
  examples: `
- dpkg_selections:
    name: nginx
    selection: hold
`,
  returns: { before: 'The selection there was.', after: 'The selection there is.' },
  goal: a => ({ selection: a.selection }),
  probe: a => sh`tp_dpkg_selection ${a.name}`,
  refuse: (a, before) =>
    before['selection'] === 'not present'
      ? `dpkg knows no package ${a.name} on this host: install it first, then say what is wanted of it`
      : undefined,
  apply: a => sh`printf '%s %s\n' ${a.name} ${a.selection} | dpkg --set-selections`,
  values: (_, state, __, before) => ({ before: before['selection'], after: state['selection'] }),
});
