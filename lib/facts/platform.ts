import { sh } from '../shell/sh.ts';
import type { Fact, Seen } from './fact.ts';

/** Kernel, architecture and names of the host. */
export const platform: Fact = {
  name: 'platform',
  subset: 'min',
  files: [
    '/proc/sys/kernel/ostype',
    '/proc/sys/kernel/osrelease',
    '/proc/sys/kernel/version',
    '/proc/sys/kernel/hostname',
    '/etc/hosts',
    '/etc/machine-id',
    '/var/lib/dbus/machine-id',
  ],
  // The full name is asked for only where /etc/hosts does not say it, and never for long: it may ask a dead DNS server.
  probe: sh`uname -m
tp_known_host || tp_within 3 hostname -f 2>/dev/null`,
  parse(seen) {
    const [machine = '', asked = ''] = seen.out.split('\n');
    const nodename = seen.file('/proc/sys/kernel/hostname') ?? '';
    const fqdn = nameInHosts(seen, nodename) ?? (asked.includes('.') ? asked : nodename);
    const dot = fqdn.indexOf('.');
    const architecture = /^i[3-6]86$/.test(machine) ? 'i386' : machine;
    return {
      system: seen.file('/proc/sys/kernel/ostype') ?? 'Linux',
      kernel: seen.file('/proc/sys/kernel/osrelease') ?? '',
      kernel_version: seen.file('/proc/sys/kernel/version') ?? '',
      machine,
      architecture,
      userspace_bits: /64|s390x/.test(machine) ? '64' : '32',
      userspace_architecture: architecture,
      nodename,
      hostname: nodename.split('.')[0] ?? '',
      fqdn,
      domain: dot < 0 ? '' : fqdn.slice(dot + 1),
      machine_id: seen.file('/etc/machine-id') ?? seen.file('/var/lib/dbus/machine-id') ?? '',
    };
  },
};

/**
 * The full name as /etc/hosts has it, found as Ansible finds it: the address of the host's name, then the first name of
 * that address that has a dot, or else its first name.
 */
function nameInHosts(seen: Seen, nodename: string): string | undefined {
  const entries = (seen.file('/etc/hosts') ?? '')
    .split('\n')
    .map(line => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(words => words.length > 1);
  const own = entries.find(words => words.slice(1).includes(nodename));
  const named = own === undefined ? undefined : entries.find(words => words[0] === own[0]);
  return named === undefined ? undefined : ([nodename, ...named.slice(1)].find(n => n.includes('.')) ?? named[1]);
}
