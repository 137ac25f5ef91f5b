import { sh } from '../shell/sh.ts';
import type { Fact } from './fact.ts';

/** Managers of packages and services, and what protects the system. */
export const system: Fact = {
  name: 'system',
  subset: 'min',
  files: [
    '/proc/1/comm',
    '/proc/cmdline',
    '/proc/loadavg',
    '/proc/sys/crypto/fips_enabled',
    '/sys/fs/selinux/enforce',
    '/sys/fs/selinux/policyvers',
    '/etc/selinux/config',
    '/etc/resolv.conf',
    '/etc/ssh/ssh_host_*_key.pub',
    '/etc/nvme/hostnqn',
    '/etc/iscsi/initiatorname.iscsi',
    '/sys/class/fc_host/*/port_name',
  ],
  probe: sh`tp_tools; if [ -d /sys/kernel/security/apparmor ]; then echo apparmor; else echo; fi; stat -c %d:%i / /proc/1/root/. 2>/dev/null || :`,
  parse(seen) {
    const [tools = '', apparmor = '', root, rootOfFirst] = seen.out.split('\n');
    const [pkg = '-', service = 'service'] = tools.split(' ');
    const [one, five, fifteen] = (seen.file('/proc/loadavg') ?? '').split(' ').map(Number);
    return {
      pkg_mgr: pkg === '-' ? 'unknown' : pkg,
      service_mgr: service,
      apparmor: { status: apparmor === 'apparmor' ? 'enabled' : 'disabled' },
      selinux: selinux(
        seen.file('/sys/fs/selinux/enforce'),
        seen.file('/etc/selinux/config') ?? '',
        seen.file('/sys/fs/selinux/policyvers'),
      ),
      // of the first process an ordinary user sees nothing
      is_chroot: Boolean(rootOfFirst) && root !== rootOfFirst,
      fips: seen.file('/proc/sys/crypto/fips_enabled') === '1',
      loadavg: { '1m': one, '5m': five, '15m': fifteen },
      cmdline: commandLine(seen.file('/proc/cmdline') ?? ''),
      proc_cmdline: commandLine(seen.file('/proc/cmdline') ?? '', true),
      dns: dns(seen.file('/etc/resolv.conf') ?? ''),
      hostnqn: seen.file('/etc/nvme/hostnqn')?.trim() ?? '',
      iscsi_iqn: /^InitiatorName=(.*)$/m.exec(seen.file('/etc/iscsi/initiatorname.iscsi') ?? '')?.[1]?.trim() ?? '',
      fibre_channel_wwn: [...seen.files(/^\/sys\/class\/fc_host\//).values()].map(wwn => wwn.trim().slice(2)),
      ...sshKeys(seen.files(/^\/etc\/ssh\/ssh_host_\w+_key\.pub$/)),
    };
  },
};

function selinux(enforce: string | undefined, config: string, version: string | undefined) {
  if (enforce === undefined) return { status: 'disabled' };
  const setting = (key: string) => new RegExp(`^\\s*${key}=(\\w+)`, 'm').exec(config)?.[1] ?? 'unknown';
  return {
    status: 'enabled',
    mode: enforce === '1' ? 'enforcing' : 'permissive',
    config_mode: setting('SELINUX'),
    type: setting('SELINUXTYPE'),
    policyvers: version === undefined ? 'unknown' : Number(version),
  };
}

/** Words of the kernel's command line; a word without a value is true; `lists` keeps repeated words, as Ansible. */
function commandLine(text: string, lists = false): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const word of text.match(/(?:"[^"]*"|[^\s"])+/g) ?? []) {
    const equals = word.indexOf('=');
    const key = equals < 0 ? word : word.slice(0, equals);
    const value = equals < 0 ? true : word.slice(equals + 1).replaceAll('"', '');
    values[key] = lists && key in values ? [values[key], value].flat() : value;
  }
  return values;
}

function dns(text: string): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const line of text.split('\n')) {
    const [key = '', ...rest] = line
      .replace(/^[#;].*/, '')
      .trim()
      .split(/\s+/);
    if (key === 'nameserver') values['nameservers'] = [...((values['nameservers'] as string[]) ?? []), ...rest];
    else if (key === 'domain') values['domain'] = rest[0];
    else if (key === 'search' || key === 'sortlist') values[key] = rest;
    else if (key === 'options')
      values['options'] = Object.fromEntries(rest.map(o => [o.split(':')[0], o.split(':')[1] ?? true]));
  }
  return values;
}

function sshKeys(files: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const keys: Record<string, string> = {};
  for (const [path, text] of files) {
    const kind = /ssh_host_(\w+)_key/.exec(path)?.[1] ?? '';
    const [type = '', key = ''] = text.split(' ');
    keys[`ssh_host_key_${kind}_public`] = key;
    keys[`ssh_host_key_${kind}_public_keytype`] = type;
  }
  return keys;
}
