/** The kinds of host there are; README.md says what each is for. */
export type Kind = 'debian' | 'user' | 'busybox' | 'dnf' | 'openrc' | 'twin';

/** The names of the base root filesystems; kinds with the same one share it. */
export type BaseName = 'debian' | 'busybox' | 'dnf' | 'openrc' | 'twin';

/** The passwords of the `user` kind: known to everybody, good for a lab only. */
export const labPasswords = { root: 'lab-root', deploy: 'lab-deploy', ops: 'lab-ops' } as const;

/** What makes one base differ from another. */
export interface BaseDefinition {
  /** mmdebstrap's: `minbase` is a Debian, `extract` only the files of the packages and what they depend on. */
  readonly variant: 'minbase' | 'extract';
  /** Debian packages besides those of the variant. */
  readonly packages: readonly string[];
  /** Whether Python may be there: "needs only sshd and sh" is proved by hosts without it. */
  readonly python: boolean;
  /** A script of this directory that finishes it, with the root as its argument. */
  readonly script?: string;
  readonly sshd: 'openssh' | 'dropbear';
  /** What reboots it, typed inside. */
  readonly reboot: readonly string[];
}

/** What makes one kind differ from another on the same base. */
export interface KindDefinition {
  readonly base: BaseName;
  /** Who logs in by the lab's key. */
  readonly user: string;
  /** Users besides root, in order; they all get the lab's key and the password of `labPasswords`. */
  readonly users: readonly ('deploy' | 'ops')[];
  /** Contents of files of the host, by path, on top of the base. */
  readonly files: Readonly<Record<string, string>>;
}

const TOOLS = ['openssh-server', 'sudo', 'cron', 'iproute2', 'procps', 'ca-certificates'];
const PACKAGES = ['systemd', 'systemd-sysv', 'dbus', ...TOOLS];
const systemd = { variant: 'minbase', sshd: 'openssh', reboot: ['systemctl', '--no-block', 'reboot'] } as const;

/** The table of bases. */
export const bases: Readonly<Record<BaseName, BaseDefinition>> = {
  debian: { ...systemd, packages: PACKAGES, python: false },
  twin: { ...systemd, packages: [...PACKAGES, 'python3-minimal', 'python3-apt'], python: true },
  // Debian's dnf is written in Python
  dnf: {
    ...systemd,
    packages: [...PACKAGES, 'dnf', 'rpm', 'createrepo-c', 'gpg', 'gpg-agent', 'file'],
    python: true,
    script: 'dnf.sh',
  },
  openrc: {
    variant: 'minbase',
    packages: ['sysvinit-core', 'openrc', ...TOOLS],
    python: false,
    script: 'openrc.sh',
    sshd: 'openssh',
    reboot: ['reboot'],
  },
  busybox: {
    variant: 'extract',
    packages: ['busybox-static', 'dropbear-bin'],
    python: false,
    script: 'busybox.sh',
    sshd: 'dropbear',
    reboot: ['reboot'],
  },
};

const plain = { user: 'root', users: [], files: {} } as const;

/** The table of kinds. */
export const kinds: Readonly<Record<Kind, KindDefinition>> = {
  debian: { ...plain, base: 'debian' },
  busybox: { ...plain, base: 'busybox' },
  dnf: { ...plain, base: 'dnf' },
  openrc: { ...plain, base: 'openrc' },
  twin: { ...plain, base: 'twin' },
  user: {
    base: 'debian',
    user: 'deploy',
    users: ['deploy', 'ops'],
    files: {
      '/etc/sudoers.d/tplay-lab': 'deploy ALL=(ALL:ALL) ALL\nops ALL=(ALL:ALL) NOPASSWD: ALL\n',
      '/etc/ssh/sshd_config.d/20-no-root.conf': 'PermitRootLogin no\n',
    },
  },
};
