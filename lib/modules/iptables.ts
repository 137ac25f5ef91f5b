import { type ArgsOf, type ArgsSchema, defineConverge } from '../module.ts';
import { type Sh, sh } from '../shell/sh.ts';
import { jumpOf, ruleWords } from './shared/iptables-rule.ts';

const text = (description: string) => ({ type: 'string', description }) as const;
const texts = (description: string) => ({ type: 'array', items: { type: 'string' }, description }) as const;

const args = {
  properties: {
    table: {
      type: 'string',
      enum: ['filter', 'nat', 'mangle', 'raw', 'security'],
      default: 'filter',
      description: 'The table.',
    },
    state: { type: 'string', enum: ['absent', 'present'], default: 'present', description: 'Whether it shall be.' },
    action: {
      type: 'string',
      enum: ['append', 'insert'],
      default: 'append',
      description: 'Where a new rule goes: to the end or to the beginning. A rule that is there stays where it is.',
    },
    rule_num: text('The number a new rule gets (action insert).'),
    ip_version: { type: 'string', enum: ['ipv4', 'ipv6'], default: 'ipv4', description: 'iptables or ip6tables.' },
    chain: text('The chain.'),
    chain_management: {
      type: 'boolean',
      default: false,
      description: 'Makes a chain that is missing; with state absent and no rule removes it.',
    },
    flush: {
      type: 'boolean',
      default: false,
      description: 'Removes all rules of the chain, without chain of the table; nothing else is looked at.',
    },
    policy: {
      type: 'string',
      enum: ['ACCEPT', 'DROP', 'QUEUE', 'RETURN'],
      description: 'What a built-in chain does with the rest; nothing else is looked at.',
    },
    numeric: {
      type: 'boolean',
      default: false,
      description: 'Taken for playbooks that say it: no names are ever looked up here.',
    },
    wait: text('Seconds to wait for the lock of another iptables.'),
    protocol: text('tcp, udp, icmp, ... or its number; a `!` before it inverts, as in all that follows.'),
    source: text('Address, or network with its mask, that a packet comes from.'),
    destination: text('Address, or network with its mask, that it goes to.'),
    source_port: text('Port, name of a service, or first:last.'),
    destination_port: text('Port, name of a service, or first:last.'),
    destination_ports: texts('Several of them.'),
    in_interface: text('Interface it came by; eth+ is all that begin so.'),
    out_interface: text('Interface it leaves by.'),
    fragment: text('Second and further fragments; `!` for the others.'),
    icmp_type: text('Number or name of the type.'),
    match: { ...texts('Matches to load, by their names.'), default: [] },
    tcp_flags: {
      type: 'object',
      properties: {
        flags: { type: 'array', items: { type: 'string' } },
        flags_set: { type: 'array', items: { type: 'string' } },
      },
      description: 'flags: those that are looked at; flags_set: those of them that are set.',
    },
    syn: {
      type: 'string',
      enum: ['ignore', 'match', 'negate'],
      default: 'ignore',
      description: 'Packets that begin a connection (tcp), or that do not.',
    },
    ctstate: {
      type: 'array',
      items: {
        type: 'string',
        enum: ['INVALID', 'NEW', 'ESTABLISHED', 'RELATED', 'UNTRACKED', 'SNAT', 'DNAT'],
      },
      default: [],
      description: 'States of its connection.',
    },
    src_range: text('Addresses first-last it comes from.'),
    dst_range: text('Addresses first-last it goes to.'),
    match_set: text('Name of a set of ipset.'),
    match_set_flags: {
      type: 'string',
      enum: ['src', 'dst', 'src,dst', 'dst,src'],
      description: 'What of the packet is in the set.',
    },
    limit: text('How often it may match: 2/second.'),
    limit_burst: text('How often before the limit counts.'),
    uid_owner: text('User whose process sent it.'),
    gid_owner: text('Group whose process sent it.'),
    comment: text('A comment of the rule.'),
    jump: text('The target.'),
    goto: text('A chain to go on in, without coming back.'),
    reject_with: text('The answer of REJECT.'),
    log_prefix: text('Text before what LOG writes.'),
    log_level: {
      type: 'string',
      enum: [...'01234567', 'emerg', 'alert', 'crit', 'error', 'warning', 'notice', 'info', 'debug'],
      description: 'Level that LOG writes with.',
    },
    to_destination: text('New destination (DNAT).'),
    to_source: text('New source (SNAT).'),
    to_ports: text('New port or ports (REDIRECT, MASQUERADE).'),
    gateway: text('Where TEE sends its copy to.'),
    set_dscp_mark: text('The mark that DSCP sets.'),
    set_dscp_mark_class: text('The same by its class.'),
    set_counters: text('Packets and bytes that a new rule begins with: "10 1000".'),
  },
  exclusive: [
    ['set_dscp_mark', 'set_dscp_mark_class'],
    ['flush', 'policy'],
    ['jump', 'goto'],
  ],
  together: [['match_set', 'match_set_flags']],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineConverge({
  name: 'iptables',
  doc: "Keeps single rules, chains and policies of the kernel's packet filter, until the next start of the host. A rule is looked for with `iptables -C` first.",
  args,
  examples: `
- iptables:
    chain: INPUT
    protocol: tcp
    destination_port: "22"
    ctstate: NEW
    jump: ACCEPT
    comment: ssh
- iptables:
    chain: ALLOWLIST
    chain_management: true
- iptables:
    chain: INPUT
    policy: DROP
`,
  returns: {
    rule: 'The words of the rule.',
    chain: 'As given.',
    table: 'As given.',
    state: 'As given.',
    ip_version: 'As given.',
    flush: 'As given.',
    chain_management: 'As given.',
  },

  check(a) {
    if (a.chain === undefined && !a.flush)
      return 'iptables needs "chain"; only flush goes without, for the whole table';
    if (a.chain !== undefined && !/^[^\s!-][^\s!]{0,28}$/.test(a.chain))
      return `"${a.chain}" cannot be the name of a chain`;
    if (a.wait !== undefined && !/^\d+$/.test(a.wait)) return 'wait is a number of seconds';
    if (a.flush || a.policy !== undefined) return undefined;
    if (a.rule_num !== undefined && !/^[1-9]\d*$/.test(a.rule_num)) return 'rule_num is a number from 1';
    if (a.rule_num !== undefined && a.action !== 'insert') return 'rule_num needs "action": insert';
    const jump = jumpOf(a);
    for (const [name, target] of ONLY_FOR)
      if (a[name] !== undefined && jump !== target)
        return `${name} is for the target ${target}; give "jump": ${target}`;
    const flags = a.tcp_flags;
    if (flags !== undefined && (!flags.flags?.length || !flags.flags_set?.length))
      return 'tcp_flags needs "flags" and "flags_set"';
    if ((flags !== undefined || a.syn !== 'ignore') && !/^(tcp|6)$/.test(a.protocol ?? ''))
      return `${flags === undefined ? 'syn' : 'tcp_flags'} needs "protocol": tcp`;
    const ports = ['source_port', 'destination_port', 'destination_ports'] as const;
    const port = ports.find(name => a[name] !== undefined);
    if (port !== undefined && (a.protocol ?? 'all') === 'all') return `${port} needs "protocol", tcp or udp say`;
    if (a.set_counters !== undefined && !/^\d+[\s,]+\d+$/.test(a.set_counters.trim()))
      return 'set_counters are two numbers: packets and bytes';
    return ruleWords(a).some(word => word === '' || /[\0\n]/.test(word))
      ? 'an argument of a rule is one line, and not empty'
      : undefined;
  },

  goal(a) {
    if (a.flush) return { rules: 0 };
    if (a.policy !== undefined) return { policy: a.policy };
    if (aboutChain(a)) return { chain: a.state };
    return { chain: a.chain_management && a.state === 'present' ? 'present' : undefined, rule: a.state };
  },

  probe: (a, want) =>
    sh.lines(tool(a), sh`tp_ipt_state ${a.table} ${a.chain ?? ''} ${want.length} ${[...want]} ${[...ruleWords(a)]}`),

  apply(a) {
    const { chain = '' } = a;
    if (a.flush) return sh.lines(tool(a), sh`tp_ipt -t ${a.table} -F ${chain !== '' && chain}`);
    if (a.policy !== undefined) return sh.lines(tool(a), sh`tp_ipt -t ${a.table} -P ${chain} ${a.policy}`);
    const words = [...ruleWords(a)];
    if (a.state === 'absent')
      return sh.lines(
        tool(a),
        aboutChain(a)
          ? sh`tp_ipt -t ${a.table} -X ${chain}`
          : // the same rule may be there more than once
            sh`while tp_ipt_rule ${a.table} ${chain} ${words}; do tp_ipt -t ${a.table} -D ${chain} ${words}; done`,
      );
    const counters = a.set_counters === undefined ? [] : ['-c', ...a.set_counters.trim().split(/[\s,]+/)];
    const place =
      a.action === 'append' ? ['-A', chain] : ['-I', chain, ...(a.rule_num === undefined ? [] : [a.rule_num])];
    return sh.lines(
      tool(a),
      a.chain_management && sh`tp_ipt_chain ${a.table} ${chain} || tp_ipt -t ${a.table} -N ${chain}`,
      !aboutChain(a) &&
        sh`tp_ipt_rule ${a.table} ${chain} ${words} || tp_ipt -t ${a.table} ${place} ${words} ${counters}`,
    );
  },

  values: a => ({
    chain: a.chain ?? null,
    table: a.table,
    state: a.state,
    ip_version: a.ip_version,
    flush: a.flush,
    chain_management: a.chain_management,
    rule: a.flush || a.policy !== undefined ? '' : ruleWords(a).join(' '),
  }),
});

const ONLY_FOR = [
  ['log_prefix', 'LOG'],
  ['log_level', 'LOG'],
  ['reject_with', 'REJECT'],
  ['gateway', 'TEE'],
  ['to_destination', 'DNAT'],
  ['to_source', 'SNAT'],
  ['set_dscp_mark', 'DSCP'],
  ['set_dscp_mark_class', 'DSCP'],
] as const;

/** Is the task about a chain, and no rule? */
function aboutChain(a: Args): boolean {
  return a.chain_management && ruleWords(a).length === 0;
}

function tool(a: Args): Sh {
  return sh`tp_ipt_tool=${a.ip_version === 'ipv6' ? 'ip6tables' : 'iptables'} tp_ipt_wait=${a.wait ?? ''}`;
}
