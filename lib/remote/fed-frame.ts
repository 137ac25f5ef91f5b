import { randomBytes } from 'node:crypto';
import type { Reply } from '../outcome.ts';
import type { Prelude } from '../shell/prelude.ts';
import { type Put, quote, type Sh } from '../shell/sh.ts';
import type { Channel } from './link.ts';
import { collect, type Progress, send } from './upload.ts';

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

export interface FedFrame {
  readonly script: Sh;
  readonly put: Put;
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
  const { put, script, prelude } = frame;
  const body = script.reveal(p => (p === put ? `/${tag}-in/${put.size}` : undefined));
  const program = [
    `tp_tag=${tag}`,
    prelude.core,
    'exec 8<&0 </dev/null',
    prelude.missing(body, new Set()),
    `printf '%s %s\\n' ${tag} "$$"; printf '%s\\n' ${tag} >&2`,
    `(eval ${quote(body)})`,
  ].join('\n');
  const said = collect(channel);
  const find = () => {
    const start = new RegExp(`^${tag} (\\d+)$`, 'm').exec(said().out.toString('latin1'));
    if (start === null) return;
    frame.onStart(Number(start[1]));
    channel.stdout.off('data', find);
  };
  channel.stdout.on('data', find);
  channel.stdin.write(`${Buffer.byteLength(program)}\n${program}`);
  const unread = await send(channel, put, frame.onProgress);
  const rc = await channel.ended;
  if (rc === undefined) return undefined;
  const bytes = after(said().out, `${tag} `);
  const stderr = after(said().err, tag).toString('utf8');
  const why = unread === undefined ? '' : `${unread}\n`;
  return { rc: unread === undefined ? rc : rc || 1, stdout: bytes.toString('utf8'), stderr: stderr + why, bytes };
}

/** What comes behind the line that begins so: start-up files of the login may have printed before it. */
function after(bytes: Buffer, line: string): Buffer {
  const at = bytes.indexOf(line);
  const end = at < 0 ? -1 : bytes.indexOf(10, at);
  return end < 0 ? bytes : bytes.subarray(end + 1);
}
