import { createHmac, randomBytes } from 'node:crypto';
import { isKeyType, type SshKey } from './ssh-keys.ts';

/** A line of known_hosts. */
export interface HostKey extends SshKey {
  /** `@cert-authority`, `@revoked` or empty. */
  readonly marker: string;
  /** Names parted by commas, or one that is hashed. */
  readonly hosts: string;
}

/** A key of hosts, or undefined for a comment, an empty line, or what is none. */
export function parseHostKey(line: string): HostKey | undefined {
  const found = /^\s*(?:(@cert-authority|@revoked)\s+)?([^\s#@]\S*)\s+(\S+)\s+(\S+)(?:\s+(.*?))?\s*$/s.exec(line);
  if (found === null || !isKeyType(found[3] ?? '')) return undefined;
  const [, marker = '', hosts = '', type = '', blob = '', comment = ''] = found;
  return { marker, hosts, type, blob, comment };
}

/** Is the key for this host, by its name in small letters or its hash? Patterns are names like any other here. */
export function isFor(key: HostKey, name: string): boolean {
  const hash = /^\|1\|([^|]+)\|([^|]+)$/.exec(key.hosts);
  if (hash === null) return key.hosts.toLowerCase().split(',').includes(name);
  return hashOf(name, Buffer.from(hash[1] ?? '', 'base64')) === hash[2];
}

export function isHashed(key: HostKey): boolean {
  return key.hosts.startsWith('|1|');
}

/** The name as ssh hides it: a salt, and the name's HMAC with it. */
export function hashed(name: string): string {
  const salt = randomBytes(20);
  return `|1|${salt.toString('base64')}|${hashOf(name, salt)}`;
}

function hashOf(name: string, salt: Buffer): string {
  return createHmac('sha1', salt).update(name).digest('base64');
}
