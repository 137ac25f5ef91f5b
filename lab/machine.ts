import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { $ } from 'zx';

const PROGRAMS: Readonly<Record<string, string>> = {
  mmdebstrap: 'mmdebstrap',
  'systemd-nspawn': 'systemd-container',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  ip: 'iproute2',
  iptables: 'iptables',
  flock: 'util-linux',
  nsenter: 'util-linux',
  bash: 'bash',
  chroot: 'coreutils',
};

/** Runs a command quietly through zx; its error, when it fails, has what the command said. */
export const run = $({ verbose: false, quiet: true });

/** What this machine lacks for a lab, one sentence each; empty when a lab can be brought up. */
export function labMissing(): string[] {
  if (process.platform !== 'linux') return [`a lab needs Linux, and this is ${process.platform}`];
  const missing: string[] = [];
  if (process.getuid?.() !== 0) missing.push('a lab needs root: mounts, network namespaces and systemd-nspawn do');
  if (!/^(ID|ID_LIKE)=.*debian/m.test(osRelease()))
    missing.push('a lab needs a Debian system: its hosts are made with apt');
  const packages = new Set<string>();
  for (const [program, name] of Object.entries(PROGRAMS)) if (!onPath(program)) packages.add(name);
  if (packages.size > 0)
    missing.push(`Debian packages are missing: apt-get install ${[...packages].join(' ')} (or npm run setup)`);
  if (cgroupMounts().length === 0)
    missing.push('no cgroup2 and no systemd cgroup hierarchy is mounted: systemd cannot boot here');
  return missing;
}

/** The codename of this machine's Debian release, which is the hosts' too. */
export function debianRelease(): string {
  const name = /^VERSION_CODENAME="?([^"\n]+)/m.exec(osRelease())?.[1];
  if (name === undefined)
    throw new Error('/etc/os-release has no VERSION_CODENAME: the lab does not know which Debian to make');
  return name;
}

/** Mount points of the hierarchies systemd keeps its units in: cgroup v2, and v1's name=systemd where that is used. */
export function cgroupMounts(): string[] {
  return readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map(line => line.split(' '))
    .filter(
      ([, , type, options]) =>
        type === 'cgroup2' || (type === 'cgroup' && options?.split(',').includes('name=systemd')),
    )
    .map(([, path = '']) => path);
}

/** Raises what many systemds on one kernel need, and lets the machine forward; never lowers anything. */
export function prepareKernel(): void {
  // each systemd takes about 5 inotify instances; with the default of 128 the hosts past 20 die at boot
  const inotify = '/proc/sys/fs/inotify/max_user_instances';
  if (Number(readFileSync(inotify, 'utf8')) < 8192) writeFileSync(inotify, '8192');
  const forward = '/proc/sys/net/ipv4/ip_forward';
  if (readFileSync(forward, 'utf8').trim() !== '1') writeFileSync(forward, '1');
}

function osRelease(): string {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
}

function onPath(program: string): boolean {
  const path = `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`;
  return path.split(delimiter).some(dir => existsSync(join(dir, program)));
}
