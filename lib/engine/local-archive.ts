import { createHash } from 'node:crypto';
import { createReadStream, type Stats, statSync } from 'node:fs';
import { type ArchiveMembers, type LocalArchive, type LocalData, type LocalFile, put, type Stream } from '../module.ts';
import { type ArchiveSource, HEAD, inMemory, kindOfBytes, readArchive } from '../modules/shared/archive.ts';
import { packedFiles } from '../modules/shared/packed-files.ts';
import { type LocalReading, readLocal } from './local-files.ts';

/** What is in the archives of a run, by path, size and time: one that goes to twenty hosts is looked through once. */
export type LocalArchives = Map<string, Promise<ArchiveMembers>>;

export interface ArchiveReading extends LocalReading {
  readonly archives?: LocalArchives | undefined;
  /** Its checksum is wanted. */
  readonly sum?: boolean | undefined;
}

/** Reads an archive's list of members, or makes an archive of a folder. Throws as readLocal. */
export async function readLocalArchive(path: string, how: ArchiveReading): Promise<LocalData> {
  const data = readLocal(path, how);
  const [file] = data.files;
  if (file === undefined || file.path !== '') return { ...data, archive: await ofFolder(data.files, how) };
  return { ...data, archive: await ofFile(path, file, how) };
}

async function ofFolder(files: readonly LocalFile[], how: ArchiveReading): Promise<LocalArchive> {
  const packed = packedFiles(files);
  return { ...packed, word: put(packed.content), members: { files }, ...(how.sum && { sum: await sumOf(packed.tar) }) };
}

async function ofFile(path: string, file: LocalFile, how: ArchiveReading): Promise<LocalArchive> {
  const content = file.large ?? file.bytes;
  const source = file.large === undefined ? inMemory(file.bytes) : onDisk(path);
  const kind = kindOfBytes(await headOf(source));
  const sum = how.sum && (file.large === undefined ? await sumOf(source) : await file.large.sum('sha256').wait());
  const common = { kind, content, word: put(content), ...(sum && { sum }) };
  return ['tar', 'tgz', 'zip'].includes(kind)
    ? { ...common, members: await membersOf(path, source, { kind, how: file.large === undefined ? {} : how }) }
    : common;
}

function membersOf(
  path: string,
  source: ArchiveSource,
  { kind, how }: { kind: string; how: ArchiveReading },
): Promise<ArchiveMembers> {
  if (how.archives === undefined) return readArchive(source, kind);
  const key = keyOf(path, statSync(path));
  const members = how.archives.get(key) ?? readArchive(source, kind);
  how.archives.set(key, members);
  return members;
}

function keyOf(path: string, info: Stats): string {
  return JSON.stringify([path, info.size, info.mtimeMs, info.ino]);
}

/** A file that is read where it is asked for, and must stay what it was. */
function onDisk(path: string): ArchiveSource {
  const first = statSync(path);
  return {
    size: first.size,
    async *chunks(start = 0, end = first.size) {
      if (end <= start) return;
      for await (const piece of createReadStream(path, { start, end: end - 1, highWaterMark: 256 * 1024 }))
        yield piece as Buffer;
      if (keyOf(path, statSync(path)) !== keyOf(path, first))
        throw new Error(`${path} was changed while it was read: run it again`);
    },
  };
}

async function headOf(source: ArchiveSource): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source.chunks(0, Math.min(HEAD, source.size))) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function sumOf(content: Pick<Stream, 'chunks'>): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of content.chunks()) hash.update(piece);
  return hash.digest('hex');
}
