import { sh } from '../shell/sh.ts';
import { type Address, readAddresses, shortV6 } from './addresses.ts';
import type { Fact, Seen } from './fact.ts';

/** Interfaces, their addresses, and the way out. */
export const network: Fact = {
  name: 'network',
  subset: 'network',
  files: [
    '/proc/net/route',
    '/proc/net/ipv6_route',
    ...['mtu', 'address', 'operstate', 'type', 'flags', 'speed', 'bridge/stp_state', 'bridge/bridge_id'].map(
      file => `/sys/class/net/*/${file}`,
    ),
    ...['mode', 'slaves', 'miimon', 'lacp_rate', 'primary'].map(file => `/sys/class/net/*/bonding/${file}`),
  ],
  probe: sh`tp_addresses; printf '%s\n' /sys/class/net/*/brif/*`,
  parse(seen) {
    const addresses = readAddresses(seen);
    const values: Record<string, unknown> = {};
    const names: string[] = [];
    for (const path of seen.files(/^\/sys\/class\/net\/[^/]+\/mtu$/).keys()) {
      const name = path.split('/')[4] as string;
      names.push(name);
      values[factName(name)] = describe(seen, name, addresses);
    }
    // An address with a label of its own (eth0:1) is an interface of its own, as Ansible.
    for (const a of addresses.filter(a => a.label !== a.device)) {
      names.push(a.label);
      values[factName(a.label)] = { ipv4: ipv4Values(a) };
    }
    const shown = (family: 4 | 6) => addresses.filter(a => a.family === family && !/^127\.|^::1$/.test(a.address));
    return {
      interfaces: names,
      ...values,
      all_ipv4_addresses: shown(4).map(a => a.address),
      all_ipv6_addresses: shown(6).map(a => a.address),
      default_ipv4: defaultV4(seen, addresses),
      default_ipv6: defaultV6(seen, addresses),
    };
  },
};

function factName(device: string): string {
  return device.replace(/[-:]/g, '_');
}

/** The kernel's numbers for kinds of link (if_arp.h). */
const LINKS: ReadonlyMap<string, string> = new Map([
  ['1', 'ether'],
  ['32', 'infiniband'],
  ['512', 'ppp'],
  ['772', 'loopback'],
  ['65534', 'tunnel'],
]);

function link(seen: Seen, device: string): Readonly<Record<string, unknown>> {
  const read = (file: string) => seen.file(`/sys/class/net/${device}/${file}`);
  const mac = read('address');
  const speed = read('speed');
  return {
    device,
    ...(mac !== undefined && /[1-9a-f]/.test(mac) && { macaddress: mac }),
    mtu: Number(read('mtu')),
    active: read('operstate') !== 'down',
    type: LINKS.get(read('type') ?? '') ?? 'unknown',
    promisc: (Number(read('flags') ?? 0) & 0x100) !== 0,
    ...(speed !== undefined && { speed: Number(speed) }),
    ...bridge(seen, device, read),
    ...bond(read),
  };
}

type Read = (file: string) => string | undefined;

function bridge(seen: Seen, device: string, read: Read): Readonly<Record<string, unknown>> {
  if (read('bridge/bridge_id') === undefined) return {};
  const members = [...seen.out.matchAll(/^\/sys\/class\/net\/([^/]+)\/brif\/([^*\n]+)$/gm)];
  return {
    type: 'bridge',
    interfaces: members.filter(m => m[1] === device).map(m => m[2]),
    id: read('bridge/bridge_id'),
    stp: read('bridge/stp_state') === '1',
  };
}

function bond(read: Read): Readonly<Record<string, unknown>> {
  const slaves = read('bonding/slaves');
  if (slaves === undefined) return {};
  return {
    type: 'bonding',
    slaves: slaves.split(' ').filter(s => s !== ''),
    mode: read('bonding/mode')?.split(' ')[0],
    miimon: read('bonding/miimon'),
    lacp_rate: read('bonding/lacp_rate')?.split(' ')[0],
    primary: read('bonding/primary'),
  };
}

function describe(seen: Seen, device: string, addresses: readonly Address[]): Readonly<Record<string, unknown>> {
  const own = addresses.filter(a => a.device === device);
  const [first, ...more] = own.filter(a => a.family === 4 && a.label === device);
  const v6 = own.filter(a => a.family === 6);
  return {
    ...link(seen, device),
    ...(first !== undefined && { ipv4: ipv4Values(first) }),
    ...(more.length > 0 && { ipv4_secondaries: more.map(ipv4Values) }),
    ...(v6.length > 0 && { ipv6: v6.map(a => ({ address: a.address, prefix: String(a.prefix), scope: a.scope })) }),
  };
}

function ipv4Values(a: Address): Readonly<Record<string, string>> {
  const mask = a.prefix === 0 ? 0 : (0xffffffff << (32 - a.prefix)) >>> 0;
  return {
    address: a.address,
    broadcast: a.broadcast,
    netmask: dotted(mask),
    network: dotted((number(a.address) & mask) >>> 0),
    prefix: String(a.prefix),
  };
}

function number(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function dotted(value: number): string {
  return [24, 16, 8, 0].map(bits => (value >>> bits) & 255).join('.');
}

/** The interface, gateway and address of the IPv4 default route with the lowest metric. */
function defaultV4(seen: Seen, addresses: readonly Address[]): Readonly<Record<string, unknown>> {
  const routes = (seen.file('/proc/net/route') ?? '')
    .split('\n')
    .slice(1)
    .map(line => line.trim().split(/\s+/))
    .filter(r => r[1] === '00000000' && r[7] === '00000000')
    .sort((a, b) => Number(a[6]) - Number(b[6]));
  const [device, , gateway = ''] = routes[0] ?? [];
  const own = addresses.find(a => a.family === 4 && a.device === device);
  if (device === undefined || own === undefined) return {};
  const { macaddress, mtu, type } = link(seen, device);
  const hops = gateway.match(/../g)?.reverse() ?? [];
  return {
    gateway: hops.map(byte => Number.parseInt(byte, 16)).join('.'),
    interface: device,
    ...ipv4Values(own),
    alias: own.label,
    ...(macaddress !== undefined && { macaddress }),
    mtu,
    type,
  };
}

function defaultV6(seen: Seen, addresses: readonly Address[]): Readonly<Record<string, unknown>> {
  const routes = (seen.file('/proc/net/ipv6_route') ?? '')
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .filter(
      r => /^0{32}$/.test(r[0] ?? '') && r[1] === '00' && r[9] !== 'lo' && !/^0{32}$/.test(r[4] ?? '0'.repeat(32)),
    )
    .sort((a, b) => Number.parseInt(a[5] ?? '0', 16) - Number.parseInt(b[5] ?? '0', 16));
  const route = routes[0];
  const device = route?.[9];
  const own = addresses.find(a => a.family === 6 && a.device === device && a.scope === 'global');
  if (route === undefined || device === undefined || own === undefined) return {};
  const { macaddress, mtu, type } = link(seen, device);
  return {
    gateway: shortV6(route[4] ?? ''),
    interface: device,
    address: own.address,
    prefix: String(own.prefix),
    scope: own.scope,
    ...(macaddress !== undefined && { macaddress }),
    mtu,
    type,
  };
}
