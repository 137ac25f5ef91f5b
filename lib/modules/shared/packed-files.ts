import { gzipSync } from 'node:zlib';
import type { LocalFile, Stream } from '../../module.ts';
import { makeTar, type TarEntry, tarStream } from './tar.ts';

/** A tar that is larger is sent as it is made, and not packed: that would take longer than most links do. */
const MOST_PACKED = 8 * 1024 * 1024;

export interface Packed {
  readonly kind: 'tar' | 'tgz';
  readonly content: Uint8Array | Stream;
  /** The tar before it was packed. */
  readonly tar: Stream;
}

/** What is below a folder as one tar, gzipped where that pays and fits into memory. */
export function packedFiles(files: readonly LocalFile[]): Packed {
  return packedEntries(files.filter(f => f.path !== '').map(entry));
}

/** The same of entries; what has no more than `worth` bytes is not worth a gzip on the host. */
export function packedEntries(entries: readonly TarEntry[], worth = 0): Packed {
  const tar = tarStream(entries);
  if (tar.size > MOST_PACKED || entries.some(e => e.stream !== undefined)) return { kind: 'tar', content: tar, tar };
  const bytes = makeTar(entries);
  return bytes.length > worth
    ? { kind: 'tgz', content: gzipSync(bytes, { level: 4 }), tar }
    : { kind: 'tar', content: bytes, tar };
}

function entry(f: LocalFile): TarEntry {
  if (f.type === 'link') return { path: f.path, type: f.type, mode: 0o777, link: f.link ?? '' };
  const { path, type, mode, uid, gid, owner, group, mtime } = f;
  const own = { path, type, mode, ...defined({ uid, gid, owner, group, mtime }) };
  return f.large === undefined ? { ...own, bytes: f.bytes } : { ...own, stream: f.large };
}

function defined<T extends object>(all: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(all).filter(([, v]) => v !== undefined)) as never;
}
