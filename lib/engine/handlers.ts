import { type Task, taskNames } from '../playbook/program.ts';
import type { PlayRun } from './context.ts';
import type { HostRun } from './host-run.ts';
import { runBeside } from './linear.ts';

/**
 * The handlers that a name means: those that listen to it, and one of that name. As Ansible: the last list (of a role,
 * of the play) that has one decides, and in it the first.
 */
export function findHandlers(at: PlayRun, name: string): readonly Task[] {
  const all = allHandlers(at);
  const candidates = all.filter(h => taskNames(h).includes(name));
  const named = candidates.find(h => h.role === candidates.at(-1)?.role);
  const listening = all.filter(h => h.listen.includes(name));
  return [...new Set([...(named === undefined ? [] : [named]), ...listening])];
}

/** The play's handlers, then those that included roles brought. */
export function allHandlers(at: PlayRun): readonly Task[] {
  return [...at.play.handlers, ...at.handlers];
}

/** Runs notified handlers, in the order they are defined. */
export class Handlers {
  /**
   * Handlers of a host run once each. As Ansible: one that a handler notifies runs too where it stands behind it, else at
   * the next flush.
   */
  async flush(at: PlayRun, hosts: readonly HostRun[]): Promise<void> {
    at.run.emit({ type: 'handlers-flushed', hosts: hosts.map(h => h.name) });
    for (const handler of allHandlers(at)) {
      const notified = hosts.filter(h => this.#shallRun(at, h) && h.notified.delete(handler.id));
      if (notified.length > 0) await runBeside(at, handler, { hosts: notified, handlers: this });
    }
  }

  #shallRun(at: PlayRun, host: HostRun): boolean {
    return host.alive || (at.forceHandlers && !host.unreachable);
  }
}
