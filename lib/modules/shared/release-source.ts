import { gzipSync } from 'node:zlib';
import type { LocalFile, Locals } from '../../module.ts';
import { isReadable, readArchive } from './archive.ts';
import { kindOf } from './host-archive.ts';
import { checksum } from './sums.ts';
import { makeTar } from './tar.ts';

/** What is sent for a release, and the checksum that says what the release was made of; or why it cannot be used. */
export type ReleaseSource =
  | { readonly kind: string; readonly bytes: Uint8Array; readonly sum: string }
  | { readonly fault: string };

/**
 * An archive as it is, so that the host needs no more than its tool; of a folder, and of a zip (few hosts have unzip), a
 * tar. The checksum is of the archive itself, or of the tar before it is packed: the same on every controller.
 */
export function releaseSource(src: string, local: Locals): ReleaseSource {
  const files = local.get(src)?.files;
  if (files === undefined) throw new Error(`internal: ${src} was not read`);
  const [file] = files;
  if (file === undefined || file.path !== '' || file.type === 'directory') return packed(files);
  const { bytes } = file;
  const sum = checksum('sha256', bytes);
  const kind = kindOf(src);
  if (!isReadable(src)) return { kind, bytes, sum };
  const archive = readArchive(bytes);
  if ('fault' in archive) return { fault: `${src} cannot be unpacked: ${archive.fault}` };
  return kind === 'zip' ? { ...packed(archive.files), sum } : { kind, bytes, sum };
}

/** Whether it names something that is to be fetched first. */
export function isUrl(src: string): boolean {
  return /^[a-z]+:\/\//.test(src);
}

function packed(files: readonly LocalFile[]): { kind: string; bytes: Uint8Array; sum: string } {
  const tar = makeTar(
    files
      .filter(f => f.path !== '')
      .map(f => (f.type === 'link' ? { path: f.path, type: f.type, mode: 0o777, link: f.link ?? '' } : f)),
  );
  return { kind: 'tgz', bytes: gzipSync(tar, { level: 4 }), sum: checksum('sha256', tar) };
}
