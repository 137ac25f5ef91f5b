import { type ArgsOf, type ArgsSchema, defineEdit, type EditResult, type Sh, type State, sh } from '../module.ts';
import { linesOf } from './shared/lines.ts';
import { isWhole } from './shared/path.ts';

const args = {
  properties: {
    name: { type: 'string', aliases: ['key'], description: 'The setting, by its dotted path: net.ipv4.ip_forward.' },
    value: { type: 'string', aliases: ['val'], description: 'Its value; yes, true and on are 1, no, false and off 0.' },
    state: {
      type: 'string',
      enum: ['present', 'absent'],
      default: 'present',
      description: 'Whether the file shall have it. What the kernel has stays as it is when it is taken out.',
    },
    sysctl_file: { type: 'string', path: true, default: '/etc/sysctl.conf', description: 'The file that keeps it.' },
    sysctl_set: {
      type: 'boolean',
      default: false,
      description: 'Looks at what the kernel has, too, and sets it at once.',
    },
    reload: { type: 'boolean', default: true, description: 'Loads the file by `sysctl -p` when it was changed.' },
    ignoreerrors: {
      type: 'boolean',
      default: false,
      description: 'Settings that this kernel does not have are no error.',
    },
  },
  required: ['name'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineEdit({
  name: 'sysctl',
  doc:
    "Keeps a setting of the kernel in sysctl's file, and loads it. The line that is there is replaced, others stay as they " +
    'are; a setting that this kernel does not have is an error before anything is written.',
  args,
  examples: `
- sysctl: { name: vm.swappiness, value: "5" }
- sysctl:
    name: net.ipv4.ip_forward
    value: "1"
    sysctl_set: true
    sysctl_file: /etc/sysctl.d/60-router.conf
- sysctl: { name: kernel.panic, state: absent }
`,
  returns: {},

  check(a) {
    if (!/^[^\s=#;/-][^\s=#;]*$/.test(a.name) || /(^|[./])\.\.?([./]|$)/.test(a.name))
      return `"${a.name}" cannot be the name of a setting`;
    if (!isWhole(a.sysctl_file)) return `sysctl_file must be an absolute path, not "${a.sysctl_file}"`;
    if (a.state === 'absent') return undefined;
    if (a.value === undefined) return 'state present needs "value"';
    if (plain(a.value) === '') return 'value is empty: give one, or use state absent';
    return /[\r\n]/.test(plain(a.value)) ? 'value holds a line break' : undefined;
  },

  path: a => a.sysctl_file,

  look: a => sh`tp_sysctl ${a.name}`,

  edit(a, text, state): EditResult {
    if (a.state === 'absent') {
      if (text === undefined) return { same: true };
      return { text: without(a.name, linesOf(text)).join('') };
    }
    const wanted = withLine(a, linesOf(text ?? ''));
    const loads = (a.reload && wanted !== text) || (a.sysctl_set && !isLive(a, state));
    if (loads && state['known'] !== 'true' && !a.ignoreerrors)
      return { unknown: `this kernel has no setting ${a.name}: load the module that brings it, or use ignoreerrors` };
    return { text: wanted };
  },

  goal: (a, state) => (setsLive(a, state) ? { live: isLive(a, state) ? state['live'] : plain(a.value ?? '') } : {}),

  before: (a, state): Sh =>
    setsLive(a, state) && !isLive(a, state)
      ? sh`tp_sysctl_tool && sysctl -w ${a.ignoreerrors && '-e'} ${`${a.name}=${plain(a.value ?? '')}`} >/dev/null`
      : sh``,

  after: (a, _state, written) =>
    written && a.reload ? sh`tp_sysctl_tool && sysctl ${a.ignoreerrors && '-e'} -p ${a.sysctl_file} >/dev/null` : sh``,
});

/** A value as the file gets it: as Ansible, words of truth are 1 and 0. */
function plain(value: string): string {
  const text = value.trim();
  if (/^(y|yes|on|true|t)$/i.test(text)) return '1';
  return /^(n|no|off|false|f)$/i.test(text) ? '0' : text;
}

function setsLive(a: Args, state: State): boolean {
  return a.sysctl_set && a.state === 'present' && state['known'] === 'true';
}

/** The kernel parts several values by tabs. */
function isLive(a: Args, state: State): boolean {
  const normal = (text = '') => text.trim().replace(/\s+/g, ' ');
  return normal(state['live']) === normal(plain(a.value ?? ''));
}

/** Name and value of a line that sets something; a dash before a name, which lets it fail, is not part of it. */
function settingOf(line: string): readonly [name: string, value: string] | undefined {
  if (/^\s*[#;]/.test(line)) return undefined;
  const equals = line.indexOf('=');
  if (equals < 0) return undefined;
  const name = line.slice(0, equals).trim().replace(/^-/, '').trim();
  return [name, line.slice(equals + 1).trim()];
}

function without(name: string, lines: readonly string[]): readonly string[] {
  return lines.filter(line => settingOf(line)?.[0] !== name);
}

/** The text with the setting in its place: where it stood first, or at the end. As sysctl, of several lines the last counts. */
function withLine(a: Args, lines: readonly string[]): string {
  const value = plain(a.value ?? '');
  const mine = lines.filter(line => settingOf(line)?.[0] === a.name);
  if (mine.length > 0 && settingOf(mine.at(-1) ?? '')?.[1] === value) return lines.join('');
  const line = `${a.name}=${value}\n`;
  const at = lines.findIndex(l => settingOf(l)?.[0] === a.name);
  if (at >= 0) return [...lines.slice(0, at), line, ...without(a.name, lines.slice(at + 1))].join('');
  const gap = lines.length === 0 || lines.at(-1)?.endsWith('\n') ? '' : '\n';
  return [...lines, gap, line].join('');
}
