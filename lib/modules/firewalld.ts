import { type ArgsOf, type ArgsSchema, defineConverge } from '../module.ts';
import { sh } from '../shell/sh.ts';

const text = (description: string) => ({ type: 'string', description }) as const;

const args = {
  properties: {
    state: {
      type: 'string',
      enum: ['absent', 'disabled', 'enabled', 'present'],
      description: 'enabled and disabled are for settings, present and absent for zones and targets.',
    },
    zone: text("The zone; the host's default zone unless told."),
    permanent: { type: 'boolean', description: 'Sets it for every start of firewalld.' },
    immediate: {
      type: 'boolean',
      default: false,
      description: 'Sets it in the firewall that runs; so it is without permanent too.',
    },
    offline: {
      type: 'boolean',
      description:
        'Whether firewalld may be stopped, which is enough for permanent settings; it may unless this is false.',
    },
    timeout: {
      type: 'integer',
      default: 0,
      minimum: 0,
      description: 'Seconds after which an immediate setting goes away again; 0 for never.',
    },
    service: text('Name of a service.'),
    port: text('A port or range with its protocol: 8081/tcp, 161-162/udp.'),
    protocol: text('Name of a protocol.'),
    port_forward: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          port: { type: 'string' },
          proto: { type: 'string', enum: ['udp', 'tcp'] },
          toport: { type: 'string' },
          toaddr: { type: 'string' },
        },
        required: ['port', 'proto', 'toport'],
      },
      description: 'One port to forward: port, proto, toport and toaddr, which may be left out.',
    },
    rich_rule: text('A rule of the rich language.'),
    source: text('A network that belongs to the zone.'),
    interface: text('An interface that belongs to the zone; it leaves the one it was in.'),
    icmp_block: text('A type of ICMP that is blocked.'),
    icmp_block_inversion: {
      type: 'boolean',
      description: 'Only the blocked types of ICMP pass; false turns the state round.',
    },
    masquerade: { type: 'boolean', description: 'Masquerading; false turns the state round.' },
    target: {
      type: 'string',
      enum: ['default', 'ACCEPT', 'DROP', '%%REJECT%%'],
      description: 'What the zone does with the rest; permanent only. absent or disabled: default again.',
    },
  },
  required: ['state'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

/** Each argument that is a setting, and the word of firewall-cmd for it. */
const SETTINGS = [
  ['service', 'service'],
  ['port', 'port'],
  ['protocol', 'protocol'],
  ['port_forward', 'forward-port'],
  ['rich_rule', 'rich-rule'],
  ['source', 'source'],
  ['interface', 'interface'],
  ['icmp_block', 'icmp-block'],
  ['icmp_block_inversion', 'icmp-block-inversion'],
  ['masquerade', 'masquerade'],
  ['target', 'target'],
] as const;

export default defineConverge({
  name: 'firewalld',
  doc: 'Keeps zones of firewalld and one setting of a zone, in the firewall that runs, for every start, or both; by firewall-cmd, and by firewall-offline-cmd where firewalld is stopped.',
  args,
  examples: `
- firewalld:
    service: https
    permanent: true
    immediate: true
    state: enabled
- firewalld:
    zone: custom
    permanent: true
    state: present
- firewalld:
    zone: public
    rich_rule: rule family=ipv4 forward-port port=443 protocol=tcp to-port=8443
    permanent: true
    state: enabled
`,
  returns: { msg: 'What is so now.' },

  check(a) {
    const given = SETTINGS.filter(([name]) => a[name] !== undefined);
    const [one, two] = given;
    if (one !== undefined && two !== undefined)
      return `one task is about one setting: ${one[0]} or ${two[0]}, not both`;
    if (one === undefined) {
      if (a.zone === undefined) return `firewalld needs a setting (${SETTINGS.map(([n]) => n).join(', ')}) or "zone"`;
      if (a.state === 'enabled' || a.state === 'disabled') return 'of a zone itself the state is present or absent';
    } else if (one[0] !== 'target' && (a.state === 'present' || a.state === 'absent'))
      return `state ${a.state} is for zones and targets; for ${one[0]} it is enabled or disabled`;
    if (a.permanent !== true && (one === undefined || one[0] === 'target'))
      return `${one === undefined ? 'a zone' : 'a target'} is permanent only; give "permanent": true`;
    if (a.immediate && (one === undefined || one[0] === 'target'))
      return `${one === undefined ? 'a zone' : 'a target'} cannot be changed immediately: reload firewalld after it`;
    if (a.timeout > 0 && (!now(a) || !on(a))) return 'timeout is for what is enabled immediately';
    if (a.timeout > 0 && (one?.[0] === 'interface' || one?.[0] === 'source'))
      return `firewalld has no timeout for ${one[0]}`;
    if (a.port !== undefined && !/^\d+(-\d+)?\/(tcp|udp|sctp|dccp)$/.test(a.port))
      return `"${a.port}" is not a port with its protocol, as 8081/tcp or 161-162/udp`;
    if (a.port_forward !== undefined && a.port_forward.length !== 1) return 'port_forward is a list of one mapping';
    if (a.zone !== undefined && !/^[\w/-]+$/.test(a.zone)) return `"${a.zone}" cannot be the name of a zone`;
    return one !== undefined && /^$|[\n\0]/.test(value(a)) && !flag(a) && a.target === undefined
      ? `${one[0]} is one line, and not empty`
      : undefined;
  },

  goal(a) {
    if (setting(a) === undefined) return { zone: a.state };
    if (a.target !== undefined) return { target: on(a) ? a.target : 'default' };
    const wanted = on(a) ? 'enabled' : 'disabled';
    return { permanent: a.permanent ? wanted : undefined, immediate: now(a) ? wanted : undefined };
  },

  probe: (a, want) =>
    sh`tp_firewalld ${a.zone ?? ''} ${setting(a) ?? ''} ${value(a)} ${a.offline === false ? 'runs' : ''} ${[...want]}`,

  apply(a) {
    const word = setting(a);
    if (word === undefined)
      return sh`tp_fw_permanent ${`--${a.state === 'present' ? 'new' : 'delete'}-zone=${a.zone}`}`;
    const zone = a.zone !== undefined && `--zone=${a.zone}`;
    if (a.target !== undefined) return sh`tp_fw_permanent ${zone} ${`--set-target=${on(a) ? a.target : 'default'}`}`;
    const verb = on(a) ? (word === 'interface' ? 'change' : 'add') : 'remove';
    const option = `--${verb}-${word}${flag(a) ? '' : `=${value(a)}`}`;
    // as it is already: firewalld warns and ends well
    return sh.lines(
      a.permanent === true && sh`tp_fw_permanent ${zone} ${option}`,
      now(a) && sh`tp_fw_run firewall-cmd ${zone} ${option} ${a.timeout > 0 && `--timeout=${a.timeout}`}`,
    );
  },

  values: a => ({ msg: `${sentence(a)}: ${a.state}` }),
});

/** firewall-cmd's word for the setting; undefined where it is about the zone itself. */
function setting(a: Args): string | undefined {
  return SETTINGS.find(([name]) => a[name] !== undefined)?.[1];
}

/** Is it a setting without a value? */
function flag(a: Args): boolean {
  return a.masquerade !== undefined || a.icmp_block_inversion !== undefined;
}

function value(a: Args): string {
  const [forward] = a.port_forward ?? [];
  if (forward !== undefined)
    return `port=${forward.port}:proto=${forward.proto}:toport=${forward.toport}${forward.toaddr === undefined ? '' : `:toaddr=${forward.toaddr}`}`;
  return a.service ?? a.port ?? a.protocol ?? a.rich_rule ?? a.source ?? a.interface ?? a.icmp_block ?? '';
}

/** Shall it be there? Of what is a boolean itself, false means the contrary. */
function on(a: Args): boolean {
  const turned = a.masquerade === false || a.icmp_block_inversion === false;
  return (a.state === 'enabled' || a.state === 'present') !== turned;
}

/** As Ansible: what is not permanent is immediate. */
function now(a: Args): boolean {
  return a.immediate || a.permanent !== true;
}

function sentence(a: Args): string {
  const word = setting(a);
  const where = a.zone === undefined ? '' : ` of zone ${a.zone}`;
  return word === undefined ? `zone ${a.zone}` : `${word} ${a.target ?? value(a)}`.trimEnd() + where;
}
