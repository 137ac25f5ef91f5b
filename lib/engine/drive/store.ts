import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { StoredFile, Values } from '../../module.ts';
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
  const all = { ...values, dest: path };
  const failed = (message: string): Outcome => ({
    ...{ status: 'failed', reason: 'exit-status', message, values: all, ignored: false },
  });
  try {
    if (await isThere(path, file)) return { status: 'ok', values: all };
    if (at.check) return { status: 'changed', values: all };
    mkdirSync(dirname(path), { recursive: true });
    const beside = `${path}.tplay-${process.pid}`;
    try {
      const problem = await write(beside, file, at);
      if (problem !== undefined) return failed(problem);
      renameSync(beside, path);
    } finally {
      rmSync(beside, { force: true });
    }
    return { status: 'changed', values: all };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error; // a lost session: not the file's fault
    return failed(`cannot write ${path} on the controller: ${(error as Error).message}`);
  }
}

async function isThere(path: string, { bytes, large }: StoredFile): Promise<boolean> {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined) return false;
  if (large === undefined) return readFileSync(path).equals(bytes ?? new Uint8Array());
  if (!info.isFile() || info.size !== large.size) return false;
  const hash = createHash('sha1');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex') === large.sha1;
}

/** Writes the bytes, of a large file as they come; resolves to what is wrong with what came. */
async function write(path: string, { bytes, large }: StoredFile, at: At): Promise<string | undefined> {
  const file: FileHandle = await open(path, 'w');
  try {
    if (large === undefined) {
      await file.writeFile(bytes ?? new Uint8Array());
      return undefined;
    }
    const hash = createHash('sha1');
    let done = 0;
    const sink = async (chunk: Uint8Array) => {
      hash.update(chunk);
      await file.write(chunk);
      done += chunk.length;
      at.onProgress?.(done, large.size);
    };
    const reply = await runFrame(large.print, at, { sink });
    if (reply.rc !== 0) return lastLines(reply) || `exit status ${reply.rc}`;
    return hash.digest('hex') === large.sha1 ? undefined : 'the file was changed on the host while it was fetched';
  } finally {
    await file.close();
  }
}
