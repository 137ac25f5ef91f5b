import { gunzipSync, inflateRawSync } from 'node:zlib';
import type { LocalFile } from '../../module.ts';

/** What is in an archive, its paths checked; or why it cannot be used, as a sentence. */
export type Archive = { readonly files: readonly ArchivedFile[] } | { readonly fault: string };

export interface ArchivedFile extends LocalFile {
  readonly owner?: string;
  readonly group?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/** Formats that are read here; of others only the host's tools know what is in them. */
export function isReadable(name: string): boolean {
  return /\.(tar|tar\.gz|tgz|zip|jar|war)$/i.test(name);
}

/** Reads a tar, a gzipped tar or a zip. Refuses members that would land outside of the folder. */
export function readArchive(bytes: Uint8Array): Archive {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (data.readUInt16BE(0) === 0x504b) return checked(readZip(data));
    return checked(readTar(data.readUInt16BE(0) === 0x1f8b ? gunzipSync(data) : data));
  } catch (error) {
    return { fault: `it is damaged, or neither tar, tar.gz nor zip: ${(error as Error).message}` };
  }
}

function checked(all: readonly ArchivedFile[]): Archive {
  const files = new Map<string, ArchivedFile>();
  for (const file of all) {
    const parts = file.path.split('/').filter(p => p !== '' && p !== '.');
    const path = parts.join('/');
    if (file.path.startsWith('/') || parts.includes('..'))
      return { fault: `its member ${file.path} would land outside of dest` };
    const through = parts.slice(0, -1).findIndex((_, i) => files.get(parts.slice(0, i + 1).join('/'))?.type === 'link');
    if (through >= 0)
      return {
        fault: `its member ${file.path} would be written through the link ${parts.slice(0, through + 1).join('/')}`,
      };
    files.delete(path);
    files.set(path, { ...file, path });
  }
  return { files: [...files.values()] };
}

const BLOCK = 512;

function readTar(data: Buffer): readonly ArchivedFile[] {
  if (data.length < BLOCK) throw new Error('it is too short');
  const files: ArchivedFile[] = [];
  const contents = new Map<string, ArchivedFile>();
  let long: { path?: string; link?: string } = {};
  let at = 0;
  while (at + BLOCK <= data.length && data[at] !== 0) {
    const header = data.subarray(at, at + BLOCK);
    const sum = header.reduce((n, byte, i) => n + (i >= 148 && i < 156 ? 32 : byte), 0);
    if (number(header, 148, 8) !== sum) throw new Error(`a header has a wrong checksum at byte ${at}`);
    const size = number(header, 124, 12);
    const body = data.subarray(at + BLOCK, at + BLOCK + size);
    if (body.length < size) throw new Error('it ends in the middle of a member');
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === 'L') long = { ...long, path: text(body, 0, size) };
    else if (type === 'K') long = { ...long, link: text(body, 0, size) };
    else if (type === 'x') long = { ...long, ...paxNames(body) };
    else if (type !== 'g') {
      const file = member(header, body, { type, long, contents });
      contents.set(file.path, file);
      files.push(file);
      long = {};
    }
  }
  return files;
}

interface Member {
  readonly type: string;
  readonly long: { readonly path?: string; readonly link?: string };
  readonly contents: ReadonlyMap<string, ArchivedFile>;
}

function member(header: Buffer, body: Buffer, { type, long, contents }: Member): ArchivedFile {
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
  if (type === '5' || path.endsWith('/')) return { ...common, type: 'directory', bytes: new Uint8Array() };
  if (type === '2') return { ...common, type: 'link', bytes: new Uint8Array(), link };
  if (type === '1') {
    const same = contents.get(link);
    if (same === undefined) throw new Error(`${path} is a hard link to ${link}, which is not in the archive`);
    return { ...same, path: common.path };
  }
  if (!['0', '\0', '7'].includes(type)) throw new Error(`${path} is a device or something else that is not unpacked`);
  return { ...common, type: 'file', bytes: body };
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

function paxNames(body: Buffer): { path?: string; link?: string } {
  const names: { path?: string; link?: string } = {};
  for (let at = 0; at < body.length; ) {
    const space = body.indexOf(32, at);
    const length = Number(body.toString('latin1', at, space));
    if (!(length > 0)) break;
    const record = body.toString('utf8', space + 1, at + length - 1);
    const value = record.slice(record.indexOf('=') + 1);
    if (record.startsWith('path=')) names.path = value;
    if (record.startsWith('linkpath=')) names.link = value;
    at += length;
  }
  return names;
}

/** The members of a zip, by its directory at the end. */
function readZip(data: Buffer): readonly ArchivedFile[] {
  const end = data.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0) throw new Error('the directory at its end is missing');
  const count = data.readUInt16LE(end + 10);
  let at = data.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff) throw new Error('zip64 archives are not read here');
  return Array.from({ length: count }, () => {
    if (data.readUInt32LE(at) !== 0x02014b50) throw new Error('its directory is damaged');
    const [names, extra, comment] = [28, 30, 32].map(offset => data.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const raw = data.subarray(at + 46, at + 46 + names);
    const path = raw.toString('utf8');
    const mode = data.readUInt16LE(at + 40);
    const file = zipMember(data, at, { path, mode });
    at += 46 + names + extra + comment;
    return file;
  });
}

function zipMember(data: Buffer, at: number, { path, mode }: { path: string; mode: number }): ArchivedFile {
  const method = data.readUInt16LE(at + 10);
  const size = data.readUInt32LE(at + 20);
  const local = data.readUInt32LE(at + 42);
  const start = local + 30 + data.readUInt16LE(local + 26) + data.readUInt16LE(local + 28);
  const packed = data.subarray(start, start + size);
  if ((data.readUInt16LE(at + 8) & 1) !== 0) throw new Error(`${path} is encrypted`);
  if (method !== 0 && method !== 8) throw new Error(`${path} is packed by method ${method}, which is not known here`);
  const kind = mode >> 12;
  const bits = mode & 0o7777;
  if (path.endsWith('/') || kind === 4)
    return { path: path.replace(/\/+$/, ''), type: 'directory', mode: bits || 0o755, bytes: new Uint8Array() };
  const bytes = method === 0 ? packed : inflateRawSync(packed);
  if (kind === 10) return { path, type: 'link', mode: 0o777, bytes: new Uint8Array(), link: bytes.toString('utf8') };
  return { path, type: 'file', mode: bits || 0o644, bytes };
}
