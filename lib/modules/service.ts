import { defineExpand } from '../module.ts';
import { SERVICE_ARGS } from './shared/service.ts';

/** Modules that `use` may name, and what each is here. */
const MANAGERS: Readonly<Record<string, string>> = {
  systemd: 'systemd',
  'ansible.builtin.systemd': 'systemd',
  systemd_service: 'systemd',
  sysvinit: 'sysvinit',
  'ansible.builtin.sysvinit': 'sysvinit',
  service: 'sysvinit',
  openrc: 'openrc',
};

export default defineExpand({
  name: 'service',
  doc: "Starts, stops and enables services by the host's own service manager.",
  args: {
    properties: {
      ...SERVICE_ARGS,
      sleep: { type: 'integer', minimum: 0, description: 'Seconds between stop and start (not where systemd runs).' },
      arguments: {
        type: 'string',
        aliases: ['args'],
        description: 'Further words for the script (not where systemd runs).',
      },
      runlevel: { type: 'string', description: 'The runlevel it is enabled in (OpenRC only).' },
      pattern: {
        type: 'string',
        description: 'A text in the line of its process, for scripts that know no `status` (not where systemd runs).',
      },
      use: {
        type: 'string',
        enum: ['auto', ...Object.keys(MANAGERS)],
        default: 'auto',
        description: 'The service manager, instead of the one found.',
      },
    },
    required: ['name'],
    oneOf: [['state', 'enabled']],
  },
  examples: `
- service:
    name: httpd
    state: started
    enabled: true
- service:
    name: httpd
    state: reloaded
`,
  expand({ use, sleep, arguments: words, runlevel, pattern, ...common }, _local, tools) {
    const module = MANAGERS[use === 'auto' ? tools.serviceMgr : use];
    // what the host has only an old kind of script for takes further words; systemd, as Ansible, passes them over
    const more = {
      ...common,
      ...(sleep !== undefined && { sleep }),
      ...(words !== undefined && { arguments: words }),
      ...(pattern !== undefined && { pattern }),
    };
    switch (module) {
      case 'systemd':
        return { module, args: common };
      case 'openrc':
        return { module, args: { ...more, ...(runlevel !== undefined && { runlevel }) } };
      case 'sysvinit':
        if (use !== 'auto' || tools.serviceMgr === 'sysvinit') return { module, args: more };
    }
    return { error: 'no service manager was found on this host; say which with "use": systemd, sysvinit or openrc' };
  },
});
