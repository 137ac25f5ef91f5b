/** What a rule is made of; by the names of the arguments. */
export interface RuleArgs {
  readonly protocol?: string | undefined;
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  readonly match: readonly string[];
  readonly tcp_flags?:
    | { readonly flags?: readonly string[] | undefined; readonly flags_set?: readonly string[] | undefined }
    | undefined;
  readonly jump?: string | undefined;
  readonly gateway?: string | undefined;
  readonly log_prefix?: string | undefined;
  readonly log_level?: string | undefined;
  readonly to_destination?: string | undefined;
  readonly destination_ports?: readonly string[] | undefined;
  readonly to_source?: string | undefined;
  readonly goto?: string | undefined;
  readonly in_interface?: string | undefined;
  readonly out_interface?: string | undefined;
  readonly fragment?: string | undefined;
  readonly source_port?: string | undefined;
  readonly destination_port?: string | undefined;
  readonly to_ports?: string | undefined;
  readonly set_dscp_mark?: string | undefined;
  readonly set_dscp_mark_class?: string | undefined;
  readonly syn: string;
  readonly ctstate: readonly string[];
  readonly src_range?: string | undefined;
  readonly dst_range?: string | undefined;
  readonly match_set?: string | undefined;
  readonly match_set_flags?: string | undefined;
  readonly limit?: string | undefined;
  readonly limit_burst?: string | undefined;
  readonly uid_owner?: string | undefined;
  readonly gid_owner?: string | undefined;
  readonly reject_with?: string | undefined;
  readonly icmp_type?: string | undefined;
  readonly comment?: string | undefined;
  readonly ip_version: string;
}

/** The target: that of options which only one target has, where none is named. */
export function jumpOf(a: RuleArgs): string | undefined {
  if (a.jump !== undefined || a.goto !== undefined) return a.jump;
  if (a.log_prefix !== undefined || a.log_level !== undefined) return 'LOG';
  return a.reject_with === undefined ? undefined : 'REJECT';
}

/**
 * The words of a rule. Its matches stand in the order in which Ansible has them: to an older iptables a rule is another
 * one when they stand in another order.
 */
export function ruleWords(a: RuleArgs): readonly string[] {
  const flags = a.tcp_flags;
  return [
    option('-p', a.protocol),
    option('-s', a.source),
    option('-d', a.destination),
    a.match.flatMap(name => ['-m', name]),
    flags === undefined ? [] : ['--tcp-flags', (flags.flags ?? []).join(','), (flags.flags_set ?? []).join(',')],
    option('-j', jumpOf(a)),
    option('--gateway', a.gateway),
    option('--log-prefix', a.log_prefix, false),
    option('--log-level', a.log_level),
    option('--to-destination', a.to_destination),
    matching(a, 'multiport', a.destination_ports && ['--dports', a.destination_ports.join(',')]),
    option('--to-source', a.to_source),
    option('-g', a.goto),
    option('-i', a.in_interface),
    option('-o', a.out_interface),
    a.fragment === undefined ? [] : a.fragment.trim() === '!' ? ['!', '-f'] : ['-f'],
    option('--source-port', a.source_port),
    option('--destination-port', a.destination_port),
    option('--to-ports', a.to_ports),
    option('--set-dscp', a.set_dscp_mark),
    option('--set-dscp-class', a.set_dscp_mark_class),
    a.syn === 'ignore' ? [] : a.syn === 'match' ? ['--syn'] : ['!', '--syn'],
    states(a),
    matching(a, 'iprange', listed(option('--src-range', a.src_range), option('--dst-range', a.dst_range))),
    matching(
      a,
      'set',
      a.match_set === undefined ? undefined : [...option('--match-set', a.match_set), a.match_set_flags ?? ''],
    ),
    matching(a, 'limit', listed(option('--limit', a.limit), option('--limit-burst', a.limit_burst))),
    matching(a, 'owner', listed(option('--uid-owner', a.uid_owner))),
    matching(a, 'owner', listed(option('--gid-owner', a.gid_owner))),
    option('--reject-with', a.reject_with),
    option(a.ip_version === 'ipv6' ? '--icmpv6-type' : '--icmp-type', a.icmp_type),
    matching(a, 'comment', listed(option('--comment', a.comment, false))),
  ].flat();
}

/** An option with its value; a `!` before the value stands before the option. */
function option(name: string, value: string | undefined, inverts = true): string[] {
  if (value === undefined) return [];
  const inverted = inverts && value.startsWith('!');
  return inverted ? ['!', name, value.slice(1).trim()] : [name, value];
}

function listed(...parts: readonly string[][]): string[] | undefined {
  const all = parts.flat();
  return all.length === 0 ? undefined : all;
}

/** Options of a match, which is loaded unless `match` does it. */
function matching(a: RuleArgs, name: string, words: readonly string[] | undefined): readonly string[] {
  if (words === undefined) return [];
  return a.match.includes(name) ? words : ['-m', name, ...words];
}

function states(a: RuleArgs): readonly string[] {
  if (a.ctstate.length === 0) return [];
  const list = a.ctstate.join(',');
  return a.match.includes('state') ? ['--state', list] : matching(a, 'conntrack', ['--ctstate', list]);
}
