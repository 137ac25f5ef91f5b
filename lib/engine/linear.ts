import pLimit from 'p-limit';
import type { TaskRef } from '../events.ts';
import { unreachable as never, type Outcome } from '../outcome.ts';
import type { Flush, Task } from '../playbook/program.ts';
import { tagged } from '../playbook/tags.ts';
import { TemplateError } from '../template/index.ts';
import type { VarLayer } from '../vars/scope.ts';
import type { PlayRun } from './context.ts';
import { Cursor, comparePaths, type Position } from './cursor.ts';
import { settle } from './finish.ts';
import type { Handlers } from './handlers.ts';
import type { HostRun } from './host-run.ts';
import { runIncludes } from './include-run.ts';
import { runMeta } from './meta.ts';
import { scopeFor } from './scopes.ts';
import { endedBy, keepFacts, type ModuleTask, runTask, type TaskResult } from './task.ts';
import { flagOf, numberOf, textOf } from './values.ts';

/** A host and where it stands. */
interface Standing {
  readonly host: HostRun;
  readonly position: Position;
}

/**
 * Runs hosts in step: the task that comes first in the program runs on every host that stands at it, then the next. As
 * Ansible's strategy "linear".
 */
export async function runLinear(at: PlayRun, hosts: readonly HostRun[], handlers: Handlers): Promise<void> {
  for (;;) {
    at.run.signal.throwIfAborted();
    const standing = hosts.flatMap(host => standingOf(host));
    const first = standing.map(s => s.position.path).sort(comparePaths)[0];
    if (first === undefined || at.ended) return;
    const now = standing.filter(s => comparePaths(s.position.path, first) === 0);
    await runStep(at, now, handlers);
  }
}

/** Runs a task that stands beside the play's body (a handler): the hosts then go on where they were, unless they failed. */
export async function runBeside(
  at: PlayRun,
  task: Task,
  { hosts, handlers }: { hosts: readonly HostRun[]; handlers: Handlers },
): Promise<void> {
  const places = hosts.map(host => ({ host, cursor: host.cursor, alive: host.alive }));
  for (const host of hosts) host.cursor = new Cursor([task]);
  await runLinear(at, hosts, handlers);
  for (const { host, cursor, alive } of places) {
    host.cursor = cursor;
    if (alive && !host.alive) cursor.end();
  }
}

function standingOf(host: HostRun): readonly Standing[] {
  if (host.unreachable) return [];
  const position = host.cursor.peek();
  return position === undefined ? [] : [{ host, position }];
}

async function runStep(at: PlayRun, now: readonly Standing[], handlers: Handlers): Promise<void> {
  const item = (now[0] as Standing).position.item;
  if (item.kind === 'flush') {
    for (const { host } of now) host.cursor.advance();
    await handlers.flush(
      at,
      now.map(s => s.host).filter(h => h.alive),
    );
    return;
  }
  const runs = (s: Standing) => runsByTags(at, item) && !ranBefore(item, s);
  for (const s of now) if (!runs(s)) s.host.cursor.advance();
  const standing = now.filter(runs).map(s => ({ host: s.host, layers: s.position.layers }));
  if (!(await wanted(at, item, standing))) {
    for (const { host } of standing) host.cursor.advance();
    return;
  }
  switch (item.action.kind) {
    case 'module':
      return runModuleTask(at, item as ModuleTask, standing);
    case 'meta':
      return runMeta(at, item, { hosts: standing.map(s => s.host), handlers });
    case 'include_tasks':
    case 'include_role':
      return runIncludes(at, item, standing);
    default:
      return never(item.action);
  }
}

/** What --step is told. As Ansible: `meta` is not asked about. */
async function wanted(at: PlayRun, task: Task, [first]: readonly ForHost[]): Promise<boolean> {
  if (at.run.step === undefined || first === undefined || task.action.kind === 'meta') return true;
  const alone = at.settings.strategy === 'linear' ? undefined : first.host.name;
  const runs = await at.run.step.runs(taskRef(at, task, first), alone);
  at.run.signal.throwIfAborted();
  return runs;
}

/**
 * As Ansible: a role that was used before with the same parameters, and ran on this host, does not run again there. Turns of an
 * include share its tasks: a role begins again where it is not inside of where it began.
 */
function ranBefore({ role }: Task, { host, position }: Standing): boolean {
  if (role === undefined || role.again) return false;
  const ran = host.rolesRun.get(role.use);
  const base = position.path.slice(0, -1);
  if (host.roleBegan.get(role)?.every((id, i) => id === base[i])) return ran !== undefined && ran !== role;
  if (ran !== undefined) return true;
  host.roleBegan.set(role, base);
  return false;
}

/** Whether -t and --skip-tags let a task run. As Ansible: handlers run when notified, whatever their tags. */
export function runsByTags(at: PlayRun, item: Task | Flush): boolean {
  if (item.kind === 'flush' || item.handler) return true;
  const { only, skip } = at.run.settings;
  return tagged(item.directives.tags, { only, skip });
}

/** A host for which a task shall run, with the variables of the includes around it there. */
export interface ForHost {
  readonly host: HostRun;
  readonly layers: readonly VarLayer[];
}

