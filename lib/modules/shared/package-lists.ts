import { type Sh, sh } from '../../module.ts';

export type ManagerName = 'apt' | 'rpm' | 'pacman' | 'apk' | 'portage' | 'pkg' | 'pkg_info';

interface Manager {
  /** Is it the host's? */
  readonly there: Sh;
  /** Prints the packages. */
  readonly list: Sh;
  /** The entry of one line; undefined for a line that is none. */
  read(line: string): Package | undefined;
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly [key: string]: unknown;
}

/** The managers in the order in which they are looked for. */
export const MANAGERS: Readonly<Record<ManagerName, Manager>> = {
  apt: {
    there: sh`tp_has dpkg-query && [ -s /var/lib/dpkg/status ]`,
    list: sh`tp_dpkg_list`,
    read(line) {
      const [status = '', name = '', version = '', arch = '', category = ''] = line.split('|');
      if (!/^.[^nc]/.test(status)) return undefined;
      return { name, version, arch, category };
    },
  },
  rpm: {
    there: sh`tp_has rpm`,
    list: sh`rpm -qa --qf '%{NAME}|%{VERSION}|%{RELEASE}|%{EPOCH}|%{ARCH}\n'`,
    read(line) {
      const [name = '', version = '', release = '', epoch = '', arch = ''] = line.split('|');
      const known = (text: string) => (text === '(none)' ? null : text);
      return { name, version, release, epoch: known(epoch) === null ? null : Number(epoch), arch: known(arch) };
    },
  },
  pacman: {
    there: sh`tp_has pacman`,
    list: sh`pacman -Q`,
    read(line) {
      const [, name = '', epoch, version = '', release = ''] = /^(\S+) (?:(\d+):)?(.+)-([^-]+)$/.exec(line) ?? [];
      return { name, version, release, epoch: epoch === undefined ? null : Number(epoch) };
    },
  },
  apk: {
    there: sh`tp_has apk`,
    list: sh`apk info -v 2>/dev/null`,
    read(line) {
      const [, name = '', version = '', release = ''] = /^(.+)-([^-]+)-(r[^-]+)$/.exec(line) ?? [];
      return { name, version, release };
    },
  },
  portage: {
    there: sh`tp_has qlist`,
    list: sh`qlist -Iv`,
    read(line) {
      const [, category = '', name = '', version = ''] = /^([^/]+)\/(.+?)-(\d\S*)$/.exec(line) ?? [];
      return { name, version, category };
    },
  },
  pkg: {
    there: sh`tp_has pkg`,
    list: sh`pkg query '%n|%v|%q|%o'`,
    read(line) {
      const [name = '', version = '', arch = '', origin = ''] = line.split('|');
      return { name, version, arch, origin };
    },
  },
  pkg_info: {
    there: sh`tp_has pkg_info`,
    list: sh`pkg_info -a`,
    read(line) {
      const [, name = '', version = ''] = /^(\S+?)-(\d\S*)/.exec(line) ?? [];
      return { name, version };
    },
  },
};

/** Reads the lists, each behind a line `== MANAGER`, into names with their entries. */
export function readPackages(text: string): Record<string, readonly Package[]> {
  const found: Record<string, Package[]> = Object.create(null);
  const [, ...lists] = text.split(/^== /m);
  for (const list of lists) {
    const [source = '', ...rest] = list.split('\n');
    const lines = rest.filter(line => line !== '');
    const origins = source === 'apt' ? readOrigins(lines) : new Map<string, string>();
    for (const line of lines) {
      const entry = MANAGERS[source as ManagerName].read(line);
      if (entry === undefined || entry.name === '') continue;
      const origin = source === 'apt' ? { origin: origins.get(entry.name) ?? '' } : {};
      found[entry.name] = [...(found[entry.name] ?? []), { ...entry, ...origin, source }];
    }
  }
  return found;
}

/**
 * Where apt has each package's version from: of `o LIST|ORIGIN` lines (a list and whose it is) and `p NAME` lines, each before
 * `f LIST`, the first list that has the version.
 */
function readOrigins(lines: readonly string[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  const origins = new Map<string, string>();
  let name = '';
  for (const line of lines) {
    const rest = line.slice(2);
    if (line.startsWith('o ')) owners.set(rest.slice(0, rest.lastIndexOf('|')), rest.slice(rest.lastIndexOf('|') + 1));
    else if (line.startsWith('p ')) name = rest;
    else if (line.startsWith('f ') && !origins.has(name)) origins.set(name, owners.get(rest) ?? '');
  }
  return origins;
}
