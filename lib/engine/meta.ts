import { unreachable as never } from '../outcome.ts';
import type { MetaAction, MetaName, Task } from '../playbook/program.ts';
import { outcomeOf } from './attempt.ts';
import { resolveConnection } from './connection.ts';
import type { PlayRun } from './context.ts';
import type { Handlers } from './handlers.ts';
import type { HostRun } from './host-run.ts';
import { scopeFor } from './scopes.ts';
import { holds } from './values.ts';

const FOR_ONE_HOST: readonly MetaName[] = ['noop', 'flush_handlers', 'end_host', 'reset_connection'];

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
      if (meant.length > 0) for (const host of at.hosts) clearErrors(host);
      return;
    case 'flush_handlers':
      return handlers.flush(at, meant);
    case 'end_host':
      for (const host of meant) {
        host.cursor.end();
        host.left = true;
        host.notified.clear(); // as Ansible: also with force_handlers
      }
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
    case 'reset_connection':
      await Promise.all(meant.map(host => resetConnection(at, task, host)));
      return;
    default:
      return never(name);
  }
}

async function resetConnection(at: PlayRun, task: Task, host: HostRun): Promise<void> {
  const vars = scopeFor(at, host, { task });
  const { run } = at;
  const hide = (secret: string) => run.redactor.add(secret);
  const where = { host: host.name, vars, directives: task.directives, settings: run.settings.connection, hide };
  try {
    await run.sessions.reset(resolveConnection(where).connection);
  } catch (error) {
    failAt(at, host, error);
  }
}

/** As Ansible: the host goes on, but the play's list of hosts stays without it. */
function clearErrors(host: HostRun): void {
  if (!host.alive) host.left = true;
  host.failed = host.unreachable = false;
}

function conditionHolds(at: PlayRun, task: Task, host: HostRun): boolean {
  try {
    return holds(task.directives.when, scopeFor(at, host, { task })) === true;
  } catch (error) {
    failAt(at, host, error);
    return false;
  }
}

/** A meta task has no result: what is wrong with it is said as a message, and the host has failed. */
function failAt(at: PlayRun, host: HostRun, error: unknown): void {
  const outcome = outcomeOf(error);
  host.failed = true;
  host.counts.failed++;
  at.run.emit({ type: 'message', host: host.name, text: outcome.status === 'failed' ? outcome.message : '' });
}