/** Runs a module's task on hosts at once, within the forks limit, and moves each on. */
export async function runModuleTask(at: PlayRun, task: ModuleTask, hosts: readonly ForHost[]): Promise<void> {
  const [first] = hosts;
  if (first === undefined) return;
  const ref = taskRef(at, task, first);
  const keywords = keywordsOf(at, task, first);
  const running = keywords.once ? [first] : hosts;
  at.run.emit({ type: 'task-started', task: ref, hosts: running.map(h => h.host.name) });
  const work = running.map(each =>
    keywords.limit(async () => {
      at.run.signal.throwIfAborted();
      at.run.emit({ type: 'host-started', task: ref, host: each.host.name });
      const result = keywords.fault ?? (await runTask({ at, task, host: each.host, layers: each.layers, ref }));
      return settle(at, { task, ref, host: each.host, layers: each.layers, result });
    }),
  );
  const results = await Promise.all(work);
  at.run.inventory.commit();
  const [only] = results;
  if (keywords.once && only !== undefined)
    for (const other of hosts.slice(1)) shareResult(task, { from: only, to: other.host });
  const bad = running.filter((_, i) => isBad((results[i] as TaskResult).outcome)).map(each => each.host);
  if (bad.length > 0) endEverywhere(at, bad, keywords.fatal);
}

/** What a task's keywords say that are about all of its hosts, seen by the first. */
interface Keywords {
  readonly once: boolean;
  readonly fatal: boolean;
  readonly limit: PlayRun['limit'];
  /** How the task ends on every host where a keyword cannot be rendered. */
  readonly fault?: TaskResult;
}

function keywordsOf(at: PlayRun, task: ModuleTask, first: ForHost): Keywords {
  const { runOnce, anyErrorsFatal, throttle } = task.directives;
  const { module } = task.action;
  // As Ansible: as a handler it runs for each host that notified it.
  const alone = !task.handler && module.kind === 'local' && module.once === true;
  if (runOnce === undefined && anyErrorsFatal === undefined && throttle === undefined)
    return { once: alone, fatal: false, limit: at.limit };
  const scope = scopeFor(at, first.host, { task, layers: first.layers });
  try {
    const most = Math.floor(numberOf(throttle, scope) ?? 0);
    return {
      once: alone || (flagOf(runOnce, scope) ?? false),
      fatal: flagOf(anyErrorsFatal, scope) ?? false,
      limit: most < 1 ? at.limit : throttled(at, task, Math.min(most, at.run.settings.forks)),
    };
  } catch (error) {
    return { once: false, fatal: false, limit: at.limit, fault: endedBy(error) };
  }
}

/** One limit for a task on all hosts, also where they come to it at different times. */
function throttled(at: PlayRun, task: Task, most: number): PlayRun['limit'] {
  const limit = at.throttles.get(task.id) ?? pLimit(most);
  limit.concurrency = most;
  at.throttles.set(task.id, limit);
  return limit;
}

function isBad(outcome: Outcome): boolean {
  return (outcome.status === 'failed' && !outcome.ignored) || outcome.status === 'unreachable';
}

/** `run_once`: the other hosts get the first one's result, and fail with it. */
function shareResult(task: ModuleTask, { from, to }: { from: TaskResult; to: HostRun }): void {
  if (task.register !== undefined) to.setVars([[task.register, from.register]], task.span);
  keepFacts(task, to, from);
  if (isBad(from.outcome)) {
    if (!to.cursor.fail()) to.failed = true;
  } else to.cursor.advance();
}

/** `any_errors_fatal` and `max_fail_percentage`: failures on some hosts are one on all, each goes to its own rescue. */
function endEverywhere(at: PlayRun, bad: readonly HostRun[], fatal: boolean): void {
  // As Ansible: a host that goes by itself fails by itself.
  if (at.settings.strategy !== 'linear') return;
  // As Ansible: unreachable hosts do not count, and the limit itself is allowed.
  const share = (at.batch.filter(h => h.failed).length / at.batch.length) * 100;
  const { maxFail } = at.settings;
  if (!fatal && (maxFail === undefined || share <= maxFail)) return;
  for (const host of at.batch)
    if (host.alive && !bad.includes(host) && !host.cursor.fail()) {
      host.failed = true;
      at.stopped ??= fatal ? 'a task with any_errors_fatal failed' : `more than ${maxFail}% of the hosts failed`;
    }
}

/** A task as reporters see it; its name rendered for the first host, as written where it cannot be. */
export function taskRef(at: PlayRun, task: Task, first: ForHost): TaskRef {
  const scope = scopeFor(at, first.host, { task, layers: first.layers });
  const written =
    typeof task.name === 'object' && task.name !== null && 'text' in task.name
      ? String(task.name.text)
      : String(task.name);
  const module = task.action.kind === 'module' ? task.action.name : task.action.kind;
  const safely = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (error instanceof TemplateError) return undefined; // the task itself will say what is undefined
      throw error;
    }
  };
  return {
    id: task.id,
    name: safely(() => textOf(task.name, scope)) ?? written,
    // As Ansible: an include of a role is called by its own name alone.
    role: task.action.kind === 'include_role' ? undefined : task.role?.name,
    module,
    span: task.span,
    handler: task.handler,
    noLog: task.directives.noLog !== undefined && (safely(() => flagOf(task.directives.noLog, scope)) ?? true),
  };
}
