import { type Fact, readSettings, type Seen } from './fact.ts';

/** What Ansible calls a distribution, by the ID of os-release. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['debian', 'Debian'],
  ['ubuntu', 'Ubuntu'],
  ['raspbian', 'Raspbian'],
  ['linuxmint', 'Linux Mint'],
  ['devuan', 'Devuan'],
  ['kali', 'Kali'],
  ['pop', 'Pop!_OS'],
  ['rhel', 'RedHat'],
  ['centos', 'CentOS'],
  ['fedora', 'Fedora'],
  ['rocky', 'Rocky'],
  ['almalinux', 'AlmaLinux'],
  ['ol', 'OracleLinux'],
  ['amzn', 'Amazon'],
  ['openeuler', 'openEuler'],
  ['alinux', 'Alibaba'],
  ['tencentos', 'TencentOS'],
  ['virtuozzo', 'Virtuozzo'],
  ['cloudlinux', 'CloudLinux'],
  ['scientific', 'Scientific'],
  ['sles', 'SLES'],
  ['sled', 'SLED'],
  ['sles_sap', 'SLES_SAP'],
  ['opensuse-leap', 'openSUSE Leap'],
  ['opensuse-tumbleweed', 'openSUSE Tumbleweed'],
  ['alpine', 'Alpine'],
  ['arch', 'Archlinux'],
  ['manjaro', 'Manjaro'],
  ['gentoo', 'Gentoo'],
  ['slackware', 'Slackware'],
  ['void', 'Void'],
  ['nixos', 'NixOS'],
  ['flatcar', 'Flatcar'],
  ['clear-linux-os', 'Clear Linux OS'],
]);

/** What Ansible calls a family, by an ID of os-release or one of its ID_LIKE. */
const FAMILIES: ReadonlyMap<string, string> = new Map([
  ['debian', 'Debian'],
  ['ubuntu', 'Debian'],
  ['raspbian', 'Debian'],
  ['devuan', 'Debian'],
  ['rhel', 'RedHat'],
  ['centos', 'RedHat'],
  ['fedora', 'RedHat'],
  ['amzn', 'RedHat'],
  ['openeuler', 'RedHat'],
  ['suse', 'Suse'],
  ['opensuse', 'Suse'],
  ['sles', 'Suse'],
  ['alpine', 'Alpine'],
  ['arch', 'Archlinux'],
  ['gentoo', 'Gentoo'],
  ['slackware', 'Slackware'],
  ['clear-linux-os', 'ClearLinux'],
]);

/** Name, version and family of the distribution. */
export const distribution: Fact = {
  name: 'distribution',
  subset: 'min',
  files: [
    '/etc/os-release',
    '/usr/lib/os-release',
    '/etc/debian_version',
    '/etc/redhat-release',
    '/etc/centos-release',
    '/etc/lsb-release',
    '/usr/bin/lsb_release',
  ],
  parse(seen) {
    const release = readSettings(seen.file('/etc/os-release') ?? seen.file('/usr/lib/os-release') ?? '');
    const id = release.get('ID') ?? '';
    const likes = [id, ...(release.get('ID_LIKE') ?? '').split(/\s+/)];
    const name = NAMES.get(id) ?? release.get('NAME') ?? old(seen)?.name ?? 'Linux';
    const version = fullVersion(seen, release) ?? old(seen)?.version ?? 'NA';
    const [major, minor] = version.split('.');
    return {
      distribution: name,
      distribution_version: version,
      distribution_major_version: major || 'NA',
      ...(id === 'debian' && minor !== undefined && { distribution_minor_version: minor }),
      distribution_release: codename(seen, release) ?? 'NA',
      os_family: likes.map(l => FAMILIES.get(l)).find(f => f !== undefined) ?? (old(seen) ? 'RedHat' : name),
      lsb: lsb(seen, release),
      ...parsedFile(seen, id, name),
    };
  },
};

/** Where the name came from. As Ansible: Debian's is read of os-release, Red Hat's of a file of its own. */
function parsedFile(seen: Seen, id: string, name: string): Readonly<Record<string, unknown>> {
  const path = [
    ...(id === 'debian' ? [] : ['/etc/centos-release', '/etc/redhat-release']),
    '/etc/os-release',
    '/usr/lib/os-release',
  ].find(file => seen.file(file) !== undefined);
  if (path === undefined) return {};
  return {
    distribution_file_parsed: true,
    distribution_file_path: path,
    distribution_file_variety: path === '/etc/redhat-release' ? 'RedHat' : name,
  };
}

/** Debian and CentOS have their minor version in another file than os-release. */
function fullVersion(seen: Seen, release: ReadonlyMap<string, string>): string | undefined {
  const short = release.get('VERSION_ID');
  const exact = release.get('ID') === 'debian' ? seen.file('/etc/debian_version') : undefined;
  if (exact !== undefined && /^\d/.test(exact)) return exact;
  const centos = release.get('ID') === 'centos' ? redhatLine(seen)?.version : undefined;
  return centos ?? short;
}

function codename(seen: Seen, release: ReadonlyMap<string, string>): string | undefined {
  const told = release.get('VERSION_CODENAME') || release.get('UBUNTU_CODENAME');
  if (told) return told;
  const version = release.get('VERSION') ?? '';
  return /\(([^)]*)\)/.exec(version)?.[1] ?? redhatLine(seen)?.release;
}

/** Before os-release (EL6): `CentOS release 6.10 (Final)`. */
function old(seen: Seen) {
  return seen.file('/etc/os-release') === undefined ? redhatLine(seen) : undefined;
}

function redhatLine(seen: Seen): { name: string; version: string; release: string | undefined } | undefined {
  const line = seen.file('/etc/centos-release') ?? seen.file('/etc/redhat-release');
  const match = /^(.*?)(?: Linux)?(?: Server)? (?:Stream )?release ([\d.]+)(?: \((.*)\))?/.exec(line ?? '');
  if (match?.[2] === undefined) return undefined;
  const name = /^Red ?Hat/.test(match[1] ?? '') ? 'RedHat' : (match[1] ?? '');
  return { name, version: match[2], release: match[3] };
}

/** As lsb_release would say it, where it is installed or its file is there: starting it (Python) takes long. */
function lsb(seen: Seen, release: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const file = seen.file('/etc/lsb-release');
  const set = readSettings(file ?? '');
  if (file === undefined && seen.file('/usr/bin/lsb_release') === undefined) return {};
  const version = set.get('DISTRIB_RELEASE') ?? release.get('VERSION_ID') ?? '';
  return {
    id: set.get('DISTRIB_ID') ?? NAMES.get(release.get('ID') ?? '') ?? '',
    description: set.get('DISTRIB_DESCRIPTION') ?? release.get('PRETTY_NAME') ?? '',
    release: version,
    codename: set.get('DISTRIB_CODENAME') ?? release.get('VERSION_CODENAME') ?? '',
    major_release: version.split('.')[0] ?? '',
  };
}
