import type { LocalContext, LocalModule } from '../../module.ts';
import type { Outcome } from '../../outcome.ts';

/** Runs a module on the controller: no frame. It changes nothing on hosts, so a dry run does the same. */
export async function driveLocal(
  module: LocalModule,
  args: never,
  at: { readonly local: LocalContext },
): Promise<Outcome> {
  const result = await module.run(args, at.local);
  if ('skipped' in result) return { status: 'skipped', reason: 'when' };
  if ('failed' in result)
    return {
      status: 'failed',
      reason: 'condition',
      message: result.failed,
      values: result.values ?? {},
      ignored: false,
    };
  const values = result.facts === undefined ? result.values : { ...result.values, ansible_facts: result.facts };
  return { status: result.changed ? 'changed' : 'ok', values };
}
