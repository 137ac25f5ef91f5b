import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Reply, Sh, StoredFile, Values } from '../../module.ts';
import type { Outcome } from '../../outcome.ts';
import type { Mode } from './converge.ts';
import { type Frames, lastLines, runFrame } from './frame.ts';

/** Where and for whom a module stores a file on the controller. */
export interface StorePlace {
  readonly host: string;
  /** Folder of the playbook: relative paths start there. */
  readonly dir: string;
}

type At = Frames & Mode & { readonly store: StorePlace };

/** Writes a file on the controller, if it has other bytes there: beside it first, then renamed. */
export async function store(file: StoredFile, values: Values, at: At): Promise<Outcome> {
  const path = resolve(at.store.dir, file.path);
  let all: Values = { ...values, dest: path };
  try {
    const { there, sha1 } = await look(path, file, at);
    if (sha1 !== undefined) all = { ...all, ...file.large?.values(sha1) };
    if (there) return { status: 'ok', values: all };
    if (at.check) return { status: 'changed', values: all };
    mkdirSync(dirname(path), { recursive: true });
    const beside = `${path}.tplay-${process.pid}`;
    try {
      all = { ...all, ...(await write(beside, file, at)) };
      renameSync(beside, path);
    } finally {
      rmSync(beside, { force: true });
    }
    return { status: 'changed', values: all };
  } catch (error) {
    const why =
      error instanceof Unfetched
        ? error.message
        : (error as NodeJS.ErrnoException).syscall !== undefined &&
          `cannot write ${path} on the controller: ${(error as Error).message}`;
    if (why === false) throw error; // a lost session: not the file's fault
    return { status: 'failed', reason: 'exit-status', message: why, values: all, ignored: false };
  }
}

/** The most bytes that wait to be written: what waits is written at once. */
const AHEAD = 1024 * 1024;

/** What the host said when it could not print a file. */
class Unfetched extends Error {}

/** Whether the file is there already, and its SHA1 as far as that had to be asked for. */
async function look(path: string, file: StoredFile, at: At): Promise<{ there: boolean; sha1?: string | undefined }> {
  const { bytes = new Uint8Array(), large } = file;
  const info = statSync(path, { throwIfNoEntry: false });
  if (large === undefined) return { there: info !== undefined && readFileSync(path).equals(bytes) };
  const sameSize = info?.isFile() === true && info.size === large.size;
  const [sha1, here] = await Promise.all([
    sameSize || at.check ? (large.sha1 ?? print(large.sum, at).then(reply => reply.stdout)) : undefined,
    sameSize ? sumOf(path) : undefined,
  ]);
  return { there: here !== undefined && here === sha1, sha1 };
}

async function sumOf(path: string): Promise<string> {
  const hash = createHash('sha1');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Writes the bytes, of a large file as they come; the values that tell of them. */
async function write(path: string, { bytes = new Uint8Array(), large }: StoredFile, at: At): Promise<Values> {
  if (large === undefined) {
    await writeFile(path, bytes);
    return {};
  }
  const file = createWriteStream(path, { highWaterMark: AHEAD });
  const over = finished(file);
  over.catch(() => undefined); // it is told where it is waited for, below
  const hash = createHash('sha1');
  let done = 0;
  const sink = async (chunk: Uint8Array) => {
    hash.update(chunk);
    if (!file.write(chunk)) await Promise.race([once(file, 'drain'), over]);
    done += chunk.length;
    at.onProgress?.(done, large.size);
  };
  try {
    await print(large.print, at, sink);
    file.end();
    await over;
  } finally {
    file.destroy();
  }
  const sha1 = hash.digest('hex');
  if (done !== large.size || (large.sha1 ?? sha1) !== sha1)
    throw new Unfetched('the file was changed on the host while it was fetched');
  return large.values(sha1);
}

async function print(script: Sh, at: At, sink?: (chunk: Uint8Array) => Promise<void>): Promise<Reply> {
  const reply = await runFrame(script, at, sink && { sink });
  if (reply.rc !== 0) throw new Unfetched(lastLines(reply) || `exit status ${reply.rc}`);
  return reply;
}
