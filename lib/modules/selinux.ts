import { type ArgsOf, type ArgsSchema, defineConverge } from '../module.ts';
import { type Sh, sh } from '../shell/sh.ts';
import { isWhole } from './shared/path.ts';

const args = {
  properties: {
    state: {
      type: 'string',
      enum: ['disabled', 'enforcing', 'permissive'],
      description:
        'The mode. Between enforcing and permissive it changes at once; to and from disabled with the next start, until which disabled is permissive.',
    },
    policy: { type: 'string', description: 'Name of the policy (targeted); needed unless it is disabled.' },
    configfile: {
      type: 'string',
      path: true,
      default: '/etc/selinux/config',
      aliases: ['conf', 'file'],
      description: 'The configuration file.',
    },
    update_kernel_param: {
      type: 'boolean',
      default: false,
      description: "Sets or removes selinux=0 of the kernel's command line too, by grubby.",
    },
  },
  required: ['state'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConverge({
  name: 'selinux',
  doc: 'Sets the mode and the policy of SELinux, now as far as that can be, and for the next start.',
  args,
  examples: `
- selinux:
    policy: targeted
    state: enforcing
- selinux:
    state: disabled
`,
  returns: {
    configfile: 'Path of the configuration file.',
    state: 'As given.',
    policy: 'Name of the policy.',
    reboot_required: 'Whether the host has to start anew for it.',
    msg: 'What was changed.',
  },

  check(a) {
    if (a.state !== 'disabled' && a.policy === undefined) return `state ${a.state} needs "policy"`;
    if (a.policy !== undefined && !/^[A-Za-z0-9][\w.-]*$/.test(a.policy))
      return `"${a.policy}" cannot be a policy's name`;
    return isWhole(a.configfile) ? undefined : 'configfile is an absolute path';
  },

  goal: a => ({
    config: a.state,
    policy: a.policy,
    running: running(a),
    kernel: a.update_kernel_param ? (a.state === 'disabled' ? 'selinux=0' : 'plain') : undefined,
  }),
  detail: a => ['enabled', ...(a.policy === undefined ? ['policy'] : []), 'lacks'],

  probe: (a, want) => sh.lines(wanted(a), sh`tp_selinux ${a.configfile} ${[...want]}`),

  apply: a =>
    sh.lines(
      wanted(a),
      sh`tp_selinux_config ${a.configfile}`,
      a.update_kernel_param && sh`tp_selinux_kernel ${a.state === 'disabled' ? '--args' : '--remove-args'}`,
      sh`tp_selinux_now`,
    ),

  values(a, state, _local, before) {
    const on = state['enabled'] === 'true';
    const changes = (['config', 'policy', 'running', 'kernel'] as const).filter(
      key => state[key] !== undefined && before[key] !== state[key],
    );
    return {
      configfile: a.configfile,
      state: a.state,
      policy: a.policy ?? state['policy'] ?? '',
      reboot_required: a.state === 'disabled' ? on : !on,
      msg: changes.map(key => `${TITLES[key]} changed from '${before[key] ?? ''}' to '${state[key]}'`).join(', '),
    };
  },
});

const TITLES = {
  config: 'Config SELinux state',
  policy: 'SELinux policy configuration',
  running: 'SELinux state',
  kernel: "Kernel's command line",
} as const;

/** The mode until the next start. */
function running(a: Args): string {
  return a.state === 'disabled' ? 'permissive' : a.state;
}

/** To a kernel that runs without SELinux nothing can be done now: it counts as it is wanted. */
function wanted(a: Args): Sh {
  return sh`tp_want=${running(a)} tp_state=${a.state} tp_policy_wanted=${a.policy ?? ''}`;
}
