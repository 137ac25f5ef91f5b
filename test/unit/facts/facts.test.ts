import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAddresses, shortV6 } from '../../../lib/facts/addresses.ts';
import { dateTime } from '../../../lib/facts/date-time.ts';
import { devices } from '../../../lib/facts/devices.ts';
import { distribution } from '../../../lib/facts/distribution.ts';
import { readExports } from '../../../lib/facts/env.ts';
import type { Fact, Seen } from '../../../lib/facts/fact.ts';
import { allFacts, chosenFacts, factsScript, readFacts } from '../../../lib/facts/index.ts';
import { local } from '../../../lib/facts/local.ts';
import { memory } from '../../../lib/facts/memory.ts';
import { mounts } from '../../../lib/facts/mounts.ts';
import { network } from '../../../lib/facts/network.ts';
import { platform } from '../../../lib/facts/platform.ts';
import { processor } from '../../../lib/facts/processor.ts';
import { system } from '../../../lib/facts/system.ts';
import { virtual } from '../../../lib/facts/virtual.ts';

function seen(files: Readonly<Record<string, string>>, out = ''): Seen {
  return {
    file: path => files[path],
    files: pattern => new Map(Object.entries(files).filter(([path]) => pattern.test(path))),
    out,
  };
}

function partly(fact: Fact, from: Seen, wanted: Readonly<Record<string, unknown>>): void {
  const values = fact.parse(from);
  for (const [key, value] of Object.entries(wanted)) assert.equal(values[key], value, key);
}

test('files and outputs come apart at a separator that the host made up', () => {
  const facts: Fact[] = [
    { name: 'a', subset: 'min', files: ['/x/*'], parse: s => ({ a: s.file('/x/1'), none: s.file('/x/2') ?? null }) },
    { name: 'b', subset: 'min', probe: factsScript([]), parse: s => ({ b: s.out }) },
  ];
  const out = 'facts-T\n/x/1:one: 1\n/x/1:\n/x/1:three\n\nfacts-T b\nline\nfacts-U b\n';
  assert.equal(readFacts(facts, out), { a: 'one: 1\n\nthree', none: null, b: 'line\nfacts-U b\n' });
});

test('a subset is gathered with the minimum; what is named is gathered also where it is left out', () => {
  const names = (...subsets: string[]) => {
    const chosen = chosenFacts(allFacts(), subsets);
    return 'error' in chosen ? chosen.error : (chosen as readonly Fact[]).map(f => f.name).join(' ');
  };
  const min = 'platform distribution system user env date_time local';
  assert.is(names('min'), min);
  assert.is(names('!all'), min);
  assert.is(names('network'), `${min} network`);
  assert.is(names('!hardware'), min);
  assert.is(names('all', '!hardware'), `${min} network virtual`);
  assert.is(names('!all', 'network'), `${min} network`);
  assert.is(names('!all', '!min', 'virtual'), 'virtual');
  assert.is(names('!all', '!min', '!network', 'interfaces'), 'platform distribution network');
  assert.is(names('all', '!network', 'default_ipv4'), names('all'));
  assert.is(names('!min', 'virtual'), 'virtual');
  assert.is(names('min', '!min'), '');
  assert.is(names('default_ipv4', '!env'), `${min.replace(' env', '')} network`);
  assert.is(names('facter'), min);
  assert.match(names('netwrok'), 'there is no subset "netwrok"');
});

