import type { Adds, LocalContext, LocalModule, Stats } from '../../module.ts';
import type { Outcome } from '../../outcome.ts';

/** Whether an addition would change the inventory, or why it cannot be made. */
export type Grown = { readonly changed: boolean } | { readonly error: string };

/** Runs a module on the controller: no frame. It changes nothing on hosts, so a dry run does the same. */
export async function driveLocal(
  module: LocalModule,
  args: never,
  at: { readonly local: LocalContext; grow(adds: Adds): Grown; keepStats(stats: Stats): void },
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
  const grown: Grown = result.adds === undefined ? { changed: result.changed === true } : at.grow(result.adds);
  if ('error' in grown) return { status: 'failed', reason: 'bad-argument', message: grown.error, ignored: false };
  if (result.stats !== undefined) at.keepStats(result.stats);
  const values = result.facts === undefined ? result.values : { ...result.values, ansible_facts: result.facts };
  return { status: grown.changed ? 'changed' : 'ok', values };
}
