import type { ConnectionModule, HostDoor, LocalContext, Lost, Reply } from '../../module.ts';
import type { Outcome } from '../../outcome.ts';
import { type Session, SessionError } from '../../remote/session.ts';
import { runFrame } from './frame.ts';

/** How a task reaches its host: the pool's sessions, opened and given up. */
export interface ConnectionDoor {
  readonly local: boolean;
  /** With a time limit there are no further tries. */
  open(connectMs?: number): Promise<Session>;
  reset(how: { readonly restarts: boolean }): Promise<void>;
}

export interface ConnectionDrive {
  readonly check: boolean;
  readonly door: ConnectionDoor;
  readonly local: LocalContext;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Runs what may lose the connection. In a dry run it only says what it would do: no host is asked. */
export async function driveConnection(module: ConnectionModule, args: never, at: ConnectionDrive): Promise<Outcome> {
  const result = at.check ? module.inCheck(args, at.door) : await module.run(args, doorOf(at));
  if ('skipped' in result) return { status: 'skipped', reason: 'check-mode' };
  if ('lost' in result) return { status: 'unreachable', phase: result.phase, message: result.lost };
  if (!('failed' in result)) return { status: result.changed ? 'changed' : 'ok', values: result.values };
  const { failed, values = {}, reply } = result;
  const shown = reply && { rc: reply.rc, stdout: reply.stdout, stderr: reply.stderr };
  const message = `${module.name}: ${failed}`;
  return {
    status: 'failed',
    reason: 'exit-status',
    message,
    values,
    ...(shown && { reply: shown }),
    ignored: false,
  };
}

function doorOf(at: ConnectionDrive): HostDoor {
  const end = at.timeoutMs === undefined ? undefined : performance.now() + at.timeoutMs;
  const left = () => (end === undefined ? Number.POSITIVE_INFINITY : end - performance.now());
  const late = () => new SessionError('timeout', `no answer within ${(at.timeoutMs ?? 0) / 1000} s`);
  return {
    local: at.door.local,
    now: () => performance.now(),
    drop: how => at.door.reset(how ?? { restarts: false }),
    async sleep(ms) {
      await at.local.sleep(Math.max(0, Math.min(ms, left())));
      if (at.signal?.aborted) throw new SessionError('lost', 'stopped');
      if (left() <= 0) throw late();
    },
    async ask(script, { connectMs, timeoutMs } = {}): Promise<Reply | Lost> {
      if (left() <= 0) throw late();
      const limit = Math.min(timeoutMs ?? Number.POSITIVE_INFINITY, left());
      try {
        const session = await at.door.open(connectMs);
        return await runFrame(script, { ...at, session, ...(Number.isFinite(limit) && { timeoutMs: limit }) });
      } catch (error) {
        if (!(error instanceof SessionError) || at.signal?.aborted) throw error;
        if (left() <= 0) throw late();
        return { lost: error.message, phase: error.phase === 'timeout' ? 'lost' : error.phase };
      }
    },
  };
}
