import pLimit from 'p-limit';
import type { PlayRun } from './context.ts';
import type { HostRun } from './host-run.ts';

/**
 * Runs every host of the batch through the play by itself: one host in step with nobody. As Ansible's strategies: with
 * `free` the tasks of all hosts share the forks; with `host_pinned` a host keeps its fork to its end.
 */
export async function runFree(at: PlayRun, through: (hosts: readonly HostRun[]) => Promise<void>): Promise<void> {
  const forks = at.settings.strategy === 'host_pinned' ? at.run.settings.forks : at.batch.length;
  const pinned = pLimit(Math.max(1, forks));
  const ends = await Promise.allSettled(at.batch.map(host => pinned(() => through([host]))));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}
