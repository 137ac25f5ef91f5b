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
  const numbers = new TurnNumbers();
  for (const each of once ? [first] : standing) await includeFor(at, task, { each, ref, numbers });
}

/**
 * Numbers the turns of an include on all hosts. As Ansible: hosts are in step in a turn that has the same file and the same
 * item for them; turns come in the order in which the first host has them.
 */
class TurnNumbers {
  readonly #keys: string[] = [];

  /** The number of a turn of a host that has those of `used` already: a loop may hold an item twice. */
  of(made: object, loop: readonly VarLayer[], used: readonly Included[]): number {
    const key = `${this.#idOf(made)} ${loop.map(itemKey).join('')}`;
    for (let from = 0; ; from++) {
      const known = this.#keys.indexOf(key, from);
      if (known < 0) return this.#keys.push(key) - 1;
      if (!used.some(list => list.number === known)) return known;
      from = known;
    }
  }

  readonly #ids = new Map<object, number>();

  #idOf(made: object): number {
    const id = this.#ids.get(made) ?? this.#ids.size;
    this.#ids.set(made, id);
    return id;
  }
}

function runsOnce(at: PlayRun, task: Task, first: ForHost): boolean {
  try {
    return flagOf(task.directives.runOnce, scopeFor(at, first.host, { task, layers: first.layers })) ?? false;
  } catch (error) {
    if (error instanceof TemplateError) return false; // each host says so itself: see `turns`
    throw error;
  }
}

async function includeFor(
  at: PlayRun,
  task: Task,
  { each, ref, numbers }: { each: ForHost; ref: TaskRef; numbers: TurnNumbers },
): Promise<void> {
  const start = performance.now();
  let outcome: Outcome;
  const lists: Included[] = [];
  try {
    outcome = await turns(at, task, { each, lists, numbers });
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
  each.host.cursor.include(lists.sort((a, b) => a.number - b.number));
  at.run.emit({
    type: 'task-finished',
    task: ref,
    host: each.host.name,
    outcome,
    looped: false,
    ms: result.ms,
    frames: 0,
  });
  // As Ansible: each turn of a looped include counts, one whose file is empty does not, and a role not at all.
  if (task.action.kind === 'include_tasks') each.host.counts.ok += lists.filter(l => l.items.length > 0).length;
}

/** One turn, or one for every item of the loop. */
async function turns(at: PlayRun, task: Task, { each, lists, numbers }: Turns): Promise<Outcome> {
  const outer = scopeFor(at, each.host, { task, layers: each.layers });
  flagOf(task.directives.runOnce, outer); // one that cannot be rendered fails the task
  if (task.loop === undefined) return turn(at, task, { each, scope: outer, lists, numbers, loop: [] });
  const items = loopItems(task.loop, outer);
  if (items instanceof Unknown) return { status: 'unknown', why: items.why, values: {} };
  const control = loopControl(task.loop, outer);
  let all: Outcome = { status: 'skipped', reason: items.length === 0 ? 'no-items' : 'when' };
  for (const index of items.keys()) {
    const layer = dataLayer(loopVars(control, items as readonly Value[], index));
    const scope = scopeFor(at, each.host, { task, layers: each.layers, loop: layer });
    const outcome = await turn(at, task, { each, scope, lists, numbers, loop: [layer] });
    if (outcome.status === 'failed' || outcome.status === 'unknown') return outcome;
    if (outcome.status === 'ok') all = outcome;
  }
  return all;
}

interface Turns {
  readonly each: ForHost;
  readonly lists: Included[];
  readonly numbers: TurnNumbers;
}

interface Turn extends Turns {
  readonly scope: LayeredScope;
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

/** The same text for items that are the same. */
function itemKey(layer: VarLayer): string {
  return JSON.stringify([...layer].map(([name, { value }]) => [name, toPlain(value as Value)]));
}

/** As Ansible: each item of a loop makes a use of its own. */
function useOf(role: Role, loop: readonly VarLayer[]): RoleUse {
  return { role, key: role.use + loop.map(itemKey).join('') };
}

async function turn(at: PlayRun, task: Task, { each, scope, lists, numbers, loop }: Turn): Promise<Outcome> {
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
  const number = numbers.of(made, loop, lists);
  lists.push({ items: ranBefore(task, { each, use, lists }) ? [] : made.items, layers, number, use });
  return { status: 'ok', values: {} };
}
