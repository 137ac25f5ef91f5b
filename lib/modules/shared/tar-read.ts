import { createGunzip } from 'node:zlib';
import type { LocalFile } from '../../module.ts';
import type { ArchiveSource } from './archive.ts';
import { ByteReader, through } from './byte-reader.ts';
import { MemberBytes } from './member-bytes.ts';

const BLOCK = 512;

/** What is in a tar; throws where it is none. */
export async function readTar(source: ArchiveSource, packed: boolean): Promise<readonly LocalFile[]> {
  const open = () => new ByteReader(packed ? through(source.chunks(), createGunzip()) : source.chunks());
  const reader = open();
  try {
    return await members(reader, { again: (from, size) => part(source, packed ? open : undefined, [from, size]) });
  } finally {
    await reader.close();
  }
}

/** The bytes of a member once more: of a packed tar by reading from the beginning. */
async function* part(
  source: ArchiveSource,
  open: (() => ByteReader) | undefined,
  [from, size]: readonly [number, number],
): AsyncIterable<Uint8Array> {
  if (open === undefined) return yield* source.chunks(from, from + size);
  const reader = open();
  try {
    await reader.skip(from);
    yield* reader.pass(size);
  } finally {
    await reader.close();
  }
}

interface Rereading {
  again(from: number, size: number): AsyncIterable<Uint8Array>;
}

async function members(reader: ByteReader, { again }: Rereading): Promise<readonly LocalFile[]> {
  const files: LocalFile[] = [];
  const contents = new Map<string, LocalFile>();
  const kept = new MemberBytes();
  let long: Names = {};
  for (let at = 0; ; ) {
    const header = await reader.take(BLOCK);
    if (header.length < BLOCK && at === 0) throw new Error('it is too short');
    if (header.length < BLOCK || header[0] === 0) return files;
    const sum = header.reduce((n, byte, i) => n + (i >= 148 && i < 156 ? 32 : byte), 0);
    if (number(header, 148, 8) !== sum) throw new Error(`a header has a wrong checksum at byte ${at}`);
    const type = String.fromCharCode(header[156] ?? 0);
    const size = 'LKxg'.includes(type) ? number(header, 124, 12) : (long.size ?? number(header, 124, 12));
    const start = at + BLOCK;
    const padding = (BLOCK - (size % BLOCK)) % BLOCK;
    at = start + size + padding;
    if ('LKxg'.includes(type)) long = names(type, await whole(reader, size), long);
    else {
      const entry = member(header, { type, long, contents });
      const bytes = entry.type === 'file' && !('bytes' in entry);
      if (!bytes) await reader.skip(size);
      const file = bytes
        ? { ...entry, ...(await kept.read(size, reader.pass(size), () => again(start, size))) }
        : { ...entry, bytes: 'bytes' in entry ? entry.bytes : new Uint8Array() };
      contents.set(file.path, file);
      files.push(file);
      long = {};
    }
    await reader.skip(padding);
  }
}

/** What entries before a member say of it, in place of its header. */
interface Names {
  readonly path?: string;
  readonly link?: string;
  readonly size?: number;
}

async function whole(reader: ByteReader, size: number): Promise<Buffer> {
  // names and the like; whoever says that they are large means no good
  if (size > 1024 * 1024) throw new Error('a name in it is longer than any can be');
  const body = await reader.take(size);
  if (body.length < size) throw new Error('it ends in the middle of a member');
  return body;
}

function names(type: string, body: Buffer, long: Names): Names {
  if (type === 'L') return { ...long, path: text(body, 0, body.length) };
  if (type === 'K') return { ...long, link: text(body, 0, body.length) };
  const pax = paxNames(body);
  if (type === 'x') return { ...long, ...pax };
  if (Object.keys(pax).length > 0) throw new Error('it gives all of its members one name or size');
  return long;
}

interface Around {
  readonly type: string;
  readonly long: Names;
  readonly contents: ReadonlyMap<string, LocalFile>;
}

type Entry = Omit<LocalFile, 'bytes'> | LocalFile;

function member(header: Buffer, { type, long, contents }: Around): Entry {
  const ustar = text(header, 257, 6) === 'ustar' && header[262] === 0;
  const prefix = ustar ? text(header, 345, 155) : '';
  const path = long.path ?? (prefix === '' ? '' : `${prefix}/`) + text(header, 0, 100);
  const link = long.link ?? text(header, 157, 100);
  const common = {
    path: path.replace(/\/+$/, ''),
    mode: number(header, 100, 8) & 0o7777,
    uid: number(header, 108, 8),
    gid: number(header, 116, 8),
    owner: text(header, 265, 32),
    group: text(header, 297, 32),
  };
  if (type === '5' || path.endsWith('/')) return { ...common, type: 'directory' };
  if (type === '2') return { ...common, type: 'link', link };
  if (type === '1') {
    const same = contents.get(link);
    if (same === undefined) throw new Error(`${path} is a hard link to ${link}, which is not in the archive`);
    return { ...same, path: common.path };
  }
  if (!['0', '\0', '7'].includes(type)) throw new Error(`${path} is a device or something else that is not unpacked`);
  return { ...common, type: 'file' };
}

function text(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start);
  return block.toString('utf8', start, end < 0 || end > start + length ? start + length : end);
}

/** A number of a header: octal digits, or base 256 where those are too few. */
function number(header: Buffer, start: number, length: number): number {
  if (((header[start] ?? 0) & 0x80) !== 0) return header.readUIntBE(start + length - 6, 6);
  return Number.parseInt(text(header, start, length).trim() || '0', 8);
}

function paxNames(body: Buffer): Names {
  const found: { path?: string; link?: string; size?: number } = {};
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(32, at);
    const length = Number(body.toString('latin1', at, space));
    if (!(length > 0)) break;
    const record = body.toString('utf8', space + 1, at + length - 1);
    const value = record.slice(record.indexOf('=') + 1);
    if (record.startsWith('path=')) found.path = value;
    if (record.startsWith('linkpath=')) found.link = value;
    if (record.startsWith('size=')) found.size = Number(value);
    if (record.startsWith('GNU.sparse.')) throw new Error('a member of it is a sparse file, which is not unpacked');
    at += length;
  }
  return found;
}
