import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { run } from './machine.ts';
import type { LabHost, LabPlan } from './spec.ts';
import { kernelNames } from './state.ts';

/** Makes the lab's bridge, its NAT rule and (where forwarding is refused by default) its FORWARD rules; harmless twice. */
export async function ensureBridge(plan: LabPlan): Promise<void> {
  const { bridge, rule } = kernelNames(plan.name);
  if (!existsSync(`/sys/class/net/${bridge}`)) {
    await refuseTakenSubnet(plan);
    await run`ip link add ${bridge} type bridge`;
  }
  await run`ip address replace ${`${plan.gateway}/24`} dev ${bridge}`;
  await run`ip link set ${bridge} mtu ${await uplinkMtu()} up`;
  const net = plan.subnet;
  const comment = ['-m', 'comment', '--comment', rule];
  await ensureRule('nat', ['POSTROUTING', '-s', net, '!', '-d', net, ...comment, '-j', 'MASQUERADE']);
  if ((await run`iptables -S FORWARD`).stdout.startsWith('-P FORWARD ACCEPT')) return;
  await ensureRule('filter', ['FORWARD', '-s', net, ...comment, '-j', 'ACCEPT']);
  await ensureRule('filter', ['FORWARD', '-d', net, ...comment, '-j', 'ACCEPT']);
}

/** Makes a host's network namespace with eth0 on the bridge, from nothing: a half-made one of before is dropped. */
export async function makeNamespace(plan: LabPlan, host: LabHost): Promise<void> {
  const names = kernelNames(plan.name);
  const netns = names.netns(host.name);
  const veth = names.veth(host.address);
  await dropNamespace(plan.name, host);
  const mtu = await uplinkMtu();
  await run`ip netns add ${netns}`;
  await run`ip link add ${veth} mtu ${mtu} type veth peer name eth0 address ${macOf(host.address)} mtu ${mtu} netns ${netns}`;
  await run`ip link set ${veth} master ${names.bridge} up`;
  const inside = [
    'link set lo up',
    `address add ${host.address}/24 dev eth0`,
    'link set eth0 up',
    `route add default via ${plan.gateway}`,
  ];
  await run({ input: inside.join('\n') })`ip -n ${netns} -batch -`;
  if (host.behind !== undefined) await ensureRule('filter', behindRule(plan.name, host.address));
}

/** Removes a host's namespace and its end on the bridge. */
export async function dropNamespace(lab: string, host: Pick<LabHost, 'name' | 'address'>): Promise<void> {
  const names = kernelNames(lab);
  // the veth first: it goes at once, while a namespace goes when its last user is gone
  if (existsSync(`/sys/class/net/${names.veth(host.address)}`)) await run`ip link delete ${names.veth(host.address)}`;
  if (existsSync(`/run/netns/${names.netns(host.name)}`)) await run`ip netns delete ${names.netns(host.name)}`;
  await dropRules('filter', rule => rule.includes(kernelNames(lab).rule) && rule.includes(`${host.address}/32`));
}

/** Removes all that a lab's name stands for in the network, also what a lab killed half-way left. */
export async function dropNetwork(lab: string): Promise<void> {
  const names = kernelNames(lab);
  const links = readdirSync('/sys/class/net');
  for (const link of links.filter(name => name.startsWith(names.vethPrefix))) await run`ip link delete ${link}`;
  if (links.includes(names.bridge)) await run`ip link delete ${names.bridge}`;
  const spaces = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  for (const name of spaces.filter(space => space.startsWith(names.netnsPrefix))) await run`ip netns delete ${name}`;
  for (const table of ['nat', 'filter']) await dropRules(table, rule => rule.includes(names.rule));
}

// what the controller sends does not reach the host; what other hosts send passes the bridge and does
function behindRule(lab: string, address: string): string[] {
  const comment = ['-m', 'comment', '--comment', kernelNames(lab).rule];
  return ['OUTPUT', '-d', `${address}/32`, '-p', 'tcp', '-m', 'tcp', '--dport', '22', ...comment, '-j', 'REJECT'];
}

// the same for an address for ever: the others' ARP caches would send to the old one for up to a minute
function macOf(address: string): string {
  const bytes = address.split('.').map(byte => Number(byte).toString(16).padStart(2, '0'));
  return `02:00:${bytes.join(':')}`;
}

async function ensureRule(table: string, rule: readonly string[]): Promise<void> {
  const there = await run({ nothrow: true })`iptables -w -t ${table} -C ${rule}`;
  if (there.exitCode !== 0) await run`iptables -w -t ${table} -I ${rule}`;
}

async function dropRules(table: string, ours: (words: readonly string[]) => boolean): Promise<void> {
  for (const line of (await run`iptables -w -t ${table} -S`).stdout.split('\n')) {
    const [flag, ...words] = line.split(' ').map(word => word.replaceAll('"', ''));
    if (flag === '-A' && ours(words)) await run`iptables -w -t ${table} -D ${words}`;
  }
}

/** Packets larger than the way out takes would be lost: the uplink's MTU is also the hosts'. */
async function uplinkMtu(): Promise<number> {
  const device = / dev (\S+)/.exec((await run`ip route show default`).stdout)?.[1];
  return device === undefined ? 1500 : Number(readFileSync(`/sys/class/net/${device}/mtu`, 'utf8'));
}

async function refuseTakenSubnet(plan: LabPlan): Promise<void> {
  const taken = (await run`ip route show ${plan.subnet}`).stdout.trim();
  if (taken === '') return;
  throw new Error(`the subnet ${plan.subnet} is in use here (${taken}); give the lab ${plan.name} another one`);
}
