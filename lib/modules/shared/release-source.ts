import type { Locals, Stream } from '../../module.ts';
import { packedFiles } from './packed-files.ts';

/** What is sent for a release, and the checksum that says what the release was made of; or why it cannot be used. */
export type ReleaseSource =
  | { readonly kind: string; readonly content: Uint8Array | Stream; readonly sum: string }
  | { readonly fault: string };

/**
 * An archive as it is, so that the host needs no more than its tool; of a folder, and of a zip (few hosts have unzip), a
 * tar. The checksum is of the archive itself, or of the tar before it is packed: the same on every controller.
 */
export function releaseSource(src: string, local: Locals): ReleaseSource {
  const archive = local.get(src)?.archive;
  if (archive?.sum === undefined) throw new Error(`internal: ${src} was not read`);
  const { kind, content, sum, members } = archive;
  if (members !== undefined && 'fault' in members) return { fault: `${src} cannot be unpacked: ${members.fault}` };
  return kind === 'zip' ? { ...packedFiles(members?.files ?? []), sum } : { kind, content, sum };
}

/** Whether it names something that is to be fetched first. */
export function isUrl(src: string): boolean {
  return /^[a-z]+:\/\//.test(src);
}
