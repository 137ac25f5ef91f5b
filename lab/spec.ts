import { type Kind, kinds } from './kinds.ts';

/** A host as asked for; `behind` names the host of the same lab that is the only way to its port 22. */
export interface HostSpec {
  readonly name: string;
  readonly kind: Kind;
  readonly address?: string;
  readonly behind?: string;
}

/** One folder that several hosts have at the same path, as NFS would give it to them: what one writes, the others read. */
export interface Share {
  readonly path: string;
  readonly hosts: readonly string[];
}

/** A lab as asked for; `subnet` is a /24 such as `10.77.0.0/24`, and addresses are given by order from .11 on. */
export interface LabSpec {
  readonly name: string;
  readonly subnet?: string;
  readonly hosts: readonly HostSpec[];
  readonly shares?: readonly Share[];
}

/** A host with every choice made; `user` is who logs in by the lab's key. */
export interface LabHost {
  readonly name: string;
  readonly kind: Kind;
  readonly address: string;
  readonly user: string;
  readonly behind?: string;
  /** The paths of the folders it shares with other hosts. */
  readonly shares?: readonly string[];
}

/** A lab with every choice made, as it is kept in its directory. */
export interface LabPlan {
  readonly name: string;
  readonly subnet: string;
  readonly gateway: string;
  readonly hosts: readonly LabHost[];
  readonly shares?: readonly Share[];
}

/** The lab that people and the demo use. */
export const demoLab: LabSpec = {
  name: 'demo',
  subnet: '10.77.0.0/24',
  hosts: ['db1', 'master1', 'slave1', 'web1', 'node1'].map(name => ({ name, kind: 'debian' })),
};

const FIRST_HOST = 11;
const LAST_HOST = 250;

/** Makes every choice a spec leaves open; throws an Error that says what to change when the spec cannot be. */
export function planLab(spec: LabSpec): LabPlan {
  checkLabName(spec.name);
  const subnet = spec.subnet ?? '10.77.0.0/24';
  const net = /^(\d+\.\d+\.\d+)\.0\/24$/.exec(subnet)?.[1];
  if (net === undefined) throw new Error(`the subnet ${subnet} is not like 10.77.0.0/24 (a /24 that ends in .0)`);
  const shares = spec.shares ?? [];
  const hosts = spec.hosts.map((host, index) => ({
    ...planHost(host, `${net}.${FIRST_HOST + index}`, net),
    ...sharesOf(host.name, shares),
  }));
  refuseDoubles(hosts);
  for (const share of shares) checkShare(share, hosts, spec.name);
  for (const host of hosts) {
    if (host.behind !== undefined && !hosts.some(other => other.name === host.behind)) {
      throw new Error(`${host.name} is behind ${host.behind}, which is no host of the lab ${spec.name}; add it`);
    }
  }
  return { name: spec.name, subnet, gateway: `${net}.1`, hosts, shares };
}

/** Throws unless a name is short enough for `t-NAME-250`, the longest interface name made of it (15 characters). */
export function checkLabName(name: string): void {
  if (!/^[a-z][a-z0-9]{0,8}$/.test(name)) {
    throw new Error(`the lab name "${name}" is not 1 to 9 of a-z and 0-9 that begin with a letter`);
  }
}

/** Reads `NAME`, `NAME:KIND` or `NAME:KIND:BEHIND`, the form of the command line. */
export function parseHostSpec(text: string): HostSpec {
  const [name = '', kind = 'debian', behind] = text.split(':');
  if (!isKind(kind))
    throw new Error(`${text}: there is no kind "${kind}"; write one of ${Object.keys(kinds).join(' ')}`);
  return { name, kind, ...(behind === undefined ? {} : { behind }) };
}

function planHost(host: HostSpec, byOrder: string, net: string): LabHost {
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(host.name)) {
    throw new Error(`the host name "${host.name}" is not up to 31 of a-z, 0-9 and "-" that begin with a letter`);
  }
  const address = host.address ?? byOrder;
  const last = Number(address.slice(net.length + 1));
  if (!address.startsWith(`${net}.`) || !(last > 1 && last <= LAST_HOST)) {
    throw new Error(`the address ${address} of ${host.name} is not from ${net}.2 to ${net}.${LAST_HOST}`);
  }
  const behind = host.behind === undefined ? {} : { behind: host.behind };
  return { name: host.name, kind: host.kind, address, user: kinds[host.kind].user, ...behind };
}

// a host without any has no such key: its file tree is not made anew when other hosts begin to share something
function sharesOf(name: string, shares: readonly Share[]): { readonly shares?: readonly string[] } {
  const paths = shares.filter(share => share.hosts.includes(name)).map(share => share.path);
  return paths.length === 0 ? {} : { shares: paths };
}

function checkShare({ path, hosts: names }: Share, hosts: readonly LabHost[], lab: string): void {
  if (!/^(\/[\w.-]+)+$/.test(path) || /\/\.\.?(\/|$)/.test(path)) {
    throw new Error(`the shared folder "${path}" is not an absolute path of letters, digits, "_", "." and "-"`);
  }
  for (const name of names) {
    if (!hosts.some(host => host.name === name))
      throw new Error(`${path} is shared with ${name}, which is no host of the lab ${lab}; add it`);
  }
}

function refuseDoubles(hosts: readonly LabHost[]): void {
  for (const key of ['name', 'address'] as const) {
    const seen = new Set<string>();
    for (const host of hosts) {
      if (seen.has(host[key])) throw new Error(`two hosts of the lab have the ${key} ${host[key]}; change one`);
      seen.add(host[key]);
    }
  }
}

function isKind(text: string): text is Kind {
  return Object.hasOwn(kinds, text);
}
