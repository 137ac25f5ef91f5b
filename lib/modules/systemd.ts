import { type ArgsOf, type ArgsSchema, defineConverge } from '../module.ts';
import { sh } from '../shell/sh.ts';
import { always, SERVICE_ARGS, stateAfter } from './shared/service.ts';

const args = {
  properties: {
    ...SERVICE_ARGS,
    masked: { type: 'boolean', description: 'Whether it can be started at all.' },
    daemon_reload: {
      type: 'boolean',
      default: false,
      aliases: ['daemon-reload'],
      description: 'Makes systemd read its files again, before anything else; this alone is no change.',
    },
    daemon_reexec: {
      type: 'boolean',
      default: false,
      aliases: ['daemon-reexec'],
      description: 'Starts systemd itself anew, before anything else; this alone is no change.',
    },
  },
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConverge({
  name: 'systemd',
  doc: 'Starts, stops, enables and masks units of systemd.',
  args,
  examples: `
- systemd:
    name: httpd
    state: started
    enabled: true
- systemd:
    name: cron
    state: restarted
    daemon_reload: true
`,
  returns: { name: 'Name of the unit.', state: 'started or stopped', enabled: 'Whether it starts with the host.' },

  check(a) {
    if (a.name === undefined && (a.state !== undefined || a.enabled !== undefined || a.masked !== undefined))
      return 'state, enabled and masked need "name"';
    if (a.name === undefined)
      return a.daemon_reload || a.daemon_reexec ? undefined : 'there is nothing to do; give "name" and "state"';
    return /^[^-\s*?[][^\s*?[]*$/.test(a.name) ? undefined : `"${a.name}" is not the name of one unit`;
  },

  prepare: a =>
    a.daemon_reload || a.daemon_reexec
      ? sh.lines(a.daemon_reload && sh`systemctl daemon-reload`, a.daemon_reexec && sh`systemctl daemon-reexec`)
      : undefined,

  goal: a => ({ masked: a.masked, enabled: a.enabled, state: stateAfter(a) }),

  probe: (a, want) =>
    a.name === undefined
      ? sh`:`
      : sh.lines(
          sh`tp_enable=${String(a.enabled ?? true)} tp_started=${stateAfter(a) ?? ''}`,
          sh`tp_systemd ${a.name} ${[...want]}`,
        ),

  apply(a) {
    const { name } = a;
    if (name === undefined) return sh`:`;
    return sh.lines(
      a.masked !== true && sh`tp_systemd_known ${name}`,
      a.masked !== undefined && sh`systemctl ${a.masked ? 'mask' : 'unmask'} -- ${name}`,
      a.enabled !== undefined && sh`systemctl ${a.enabled ? 'enable' : 'disable'} -- ${name}`,
      a.state !== undefined && sh`systemctl ${VERBS[a.state]} -- ${name}`,
    );
  },

  force: always,

  values: (a, state) => ({
    ...(a.name !== undefined && { name: a.name }),
    ...(a.state !== undefined && { state: state['state'] }),
    ...(a.enabled !== undefined && { enabled: state['enabled'] === 'true' }),
    status: {},
  }),
});

/** As Ansible: a unit that does not run is started when it is to be reloaded. */
const VERBS: Readonly<Record<NonNullable<Args['state']>, string>> = {
  started: 'start',
  stopped: 'stop',
  restarted: 'restart',
  reloaded: 'reload-or-restart',
};
