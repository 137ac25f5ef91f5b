import * as assert from 'uvu/assert';
import { SessionError } from '../../lib/remote/session.ts';

/** Waits for work that must fail with a SessionError, and returns it. */
export async function failure(work: Promise<unknown>): Promise<SessionError> {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  assert.instance(error, SessionError, `a SessionError was expected, not ${String(error)}`);
  return error as SessionError;
}
