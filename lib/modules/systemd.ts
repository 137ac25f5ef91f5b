import { type ArgsOf, type ArgsSchema, defineConverge } from '../module.ts';
import { type Sh, sh } from '../shell/sh.ts';
import { always, SERVICE_ARGS, stateAfter } from './shared/service.ts';

const args = {
  properties: {
    ...SERVICE_ARGS,
    force: { type: 'boolean', default: false, description: 'Enabling takes the place of links that stand in the way.' },
    no_block: {
      type: 'boolean',
      default: false,
      description: 'Does not wait until the unit is started or stopped; how it ends is not known then.',
    },
    scope: {
      type: 'string',
      enum: ['system', 'user', 'global'],
      default: 'system',
      description:
        "Whose manager: the system's, that of the user who runs the task (who must have a session, or lingering), or what all users' managers will find (there is nothing to start then).",
    },
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
- systemd:
    name: syncthing
    state: started
    enabled: true
    scope: user
  become: true
  become_user: ada
`,
  returns: {
    name: 'Name of the unit.',
    state: 'started or stopped',
    enabled: 'Whether it starts with the host.',
    status: 'What systemctl show prints of the unit, by its names.',
  },

  check(a) {
    if (a.name === undefined && (a.state !== undefined || a.enabled !== undefined || a.masked !== undefined))
      return 'state, enabled and masked need "name"';
    if (a.name === undefined)
      return a.daemon_reload || a.daemon_reexec ? undefined : 'there is nothing to do; give "name" and "state"';
    if (a.scope === 'global' && a.state !== undefined)
      return 'scope global has no running units: give state with scope system or user';
    return /^[^-\s*?[][^\s*?[]*$/.test(a.name) ? undefined : `"${a.name}" is not the name of one unit`;
  },

  prepare: a =>
    a.daemon_reload || a.daemon_reexec
      ? sh.lines(
          scope(a, true),
          a.daemon_reload && sh`tp_ctl daemon-reload`,
          a.daemon_reexec && sh`tp_ctl daemon-reexec`,
        )
      : undefined,

  goal: a => ({ masked: a.masked, enabled: a.enabled, state: stateAfter(a) }),
  detail: a => (a.name === undefined ? [] : ['status']),

  probe: (a, want) =>
    a.name === undefined
      ? sh`:`
      : sh.lines(
          scope(a),
          sh`tp_enable=${String(a.enabled ?? true)} tp_started=${stateAfter(a) ?? ''}`,
          a.no_block && sh`tp_no_block=1`,
          sh`tp_systemd ${a.name} ${[...want]}`,
        ),

  apply(a) {
    const { name } = a;
    if (name === undefined) return sh`:`;
    return sh.lines(
      scope(a),
      a.masked !== true && sh`tp_systemd_known ${name}`,
      a.masked !== undefined && sh`tp_ctl ${a.masked ? 'mask' : 'unmask'} -- ${name}`,
      a.enabled !== undefined && sh`tp_ctl ${a.enabled ? 'enable' : 'disable'} ${a.force && '--force'} -- ${name}`,
      a.state !== undefined && sh`tp_ctl ${a.no_block && '--no-block'} ${VERBS[a.state]} -- ${name}`,
    );
  },

  force: always,

  values: (a, state) => ({
    ...(a.name !== undefined && { name: a.name }),
    ...(a.state !== undefined && { state: state['state'] }),
    ...(a.enabled !== undefined && { enabled: state['enabled'] === 'true' }),
    status: statusOf(state['status'] ?? ''),
  }),
});

/** As Ansible: a unit that does not run is started when it is to be reloaded. */
const VERBS: Readonly<Record<NonNullable<Args['state']>, string>> = {
  started: 'start',
  stopped: 'stop',
  restarted: 'restart',
  reloaded: 'reload-or-restart',
};

/** Which manager is asked; all users' managers together cannot be told anything: then it is the system's. */
function scope(a: Args, tells = false): Sh {
  return sh`tp_scope=${a.scope === 'system' || (tells && a.scope === 'global') ? '' : `--${a.scope}`}`;
}

/** `Name=value` lines; a value of several lines (ExecStart of a script) goes on until the next name. */
function statusOf(shown: string): Readonly<Record<string, string>> {
  const status: Record<string, string> = {};
  let last: string | undefined;
  for (const line of shown.split('\n')) {
    const [, name, value = ''] = /^([A-Z]\w*)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      status[name] = value;
      last = name;
    } else if (last !== undefined) status[last] += `\n${line}`;
  }
  return status;
}
