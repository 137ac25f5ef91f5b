import { createInflateRaw } from 'node:zlib';
import type { LocalFile } from '../../module.ts';
import type { ArchiveSource } from './archive.ts';
import { through } from './byte-reader.ts';
import { MemberBytes } from './member-bytes.ts';

/** The longest end of a zip: its record and a comment. */
const END = 22 + 0xffff;

/** The members of a zip, by its directory at the end; throws where it is none. */
export async function readZip(source: ArchiveSource): Promise<readonly LocalFile[]> {
  const tail = await read(source, Math.max(0, source.size - END), source.size);
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0) throw new Error('the directory at its end is missing');
  const count = tail.readUInt16LE(end + 10);
  const size = tail.readUInt32LE(end + 12);
  const start = tail.readUInt32LE(end + 16);
  if (count === 0xffff || start === 0xffffffff) throw new Error('zip64 archives are not read here');
  const directory = await read(source, start, start + size);
  const kept = new MemberBytes();
  const files: LocalFile[] = [];
  for (let at = 0, n = 0; n < count; n++) {
    if (directory.readUInt32LE(at) !== 0x02014b50) throw new Error('its directory is damaged');
    files.push(await member(source, directory.subarray(at), kept));
    at += 46 + [28, 30, 32].reduce((sum, offset) => sum + directory.readUInt16LE(at + offset), 0);
  }
  return files;
}

async function member(source: ArchiveSource, entry: Buffer, kept: MemberBytes): Promise<LocalFile> {
  const path = entry.toString('utf8', 46, 46 + entry.readUInt16LE(28));
  const mode = entry.readUInt16LE(40);
  const method = entry.readUInt16LE(10);
  if ((entry.readUInt16LE(8) & 1) !== 0) throw new Error(`${path} is encrypted`);
  if (method !== 0 && method !== 8) throw new Error(`${path} is packed by method ${method}, which is not known here`);
  const kind = mode >> 12;
  const bits = mode & 0o7777;
  if (path.endsWith('/') || kind === 4)
    return { path: path.replace(/\/+$/, ''), type: 'directory', mode: bits || 0o755, bytes: new Uint8Array() };
  const [packed, size, local] = [20, 24, 42].map(offset => entry.readUInt32LE(offset)) as [number, number, number];
  const header = await read(source, local, local + 30);
  const start = local + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const again = () => {
    const bytes = source.chunks(start, start + packed);
    return method === 0 ? bytes : through(bytes, createInflateRaw());
  };
  const content = await kept.read(size, again(), again);
  if (kind !== 10) return { path, type: 'file', mode: bits || 0o644, ...content };
  return {
    path,
    type: 'link',
    mode: 0o777,
    bytes: new Uint8Array(),
    link: Buffer.from(content.bytes).toString('utf8'),
  };
}

async function read(source: ArchiveSource, start: number, end: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source.chunks(start, Math.min(end, source.size))) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  if (bytes.length < end - start) throw new Error('it ends too early');
  return bytes;
}
