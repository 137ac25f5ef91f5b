import { readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Hop } from './hop.ts';
import { matchesPatterns } from './known-hosts.ts';
import { type Connection, SessionError } from './session.ts';
import { expandPath, parseSshConfig, resolveSshConfig, type SshConfig, type SshHostConfig } from './ssh-config.ts';

/** Where a user's own ssh settings are. */
export interface SshHome {
  readonly home: string;
  readonly config: SshConfig;
}

/** as ssh: these are tried when no key is named. */
const USUAL_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];
const DEFAULT_TIMEOUT_MS = 10_000;

/** Reads the user's ssh_config and the system's; or only the one that is named, which must then exist. */
export function readSshConfig(home: string, only: string | undefined): SshConfig {
  const files = only === undefined ? [join(home, '.ssh/config'), '/etc/ssh/ssh_config'] : [only];
  const parsed = files.map(file => {
    const text = readIf(file, only !== undefined);
    const folder = file.startsWith('/etc/') ? '/etc/ssh' : join(home, '.ssh');
    return parseSshConfig(text, { file, include: pattern => included(pattern, home, folder) });
  });
  return { blocks: parsed.flatMap(p => p.blocks), notes: parsed.flatMap(p => p.notes) };
}

function readIf(file: string, needed: boolean): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && !needed) return '';
    throw new SessionError('connect', `cannot read the ssh configuration: ${(error as Error).message}`);
  }
}

/** The files of an Include: wildcards may stand in the last part of the path; what is not there is passed over. */
function included(pattern: string, home: string, folder: string): { file: string; text: string }[] {
  const path = pattern.replace(/^~(?=\/)/, home);
  const full = isAbsolute(path) ? path : join(folder, path);
  if (!/[*?]/.test(basename(full))) return [{ file: full, text: readIf(full, false) }];
  let names: string[] = [];
  try {
    names = readdirSync(dirname(full));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return names
    .filter(name => matchesPatterns([basename(full)], name))
    .sort()
    .map(name => ({ file: join(dirname(full), name), text: readIf(join(dirname(full), name), false) }));
}

/** Everything of an ssh connection decided: the inventory's values before ssh_config's before the usual ones. */
export function resolveHop(to: Connection, ssh: SshHome): Hop {
  const local = { home: ssh.home, user: userInfo().username, loginUser: to.user };
  const config = resolveSshConfig(ssh.config, to.address, local);
  const user = to.user ?? config.user ?? local.user;
  const address = config.hostName ?? to.address;
  const expand = (path: string) =>
    expandPath(path, { home: ssh.home, user: local.user, host: address, alias: to.address, remote: user });
  const files = to.knownHostsFiles ?? config.knownHostsFiles;
  const jump = to.proxyJump ?? config.proxyJump ?? '';
  const hop = {
    name: to.name,
    address,
    port: to.port ?? config.port ?? 22,
    user,
    password: to.password,
    keyFile: to.privateKeyFile === undefined ? undefined : expand(to.privateKeyFile),
    moreKeyFiles: moreKeys(to, config, ssh.home),
    passphrase: to.passphrase,
    identitiesOnly: config.identitiesOnly,
    agent: config.identityAgent,
    connectTimeoutMs: to.connectTimeoutMs ?? config.connectTimeoutMs ?? DEFAULT_TIMEOUT_MS,
    retries: to.retries ?? 0,
    hostKeys: to.hostKeys ?? config.hostKeys ?? 'strict',
    knownHostsFiles: files?.map(expand) ?? [join(ssh.home, '.ssh/known_hosts'), '/etc/ssh/ssh_known_hosts'],
  };
  return jump === '' || jump.toLowerCase() === 'none' ? hop : { ...hop, via: jumpHop(jump, to, ssh) };
}

function moreKeys(to: Connection, config: SshHostConfig, home: string): readonly string[] {
  if (config.identityFiles.length > 0) return config.identityFiles;
  return to.privateKeyFile === undefined ? USUAL_KEYS.map(name => join(home, '.ssh', name)) : [];
}

/**
 * The last host of a jump list, reached through those before it. It has ssh_config's settings of its own; the way its
 * host key is judged and the key file are those of the host behind it where it has none. Passwords are not passed on.
 */
function jumpHop(list: string, to: Connection, ssh: SshHome): Hop {
  const jumps = list.split(',').map(text => text.trim());
  const last = jumps.pop() as string;
  const { user, address, port } = parseJump(last, to);
  const config = resolveSshConfig(ssh.config, address, { home: ssh.home, user: userInfo().username });
  const connection: Connection = {
    name: address,
    transport: 'ssh',
    address,
    port,
    user,
    privateKeyFile: to.privateKeyFile,
    passphrase: to.passphrase,
    connectTimeoutMs: to.connectTimeoutMs,
    retries: to.retries,
    hostKeys: config.hostKeys ?? to.hostKeys,
    knownHostsFiles: config.knownHostsFiles ?? to.knownHostsFiles,
    // as ssh: only the first host of a list goes by its own ProxyJump, unless that names the host itself
    ...(jumps.length > 0 ? { proxyJump: jumps.join(',') } : config.proxyJump === last ? { proxyJump: '' } : {}),
  };
  return resolveHop(connection, ssh);
}

function parseJump(
  text: string,
  to: Connection,
): { user: string | undefined; address: string; port: number | undefined } {
  const found = /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:@[\]\s]+))(?::(\d+))?\/?$/.exec(text);
  const address = found?.[2] ?? found?.[3];
  if (address === undefined)
    throw new SessionError(
      'connect',
      `${to.name}: "${text}" is not a jump host; write [user@]host[:port], comma-separated`,
    );
  return { user: found?.[1], address, port: found?.[4] === undefined ? undefined : Number(found[4]) };
}
