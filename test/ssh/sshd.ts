import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../lib/remote/session.ts';

/** Why no sshd can be started here; undefined when one can. */
export function sshdMissing(): string | undefined {
  if (!existsSync('/usr/sbin/sshd')) return 'no /usr/sbin/sshd';
  return undefined;
}

export interface Sshd extends AsyncDisposable {
  readonly port: number;
  /** The folder of its keys; `known_hosts` there holds its host key. */
  readonly folder: string;
  readonly knownHosts: string;
  /** The SHA256 fingerprint of its host key. */
  readonly fingerprint: string;
  /** The private key that may log in. */
  readonly key: string;
  readonly user: string;
  readonly uid: string;
  /** How to connect to it, strictly; parts may be replaced. */
  connection(change?: Partial<Connection>): Connection;
  /** What sshd has logged so far. */
  log(): string;
}

/** Makes a key pair and returns the private file's path. */
export function makeKey(folder: string, name: string, options: { type?: string; passphrase?: string } = {}): string {
  const path = join(folder, name);
  const args = ['-q', '-t', options.type ?? 'ed25519', '-N', options.passphrase ?? '', '-C', name, '-f', path];
  execFileSync('ssh-keygen', args);
  return path;
}

export function fingerprintOf(publicKeyFile: string): string {
  return execFileSync('ssh-keygen', ['-lf', publicKeyFile], { encoding: 'utf8' }).split(' ')[1] ?? '';
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export function tempFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `tplay-test-${name}-`));
  chmodSync(folder, 0o755); // sshd reads the keys as the user who logs in
  return folder;
}

/** Starts an sshd of the test's own on 127.0.0.1; it and its folder are gone after the test. */
export async function startSshd(options: { config?: readonly string[]; hostKeyType?: string } = {}): Promise<Sshd> {
  const folder = tempFolder('sshd');
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const hostKey = makeKey(folder, 'host_key', options.hostKeyType === undefined ? {} : { type: options.hostKeyType });
  const key = makeKey(folder, 'user_key');
  const authorized = join(folder, 'authorized_keys');
  writeFileSync(authorized, readFileSync(`${key}.pub`));
  const port = await freePort();
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${authorized}`,
    `PidFile ${join(folder, 'pid')}`,
    ...(options.config?.some(line => line.startsWith('UsePAM')) ? [] : ['UsePAM no']),
    // or bash takes the start-up files of whoever runs the tests for those of a login
    ...(options.config?.some(line => line.startsWith('SetEnv')) ? [] : ['SetEnv SHLVL=5']),
    'StrictModes no',
    'PermitRootLogin yes',
    'MaxStartups 300',
    'LogLevel VERBOSE',
    ...(options.config ?? []),
  ];
  writeFileSync(join(folder, 'config'), `${lines.join('\n')}\n`);
  const knownHosts = join(folder, 'known_hosts');
  const [type, blob] = readFileSync(`${hostKey}.pub`, 'utf8').split(' ');
  appendFileSync(knownHosts, `[127.0.0.1]:${port} ${type} ${blob}\n`);
  const log = join(folder, 'log');
  const child = spawn('/usr/sbin/sshd', ['-D', '-f', join(folder, 'config'), '-E', log], { stdio: 'ignore' });
  await listening(child, log);
  const { username: user, uid } = userInfo();
  return {
    port,
    folder,
    knownHosts,
    fingerprint: fingerprintOf(`${hostKey}.pub`),
    key,
    user,
    uid: String(uid),
    connection: change => ({
      name: 'web1',
      transport: 'ssh',
      address: '127.0.0.1',
      port,
      user,
      privateKeyFile: key,
      connectTimeoutMs: 20_000,
      knownHostsFiles: [knownHosts],
      ...change,
    }),
    log: () => readFileSync(log, 'utf8'),
    async [Symbol.asyncDispose]() {
      const gone = new Promise(resolve => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listening(child: ChildProcess, log: string): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (existsSync(log) && readFileSync(log, 'utf8').includes('Server listening')) return;
    if (child.exitCode !== null) break;
    await sleep(25);
  }
  throw new Error(`sshd did not start: ${existsSync(log) ? readFileSync(log, 'utf8') : ''}`);
}
