import { defineConverge } from '../module.ts';
import { sh } from '../shell/sh.ts';
import { always, SERVICE_ARGS, stateAfter } from './shared/service.ts';

export default defineConverge({
  name: 'openrc',
  doc: 'Starts, stops and enables services of OpenRC; what `service` stands for on Alpine and Gentoo.',
  args: {
    properties: {
      ...SERVICE_ARGS,
      runlevel: { type: 'string', default: 'default', description: 'The runlevel it is enabled in.' },
    },
    required: ['name'],
    oneOf: [['state', 'enabled']],
  },
  examples: `
- openrc:
    name: chronyd
    state: started
    enabled: true
`,
  returns: { name: 'Name of the service.', state: 'started or stopped', enabled: 'Whether it starts with the host.' },
  check: a => (/^[\w@.+][\w@.+-]*$/.test(a.name) ? undefined : `"${a.name}" cannot be the name of a service`),
  goal: a => ({ enabled: a.enabled, state: stateAfter(a) }),
  probe: (a, want) => sh`tp_openrc ${a.name} ${a.runlevel} ${[...want]}`,

  apply: a =>
    sh.lines(
      sh`tp_sysv_script ${a.name}`,
      // add says "already" with a status of its own where the service is there
      a.enabled === true && sh`rc-update add ${a.name} ${a.runlevel}`,
      a.enabled === false && sh`rc-update del ${a.name} ${a.runlevel} || :`,
      a.state === 'started' && sh`rc-service ${a.name} start`,
      a.state === 'stopped' && sh`rc-service ${a.name} stop`,
      a.state === 'restarted' && sh`rc-service ${a.name} restart`,
      a.state === 'reloaded' &&
        sh`if rc-service ${a.name} status >/dev/null 2>&1; then rc-service ${a.name} reload; else rc-service ${a.name} start; fi`,
    ),

  force: always,
  values: (a, state) => ({
    name: a.name,
    ...(a.state !== undefined && { state: state['state'] }),
    ...(a.enabled !== undefined && { enabled: state['enabled'] === 'true' }),
  }),
});
