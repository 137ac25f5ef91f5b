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
      pattern: {
        type: 'string',
        description:
          'For scripts that know no `status`, which are refused without it: it runs when the line of a process in ps holds this text.',
      },
      runlevels: {
        type: 'array',
        items: { type: 'string' },
        description: 'The runlevels it is enabled or disabled in, and no other; unless told, those of the script.',
      },
      daemonize: {
        type: 'boolean',
        default: false,
        description:
          'Runs the script in a session of its own, for services that do not leave the terminal by themselves.',
      },
    },
    required: ['name'],
    oneOf: [['state', 'enabled']],
  },
  examples: `
- sysvinit:
    name: apache2
    state: started
    enabled: true
- sysvinit:
    name: apache2
    enabled: true
    runlevels: [3, 5]
`,
  returns: { name: 'Name of the service.', state: 'started or stopped', enabled: 'Whether it starts with the host.' },
  check(a) {
    if (!/^[\w@.+][\w@.+-]*$/.test(a.name)) return `"${a.name}" cannot be the name of a script in /etc/init.d`;
    if (a.pattern === '') return 'an empty pattern is in the line of every process';
    if (a.runlevels !== undefined && a.enabled === undefined) return 'runlevels needs "enabled"';
    const odd = a.runlevels?.find(level => !/^[0-6sS]$/.test(level));
    if (odd !== undefined) return `"${odd}" is not a runlevel: 0 to 6, or S`;
    const split = splitWords(a.arguments ?? '');
    return 'error' in split ? split.error : undefined;
  },
  goal: a => ({ enabled: a.enabled, state: stateAfter(a) }),
  probe: (a, want) =>
    sh.lines(
      sh`tp_started=${stateAfter(a) ?? ''} tp_forced=${always(a) ? '1' : ''}`,
      sh`tp_sysv ${a.name} ${(a.runlevels ?? []).join(' ')} ${a.pattern ?? ''} ${[...want]}`,
    ),

  apply(a) {
    const words = [...wordsOf(a.arguments ?? '')];
    const call = (verb: string) => sh`${a.daemonize && sh`tp_sysv_alone`} "$tp_script" ${verb} ${words}`;
    return sh.lines(
      sh`tp_sysv_script ${a.name}`,
      a.enabled !== undefined && sh`tp_sysv_enable ${a.name} ${String(a.enabled)} ${[...(a.runlevels ?? [])]}`,
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