const RELEASES: readonly (readonly [string, Readonly<Record<string, string>>, Readonly<Record<string, unknown>>])[] = [
  [
    'Debian with its minor version',
    {
      '/etc/os-release': 'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n',
      '/etc/debian_version': '12.11',
    },
    {
      distribution: 'Debian',
      distribution_version: '12.11',
      distribution_major_version: '12',
      distribution_minor_version: '11',
      distribution_release: 'bookworm',
      os_family: 'Debian',
    },
  ],
  [
    'Debian testing without a version',
    { '/etc/os-release': 'ID=debian\nVERSION_CODENAME=trixie\n', '/etc/debian_version': 'trixie/sid' },
    { distribution: 'Debian', distribution_version: 'NA', distribution_release: 'trixie', os_family: 'Debian' },
  ],
  [
    'Ubuntu',
    {
      '/etc/os-release': 'NAME="Ubuntu"\nVERSION_ID="22.04"\nID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=jammy\n',
      '/etc/debian_version': 'bookworm/sid',
    },
    {
      distribution: 'Ubuntu',
      distribution_version: '22.04',
      distribution_major_version: '22',
      distribution_release: 'jammy',
      os_family: 'Debian',
    },
  ],
  [
    'CentOS 7 with the version of its own file',
    {
      '/etc/os-release':
        'NAME="CentOS Linux"\nVERSION="7 (Core)"\nID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="7"\n',
      '/etc/centos-release': 'CentOS Linux release 7.9.2009 (Core)',
    },
    {
      distribution: 'CentOS',
      distribution_version: '7.9.2009',
      distribution_major_version: '7',
      distribution_release: 'Core',
      os_family: 'RedHat',
    },
  ],
  [
    'CentOS 6, before os-release',
    { '/etc/centos-release': 'CentOS release 6.10 (Final)', '/etc/redhat-release': 'CentOS release 6.10 (Final)' },
    {
      distribution: 'CentOS',
      distribution_version: '6.10',
      distribution_major_version: '6',
      distribution_release: 'Final',
      os_family: 'RedHat',
    },
  ],
  [
    'Rocky',
    {
      '/etc/os-release':
        'NAME="Rocky Linux"\nVERSION="9.4 (Blue Onyx)"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n',
    },
    { distribution: 'Rocky', distribution_version: '9.4', distribution_release: 'Blue Onyx', os_family: 'RedHat' },
  ],
  [
    'Alpine',
    { '/etc/os-release': 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.1\n' },
    { distribution: 'Alpine', distribution_version: '3.20.1', distribution_major_version: '3', os_family: 'Alpine' },
  ],
  [
    'something nobody knows, with a family it names',
    { '/etc/os-release': 'NAME="Odd OS"\nID=odd\nID_LIKE="what suse"\nVERSION_ID=1\n' },
    { distribution: 'Odd OS', distribution_version: '1', os_family: 'Suse' },
  ],
];
for (const [what, files, wanted] of RELEASES)
  test(`the distribution is told of ${what}`, () => partly(distribution, seen(files), wanted));

test('a full name comes from /etc/hosts, else from hostname -f', () => {
  const host = { '/proc/sys/kernel/hostname': 'web1' };
  const of = (hosts: string, out = 'x86_64\n') => platform.parse(seen({ ...host, '/etc/hosts': hosts }, out));
  assert.is(of('127.0.0.1 localhost\n127.0.1.1 web1.example.org web1 # x')['fqdn'], 'web1.example.org');
  assert.is(of('10.0.0.1 web1 web1.example.org')['domain'], 'example.org');
  assert.is(of('127.0.0.1 localhost', 'x86_64\nweb1.dns.org\n')['fqdn'], 'web1.dns.org');
  assert.is(of('127.0.0.1 localhost', 'i686\n')['fqdn'], 'web1');
  assert.is(of('', 'i686\n')['architecture'], 'i386');
});

test('exports are read as each shell writes them', () => {
  const dash = "export A='it'\"'\"'s'\nexport B='two\nlines'\nexport EMPTY=''\nexport UNSET\n";
  assert.equal(readExports(dash), { A: "it's", B: 'two\nlines', EMPTY: '' });
  assert.equal(readExports('export A="a \\"b\\" \\$c \\\\ \\`"\n'), { A: 'a "b" $c \\ `' });
  assert.equal(readExports("export A='x'\\''y'\n"), { A: "x'y" });
});

test('the rule of a time zone names its daylight saving time', () => {
  const at = (rule: string) =>
    dateTime.parse(seen({}, `2024|07|01|13|02|03|1719835323|CEST|+0200|Monday|1|27\n${rule}\n`))['date_time'] as Record<
      string,
      string
    >;
  assert.is(at('CET-1CEST,M3.5.0,M10.5.0/3')['tz_dst'], 'CEST');
  assert.is(at('UTC0')['tz_dst'], 'CEST');
  assert.is(at('<-03>3<-02>,M3.5.0')['tz_dst'], '-02');
  assert.is(at('')['iso8601'], '2024-07-01T12:02:03Z');
  assert.is(at('')['weeknumber'], '27');
});

test("a host's own facts are JSON or INI, or an error that names the file", () => {
  const out =
    'fact 0 /d/j.fact\n {"a": 1}\nfact 0 /d/i.fact\n [S]\n Key: v = w\n ; x\nfact 0 /d/b.fact\n fact 0\nfact 7 /d/f.fact\n x\n';
  const values = local('/d').parse(seen({}, out))['local'] as Record<string, unknown>;
  assert.equal(values['j'], { a: 1 });
  assert.equal(values['i'], { S: { key: 'v = w' } });
  assert.match(String(values['b']), '/d/b.fact');
  assert.match(String(values['f']), 'ended with 7');
});

test('memory is in MiB, rounded down', () => {
  const meminfo =
    'MemTotal:  2048000 kB\nMemFree: 1024512 kB\nBuffers: 1024 kB\nCached: 2048 kB\nSwapTotal: 1048575 kB\nSwapFree: 1048575 kB';
  partly(memory, seen({ '/proc/meminfo': meminfo, '/proc/uptime': '61.99 1' }), {
    memtotal_mb: 2000,
    memfree_mb: 1000,
    swaptotal_mb: 1023,
    uptime_seconds: 61,
  });
});

test('processors are counted by sockets, cores and threads', () => {
  const cpu = (n: number, socket: number) =>
    `processor\t: ${n}\nvendor_id\t: V\nmodel name\t: M\nphysical id\t: ${socket}\nsiblings\t: 4\ncore id\t: 0\ncpu cores\t: 2\n`;
  const out = [0, 1, 2, 3, 4, 5, 6, 7].map(n => cpu(n, n >> 2)).join('');
  const status = seen({ '/proc/self/status': 'Cpus_allowed_list:\t0-2,7' }, out);
  partly(processor, status, {
    processor_count: 2,
    processor_cores: 2,
    processor_threads_per_core: 2,
    processor_vcpus: 8,
    processor_nproc: 4,
  });
  const arm = seen({}, 'processor\t: 0\nprocessor\t: 1\n');
  partly(processor, arm, {
    processor: ['0', '1'],
    processor_count: 2,
    processor_cores: 1,
    processor_vcpus: 2,
    processor_nproc: 2,
  });
});

test('mounts have their sizes, uuids and odd names', () => {
  const out =
    'mount /dev/sda1 /odd\\040name ext4 rw\nmount srv:/x /n nfs rw\nsize 4096 100 40 10 4 4096 /odd name\nuuid lrwxrwxrwx 1 root root 10 Jan 1 00:00 ab-cd -> ../../sda1\n';
  const list = mounts.parse(seen({}, out))['mounts'] as Record<string, unknown>[];
  assert.equal(list[0], {
    device: '/dev/sda1',
    mount: '/odd name',
    fstype: 'ext4',
    options: 'rw',
    uuid: 'ab-cd',
    size_total: 409600,
    size_available: 163840,
    block_size: 4096,
    block_total: 100,
    block_available: 40,
    block_used: 60,
    inode_total: 10,
    inode_available: 4,
    inode_used: 6,
  });
  assert.equal(list[1], { device: 'srv:/x', mount: '/n', fstype: 'nfs', options: 'rw', uuid: 'N/A' });
});

const LINK = (name: string, type = '1') => ({
  [`/sys/class/net/${name}/mtu`]: '1500',
  [`/sys/class/net/${name}/address`]: '02:00:00:00:00:01',
  [`/sys/class/net/${name}/operstate`]: 'up',
  [`/sys/class/net/${name}/type`]: type,
  [`/sys/class/net/${name}/flags`]: '0x1103',
});

test('the default address is that of the route with the lowest metric', () => {
  const files = {
    ...LINK('eth0'),
    ...LINK('br-lan'),
    '/sys/class/net/br-lan/bridge/bridge_id': '8000.02',
    '/sys/class/net/br-lan/bridge/stp_state': '0',
    '/proc/net/route':
      'Iface\tDestination\tGateway\nwlan0\t00000000\t0100000A\t3\t0\t0\t600\t00000000\neth0\t00000000\t010200C0\t3\t0\t0\t100\t00000000',
  };
  const out =
    '2: eth0    inet 192.0.2.130/25 brd 192.0.2.255 scope global eth0\\ x\n2: eth0    inet 192.0.2.131/25 scope global secondary eth0:1\\ x\n3: br-lan@x    inet 10.1.1.1 peer 10.1.1.2/32 scope global br-lan\\ x\n/sys/class/net/br-lan/brif/tap0\n/sys/class/net/eth0/brif/*\n';
  const values = network.parse(seen(files, out)) as Record<string, Record<string, unknown>>;
  assert.equal(values['default_ipv4'], {
    gateway: '192.0.2.1',
    interface: 'eth0',
    address: '192.0.2.130',
    broadcast: '192.0.2.255',
    netmask: '255.255.255.128',
    network: '192.0.2.128',
    prefix: '25',
    alias: 'eth0',
    macaddress: '02:00:00:00:00:01',
    mtu: 1500,
    type: 'ether',
  });
  assert.equal(values['interfaces'], ['eth0', 'br-lan', 'eth0:1']);
  assert.is((values['eth0_1']?.['ipv4'] as Record<string, string>)['address'], '192.0.2.131');
  assert.equal(values['br_lan']?.['interfaces'], ['tap0']);
  assert.is(values['br_lan']?.['type'], 'bridge');
  assert.is((values['br_lan']?.['ipv4'] as Record<string, string>)['prefix'], '32');
  assert.is(values['eth0']?.['promisc'], true);
});

test('without ip the addresses come from the tables of the kernel', () => {
  const trie =
    'kernel\nMain:\n  +-- 0.0.0.0/0\n     |-- 127.0.0.1\n        /32 host LOCAL\n     |-- 192.0.2.2\n        /32 host LOCAL\n     |-- 192.0.2.255\n        /32 link BROADCAST\nfd000000000000000000000000000002 02 40 00 80     eth0\n';
  const route = 'Iface\neth0\t00000000\t010200C0\t3\t0\t0\t0\t00000000\neth0\t000200C0\t00000000\t1\t0\t0\t0\t00FFFFFF';
  assert.equal(
    readAddresses(seen({ '/proc/net/route': route }, trie)).map(
      a => `${a.device} ${a.address}/${a.prefix} ${a.broadcast} ${a.scope}`,
    ),
    ['lo 127.0.0.1/8  host', 'eth0 192.0.2.2/24 192.0.2.255 global', 'eth0 fd00::2/64  global'],
  );
});

test('an IPv6 address is written short', () => {
  assert.is(shortV6('00000000000000000000000000000001'), '::1');
  assert.is(shortV6('fe80000000000000000000fffe000001'), 'fe80::ff:fe00:1');
  assert.is(shortV6('20010db8000000010000000000000000'), '2001:db8:0:1::');
  assert.is(shortV6('20010db8000100020003000400050006'), '2001:db8:1:2:3:4:5:6');
});

test('what the host is a guest of is told by its firmware and its files', () => {
  const kind = (files: Readonly<Record<string, string>>, out = '') => {
    const v = virtual.parse(seen(files, out));
    return `${v['virtualization_type']} ${v['virtualization_role']}`;
  };
  assert.is(kind({}), 'NA NA');
  assert.is(kind({}, '/.dockerenv\nhypervisor\n'), 'docker guest');
  assert.is(kind({ '/run/systemd/container': 'systemd-nspawn' }), 'container guest');
  assert.is(kind({ '/run/systemd/container': 'lxc' }), 'lxc guest');
  assert.is(
    kind({ '/sys/class/dmi/id/sys_vendor': 'QEMU', '/sys/class/dmi/id/product_name': 'Standard PC' }),
    'kvm guest',
  );
  assert.is(kind({ '/sys/class/dmi/id/product_name': 'VMware Virtual Platform' }), 'VMware guest');
  assert.is(
    kind({ '/sys/class/dmi/id/sys_vendor': 'Microsoft Corporation', '/sys/class/dmi/id/product_name': 'Surface' }),
    'NA NA',
  );
  assert.is(
    kind({
      '/sys/class/dmi/id/sys_vendor': 'Microsoft Corporation',
      '/sys/class/dmi/id/product_name': 'Virtual Machine',
    }),
    'VirtualPC guest',
  );
  assert.is(kind({ '/proc/modules': 'kvm_intel 1 0 - Live\nkvm 1 1 - Live' }), 'kvm host');
});

test('words of the kernel command line, name servers, SELinux and host keys are read', () => {
  const files = {
    '/proc/cmdline': 'root=/dev/x ro a="b c" tty=1 tty=2',
    '/etc/resolv.conf': '# x\nnameserver 192.0.2.1\nnameserver 192.0.2.2\nsearch a.org b.org\noptions ndots:2 rotate',
    '/sys/fs/selinux/enforce': '1',
    '/sys/fs/selinux/policyvers': '33',
    '/etc/selinux/config': 'SELINUX=enforcing\nSELINUXTYPE=targeted',
    '/etc/ssh/ssh_host_rsa_key.pub': 'ssh-rsa AAAA root@x',
  };
  partly(system, seen(files, 'apt systemd\napparmor\n'), {
    pkg_mgr: 'apt',
    service_mgr: 'systemd',
    cmdline: { root: '/dev/x', ro: true, a: 'b c', tty: '2' },
    proc_cmdline: { root: '/dev/x', ro: true, a: 'b c', tty: ['1', '2'] },
    dns: { nameservers: ['192.0.2.1', '192.0.2.2'], search: ['a.org', 'b.org'], options: { ndots: '2', rotate: true } },
    selinux: { status: 'enabled', mode: 'enforcing', config_mode: 'enforcing', type: 'targeted', policyvers: 33 },
    apparmor: { status: 'enabled' },
    ssh_host_key_rsa_public: 'AAAA',
    ssh_host_key_rsa_public_keytype: 'ssh-rsa',
  });
});

test('disks have their partitions, names and masters', () => {
  const out = `/dev/disk/by-label:
total 0
lrwxrwxrwx 1 root root 10 Nov  1 10:00 my\\x20data -> ../../sda1

/dev/disk/by-uuid:
lrwxrwxrwx 1 root root 10 Nov  1 10:00 0a-1b -> ../../sda1

/sys/block:
total 0
lrwxrwxrwx 1 root root 0 Nov  1 10:00 dm-0 -> ../devices/virtual/block/dm-0
lrwxrwxrwx 1 root root 0 Nov  1 10:00 sda -> ../devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/sda
/sys/block/dm-0/slaves/sda1
/sys/block/sda/sda1/holders/dm-0
`;
  const files = {
    '/sys/block/sda/size': '536870912',
    '/sys/block/sda/device/model': 'DISK 9    ',
    '/sys/block/sda/queue/scheduler': 'none [mq-deadline] bfq ',
    '/sys/block/sda/queue/logical_block_size': '512',
    '/sys/block/sda/sda1/start': '2048',
    '/sys/block/sda/sda1/size': '2048',
  };
  const values = devices.parse(seen(files, out)) as Record<string, Record<string, Record<string, unknown>>>;
  const { sda, 'dm-0': dm } = values['devices'] ?? {};
  assert.equal(
    [sda?.['size'], sda?.['model'], sda?.['scheduler_mode'], sda?.['virtual']],
    ['256.00 GB', 'DISK 9', 'mq-deadline', 0],
  );
  assert.is(dm?.['virtual'], 1);
  const links = { ids: [], labels: ['my data'], masters: ['dm-0'], uuids: ['0a-1b'] };
  assert.equal((sda?.['partitions'] as Record<string, unknown>)['sda1'], {
    start: '2048',
    sectors: '2048',
    sectorsize: 512,
    size: '1.00 MB',
    links,
    uuid: '0a-1b',
    holders: ['dm-0'],
  });
  assert.equal(values['device_links'], {
    ids: {},
    labels: { sda1: ['my data'] },
    masters: { sda1: ['dm-0'] },
    uuids: { sda1: ['0a-1b'] },
  });
});

test.run();
