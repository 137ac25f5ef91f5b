import type { TaskRef } from '../events.ts';
import type { Outcome } from '../outcome.ts';
import type { ModuleAction, Task } from '../playbook/program.ts';
import type { Session } from '../remote/session.ts';
import { Secret, Unknown, type Value } from '../template/values.ts';
import { dataLayer, type LayeredScope, type VarLayer } from '../vars/scope.ts';
import { type Attempt, outcomeOf, type TaskOn } from './attempt.ts';
import type { PlayRun } from './context.ts';
import { delegateOf } from './delegate.ts';
import { anyHostRun, type HostRun } from './host-run.ts';
import { itemLabel, type LoopControl, loopControl, loopItems, loopVars } from './loop.ts';
import { registered, registeredLoop } from './register.ts';
import { tries } from './retry.ts';
import { scopeFor } from './scopes.ts';
import { flagOf, holds, numberOf } from './values.ts';

export type ModuleTask = Task & { readonly action: ModuleAction };

/** How a task ended on a host, and what it leaves: the register value and the host variables it set. */
export interface TaskResult {
  readonly outcome: Outcome;
  readonly register: Value;
  readonly facts: ReadonlyMap<string, Value>;
  readonly included?: VarLayer | undefined;
  readonly cacheable?: boolean | undefined;
  readonly looped: boolean;
  readonly ms: number;
  readonly frames: number;
  readonly delegate: string | undefined;
}

/** A task for one host: where its include's variables are, and how it is called in events. */
export interface TaskCall {
  readonly at: PlayRun;
  readonly task: ModuleTask;
  readonly host: HostRun;
  readonly layers: readonly VarLayer[];
  readonly ref: TaskRef;
}

/** Runs a task on one host: conditions, loop, tries. What it can do wrong is an outcome; a throw is a bug of ours. */
export async function runTask(call: TaskCall): Promise<TaskResult> {
  const start = performance.now();
  const sessions = new Map<Session, number>();
  const scope = scopeFor(call.at, call.host, call);
  const done = await guardedTask(call, { scope, sessions });
  const frames = [...sessions].reduce((sum, [session, before]) => sum + session.frames - before, 0);
  return { ...done, frames, ms: performance.now() - start };
}

/** The result of a task that did not come to run. */
export function endedBy(error: unknown): TaskResult {
  return { ...plainResult(outcomeOf(error)), frames: 0, ms: 0 };
}

type Done = Omit<TaskResult, 'ms' | 'frames'>;

interface Place {
  readonly scope: LayeredScope;
  /** Each session used, with the frames it had taken before. */
  readonly sessions: Map<Session, number>;
}

async function guardedTask(call: TaskCall, place: Place): Promise<Done> {
  try {
    return call.task.loop === undefined ? await single(call, place) : await looped(call, place);
  } catch (error) {
    return plainResult(outcomeOf(error));
  }
}

function plainResult(outcome: Outcome, more: Partial<Done> = {}): Done {
  return { outcome, register: registered(outcome), facts: new Map(), looped: false, delegate: undefined, ...more };
}

async function single(call: TaskCall, place: Place): Promise<Done> {
  const { task } = call;
  const when = holds(task.directives.when, place.scope);
  if (when !== true) return plainResult(notRun(when));
  const delegate = delegateOf(call, place.scope);
  const noLog = flagOf(task.directives.noLog, place.scope) ?? false;
  const on: TaskOn = {
    at: call.at,
    task,
    scope: place.scope,
    host: call.host.name,
    noLog,
    deadline: deadlineOf(task, place.scope),
    reach: delegate.reach,
    ends: delegate.ends,
    sessions: counting(place.sessions),
  };
  const last = await tries(call, on);
  const facts = keptFor(call, { delegate: delegate.name, set: last, scope: place.scope });
  return { ...last, facts, looped: false, delegate: delegate.name };
}

/** As Ansible: `timeout` is for a task on a host with all its tries, for each item of a loop anew; 0 is none. */
function deadlineOf({ directives }: Task, scope: LayeredScope): number | undefined {
  const seconds = numberOf(directives.timeout, scope) ?? 0;
  return seconds > 0 ? Date.now() + seconds * 1000 : undefined;
}

/** The facts that are the host's own: with `delegate_facts` they are the delegate's. */
function keptFor(
  { at, task }: TaskCall,
  { delegate, set, scope }: { delegate: string | undefined; set: Attempt; scope: LayeredScope },
): Attempt['facts'] {
  if (delegate === undefined || flagOf(task.directives.delegateFacts, scope) !== true) return set.facts;
  const other = anyHostRun(at.run, delegate);
  keepFacts(task, other, { facts: set.facts, cacheable: set.cacheable });
  return new Map();
}

type Kept = Pick<Attempt, 'facts' | 'included' | 'cacheable'>;

/** Sets host variables: those of set_fact as variables (cacheable ones as facts too), others as facts. */
export function keepFacts(task: Task, host: HostRun, { facts, included, cacheable }: Kept): void {
  for (const [name, entry] of included ?? []) host.included.set(name, entry);
  if (task.action.kind === 'module' && task.action.name === 'set_fact') host.setVars(facts, task.span);
  else host.setFacts(facts);
  if (cacheable) host.setFacts(facts);
}

function notRun(when: false | Unknown): Outcome {
  return when === false ? { status: 'skipped', reason: 'when' } : { status: 'unknown', why: when.why, values: {} };
}

