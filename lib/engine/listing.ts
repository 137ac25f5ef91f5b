import { isUtf8 } from 'node:buffer';
import type { LocalFile, Reply } from '../module.ts';

/** What a host says of one path: the lines of tp_listing_code. */
export interface Listed {
  /** '' for the folder itself, else from there on. */
  readonly path: string;
  readonly type: LocalFile['type'] | 'other';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly owner: string | undefined;
  readonly group: string | undefined;
  readonly size: number;
  readonly mtime: number;
  readonly sum?: string;
  readonly link?: string;
  /** The text of a file of rules. */
  readonly rules?: string;
  /** A folder that cannot be looked into. */
  readonly closed?: true;
}

/** Something of a host's folder that makes it impossible to read it. */
export class HostTreeFault extends Error {}

/** Reads a listing, sorted: what is in a folder stands behind it. Throws HostTreeFault. */
export function parseListing({ stdout, bytes }: Pick<Reply, 'stdout' | 'bytes'>): readonly Listed[] {
  const found: Listed[] = [];
  let facts: string[] = [];
  let sums: string[] = [];
  const last = (more: Partial<Listed>) => {
    const listed = found.pop();
    if (listed !== undefined) found.push({ ...listed, ...more });
  };
  for (const line of stdout.split('\n').slice(0, -1)) {
    const text = decoded(line.slice(1));
    if (line === '?') throw new HostTreeFault('the checksum of a file cannot be made');
    if (line === '!') last({ closed: true });
    else if (line.startsWith('>')) last({ link: text });
    else if (line.startsWith('<')) last({ rules: text });
    else if (line.startsWith('#')) sums.push(line.slice(1));
    else if (line === '.' || line.startsWith('./')) {
      const [fact = '', ...others] = facts;
      const own = factsOf(fact, text.slice(1));
      facts = others;
      const [sum, ...rest] = sums;
      const summed = own.type === 'file' && sum !== undefined;
      if (summed) sums = rest;
      found.push(summed ? { ...own, sum } : own);
    } else facts.push(line);
  }
  const whole = isUtf8(bytes);
  const odd = whole ? undefined : found.find(f => f.path.includes('\ufffd') || f.link?.includes('\ufffd'));
  if (odd !== undefined)
    throw new HostTreeFault(`the name or target of ${odd.path} is not UTF-8: rename it, or exclude it`);
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

const KINDS: Readonly<Record<string, Listed['type']>> = {
  8: 'file',
  4: 'directory',
  a: 'link',
  '-': 'file',
  d: 'directory',
  l: 'link',
};

/** `MODE:UID:GID:SIZE:MTIME:OWNER:GROUP`. */
function factsOf(line: string, path: string): Listed {
  const [mode = '', uid, gid, size, mtime, owner, ...group] = line.split(':');
  const numbers = { uid: Number(uid), gid: Number(gid), size: Number(size), mtime: Number(mtime) };
  if (Object.values(numbers).some(n => !Number.isSafeInteger(n)) || group.length === 0)
    throw new HostTreeFault(`the host's answer about ${path || 'it'} is not understood: ${line}`);
  const kind = mode.length < 9 ? mode.slice(0, -3) : mode.slice(0, 1);
  const bits = mode.length < 9 ? Number.parseInt(mode, 16) & 0o7777 : lettersOf(mode);
  return {
    ...{ path, ...numbers, type: KINDS[kind] ?? 'other', mode: bits },
    ...{ owner: nameOf(owner, uid), group: nameOf(group.join(':'), gid) },
  };
}

/** A number in place of a name, or what stat says of a number without one, is no name. */
function nameOf(name: string | undefined, id: string | undefined): string | undefined {
  return name === '' || name === 'UNKNOWN' || name === id ? undefined : name;
}

/** The bits of `-rwsr-xr-t`. */
function lettersOf(text: string): number {
  const letters = [...text.slice(1, 10)];
  const plain = letters.reduce((bits, c, i) => bits | (/[rwxst]/.test(c) ? 0o400 >> i : 0), 0);
  const special = [2, 5, 8].reduce((bits, at, i) => bits | (/[sStT]/.test(letters[at] ?? '') ? 0o4000 >> i : 0), 0);
  return plain | special;
}

/** The text of a key: `=`, `%`, backslash and line break stand as their numbers. */
function decoded(key: string): string {
  return key.replace(/%(3D|25|5C|0A)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
