import { defineConverge } from '../module.ts';
import { sh } from '../shell/sh.ts';
import { always, SERVICE_ARGS, stateAfter } from './shared/service.ts';
import { splitWords, wordsOf } from './shared/words.ts';

export default defineConverge({
  name: 'sysvinit',
  doc: 'Starts, stops and enables services that have a script in /etc/init.d.',
  args: {
    properties: {
      ...SERVICE_ARGS,
      sleep: { type: 'integer', default: 1, minimum: 0, description: 'Seconds between stop and start of a restart.' },
      arguments: { type: 'string', aliases: ['args'], description: 'Further words for the script.' },
    },
    required: ['name'],
    oneOf: [['state', 'enabled']],
  },
  examples: `
- sysvinit:
    name: apache2
    state: started
    enabled: true
`,
  returns: { name: 'Name of the service.', state: 'started or stopped', enabled: 'Whether it starts with the host.' },
  check(a) {
    if (!/^[\w@.+][\w@.+-]*$/.test(a.name)) return `"${a.name}" cannot be the name of a script in /etc/init.d`;
    const split = splitWords(a.arguments ?? '');
    return 'error' in split ? split.error : undefined;
  },
  goal: a => ({ enabled: a.enabled, state: stateAfter(a) }),
  probe: (a, want) => sh`tp_sysv ${a.name} ${[...want]}`,

  apply(a) {
    const words = [...wordsOf(a.arguments ?? '')];
    const call = (verb: string) => sh`"$tp_script" ${verb} ${words}`;
    return sh.lines(
      sh`tp_sysv_script ${a.name}`,
      a.enabled !== undefined && sh`tp_sysv_enable ${a.name} ${String(a.enabled)}`,
      a.state === 'started' && call('start'),
      a.state === 'stopped' && call('stop'),
      // As Ansible: a restart is stop, a pause, start; scripts differ in what their own restart does.
      a.state === 'restarted' && sh.lines(sh`${call('stop')} || :`, sh`sleep ${a.sleep}`, call('start')),
      a.state === 'reloaded' &&
        sh`if "$tp_script" status >/dev/null 2>&1; then ${call('reload')}; else ${call('start')}; fi`,
    );
  },

  force: always,
  values: (a, state) => ({
    name: a.name,
    ...(a.state !== undefined && { state: state['state'] }),
    ...(a.enabled !== undefined && { enabled: state['enabled'] === 'true' }),
  }),
});
