import { type Checked, Diagnostics } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import type { Host, Inventory } from './hosts.ts';
import {
  isWild,
  nameMatcher,
  type PatternText,
  type Subscript,
  splitPattern,
  splitSubscript,
  type Term,
} from './pattern.ts';

/** How hosts are asked for. */
export interface SelectOptions {
  /** For messages; `hosts` unless told. */
  readonly where?: 'hosts' | 'limit' | 'the lookup';
  /** What a name that no host or group has is; an error unless told (groups may be made at run time). */
  readonly unknownNames?: 'error' | 'warning';
}

type Hosts = Pick<Inventory, 'hosts' | 'named' | 'groups' | 'host'>;

/**
 * The hosts that patterns name, each once. As Ansible: the order is that of the patterns, in a group that of the group;
 * `&` then `!` are done last wherever they stand; without a pattern that adds, all hosts are there to begin with. A
 * plain name that is unknown is an error even behind `!`, where a slip would run on hosts that were to be left out.
 */
export function selectHosts(
  inventory: Hosts,
  patterns: string | readonly PatternText[],
  options: SelectOptions = {},
): Checked<readonly Host[]> {
  const found = new Diagnostics();
  const texts = typeof patterns === 'string' ? [{ text: patterns }] : patterns;
  const terms = texts.flatMap(splitPattern);
  const signed = (sign: Term['sign']) =>
    terms.filter(t => t.sign === sign).map(t => matchTerm(t, { inventory, options, found }));
  let hosts = new Set(terms.some(t => t.sign === 'add') ? signed('add').flat() : inventory.hosts);
  for (const those of signed('intersect')) {
    const keep = new Set(those);
    hosts = new Set([...hosts].filter(h => keep.has(h)));
  }
  for (const those of signed('exclude')) for (const host of those) hosts.delete(host);
  return found.checked([...hosts]);
}

interface Context {
  readonly inventory: Hosts;
  readonly options: SelectOptions;
  readonly found: Diagnostics;
}

function matchTerm(term: Term, c: Context): readonly Host[] {
  if (term.text === '') {
    c.found.error('bad-pattern', `a pattern in ${place(c)} ends after its sign`, at(term));
    return [];
  }
  const exact = c.inventory.named.find(h => h.name === term.text);
  if (exact !== undefined) return [exact];
  const { base, subscript } = splitSubscript(term.text);
  // As Ansible this would be a wildcard for one character of these, which nobody means.
  if (subscript === undefined && /^[^~].*\[-?\d*:-?\d*\]$/.test(base)) {
    c.found.error('bad-pattern', `the subscript of "${base}" in ${place(c)} cannot be read`, {
      ...at(term),
      suggestion: 'write [first:last], counted from 0, both included, or [first:]',
    });
    return [];
  }
  const hosts = isWild(base) ? matchWild(base, term, c) : matchName(base, term, c);
  if (subscript === undefined || hosts.length === 0) return hosts;
  return applySubscript(hosts, { subscript, base, term }, c);
}

function matchName(name: string, term: Term, c: Context): readonly Host[] {
  const group = c.inventory.groups.get(name);
  const inGroup = namesToHosts(group?.hosts ?? [], c);
  const host = c.inventory.host(name);
  // As Ansible: beside a group of that name a host is not looked for, nor the controller beside hosts.
  if (group !== undefined && inGroup.length > 0) return inGroup;
  if (host !== undefined && (group === undefined || host.implicit)) return [host];
  if (group === undefined) reportUnknown(name, term, c);
  return inGroup;
}

function matchWild(pattern: string, term: Term, c: Context): readonly Host[] {
  const matcher = nameMatcher(pattern);
  if (!matcher.ok) {
    c.found.error('bad-pattern', `the pattern "${pattern}" in ${place(c)} cannot be read: ${matcher.why}`, at(term));
    return [];
  }
  const groups = [...c.inventory.groups.values()].filter(g => matcher.test(g.name));
  const hosts = c.inventory.named.filter(h => matcher.test(h.name));
  if (groups.length + hosts.length === 0)
    c.found.warning('unknown-host', `the pattern "${pattern}" in ${place(c)} matches no host and no group`, at(term));
  // As Ansible: not made unique before a subscript counts.
  return [...groups.flatMap(g => namesToHosts(g.hosts, c)), ...hosts];
}

function namesToHosts(names: readonly string[], c: Context): readonly Host[] {
  return names.map(name => c.inventory.host(name)).filter(h => h !== undefined);
}

function applySubscript(
  hosts: readonly Host[],
  { subscript, base, term }: { subscript: Subscript; base: string; term: Term },
  c: Context,
): readonly Host[] {
  const { first, last, dash } = subscript;
  if (dash)
    c.found.warning('bad-pattern', `"${term.text}" in ${place(c)} is written with ":" today`, {
      ...at(term),
      suggestion: `write "${base}[${first}:${last === -1 || last === undefined ? '' : last}]"`,
    });
  if (last !== undefined) return hosts.slice(first, last === -1 ? undefined : last + 1);
  const host = hosts.at(first);
  if (host !== undefined) return [host];
  const count = hosts.length === 1 ? 'one host' : `${hosts.length} hosts`;
  c.found.error('unknown-host', `"${term.text}" in ${place(c)} names no host: "${base}" has ${count}`, {
    ...at(term),
    suggestion: 'the first one is [0]',
  });
  return [];
}

function reportUnknown(name: string, term: Term, c: Context): void {
  const known = [...c.inventory.named.map(h => h.name), ...c.inventory.groups.keys()];
  const suggestion = uncutHint(name, term) ?? didYouMean(name, known) ?? rangeHint(term);
  const message = `unknown host or group "${name}" in ${place(c)}`;
  const more = { ...at(term), ...(suggestion !== undefined && { suggestion }) };
  if (c.options.unknownNames === 'warning') c.found.warning('unknown-host', message, more);
  else c.found.error('unknown-host', message, more);
}

function uncutHint(name: string, { uncut }: Term): string | undefined {
  if (uncut === 'all' && /[:,]/.test(name)) return 'write each pattern on a line of its own';
  if (uncut === 'colons' && name.includes(':')) return 'beside commas a colon separates nothing: write commas only';
  return undefined;
}

function rangeHint(term: Term): string | undefined {
  return /\[\w+:\w+\]/.test(term.text) ? 'a range names hosts only in an inventory' : undefined;
}

function place(c: Context): string {
  return c.options.where ?? 'hosts';
}

function at(term: Term): { span?: NonNullable<Term['span']> } {
  return term.span === undefined ? {} : { span: term.span };
}
