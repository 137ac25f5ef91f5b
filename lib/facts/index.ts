import { dateTime } from './date-time.ts';
import { devices } from './devices.ts';
import { distribution } from './distribution.ts';
import { dmi } from './dmi.ts';
import { env } from './env.ts';
import type { Fact } from './fact.ts';
import { FACT_PATH, local } from './local.ts';
import { memory } from './memory.ts';
import { mounts } from './mounts.ts';
import { network } from './network.ts';
import { platform } from './platform.ts';
import { processor } from './processor.ts';
import { system } from './system.ts';
import { user } from './user.ts';
import { virtual } from './virtual.ts';

export { type Fact, factsScript, readFacts } from './fact.ts';
export { FACT_PATH } from './local.ts';

/** All facts, in the order they are gathered; `factPath` is where the host has facts of its own. */
export function allFacts(factPath: string = FACT_PATH): readonly Fact[] {
  return [
    platform,
    distribution,
    system,
    user,
    env,
    dateTime,
    local(factPath),
    memory,
    processor,
    dmi,
    mounts,
    devices,
    network,
    virtual,
  ];
}

/** Names of Ansible for parts that are gathered together with others here. */
const PARTS: ReadonlyMap<string, string> = new Map([
  ['lsb', 'distribution'],
  ['dns', 'system'],
  ['pkg_mgr', 'system'],
  ['service_mgr', 'system'],
  ['selinux', 'system'],
  ['apparmor', 'system'],
  ['fips', 'system'],
  ['cmdline', 'system'],
  ['loadavg', 'system'],
  ['ssh_pub_keys', 'system'],
  ['interfaces', 'network'],
  ['default_ipv4', 'network'],
  ['default_ipv6', 'network'],
  ['all_ipv4_addresses', 'network'],
  ['all_ipv6_addresses', 'network'],
  ['virtualization_type', 'virtual'],
  ['virtualization_role', 'virtual'],
]);

/** As Ansible: what comes along with facts that are named. */
const NEEDS: Readonly<Record<Fact['subset'], readonly string[]>> = {
  min: [],
  hardware: ['platform'],
  network: ['platform', 'distribution'],
  virtual: [],
};

/** Subsets of Ansible that other tools would gather: nothing here. */
const FOREIGN = new Set(['facter', 'ohai', 'python', 'caps', 'chroot']);

/**
 * The facts that `gather_subset` asks for: `all`, `min`, a subset or a fact's name, each with `!` to leave it out. As
 * Ansible: `min` is there unless `!min` is said, what is named is gathered also where `!` leaves it out (`!all, network`), and
 * without `all` and names there is only `min`.
 */
export function chosenFacts(facts: readonly Fact[], subsets: readonly string[]): readonly Fact[] | { error: string } {
  const chosen = new Set<Fact>();
  const members = (name: string): readonly Fact[] | undefined => {
    if (name === 'all') return facts;
    const found = facts.filter(f => f.subset === name || f.name === name || f.name === PARTS.get(name));
    return found.length > 0 || FOREIGN.has(name) ? found : undefined;
  };
  const known = ['all', 'min', 'hardware', 'network', 'virtual', ...facts.map(f => f.name), ...PARTS.keys()];
  const unknown = subsets.find(s => members(s.replace(/^!/, '')) === undefined);
  if (unknown !== undefined)
    return { error: `there is no subset "${unknown}"; it takes ${[...new Set(known)].join(', ')}` };
  const wanted = subsets.filter(s => !s.startsWith('!'));
  const unwanted = subsets.filter(s => s.startsWith('!')).map(s => s.slice(1));
  const named = wanted.filter(name => name !== 'all' && name !== 'min').flatMap(name => members(name) ?? []);
  const general = wanted.includes('all') ? facts : (members('min') ?? []);
  const left = new Set(unwanted.filter(name => name !== 'all').flatMap(name => members(name) ?? []));
  for (const fact of general)
    if (!left.has(fact) && (fact.subset === 'min' || !unwanted.includes('all'))) chosen.add(fact);
  for (const fact of named) {
    chosen.add(fact);
    for (const needed of facts) if (NEEDS[fact.subset].includes(needed.name)) chosen.add(needed);
  }
  return facts.filter(f => chosen.has(f));
}
