import { randomBytes } from 'node:crypto';
import type { Reply } from '../outcome.ts';
import type { Prelude } from '../shell/prelude.ts';
import { feed, type Put, quote, type Sh } from '../shell/sh.ts';
import type { Channel } from './link.ts';
import { type Progress, send } from './upload.ts';

/**
 * The program of a frame that has a payload for its input: the length of a script on the first line, the script, then the
 * payload. `dd` reads byte by byte, since the payload begins right behind; nothing of the script is an argument, which
 * `ps` would show.
 */
const PROGRAM = `IFS= read -r n && s=$(dd ibs=1 obs=65536 count="$n" 2>/dev/null && echo x) && eval "\${s%x}"`;

/** Shell words to start with `startProgram`. */
export function fedProgram(shell: string): string {
  return `${quote(shell)} -c ${quote(PROGRAM)}`;
}

/** The most bytes that wait for a sink. */
const AHEAD = 1024 * 1024;

export interface FedFrame {
  readonly script: Sh;
  readonly put?: Put;
  /** Takes what it prints, instead of the reply. */
  readonly sink?: (chunk: Uint8Array) => Promise<void>;
  readonly prelude: Prelude;
  /** Told the shell's process as soon as it runs, so that it can be ended. */
  onStart(pid: number): void;
  readonly onProgress?: Progress | undefined;
}

/**
 * Runs a script in a shell of its own with a payload as its input: the script's word for the payload is a name that
 * `tp_take` knows. The bytes go where the script wants them, without a copy beside. Undefined when the link was lost.
 */
export async function runFed(channel: Channel, frame: FedFrame): Promise<Reply | undefined> {
  const tag = randomBytes(16).toString('hex');
  const { put = feed(new Uint8Array()), script, prelude } = frame;
  const body = script.reveal(p => (p === put ? `/${tag}-in/${put.size}` : undefined));
  const program = [
    `tp_tag=${tag}`,
    prelude.core,
    'exec 8<&0 </dev/null',
    prelude.missing(body, new Set()),
    `printf '%s %s\\n' ${tag} "$$"; printf '%s\\n' ${tag} >&2`,
    `(eval ${quote(body)})`,
  ].join('\n');
  const errors: Buffer[] = [];
  channel.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const said = listen(channel, tag, frame);
  channel.stdin.write(`${Buffer.byteLength(program)}\n${program}`);
  const unread = await send(channel, put, frame.onProgress);
  const rc = await channel.ended;
  const bytes = await said.all();
  if (rc === undefined) return undefined;
  const all = Buffer.concat(errors);
  const end = lineEnd(all, tag);
  const stderr = all.toString('utf8', end ?? 0);
  const why = unread === undefined ? '' : `${unread}\n`;
  return { rc: unread === undefined ? rc : rc || 1, stdout: bytes.toString('utf8'), stderr: stderr + why, bytes };
}

/** What is printed behind the first line of ours: start-up files of the login may have printed before it. */
function listen(channel: Channel, tag: string, { sink, onStart }: FedFrame) {
  const { stdout } = channel;
  const kept: Buffer[] = [];
  let first: Buffer | undefined = Buffer.alloc(0);
  let fault: Error | undefined;
  let busy = Promise.resolve();
  let waiting = 0;
  const take = (chunk: Buffer) => {
    if (sink === undefined || chunk.length === 0) {
      kept.push(chunk);
      return;
    }
    waiting += chunk.length;
    if (waiting > AHEAD) stdout.pause();
    busy = busy
      .then(() => (fault === undefined ? sink(chunk) : undefined))
      .catch((error: Error) => {
        fault = error;
        channel.close();
      })
      .then(() => {
        waiting -= chunk.length;
        // after a fault too, where what still comes is let go of: a stream that nobody reads does not end
        if (waiting <= AHEAD) stdout.resume();
      });
  };
  stdout.on('data', (piece: Buffer) => {
    if (fault !== undefined) return;
    if (first === undefined) return take(piece);
    first = Buffer.concat([first, piece]);
    const end = lineEnd(first, `${tag} `);
    if (end === undefined) return;
    onStart(Number(/ (\d+)\n$/.exec(first.toString('latin1', 0, end))?.[1]));
    const rest = first.subarray(end);
    first = undefined;
    take(rest);
  });
  const over = new Promise<void>(resolve => {
    for (const event of ['end', 'close', 'error']) stdout.once(event, () => resolve());
  });
  return {
    /** All of it, when the program has ended; throws what went wrong with taking it. */
    async all(): Promise<Buffer> {
      if (sink !== undefined) await over;
      await busy;
      if (fault !== undefined) throw fault;
      return Buffer.concat(kept);
    },
  };
}

/** Where the line that has this text ends; undefined while it has not come. */
function lineEnd(bytes: Buffer, text: string): number | undefined {
  const at = bytes.indexOf(text);
  const end = at < 0 ? -1 : bytes.indexOf(10, at);
  return end < 0 ? undefined : end + 1;
}
