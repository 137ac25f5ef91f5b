import { createHash, createHmac } from 'node:crypto';

/** One line of a known_hosts file. */
export interface KnownHost {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly marker: 'revoked' | 'cert-authority' | undefined;
  /** As written: comma-separated patterns, or one hashed name. */
  readonly hosts: string;
  readonly type: string;
  /** Base64, as written. */
  readonly key: string;
}

/** What the files say about a key that a host has shown. */
export type HostKeyVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'revoked'; readonly by: KnownHost }
  /** The host is known, with these keys and not with this one. */
  | { readonly kind: 'changed'; readonly known: readonly KnownHost[] }
  | { readonly kind: 'unknown' };

/** Reads the lines of a known_hosts file; a line that is none is passed over, as ssh does. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  return text.split('\n').flatMap((raw, i): KnownHost[] => {
    const fields = raw.trim().split(/\s+/);
    if (fields[0] === '' || fields[0]?.startsWith('#')) return [];
    const mark = fields[0]?.startsWith('@') ? fields.shift() : undefined;
    const marker = mark === '@revoked' ? 'revoked' : mark === '@cert-authority' ? 'cert-authority' : undefined;
    const [hosts, type, key] = fields;
    if ((mark !== undefined && marker === undefined) || hosts === undefined || type === undefined) return [];
    if (key === undefined || !/^[A-Za-z0-9+/]+=*$/.test(key)) return [];
    return [{ file, line: i + 1, marker, hosts, type, key }];
  });
}

/** The name a host has in known_hosts: `[name]:port` unless the port is 22. */
export function knownHostName(address: string, port: number): string {
  return port === 22 ? address : `[${address}]:${port}`;
}

/** Judges a key (the SSH wire form) by the entries. as ssh: a key known for the host on port 22 is good for other ports. */
export function judgeHostKey(
  entries: readonly KnownHost[],
  address: string,
  port: number,
  key: Uint8Array,
): HostKeyVerdict {
  const base64 = Buffer.from(key).toString('base64');
  const name = knownHostName(address, port);
  const own = entries.filter(e => e.marker !== 'cert-authority' && matchesHost(e.hosts, name));
  const revoked = own.find(e => e.marker === 'revoked' && e.key === base64);
  if (revoked !== undefined) return { kind: 'revoked', by: revoked };
  const valid = own.filter(e => e.marker === undefined);
  if (valid.some(e => e.key === base64)) return { kind: 'known' };
  if (valid.length > 0) return { kind: 'changed', known: valid };
  if (port !== 22 && judgeHostKey(entries, address, 22, key).kind === 'known') return { kind: 'known' };
  return { kind: 'unknown' };
}

/** The key types known for a host, in the files' order: asked for first, or the host would show one that is not known. */
export function knownTypes(entries: readonly KnownHost[], address: string, port: number): readonly string[] {
  const name = knownHostName(address, port);
  return [...new Set(entries.filter(e => e.marker === undefined && matchesHost(e.hosts, name)).map(e => e.type))];
}

/** Does the first field of a line name this host? */
export function matchesHost(hosts: string, name: string): boolean {
  const lower = name.toLowerCase();
  if (hosts.startsWith('|1|')) {
    const [, , salt = '', hash] = hosts.split('|');
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(lower).digest('base64') === hash;
  }
  return matchesPatterns(hosts.split(','), lower);
}

/** ssh's pattern lists: `*` and `?` are wildcards, one match of a `!pattern` refuses the whole list. */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  let matched = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!');
    if (!wildcard(negated ? pattern.slice(1) : pattern).test(name)) continue;
    if (negated) return false;
    matched = true;
  }
  return matched;
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i');
}

/** A key's fingerprint as ssh prints it: `SHA256:...`. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type in the wire form of a public key: `ssh-ed25519`. */
export function keyType(key: Uint8Array): string {
  const bytes = Buffer.from(key);
  return bytes.length < 4 ? '' : bytes.subarray(4, 4 + bytes.readUInt32BE(0)).toString('latin1');
}
