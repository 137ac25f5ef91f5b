import { type ArgsOf, type ArgsSchema, defineConverge } from '../module.ts';
import { sh } from '../shell/sh.ts';

const args = {
  properties: {
    name: { type: 'string', description: 'Name of the kernel module, or an alias of it.' },
    state: {
      type: 'string',
      enum: ['absent', 'present'],
      default: 'present',
      description: 'Whether it shall be loaded.',
    },
    params: {
      type: 'string',
      default: '',
      description: 'Its parameters, given when it is loaded; one that is loaded already keeps those it has.',
    },
    persistent: {
      type: 'string',
      enum: ['disabled', 'absent', 'present'],
      default: 'disabled',
      description:
        'present writes its name to /etc/modules-load.d and its params to /etc/modprobe.d, so that it is loaded at the next start (by systemd or OpenRC); absent makes comments of such lines; disabled leaves them as they are.',
    },
  },
  required: ['name'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConverge({
  name: 'modprobe',
  doc: 'Loads and unloads kernel modules, now and for the next start of the host.',
  args,
  examples: `
- modprobe:
    name: 8021q
- modprobe:
    name: dummy
    params: numdummies=2
    persistent: present
- modprobe:
    name: pcspkr
    state: absent
`,
  returns: { name: 'As given.', params: 'As given.', state: 'As given.' },

  check(a) {
    if (!/^[A-Za-z0-9][\w-]*$/.test(a.name)) return `"${a.name}" cannot be the name of a kernel module`;
    if (/[\n\0]/.test(a.params)) return 'params is one line';
    const quotes = a.params.split('"').length - 1;
    if (quotes % 2 === 1) return 'params: a " is never closed';
    return a.params.trim() !== '' && a.state === 'absent' && a.persistent !== 'present'
      ? 'params are for loading; leave them out with state absent'
      : undefined;
  },

  goal: a => ({
    loaded: a.state === 'present',
    boot: a.persistent === 'disabled' ? undefined : a.persistent === 'present',
    options: a.persistent === 'absent' ? '' : a.persistent === 'present' && words(a).length > 0 ? text(a) : undefined,
  }),

  detail: () => ['lacks'],
  probe: (a, want) => sh`tp_state=${a.state}; tp_kernel_module ${a.name} ${pattern(a)} ${[...want]}`,

  apply: a =>
    sh.lines(
      sh`tp_module_loaded ${a.name}`,
      a.state === 'present'
        ? sh`[ "$tp_loaded" = true ] || modprobe ${a.name} ${words(a)}`
        : sh`[ "$tp_loaded" = false ] || modprobe -r ${a.name}`,
      a.persistent !== 'disabled' && sh`tp_module_lines modprobe.d ${optionsLine(a)} ${a.name} ${wantedOptions(a)}`,
      a.persistent !== 'disabled' &&
        sh`tp_module_lines modules-load.d ${`^[[:space:]]*${pattern(a)}[[:space:]]*$`} ${a.name} ${a.persistent === 'present' ? a.name : ''}`,
    ),

  values: a => ({ name: a.name, params: a.params, state: a.state }),
});

/** To the kernel both signs are one. */
function pattern(a: Args): string {
  return a.name.replace(/[-_]/g, '[-_]');
}

/** The parameters; the kernel itself reads the quotes around one with blanks. */
function words(a: Args): readonly string[] {
  return a.params.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
}

function text(a: Args): string {
  return words(a).join(' ');
}

function optionsLine(a: Args): string {
  return `^[[:space:]]*options[[:space:]]+${pattern(a)}([[:space:]]|$)`;
}

/** Empty: such lines become comments; `-`: they are left as they are, since there is nothing to say. */
function wantedOptions(a: Args): string {
  if (a.persistent === 'absent') return '';
  return words(a).length === 0 ? '-' : `options ${a.name} ${text(a)}`;
}
