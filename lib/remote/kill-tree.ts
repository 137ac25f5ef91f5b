import type { Prelude } from '../shell/prelude.ts';
import { quote } from '../shell/sh.ts';
import type { Link } from './link.ts';
import { type StartOptions, startProgram } from './start-program.ts';
import { settled } from './waiting.ts';

/**
 * Ends a session's shell and what it runs (closing a channel does not stop that), through a channel of its own. Gives up
 * quietly: the link may be the fault.
 */
export async function killTree(
  link: Link,
  options: StartOptions & { readonly prelude: Prelude },
  pid: number,
): Promise<void> {
  const work = async () => {
    const channel = await startProgram(link, quote(options.shell), { ...options, timeoutMs: 3000 });
    channel.stdout.resume();
    channel.stderr.resume();
    channel.stdin.on('error', () => undefined); // the link is gone, and with it what it ran
    const kill = `tp_kill_tree ${pid}\n`;
    channel.stdin.end(`${options.prelude.missing(kill, new Set())}${kill}exit 0\n`);
    if (!(await settled(channel.ended, 4000))) channel.close();
  };
  await settled(work(), 5000);
}
