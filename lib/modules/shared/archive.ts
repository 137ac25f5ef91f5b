import type { ArchiveMembers, LocalFile } from '../../module.ts';
import { readTar } from './tar-read.ts';
import { readZip } from './zip-read.ts';

/** Where the bytes of an archive come from: all of them, or those from a place on, up to another. */
export interface ArchiveSource {
  readonly size: number;
  chunks(start?: number, end?: number): AsyncIterable<Uint8Array>;
}

/** What is in memory already. */
export function inMemory(bytes: Uint8Array): ArchiveSource {
  return {
    size: bytes.length,
    async *chunks(start = 0, end = bytes.length) {
      if (end > start) yield bytes.subarray(start, end);
    },
  };
}

/** As many bytes as tell what an archive is. */
export const HEAD = 6;

/** What an archive is by its first bytes, as tp_extract calls it (prelude/unpack.sh tells it on a host). */
export function kindOfBytes(head: Uint8Array): string {
  const bytes = Buffer.from(head.subarray(0, HEAD)).toString('latin1');
  // a tar begins with a name, which may be PKG-INFO or BZh
  if (/^PK(\x03\x04|\x05\x06|\x07\x08)/.test(bytes)) return 'zip';
  if (bytes.startsWith('\x1f\x8b\x08')) return 'tgz';
  if (/^BZh[1-9](1A|\x17r)/.test(bytes)) return 'tbz';
  if (bytes === '\xfd7zXZ\0') return 'txz';
  return bytes.startsWith('(\xb5/\xfd') ? 'tzst' : 'tar';
}

/** Reads a tar, a gzipped tar or a zip. Refuses members that would land outside of the folder. */
export async function readArchive(source: ArchiveSource, kind: string): Promise<ArchiveMembers> {
  try {
    return checked(await (kind === 'zip' ? readZip(source) : readTar(source, kind === 'tgz')));
  } catch (error) {
    return { fault: `it is damaged, or neither tar, tar.gz nor zip: ${(error as Error).message}` };
  }
}

function checked(all: readonly LocalFile[]): ArchiveMembers {
  const files = new Map<string, LocalFile>();
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
