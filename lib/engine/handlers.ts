import type { Task } from '../playbook/program.ts';
import { tagged } from '../playbook/tags.ts';
import type { PlayRun } from './context.ts';
import type { HostRun } from './host-run.ts';
import { type ForHost, runModuleTask } from './linear.ts';
import type { ModuleTask } from './task.ts';

/** The handlers that a name means: those that listen to it, and the last one of that name. As Ansible. */
export function findHandlers(at: PlayRun, name: string): readonly Task[] {
  const all = allHandlers(at);
  const named = all.filter(h => handlerNames(h).includes(name)).at(-1);
  const listening = all.filter(h => h.listen.includes(name));
  return [...new Set([...(named === undefined ? [] : [named]), ...listening])];
}

/** The play's handlers, then those that included roles brought. */
export function allHandlers(at: PlayRun): readonly Task[] {
  return [...at.play.handlers, ...at.handlers];
}

/** A handler's name, alone and behind its role's. */
export function handlerNames(handler: Task): readonly string[] {
  const name =
    typeof handler.name === 'object' && handler.name !== null && 'text' in handler.name
      ? handler.name.text
      : String(handler.name);
  return handler.role === undefined ? [name] : [name, `${handler.role.name} : ${name}`];
}

/** Runs notified handlers, in the order they are defined. */
export class Handlers {
  /** Handlers of a host run once each, those that they notify too; a handler that notifies an earlier one runs it again. */
  async flush(at: PlayRun, hosts: readonly HostRun[]): Promise<void> {
    at.run.emit({ type: 'handlers-flushed', hosts: hosts.map(h => h.name) });
    for (let waiting = this.#waiting(at, hosts); waiting.length > 0; waiting = this.#waiting(at, hosts))
      for (const handler of waiting) await this.#run(at, handler, hosts);
  }

  #waiting(at: PlayRun, hosts: readonly HostRun[]): readonly Task[] {
    return allHandlers(at).filter(h => hosts.some(host => this.#shallRun(at, host) && host.notified.has(h.id)));
  }

  #shallRun(at: PlayRun, host: HostRun): boolean {
    return host.alive || (at.forceHandlers && !host.unreachable);
  }

  async #run(at: PlayRun, handler: Task, hosts: readonly HostRun[]): Promise<void> {
    const notified = hosts.filter(h => this.#shallRun(at, h) && h.notified.delete(handler.id));
    if (notified.length === 0 || handler.action.kind !== 'module') return;
    // As Ansible: --skip-tags holds for handlers too, --tags does not.
    if (!tagged(handler.directives.tags, { only: [], skip: at.run.settings.skip })) return;
    const each: readonly ForHost[] = notified.map(host => ({ host, layers: [] }));
    await runModuleTask(at, handler as ModuleTask, each);
  }
}
