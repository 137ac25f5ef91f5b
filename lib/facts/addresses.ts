import type { Seen } from './fact.ts';

/** One address of one interface. */
export interface Address {
  readonly family: 4 | 6;
  readonly device: string;
  /** The device, or the name that an alias has (eth0:1). */
  readonly label: string;
  readonly address: string;
  readonly prefix: number;
  /** '' where there is none (loopback). */
  readonly broadcast: string;
  readonly scope: string;
}

/** All addresses: from `ip -o addr`, or from the kernel's tables where there is no ip. */
export function readAddresses(seen: Seen): readonly Address[] {
  return seen.out.startsWith('kernel\n') ? fromKernel(seen) : seen.out.split('\n').flatMap(fromIp);
}

/** `2: eth0    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0\       valid_lft forever`. */
function fromIp(line: string): readonly Address[] {
  const match = /^\d+:\s+(\S+)\s+(inet6?)\s+(\S+)(.*)/.exec(line);
  if (match === null) return [];
  const [, device = '', kind, at = '', rest = ''] = match;
  const [address = '', prefix] = at.split('/');
  // A point-to-point address has no prefix here: its peer has.
  const peer = /peer \S+\/(\d+)/.exec(rest)?.[1];
  const words = rest.split('\\')[0]?.trim().split(/\s+/) ?? [];
  const last = words.at(-1) ?? '';
  const label = kind === 'inet' && (last === device || last.startsWith(`${device}:`)) ? last : device;
  return [
    {
      family: kind === 'inet' ? 4 : 6,
      device: device.replace(/@.*/, ''),
      label: label.replace(/@.*/, ''),
      address,
      prefix: Number(prefix ?? peer ?? (kind === 'inet' ? 32 : 128)),
      broadcast: /\bbrd (\S+)/.exec(rest)?.[1] ?? '',
      scope: /\bscope (\S+)/.exec(rest)?.[1] ?? '',
    },
  ];
}

const SCOPES: ReadonlyMap<string, string> = new Map([
  ['00', 'global'],
  ['10', 'host'],
  ['20', 'link'],
  ['40', 'site'],
]);

/**
 * From /proc/net/fib_trie and if_inet6: the trie names every local IPv4 address, but not its interface: that is the one
 * whose route (without gateway) holds the address.
 */
function fromKernel(seen: Seen): readonly Address[] {
  const v6 = [...seen.out.matchAll(/^([0-9a-f]{32}) \S+ (\S+) (\S+) \S+\s+(\S+)$/gm)].map(
    ([, hex = '', prefix = '', scope = '', device = '']): Address => ({
      family: 6,
      device,
      label: device,
      address: shortV6(hex),
      prefix: Number.parseInt(prefix, 16),
      broadcast: '',
      scope: SCOPES.get(scope) ?? '',
    }),
  );
  return [...localV4(seen.out).flatMap(address => placed(address, seen)), ...v6];
}

function localV4(trie: string): readonly string[] {
  const found = [...trie.matchAll(/^\s*\|-- ([\d.]+)\n\s*\/32 host LOCAL$/gm)].map(m => m[1] as string);
  return [...new Set(found)];
}

function placed(address: string, seen: Seen): readonly Address[] {
  if (address.startsWith('127.'))
    return [{ family: 4, device: 'lo', label: 'lo', address, prefix: 8, broadcast: '', scope: 'host' }];
  const bytes = address.split('.').map(Number);
  // Tables are in the byte order of the machine: little-endian on all that are common.
  const value = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
  for (const line of (seen.file('/proc/net/route') ?? '').split('\n').slice(1)) {
    const [device = '', destination = '', gateway, , , , , mask = ''] = line.trim().split(/\s+/);
    const bits = Number.parseInt(mask, 16) >>> 0;
    if (gateway !== '00000000' || bits === 0) continue;
    if ((value & bits) >>> 0 !== Number.parseInt(destination, 16) >>> 0) continue;
    const prefix = bits.toString(2).replaceAll('0', '').length;
    const broadcast = bytes.map((byte, i) => byte | (~(bits >>> (8 * i)) & 255)).join('.');
    return [{ family: 4, device, label: device, address, prefix, broadcast, scope: 'global' }];
  }
  return [];
}

/** 32 hexadecimal digits as an address is written: the longest run of zero groups as `::`. */
export function shortV6(hex: string): string {
  const groups = (hex.match(/.{4}/g) ?? []).map(group => Number.parseInt(group, 16).toString(16));
  const runs = [...groups.join(':').matchAll(/(?:^|(?<=:))0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length);
  const [run] = runs;
  if (run === undefined) return groups.join(':');
  const text = groups.join(':');
  const before = text.slice(0, run.index).replace(/:$/, '');
  const after = text.slice(run.index + run[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}
