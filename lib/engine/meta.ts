import { unreachable as never } from '../outcome.ts';
import type { MetaAction, MetaName, Task } from '../playbook/program.ts';
import type { LayeredScope } from '../vars/scope.ts';
import { outcomeOf } from './attempt.ts';
import { resolveConnection } from './connection.ts';
import type { PlayRun } from './context.ts';
import type { Handlers } from './handlers.ts';
import type { HostRun } from './host-run.ts';
import { leaveGone } from './play-hosts.ts';
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
  const answers = await Promise.all(asked.map(host => askHost(at, task, host)));
  const meant = asked.filter((_, i) => answers[i] === 'holds');
  for (const host of hosts) if (host.alive && answers[asked.indexOf(host)] !== 'failed') host.cursor.advance();
  switch (name) {
    case 'noop':
    case 'reset_connection': // done while each host was asked: it may fail there
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
    case 'refresh_inventory':
      if (meant.length > 0) refresh(at, hosts);
      return;
    default:
      return never(name);
  }
}

/** Reads the sources again. Hosts that are new come with the next play; where something is wrong all fail. */
function refresh(at: PlayRun, hosts: readonly HostRun[]): void {
  const found = at.run.inventory.refresh();
  for (const diagnostic of found) at.run.emit({ type: 'diagnostic', diagnostic });
  leaveGone(at);
  if (!found.some(d => d.severity === 'error')) return;
  for (const host of hosts) {
    host.failed = true;
    host.counts.failed++;
    host.cursor.end();
  }
}

/** As Ansible: the host goes on, but the play's list of hosts stays without it. */
function clearErrors(host: HostRun): void {
  if (!host.alive) host.left = true;
  host.failed = host.unreachable = false;
}

/** Whether a host's condition holds, with what a host does alone; one that goes wrong has failed. */
async function askHost(at: PlayRun, task: Task, host: HostRun): Promise<'holds' | 'not' | 'failed'> {
  const scope = scopeFor(at, host, { task });
  try {
    if (holds(task.directives.when, scope) !== true) return 'not';
    if ((task.action as MetaAction).name === 'reset_connection') await resetConnection(at, task, { host, scope });
    return 'holds';
  } catch (error) {
    const outcome = outcomeOf(error);
    // A meta task has no result: what is wrong with it is said as a message.
    at.run.emit({ type: 'message', host: host.name, text: outcome.status === 'failed' ? outcome.message : '' });
    if (host.cursor.fail()) host.counts.rescued++;
    else {
      host.failed = true;
      host.counts.failed++;
    }
    return 'failed';
  }
}

async function resetConnection(
  { run }: PlayRun,
  { directives }: Task,
  { host, scope: vars }: { host: HostRun; scope: LayeredScope },
): Promise<void> {
  const hide = (secret: string) => run.redactor.add(secret);
  const where = { host: host.name, vars, directives, settings: run.settings.connection, hide };
  await run.sessions.reset(resolveConnection(where).connection);
}
