import type { Event, Recap } from '../events.ts';
import type { PlayRun, RunContext } from './context.ts';
import { runPlay } from './play.ts';
import { isStart, startsIn } from './start-at.ts';

/** How a run ended: 0 fine, 2 a host failed, 4 a host was unreachable; as ansible-playbook. */
export type ExitStatus = 0 | 2 | 4;

/** Runs plays one after the other and says how it ended. Stopping by the signal ends it between tasks, with a recap. */
export async function runPlays(
  plays: readonly PlayRun[],
  run: RunContext,
  about: { playbooks: readonly string[] },
): Promise<ExitStatus> {
  const start = performance.now();
  const { check, diff } = run.settings;
  run.emit({ type: 'run-started', playbooks: about.playbooks, check, diff });
  let stopped = false;
  try {
    let startAt = run.settings.startAt === undefined ? undefined : isStart(run.settings.startAt, run.settings);
    for (const at of plays) {
      at.startAt = startAt;
      if (startAt !== undefined && at.hosts.length > 0 && startsIn(at.play, startAt)) startAt = undefined;
      if (!(await runPlay(at))) break;
    }
  } catch (error) {
    if (!run.signal.aborted) throw error;
    stopped = true;
  }
  const recap = recapOf(run);
  const exitStatus = statusOf(run);
  const stats = run.stats.all;
  const kept = stats.hosts.length > 0 || Object.keys(stats.run).length > 0;
  run.emit({
    type: 'run-finished',
    recap,
    ms: performance.now() - start,
    frames: run.frames.total,
    exitStatus: stopped && exitStatus === 0 ? 1 : exitStatus,
    interrupted: stopped,
    ...(kept && { stats }),
  });
  return exitStatus;
}

function recapOf(run: RunContext): readonly (readonly [string, Recap])[] {
  const order = run.inventory.hosts.map(h => h.name);
  const met = [...run.hosts.values()].filter(h => Object.values(h.counts).some(n => n > 0));
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return met.sort((a, b) => place(a.name) - place(b.name)).map(h => [h.name, h.counts] as const);
}

/** By the state of hosts, not by their counts: `meta: clear_host_errors` makes good. */
function statusOf(run: RunContext): ExitStatus {
  const hosts = [...run.hosts.values()];
  if (hosts.some(h => h.unreachable)) return 4;
  return hosts.some(h => h.failed) ? 2 : 0;
}

/** Counts the round trips of a run from its events. */
export class FrameCount {
  total = 0;

  on(event: Event): void {
    if (event.type === 'task-finished') this.total += event.frames;
  }
}
