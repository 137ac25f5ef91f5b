import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { type LocalFile, type LocalNeed, type Sh, sh } from '../module.ts';
import { type Frames, lastLines, runFrame } from './drive/frame.ts';
import { HostTreeFault, type Listed, parseListing } from './listing.ts';

export type TreeNeed = Extract<LocalNeed, { kind: 'tree' }>;

/** A path and what is said of it are never longer. */
const MOST_SAID = 16 * 1024;

/** Paths in one call: one command line has room for them whatever the host's limit. */
const CHUNK = 200;

/** A file or folder of a host that was looked at. */
export interface From {
  readonly need: TreeNeed;
  readonly where: string;
  readonly at: Frames;
  readonly single: boolean;
  readonly listed: ReadonlyMap<string, Listed>;
}

/** What is in files, one behind the other: printed by one frame that then says how they are now. */
export async function* contents(files: readonly LocalFile[], from: From): AsyncIterable<Uint8Array> {
  const { need, where, at } = from;
  const expected = files.map(f => from.listed.get(f.path) as Listed);
  const behind: Uint8Array[] = [];
  let room = MOST_SAID * files.length;
  let left = expected.reduce((sum, f) => sum + f.size, 0);
  for await (const chunk of printed(printing(expected, from), { at, where })) {
    if (left > 0) yield chunk.subarray(0, left);
    // not the empty rest of a chunk: it would keep all of it in memory
    if (chunk.length > left) behind.push(chunk.subarray(left));
    room -= Math.max(0, chunk.length - left);
    left = Math.max(0, left - chunk.length);
    if (room < 0) break; // what has grown has no end
  }
  const bytes = Buffer.concat(behind);
  const again = new Map(safely(() => parseListing({ stdout: bytes.toString(), bytes })).map(f => [f.path, f]));
  const base = from.single ? baseOf(need.path) : undefined;
  const other = expected.find(f => !same(f, again.get(base ?? f.path)));
  if (left === 0 && other === undefined) return;
  const which = again.size === 0 || other === undefined ? 'a file' : `"${other.path || base}"`;
  throw new HostTreeFault(`${which} of ${where} was changed while it was read: run it again`);
}

/** Bytes of a file that has grown stand where the listing begins. */
function safely(read: () => readonly Listed[]): readonly Listed[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof HostTreeFault) return [];
    throw error;
  }
}

function same(before: Listed, after: Listed | undefined): boolean {
  return after?.type === before.type && after.size === before.size && after.mtime === before.mtime;
}

function printing(files: readonly Listed[], { need, single }: From): Sh {
  const paths = files.map(f => `./${single ? baseOf(need.path) : f.path}`);
  const parts = Array.from({ length: Math.ceil(paths.length / CHUNK) }, (_, i) =>
    paths.slice(i * CHUNK, (i + 1) * CHUNK),
  );
  const root = need.word ?? sh`${need.path}`;
  return sh.lines(
    single ? sh`tp_listing_at ${root} || exit` : sh`cd -- ${root} || exit`,
    ...parts.map(part => sh`cat -- ${part} || exit`),
    ...parts.map(part => sh`tp_listing_of ${need.follow ? '1' : ''} '' ${part} || exit`),
  );
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What a script prints, as it comes; no faster than it is taken. */
async function* printed(script: Sh, { at, where }: { at: Frames; where: string }): AsyncIterable<Uint8Array> {
  const pipe = new PassThrough({ highWaterMark: 1024 * 1024 });
  const closed = once(pipe, 'close').catch(() => undefined); // the error is told to who reads
  const sink = async (chunk: Uint8Array) => {
    if (pipe.destroyed) throw new Error(`what is in ${where} is not wanted any more`);
    if (!pipe.write(chunk)) await Promise.race([once(pipe, 'drain'), closed]);
  };
  const ran = runFrame(script, { ...at, onProgress: undefined }, { sink }).then(
    reply => {
      if (reply.rc === 0) pipe.end();
      else pipe.destroy(new HostTreeFault(`cannot read ${where}: ${lastLines(reply) || `exit status ${reply.rc}`}`));
    },
    (error: Error) => void pipe.destroy(error),
  );
  try {
    yield* pipe;
  } finally {
    pipe.destroy();
    await ran;
  }
}
