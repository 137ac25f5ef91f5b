import { defineExpand } from '../module.ts';
import { SERVICE_ARGS } from './shared/service.ts';

export default defineExpand({
  name: 'service',
  doc: "Starts, stops and enables services by the host's own service manager.",
  args: {
    properties: {
      ...SERVICE_ARGS,
      sleep: { type: 'integer', minimum: 0, description: 'Seconds between stop and start (scripts of init.d only).' },
      arguments: { type: 'string', aliases: ['args'], description: 'Further words for the script (init.d only).' },
      runlevel: { type: 'string', description: 'The runlevel it is enabled in (OpenRC only).' },
      use: {
        type: 'string',
        enum: ['auto', 'systemd', 'sysvinit', 'openrc'],
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
  expand({ use, sleep, arguments: words, runlevel, ...common }, _local, tools) {
    const module = use === 'auto' ? tools.serviceMgr : use;
    switch (module) {
      case 'systemd':
        return { module, args: common };
      case 'openrc':
        return { module, args: { ...common, ...(runlevel !== undefined && { runlevel }) } };
      case 'sysvinit':
        return {
          module,
          args: { ...common, ...(sleep !== undefined && { sleep }), ...(words !== undefined && { arguments: words }) },
        };
      default:
        return {
          error: 'no service manager was found on this host; say which with "use": systemd, sysvinit or openrc',
        };
    }
  },
});
