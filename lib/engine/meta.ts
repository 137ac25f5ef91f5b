import { unreachable as never } from '../outcome.ts';
import type { MetaAction, MetaName, Task } from '../playbook/program.ts';
import { TemplateError } from '../template/index.ts';
import { outcomeOf } from './attempt.ts';
import type { PlayRun } from './context.ts';
import type { Handlers } from './handlers.ts';
import type { HostRun } from './host-run.ts';
import { scopeFor } from './scopes.ts';
import { holds } from './values.ts';

const FOR_ONE_HOST: readonly MetaName[] = ['noop', 'flush_handlers', 'end_host'];

/** Does what a `meta` task says, for the hosts that stand at it and whose condition holds. */
export async function runMeta(
  at: PlayRun,
  task: Task,
  { hosts, handlers }: { hosts: readonly HostRun[]; handlers: Handlers },
): Promise<void> {
  const { name } = task.action as MetaAction;
  // As Ansible: what is about the whole play asks the first host only.
  const asked = FOR_ONE_HOST.includes(name) ? hosts : hosts.slice(0, 1);
  const meant = asked.filter(host => conditionHolds(at, task, host));
  for (const host of hosts) if (host.alive) host.cursor.advance();
  switch (name) {
    case 'noop':
      return;
    case 'clear_host_errors':
      if (meant.length > 0) for (const host of at.hosts) host.failed = host.unreachable = false;
      return;
    case 'flush_handlers':
      return handlers.flush(at, meant);
    case 'end_host':
      for (const host of meant) host.cursor.end();
      return;
    case 'end_play':
      if (meant.length > 0) at.endPlay = at.ended = true;
      return;
    case 'end_batch':
      if (meant.length > 0) at.ended = true;
      return;
    case 'clear_facts':
      if (meant.length > 0) for (const host of at.hosts) host.clearFacts();
      return;
    default:
      return never(name);
  }
}

function conditionHolds(at: PlayRun, task: Task, host: HostRun): boolean {
  try {
    return holds(task.directives.when, scopeFor(at, host, { task })) === true;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const outcome = outcomeOf(error);
    host.failed = true;
    host.counts.failed++;
    const text = outcome.status === 'failed' ? outcome.message : '';
    at.run.emit({ type: 'message', host: host.name, text });
    return false;
  }
}
