import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { type Put, quote } from '../shell/sh.ts';
import type { Channel } from './link.ts';

/** A larger payload goes through a channel of its own: in a frame it would be quoted and read as shell code. */
const INLINE = 32 * 1024;
/** The most that all payloads of one frame may have together. */
const INLINE_TOTAL = 128 * 1024;
/** As much as is written before the stream is asked whether it keeps up. */
const CHUNK = 256 * 1024;

/**
 * The program that takes one upload: a path on the first line, then the bytes to the end of its input. It prints how
 * many it wrote. `read` takes no byte more than the line (a shell reading its script would); the path is not an
 * argument, where `ps` shows it, because it holds the session's tag.
 */
const PROGRAM = `umask 077; IFS= read -r f || exit; d=\${f%/*}; [ -d "$d" ] || mkdir "$d" || [ -d "$d" ] || exit; cat >"$f" || exit; wc -c <"$f"`;

/** Shell words to start with `startProgram`. */
export function uploadProgram(shell: string): string {
  return `${quote(shell)} -c ${quote(PROGRAM)}`;
}

/** Sends bytes to a file of the host. Resolves to what went wrong there (a full disk), or undefined. */
export async function upload(channel: Channel, path: string, bytes: Uint8Array): Promise<string | undefined> {
  let out = '';
  let err = '';
  channel.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  channel.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  channel.stdin.on('error', () => undefined); // cat ended early: its exit status and message tell why
  const over = channel.ended.then(() => true);
  channel.stdin.write(`${path}\n`);
  for (let at = 0; at < bytes.length; at += CHUNK) {
    if (!channel.stdin.write(bytes.subarray(at, at + CHUNK)) && (await Promise.race([drained(channel.stdin), over])))
      break;
  }
  channel.stdin.end();
  const rc = await channel.ended;
  if (rc === 0 && Number(out.trim().split('\n').at(-1)) === bytes.length) return undefined;
  if (rc === undefined) throw new Error(err.trim() || 'the connection was lost while a file was sent');
  return err.trim() || `only ${out.trim() || 0} of ${bytes.length} bytes arrived`;
}

async function drained(stream: Writable): Promise<false> {
  await once(stream, 'drain').catch(() => undefined); // an error of the stream ends the channel, which is waited for too
  return false;
}

/** The payloads that go through channels of their own: each that is large, and the largest of too many. */
export function tooLarge(puts: readonly Put[]): readonly Put[] {
  const bySize = [...new Set(puts)].sort((a, b) => a.bytes.length - b.bytes.length);
  let total = 0;
  return bySize.filter(put => {
    total += put.bytes.length;
    return put.bytes.length > INLINE || total > INLINE_TOTAL;
  });
}
