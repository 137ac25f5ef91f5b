import type { TaskRef } from '../events.ts';
import type { Outcome } from '../outcome.ts';
import { type Task, taskNames } from '../playbook/program.ts';
import { render, TemplateError } from '../template/index.ts';
import type { Value } from '../template/values.ts';
import { formatDiagnostics } from '../text/frame.ts';
import { didYouMean } from '../text/near.ts';
import type { LayeredScope, VarLayer } from '../vars/scope.ts';
import { outcomeOf } from './attempt.ts';
import type { PlayRun } from './context.ts';
import { failedTask } from './failed-task.ts';
import { allHandlers, findHandlers } from './handlers.ts';
import type { HostRun } from './host-run.ts';
import { scopeFor } from './scopes.ts';
import { keepFacts, type TaskResult } from './task.ts';
import { flagOf, plain } from './values.ts';

export interface Finished {
  readonly task: Task;
  readonly ref: TaskRef;
  readonly host: HostRun;
  readonly layers: readonly VarLayer[];
  readonly result: TaskResult;
}

/** Takes in how a task ended on a host: variables, notified handlers, counts, and where the host goes on. */
export function settle(at: PlayRun, finished: Finished): TaskResult {
  const { task, ref, host, result } = finished;
  const scope = scopeFor(at, host, finished);
  const told = handlersOf(at, finished, scope);
  const outcome = withIgnore(task, 'outcome' in told ? told.outcome : result.outcome, scope);
  keep(finished);
  noteRole(task, host, outcome);
  if ('handlers' in told) for (const each of told.handlers) notify(at, finished, each);
  at.run.emit({
    type: 'task-finished',
    task: ref,
    host: host.name,
    delegate: result.delegate,
    outcome,
    looped: result.looped,
    ms: result.ms,
    frames: result.frames,
  });
  count(host, outcome);
  goOn(at, finished, outcome);
  return { ...result, outcome };
}

/** The outcome with `ignore_errors` and `ignore_unreachable` applied. */
function withIgnore(task: Task, outcome: Outcome, scope: LayeredScope): Outcome {
  try {
    if (outcome.status === 'failed' && !outcome.ignored && flagOf(task.directives.ignoreErrors, scope) === true)
      return { ...outcome, ignored: true };
    if (outcome.status === 'unreachable' && flagOf(task.directives.ignoreUnreachable, scope) === true)
      return {
        status: 'failed',
        reason: 'exit-status',
        message: outcome.message,
        values: { unreachable: true },
        ignored: true,
      };
    return outcome;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const message = formatDiagnostics([error.diagnostic]).trimEnd();
    return { status: 'failed', reason: 'undefined-variable', message, ignored: false };
  }
}

function keep({ task, host, result }: Finished): void {
  keepFacts(task, host, result);
  if (task.register !== undefined) host.setVars([[task.register, result.register]], task.span);
}

/** Notes which role ran here. As Ansible: one that failed did not, nor one of which all is skipped. */
function noteRole({ role, checksRole }: Task, host: HostRun, outcome: Outcome): void {
  if (role === undefined || checksRole || outcome.status === 'skipped') return;
  const use = host.cursor.peek()?.use;
  const key = use?.role === role ? use.key : role.use;
  if (outcome.status === 'failed' && !outcome.ignored) host.rolesRun.delete(key);
  else host.rolesRun.set(key, role);
}

interface Notified {
  readonly name: string;
  readonly handlers: readonly Task[];
}

/** The handlers that a changed task notifies; or, as Ansible, its failure where there is no such handler. */
function handlersOf(
  at: PlayRun,
  { task, result }: Finished,
  scope: LayeredScope,
): { readonly handlers: readonly Notified[] } | { readonly outcome: Outcome } {
  if (result.outcome.status !== 'changed') return { handlers: [] };
  try {
    const names = task.directives.notify.flatMap(({ raw }) =>
      [plain(render(raw, scope))].flat().map(v => String(plain(v))),
    );
    const handlers = names.map(name => ({ name, handlers: findHandlers(at, name) }));
    const missing = handlers.find(h => h.handlers.length === 0);
    return missing === undefined ? { handlers } : { outcome: unknownHandler(at, missing.name) };
  } catch (error) {
    return { outcome: outcomeOf(error) };
  }
}

function unknownHandler(at: PlayRun, name: string): Outcome {
  const known = allHandlers(at).flatMap(h => [...taskNames(h), ...h.listen]);
  const near = didYouMean(name, known);
  const message = `no handler is called "${name}" or listens to it${near === undefined ? '' : `: ${near}`}`;
  return { status: 'failed', reason: 'bad-argument', message, ignored: false };
}

function notify(at: PlayRun, { ref, host }: Finished, { name, handlers }: Notified): void {
  for (const handler of handlers) {
    host.notified.add(handler.id);
    at.run.emit({ type: 'handler-notified', handler: name, host: host.name, by: ref });
  }
}

function count({ counts }: HostRun, outcome: Outcome): void {
  switch (outcome.status) {
    case 'changed':
      counts.changed++;
      counts.ok++; // as Ansible: what changed is ok too
      return;
    case 'ok':
      counts.ok++;
      return;
    case 'skipped':
      if (outcome.reason === 'creates') counts.ok++;
      else counts.skipped++;
      return;
    case 'unknown':
      counts.unknown++;
      return;
    case 'unreachable':
      counts.unreachable++;
      return;
    case 'failed':
      if (outcome.ignored) {
        counts.ignored++;
        counts.ok++;
        if (outcome.values?.['changed'] === true) counts.changed++;
      }
      return; // a failure counts as failed or rescued when it is known which
    default:
      throw new Error(`internal: unknown outcome ${JSON.stringify(outcome satisfies never)}`);
  }
}

function goOn(at: PlayRun, { task, ref, host, layers, result }: Finished, outcome: Outcome): void {
  if (outcome.status === 'unreachable') {
    host.unreachable = true;
    host.cursor.advance(); // where it goes on after `meta: clear_host_errors`
    return;
  }
  if (outcome.status !== 'failed' || outcome.ignored) {
    host.cursor.advance();
    return;
  }
  if (host.cursor.fail()) {
    host.counts.rescued++;
    // As Ansible: what failed is known in rescue.
    host.setVars([
      ['ansible_failed_task', failedTask(task, ref, scopeFor(at, host, { task, layers }))],
      ['ansible_failed_result', result.register],
    ]);
    at.run.emit({ type: 'host-rescued', host: host.name, task: ref });
  } else {
    host.counts.failed++;
    host.failed = true;
  }
}
