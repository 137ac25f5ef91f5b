import type { TaskRef } from '../events.ts';
import type { Outcome } from '../outcome.ts';
import type { IncludeRoleAction, IncludeTasksAction, Role, Task } from '../playbook/program.ts';
import { TemplateError, toPlain } from '../template/index.ts';
import { Unknown, type Value } from '../template/values.ts';
import { dataLayer, type LayeredScope, type VarLayer } from '../vars/scope.ts';
import { outcomeOf } from './attempt.ts';
import type { PlayRun } from './context.ts';
import type { Cursor, Included, RoleUse } from './cursor.ts';
import { settle } from './finish.ts';
import { type ForHost, taskRef } from './linear.ts';
import { loopControl, loopItems, loopVars } from './loop.ts';
import { registered } from './register.ts';
import { scopeFor } from './scopes.ts';
import { flagOf, holds } from './values.ts';

/** Runs an include on the hosts that stand at it: each gets its tasks, and goes on with them. */
export async function runIncludes(at: PlayRun, task: Task, standing: readonly ForHost[]): Promise<void> {
  const [first] = standing;
  if (first === undefined) return;
  const ref = taskRef(at, task, first);
  at.run.emit({ type: 'task-started', task: ref, hosts: standing.map(s => s.host.name) });
  // As Ansible: what a run_once include brings is for the first host alone.
  const once = runsOnce(at, task, first);
  if (once) for (const other of standing.slice(1)) other.host.cursor.advance();
  for (const each of once ? [first] : standing) await includeFor(at, task, { each, ref });
}

function runsOnce(at: PlayRun, task: Task, first: ForHost): boolean {
  try {
    return flagOf(task.directives.runOnce, scopeFor(at, first.host, { task, layers: first.layers })) ?? false;
  } catch (error) {
    if (error instanceof TemplateError) return false; // each host says so itself: see `turns`
    throw error;
  }
}

async function includeFor(at: PlayRun, task: Task, { each, ref }: { each: ForHost; ref: TaskRef }): Promise<void> {
  const start = performance.now();
  let outcome: Outcome;
  const lists: Included[] = [];
  try {
    outcome = await turns(at, task, { each, lists });
  } catch (error) {
    outcome = outcomeOf(error);
  }
  const stays = outcome.status === 'failed' || lists.length === 0;
  // The cursor moves on once: to what was included, or behind the include as behind every task.
  const result = {
    outcome,
    register: registered(outcome),
    facts: new Map(),
    looped: false,
    ms: performance.now() - start,
    frames: 0,
    delegate: undefined,
  };
  if (stays) {
    settle(at, { task, ref, host: each.host, layers: each.layers, result });
    return;
  }
  each.host.cursor.include(lists);
  at.run.emit({
    type: 'task-finished',
    task: ref,
    host: each.host.name,
    outcome,
    looped: false,
    ms: result.ms,
    frames: 0,
  });
  // As Ansible: each turn of a looped include counts, and a role not at all.
  if (task.action.kind === 'include_tasks') each.host.counts.ok += lists.length;
}

/** One turn, or one for every item of the loop. */
async function turns(at: PlayRun, task: Task, { each, lists }: { each: ForHost; lists: Included[] }): Promise<Outcome> {
  const outer = scopeFor(at, each.host, { task, layers: each.layers });
  flagOf(task.directives.runOnce, outer); // one that cannot be rendered fails the task
  if (task.loop === undefined) return turn(at, task, { each, scope: outer, lists, loop: [] });
  const items = loopItems(task.loop, outer);
  if (items instanceof Unknown) return { status: 'unknown', why: items.why, values: {} };
  const control = loopControl(task.loop, outer);
  let all: Outcome = { status: 'skipped', reason: items.length === 0 ? 'no-items' : 'when' };
  for (const index of items.keys()) {
    const layer = dataLayer(loopVars(control, items as readonly Value[], index));
    const scope = scopeFor(at, each.host, { task, layers: each.layers, loop: layer });
    const outcome = await turn(at, task, { each, scope, lists, loop: [layer] });
    if (outcome.status === 'failed' || outcome.status === 'unknown') return outcome;
    if (outcome.status === 'ok') all = outcome;
  }
  return all;
}

interface Turn {
  readonly each: ForHost;
  readonly scope: LayeredScope;
  readonly lists: Included[];
  readonly loop: Included['layers'];
}

/** An include may stand in itself, with a condition that ends it; one this deep has none. */
const DEEPEST = 200;

function tooDeep(task: Task, cursor: Cursor): Outcome {
  const files = [...cursor.includes, task].map(include => include.span.file.path);
  const before = files.lastIndexOf(task.span.file.path, -2);
  // Names that a variable makes may all be others: then the last ones have to do.
  const way = files.slice(before === -1 ? -5 : before).join(' -> ');
  const message = `includes stand in each other without end: ${way}, ${DEEPEST} deep`;
  return { status: 'failed', reason: 'bad-argument', message, ignored: false };
}

function ranBefore(
  { action }: Task,
  { each, use, lists }: Pick<Turn, 'each' | 'lists'> & { readonly use: RoleUse | undefined },
): boolean {
  if (action.kind !== 'include_role' || action.again || use === undefined) return false;
  return each.host.rolesRun.has(use.key) || lists.some(l => l.use?.key === use.key);
}

/** As Ansible: each item of a loop makes a use of its own. */
function useOf(role: Role, loop: readonly VarLayer[]): RoleUse {
  const items = loop.map(layer =>
    JSON.stringify([...layer].map(([name, { value }]) => [name, toPlain(value as Value)])),
  );
  return { role, key: role.use + items.join('') };
}

async function turn(at: PlayRun, task: Task, { each, scope, lists, loop }: Turn): Promise<Outcome> {
  const when = holds(task.directives.when, scope);
  if (when instanceof Unknown) return { status: 'unknown', why: when.why, values: {} };
  if (!when) return { status: 'skipped', reason: 'when' };
  if (each.host.cursor.depth >= DEEPEST) return tooDeep(task, each.host.cursor);
  const made = await at.includes.tasks(at, task, scope);
  if ('outcome' in made) return made.outcome;
  for (const handler of made.handlers) if (!at.handlers.includes(handler)) at.handlers.push(handler);
  // As Ansible: an include's own variables are parameters for what it brings, stronger than set_fact.
  const { vars } = (task.action as IncludeRoleAction | IncludeTasksAction).brings;
  const { role } = made;
  if (role !== undefined && (task.action as IncludeRoleAction).public)
    each.host.publicRoles.set(role, { ...role, vars: new Map([...role.vars, ...(vars ?? [])]) });
  const use = role === undefined ? undefined : useOf(role, loop);
  const layers = [...loop, ...(vars === undefined ? [] : [vars])];
  lists.push({ items: ranBefore(task, { each, use, lists }) ? [] : made.items, layers, number: lists.length, use });
  return { status: 'ok', values: {} };
}
