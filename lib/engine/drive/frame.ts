import { type Reply, type Sh, sh } from '../../module.ts';
import type { Outcome } from '../../outcome.ts';
import type { RunOptions, Session } from '../../remote/session.ts';

/** What every driver needs to run frames for one task on one host. */
export interface Frames {
  readonly session: Session;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told how much of the frame's payloads has been sent. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Runs a script with the task's environment: exported inside the frame's subshell, so that it ends with it. */
export async function runFrame(
  script: Sh,
  at: Frames,
  more: Pick<RunOptions, 'fed' | 'keep' | 'sink'> = {},
): Promise<Reply> {
  const names = Object.entries(at.environment);
  const exports = names.map(([name, value]) => sh`export ${sh.code(name)}=${value}`);
  const options = {
    ...(at.timeoutMs !== undefined && { timeoutMs: at.timeoutMs }),
    ...(at.signal !== undefined && { signal: at.signal }),
    ...(at.onProgress !== undefined && { onProgress: at.onProgress }),
    ...more,
  };
  const reply = await at.session.run(names.length === 0 ? script : sh.lines(...exports, script), options);
  if (reply.cut === undefined || more.keep !== undefined) return reply;
  const stderr = `the host said more than tplay keeps: ${reply.cut.stdout + reply.cut.stderr} bytes were left out\n`;
  return { ...reply, rc: reply.rc || 1, stderr };
}

/** The last lines of what a command said, for a message. */
export function lastLines(reply: Pick<Reply, 'stdout' | 'stderr'>, count = 3): string {
  const text = reply.stderr.trim() === '' ? reply.stdout : reply.stderr;
  return text.trim().split('\n').slice(-count).join('\n');
}

/** The outcome of a module whose frame went wrong; stdout is the drivers' own and says nothing to people. */
export function moduleFailure(module: string, message: string, reply: Reply): Outcome & { readonly status: 'failed' } {
  const shown = { rc: reply.rc, stdout: '', stderr: reply.stderr };
  return { status: 'failed', reason: 'exit-status', message: `${module}: ${message}`, reply: shown, ignored: false };
}
