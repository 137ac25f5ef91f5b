import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LabPlan } from './spec.ts';

/** Where labs live, one directory each. */
export const labsDirectory = '/var/lib/tplay-lab';

/** Where base root filesystems are kept between labs. */
export const cacheDirectory = '/var/cache/tplay-lab';

/** The paths of a lab. */
export function labPaths(lab: string) {
  const dir = join(labsDirectory, lab);
  return {
    dir,
    plan: join(dir, 'lab.json'),
    privateKey: join(dir, 'id_ed25519'),
    publicKey: join(dir, 'id_ed25519.pub'),
    knownHosts: join(dir, 'known_hosts'),
    sshConfig: join(dir, 'ssh_config'),
    hosts: join(dir, 'hosts'),
    /** Where the folder is that hosts share at this path. */
    share: (path: string) => join(dir, 'shares', encodeURIComponent(path.slice(1))),
  };
}

/** The paths of a host; `root` is its whole file tree while it is up, `upper` what differs from the base. */
export function hostPaths(lab: string, host: string) {
  const dir = join(labPaths(lab).hosts, host);
  return {
    dir,
    root: join(dir, 'root'),
    upper: join(dir, 'upper'),
    work: join(dir, 'work'),
    made: join(dir, 'made.json'),
    console: join(dir, 'console.log'),
    supervisor: join(dir, 'supervisor.json'),
    boots: join(dir, 'boots'),
    hostKey: join(dir, 'ssh_host_ed25519_key'),
  };
}

/** The names in the kernel: bridge and veth have 15 characters at most. */
export function kernelNames(lab: string) {
  return {
    bridge: `t-${lab}`,
    rule: `tplay-lab-${lab}`,
    cgroup: `tplay-lab/${lab}`,
    veth: (address: string) => `t-${lab}-${address.split('.')[3]}`,
    netns: (host: string) => `tplay-${lab}-${host}`,
    netnsPrefix: `tplay-${lab}-`,
    vethPrefix: `t-${lab}-`,
  };
}

/** Writes through a temporary name, so that a killed process never leaves half a file. */
export function writeWhole(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  const half = `${path}.${process.pid}.new`;
  writeFileSync(half, text, { mode });
  renameSync(half, path);
}

/** Reads a JSON file that this program wrote; undefined when there is none. */
export function readJson<T>(path: string): T | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : undefined;
}

/** The plan of a lab that was brought up and not yet taken down. */
export function readPlan(lab: string): LabPlan | undefined {
  return readJson<LabPlan>(labPaths(lab).plan);
}

/** The names of all labs that have a directory, even one half made. */
export function labNames(): string[] {
  return existsSync(labsDirectory)
    ? readdirSync(labsDirectory)
        .filter(name => !name.startsWith('.'))
        .sort()
    : [];
}

/** The hosts that have a directory in a lab, even one half made. */
export function madeHosts(lab: string): string[] {
  const { hosts } = labPaths(lab);
  return existsSync(hosts) ? readdirSync(hosts).sort() : [];
}

/**
 * Waits until no other process holds the lock of this name, and holds it until disposed or until this process ends.
 * The flock(1) child holds it: the kernel frees it however we die, and no stale lock file is possible.
 */
export async function lock(name: string, onWait?: () => void): Promise<AsyncDisposable> {
  mkdirSync(labsDirectory, { recursive: true });
  const file = join(labsDirectory, `.${name}.lock`);
  const child = spawn('flock', [file, 'sh', '-c', 'echo held; cat >/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = setTimeout(() => onWait?.(), 300);
  const closed = new Promise<void>(resolve => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => resolve());
    child.once('error', reject);
    child.once('close', status => reject(new Error(`flock ${file} ended with status ${status}`)));
  }).finally(() => clearTimeout(waiting));
  return {
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await closed;
    },
  };
}
