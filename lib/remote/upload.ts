import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { type Put, quote } from '../shell/sh.ts';
import type { Channel } from './link.ts';

/** A larger payload goes through a channel of its own: in a frame it would be quoted and read as shell code. */
const INLINE = 32 * 1024;
/** The most that all payloads of one frame may have together. */
const INLINE_TOTAL = 128 * 1024;

/**
 * The program that takes one upload: a path on the first line, then the bytes to the end of its input. It prints how
 * many it wrote, on a line of its own whatever start-up files of the login printed. `read` takes no byte more than the line (a shell reading its script would); the path is not an
 * argument, where `ps` shows it, because it holds the session's tag.
 */
const PROGRAM = `umask 077; IFS= read -r f || exit; d=\${f%/*}; [ -d "$d" ] || mkdir "$d" || [ -d "$d" ] || exit; cat >"$f" || exit; echo; wc -c <"$f"`;

/** Shell words to start with `startProgram`. */
export function uploadProgram(shell: string): string {
  return `${quote(shell)} -c ${quote(PROGRAM)}`;
}

export type Progress = (done: number, total: number) => void;

/** Sends bytes to a file of the host. Resolves to what went wrong (a full disk there), or undefined. */
export async function upload(
  channel: Channel,
  path: string,
  put: Put,
  onProgress?: Progress,
): Promise<string | undefined> {
  const said = collect(channel);
  channel.stdin.write(`${path}\n`);
  const unread = await send(channel, put, onProgress);
  const rc = await channel.ended;
  const { out, err } = said();
  if (unread !== undefined) return unread;
  const arrived = out.toString().trim().split('\n').at(-1) || '0';
  if (rc === 0 && Number(arrived) === put.size) return undefined;
  const why = err.toString().trim();
  if (rc === undefined) throw new Error(why || 'the connection was lost while a file was sent');
  return why || `only ${arrived.trim()} of ${put.size} bytes arrived`;
}

/** Collects what a program says; the function gives what came so far. */
export function collect(channel: Channel): () => { readonly out: Buffer; readonly err: Buffer } {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  channel.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  channel.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  return () => ({ out: Buffer.concat(out), err: Buffer.concat(err) });
}

/**
 * Writes a payload to a program and ends its input; stops early when the program has ended. Resolves to why the payload
 * could not be read here, or undefined.
 */
export async function send(channel: Channel, put: Put, onProgress?: Progress): Promise<string | undefined> {
  const { stdin } = channel;
  stdin.on('error', () => undefined); // it ended early: its exit status and message tell why
  const over = channel.ended.then(() => true);
  let done = 0;
  try {
    for await (const chunk of put.chunks()) {
      if (!stdin.write(chunk) && (await Promise.race([drained(stdin), over]))) break;
      done += chunk.length;
      onProgress?.(done, put.size);
    }
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    stdin.end();
  }
}

async function drained(stream: Writable): Promise<false> {
  await once(stream, 'drain').catch(() => undefined); // an error of the stream ends the channel, which is waited for too
  return false;
}

/** The payloads that go through channels of their own: each that is large, and the largest of too many. */
export function tooLarge(puts: readonly Put[]): readonly Put[] {
  const bySize = [...new Set(puts)].sort((a, b) => a.size - b.size);
  let total = 0;
  return bySize.filter(put => {
    total += put.size;
    return put.size > INLINE || total > INLINE_TOTAL || put.bytes === undefined;
  });
}
