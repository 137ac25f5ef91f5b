import { defineConverge } from '../module.ts';
import { sh } from '../shell/sh.ts';

export default defineConverge({
  name: 'hostname',
  doc: 'Sets the name of the host, now and for its next start.',
  args: {
    properties: {
      name: { type: 'string', description: 'The name.' },
      use: {
        type: 'string',
        enum: ['systemd', 'debian', 'generic'],
        description:
          'Taken for playbooks that say it; hostnamectl is used where systemd runs, else hostname and /etc/hostname.',
      },
    },
    required: ['name'],
  },
  examples: `
- hostname:
    name: web01
`,
  returns: { name: 'The name.', ansible_facts: 'Facts that the name changes.' },
  check: a =>
    /^(?=.{1,64}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$/.test(a.name)
      ? undefined
      : `"${a.name}" cannot be a host's name; use letters, digits and "-", at most 64`,
  goal: a => ({ current: a.name, permanent: a.name }),
  probe: (_a, want) => sh`tp_hostname ${[...want]}`,
  apply: a => sh`tp_set_hostname ${a.name}`,
  values: a => ({
    name: a.name,
    ansible_facts: {
      ansible_hostname: a.name.split('.')[0],
      ansible_nodename: a.name,
      ansible_fqdn: a.name,
      ansible_domain: a.name.split('.').slice(1).join('.'),
    },
  }),
});
