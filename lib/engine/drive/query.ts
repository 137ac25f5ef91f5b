import type { Locals, QueryModule } from '../../module.ts';
import type { Outcome } from '../../outcome.ts';
import type { Mode } from './converge.ts';
import { type Frames, runFrame } from './frame.ts';
import { asksForRelay, relay } from './relay.ts';
import { type StorePlace, store } from './store.ts';

/** Looks: one frame, in a dry run too, unless it waits for what a dry run does not do. */
export async function driveQuery(
  module: QueryModule,
  args: never,
  at: Frames & Mode & { readonly locals: Locals; readonly store: StorePlace },
): Promise<Outcome> {
  if (at.check && module.inCheck === 'unknown')
    return { status: 'unknown', why: `${module.name} is not done in a dry run`, values: {} };
  const how = { ...at, timeoutMs: at.timeoutMs ?? module.timeoutMs?.(args) };
  let reply = await runFrame(module.probe(args, at.locals), how);
  if (asksForRelay(reply)) {
    const relayed = await relay(module.relay?.(args, at.locals), at);
    if ('failed' in relayed) return failure(`${module.name}: ${relayed.failed}`);
    reply = await runFrame(module.probe(args, relayed), how);
  }
  const result = module.parse(reply, args);
  if ('failed' in result) {
    const { rc, stderr } = reply;
    const values = result.values ?? {};
    const shown = { rc, stdout: '', stderr };
    return { status: 'failed', reason: 'exit-status', message: result.failed, values, reply: shown, ignored: false };
  }
  const stored = module.store?.(args, reply, at.store.host);
  if (stored !== undefined) return await store(stored, result.values, at);
  return { status: result.changed ? 'changed' : 'ok', values: result.values };
}

function failure(message: string): Outcome {
  return { status: 'failed', reason: 'exit-status', message, ignored: false };
}
