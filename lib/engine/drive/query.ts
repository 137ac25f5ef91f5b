import type { QueryModule } from '../../module.ts';
import type { Outcome } from '../../outcome.ts';
import type { Mode } from './converge.ts';
import { type Frames, runFrame } from './frame.ts';

/** Looks: one frame, in a dry run too, unless it waits for what a dry run does not do. */
export async function driveQuery(module: QueryModule, args: never, at: Frames & Mode): Promise<Outcome> {
  if (at.check && module.inCheck === 'unknown')
    return { status: 'unknown', why: `${module.name} is not done in a dry run`, values: {} };
  const own = module.timeoutMs?.(args);
  const timeoutMs = at.timeoutMs ?? own;
  const reply = await runFrame(module.probe(args), { ...at, timeoutMs });
  const result = module.parse(reply, args);
  if ('failed' in result) {
    const { rc, stderr } = reply;
    const values = result.values ?? {};
    return {
      status: 'failed',
      reason: 'exit-status',
      message: result.failed,
      values,
      reply: { rc, stdout: '', stderr },
      ignored: false,
    };
  }
  return { status: result.changed ? 'changed' : 'ok', values: result.values };
}
