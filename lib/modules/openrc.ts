import { defineConverge } from '../module.ts';
import { sh } from '../shell/sh.ts';
import { always, SERVICE_ARGS, stateAfter } from './shared/service.ts';
import { splitWords, wordsOf } from './shared/words.ts';

export default defineConverge({
  name: 'openrc',
  doc: 'Starts, stops and enables services of OpenRC; what `service` stands for on Alpine and Gentoo.',
  args: {
    properties: {
      ...SERVICE_ARGS,
      pattern: {
        type: 'string',
        description: 'For scripts that know no `status`: it runs when the line of a process in ps holds this text.',
      },
      sleep: { type: 'integer', minimum: 0, description: 'Seconds between stop and start of a restart.' },
      arguments: { type: 'string', aliases: ['args'], description: 'Further words for the script.' },
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
  check(a) {
    if (!/^[\w@.+][\w@.+-]*$/.test(a.name)) return `"${a.name}" cannot be the name of a service`;
    if (!/^[\w.+][\w.+-]*$/.test(a.runlevel)) return `"${a.runlevel}" cannot be the name of a runlevel`;
    if (a.pattern === '') return 'an empty pattern is in the line of every process';
    const split = splitWords(a.arguments ?? '');
    return 'error' in split ? split.error : undefined;
  },
  goal: a => ({ enabled: a.enabled, state: stateAfter(a) }),
  probe: (a, want) =>
    sh.lines(
      sh`tp_started=${stateAfter(a) ?? ''}`,
      sh`tp_openrc ${a.name} ${a.runlevel} ${a.pattern ?? ''} ${[...want]}`,
    ),

  apply(a) {
    const words = [...wordsOf(a.arguments ?? '')];
    const call = (verb: string) => sh`rc-service ${a.name} ${verb} ${words}`;
    return sh.lines(
      sh`tp_sysv_script ${a.name}`,
      // add says "already" with a status of its own where the service is there
      a.enabled === true && sh`rc-update add ${a.name} ${a.runlevel}`,
      a.enabled === false && sh`rc-update del ${a.name} ${a.runlevel} || :`,
      a.state === 'started' && sh`tp_openrc_start ${a.name} ${words}`,
      a.state === 'stopped' && call('stop'),
      a.state === 'restarted' &&
        (a.sleep === undefined
          ? call('restart')
          : sh.lines(sh`${call('stop')} || :`, sh`sleep ${a.sleep}`, call('start'))),
      a.state === 'reloaded' &&
        sh`if rc-service ${a.name} status >/dev/null 2>&1; then ${call('reload')}; else tp_openrc_start ${a.name} ${words}; fi`,
    );
  },

  force: always,
  values: (a, state) => ({
    name: a.name,
    ...(a.state !== undefined && { state: state['state'] }),
    ...(a.enabled !== undefined && { enabled: state['enabled'] === 'true' }),
  }),
});