/** A set that notes how many frames a session had taken when it was first used. */
function counting(sessions: Map<Session, number>): Set<Session> {
  const set = new Set<Session>();
  set.add = session => {
    if (!sessions.has(session)) sessions.set(session, session.frames);
    return set;
  };
  return set;
}

async function looped(call: TaskCall, place: Place): Promise<Done> {
  const { task } = call;
  const loop = task.loop as NonNullable<Task['loop']>;
  const items = itemsOrSkip(call, place);
  if (!Array.isArray(items)) return plainResult(items as Outcome);
  if (items.length === 0) {
    const outcome: Outcome = {
      status: 'skipped',
      reason: 'no-items',
      values: { skipped_reason: 'No items in the list' },
    };
    return plainResult(outcome, { register: registeredLoop([], outcome) });
  }
  const noLog = flagOf(task.directives.noLog, place.scope) ?? false;
  const control = loopControl(loop, place.scope);
  const results: ItemResult[] = [];
  for (const index of items.keys()) {
    if (index > 0 && control.pauseMs > 0) await call.at.run.local.sleep(control.pauseMs);
    call.at.run.signal.throwIfAborted();
    const result = await oneItem(call, { place, control, items, index });
    results.push(result);
    if (result.outcome.status === 'unreachable') break;
  }
  const outcome = together(results.map(r => r.outcome));
  const facts = new Map(results.flatMap(r => [...r.facts]));
  const register = registeredLoop(
    results.map(r => r.register),
    outcome,
    noLog,
  );
  return { outcome, register, facts, looped: true, delegate: results.at(-1)?.delegate };
}

/** The loop's items; or the outcome of a task whose loop cannot be known and whose condition is false anyway. */
function itemsOrSkip(call: TaskCall, { scope }: Place): readonly Value[] | Outcome {
  try {
    const items = loopItems(call.task.loop as NonNullable<Task['loop']>, scope);
    return items instanceof Unknown ? { status: 'unknown', why: items.why, values: {} } : items;
  } catch (error) {
    // As Ansible: a condition that is false without the item keeps a loop over what is undefined from being an error.
    const outcome = outcomeOf(error);
    try {
      return holds(call.task.directives.when, scope) === false && call.task.directives.when.length > 0
        ? { status: 'skipped', reason: 'when' }
        : outcome;
    } catch {
      return outcome; // the loop's own error says more than that of a condition which needs the item
    }
  }
}

interface ItemResult {
  readonly outcome: Outcome;
  readonly register: Value;
  readonly facts: ReadonlyMap<string, Value>;
  readonly delegate: string | undefined;
}

async function oneItem(
  call: TaskCall,
  at: { place: Place; control: LoopControl; items: readonly Value[]; index: number },
): Promise<ItemResult> {
  const { task, host } = call;
  const loop = task.loop as NonNullable<Task['loop']>;
  const start = performance.now();
  const vars = loopVars(at.control, at.items, at.index);
  const scope = scopeFor(call.at, host, { task, layers: call.layers, loop: dataLayer(vars) });
  const before = frameCount(at.place.sessions);
  let done: Done;
  try {
    done = await single(call, { scope, sessions: at.place.sessions });
  } catch (error) {
    done = plainResult(outcomeOf(error));
  }
  // As Ansible: what an item sets is known to the next one (`set_fact: { all: "{{ all + [item] }}" }`).
  keepFacts(task, host, done);
  const item = at.items[at.index] ?? null;
  const outcome = ignoredAs(call, done.outcome, scope);
  call.at.run.emit({
    type: 'item-finished',
    task: call.ref,
    host: host.name,
    delegate: done.delegate,
    item: item instanceof Secret ? '***' : itemLabel(loop, item, scope),
    outcome,
    ms: performance.now() - start,
    frames: frameCount(at.place.sessions) - before,
  });
  return { ...done, outcome, register: withItem(done.register, vars) };
}

function frameCount(sessions: ReadonlyMap<Session, number>): number {
  return [...sessions].reduce((sum, [session, before]) => sum + session.frames - before, 0);
}

/** A failure that `ignore_errors` lets pass. */
export function ignoredAs(call: TaskCall, outcome: Outcome, scope: LayeredScope): Outcome {
  if (outcome.status !== 'failed' || flagOf(call.task.directives.ignoreErrors, scope) !== true) return outcome;
  return { ...outcome, ignored: true };
}

function withItem(register: Value, vars: readonly (readonly [string, Value])[]): Value {
  if (register instanceof Secret) return new Secret(withItem(register.reveal(), vars));
  return register instanceof Map ? new Map([...register, ...vars]) : register;
}

/** What a loop's items make together: the worst of them. */
function together(outcomes: readonly Outcome[]): Outcome {
  const unreachable = outcomes.find(o => o.status === 'unreachable');
  if (unreachable !== undefined) return unreachable;
  const failures = outcomes.flatMap(o => (o.status === 'failed' ? [o] : []));
  const [failed] = failures;
  const changed = outcomes.some(o => o.status === 'changed');
  if (failed !== undefined) {
    const message =
      outcomes.length === 1
        ? failed.message
        : `${failures.length} of ${outcomes.length} items failed: ${failed.message}`;
    return { ...failed, message, values: { changed }, ignored: failures.every(f => f.ignored) };
  }
  const unknown = outcomes.find(o => o.status === 'unknown');
  if (unknown?.status === 'unknown' && !changed) return unknown;
  if (outcomes.every(o => o.status === 'skipped')) return { status: 'skipped', reason: 'when', values: {} };
  return changed ? { status: 'changed', values: {} } : { status: 'ok', values: {} };
}
