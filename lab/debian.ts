import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './machine.ts';

/** Units that hold the dpkg lock at a moment nobody chose, or that have nothing to do in a host without a console. */
const MASKED = [
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'apt-daily.service',
  'apt-daily-upgrade.service',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'console-getty.service',
  'getty@tty1.service',
  'systemd-networkd.service',
  'systemd-networkd-wait-online.service',
  'systemd-resolved.service',
  'systemd-timesyncd.service',
  'systemd-pstore.service',
  'sys-fs-fuse-connections.mount',
  'dev-hugepages.mount',
];

const FILES: Readonly<Record<string, string>> = {
  // many connections at once from one address are the normal case here
  '/etc/ssh/sshd_config.d/10-lab.conf':
    'HostKey /etc/ssh/ssh_host_ed25519_key\nMaxStartups 200\nMaxSessions 100\nUseDNS no\n',
  // or users other than root are told "System is booting up" in the first moments
  '/etc/systemd/system/ssh.service.d/lab.conf': '[Unit]\nAfter=systemd-user-sessions.service\n',
  '/etc/machine-id': '',
};

/** All that prepareDebian puts into a base besides the certificates, for the hash that names the base. */
export const debianPreparation = { MASKED, FILES };

/** Finishes a Debian base: settings of sshd, masked units, trusted certificates; no host keys, no machine id. */
export async function prepareDebian(root: string, trusted: readonly string[]): Promise<void> {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  // clones must not share host keys: each host gets its own
  for (const name of readdirSync(join(root, 'etc/ssh'))) {
    if (name.startsWith('ssh_host_')) rmSync(join(root, 'etc/ssh', name));
  }
  for (const unit of MASKED) {
    const path = join(root, 'etc/systemd/system', unit);
    rmSync(path, { force: true });
    symlinkSync('/dev/null', path);
  }
  await trust(root, trusted);
}

/** Makes the hosts trust what this machine trusts beyond Debian's own: where TLS is intercepted nothing works without. */
async function trust(root: string, added: readonly string[]): Promise<void> {
  if (added.length === 0) return;
  const bundle = '/etc/ssl/certs/ca-certificates.crt';
  const dir = join(root, 'usr/local/share/ca-certificates');
  mkdirSync(dir, { recursive: true });
  added.forEach((text, index) => writeFileSync(join(dir, `lab-${index + 1}.crt`), `${text}\n`));
  await run`chroot ${root} update-ca-certificates`;
  // node brings its own certificates, and npm of Debian and of others read different global files
  for (const path of ['etc/npmrc', 'root/.npmrc', 'etc/skel/.npmrc'])
    writeFileSync(join(root, path), `cafile=${bundle}\n`);
  writeFileSync(join(root, 'etc/environment'), `NODE_EXTRA_CA_CERTS=${bundle}\n`, { flag: 'a' });
  mkdirSync(join(root, 'etc/systemd/system.conf.d'), { recursive: true });
  const manager = `[Manager]\nDefaultEnvironment=NODE_EXTRA_CA_CERTS=${bundle}\n`;
  writeFileSync(join(root, 'etc/systemd/system.conf.d/lab.conf'), manager);
}
