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
        enum: ['systemd', 'debian', 'alpine', 'redhat', 'sles', 'openrc', 'generic'],
        description:
          'How the host keeps its name: systemd by hostnamectl, debian, alpine and generic in /etc/hostname, redhat in ' +
          '/etc/sysconfig/network, sles in /etc/HOSTNAME, openrc in /etc/conf.d/hostname. Found out unless told: by hostnamectl ' +
          'where systemd runs, else in /etc/conf.d/hostname where there is one, else in /etc/hostname.',
      },
    },
    notTaken: {
      'use=freebsd': 'hosts are Linux here',
      'use=openbsd': 'hosts are Linux here',
      'use=solaris': 'hosts are Linux here',
      'use=macos': 'hosts are Linux here',
      'use=macosx': 'hosts are Linux here',
      'use=darwin': 'hosts are Linux here',
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
  probe: (a, want) => sh`tp_hostname ${a.use ?? ''} ${[...want]}`,
  apply: a => sh`tp_set_hostname ${a.use ?? ''} ${a.name}`,
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
