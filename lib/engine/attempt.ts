import type { Addition } from '../inventory/additions.ts';
import type { Adds, Module } from '../module.ts';
import type { FailReason, Outcome } from '../outcome.ts';
import { coerceArgs } from '../playbook/coerce.ts';
import { loadModule } from '../playbook/modules.ts';
import type { ModuleAction, Task } from '../playbook/program.ts';
import { type Session, SessionError } from '../remote/session.ts';
import { TemplateError } from '../template/index.ts';
import { Unknown, type Value } from '../template/values.ts';
import { formatDiagnostics } from '../text/frame.ts';
import { dataLayer, type LayeredScope, type VarLayer } from '../vars/scope.ts';
import { additionOf } from './additions.ts';
import { backgroundOf, inBackground, jobsDir, type Work } from './background.ts';
import { betweenOf, hostNeeds } from './between.ts';
import { ConnectionFault, type Resolved } from './connection.ts';
import type { PlayRun } from './context.ts';
import type { Delegate } from './delegate.ts';
import { type Drive, drive } from './drive/index.ts';
import { environmentOf } from './environment.ts';
import { includeVars } from './include-vars.ts';
import { jobStatus } from './job-status.ts';
import { byConditions } from './judge.ts';
import { HostTreeFault } from './listing.ts';
import { ClosedFile } from './local-files.ts';
import { secretsOf } from './local-services.ts';
import { loadLocals, MissingLocal, UnknownLocal } from './locals.ts';
import { progressOf } from './progress.ts';
import { registered } from './register.ts';
import { renderArgs } from './render-args.ts';
import { flagOf } from './values.ts';

/** One host's work on one task: where its variables come from and which session it uses. */
export interface TaskOn {
  readonly at: PlayRun;
  readonly task: Task & { readonly action: ModuleAction };
  readonly scope: LayeredScope;
  /** inventory_hostname, also of a delegated task. */
  readonly host: string;
  readonly noLog: boolean;
  /** When its `timeout` is over, on the clock of Date.now. */
  readonly deadline: number | undefined;
  /** How to reach the host (the delegate's where there is one). */
  readonly reach: () => Resolved;
  /** The host itself and the place that `delegate_to` names, for what is between two places. */
  readonly ends: Delegate['ends'];
  /** Counts round trips of every session used. */
  readonly sessions: Set<Session>;
}

export interface Attempt {
  readonly outcome: Outcome;
  /** What `register` gets: with the Values that set_fact was given, where plain data would lose their types. */
  readonly register: Value;
  /** Host variables that the module set. */
  readonly facts: ReadonlyMap<string, Value>;
  /** Variables of files: templates in them are rendered when they are asked for. */
  readonly included?: VarLayer | undefined;
  /** Whether what set_fact set counts as facts too. */
  readonly cacheable?: boolean | undefined;
}

/**
 * Runs the module once: arguments, module, changed_when and failed_when. Never throws for what a task can do wrong. Of a
 * task that tries again, `tried` counts from 1; as Ansible: its conditions see that as `attempts`.
 */
export async function attempt(on: TaskOn, tried?: number): Promise<Attempt> {
  const { task, noLog } = on;
  const did = await guarded(on, () => runModule(on));
  const ran = tried === undefined ? did : { ...did, outcome: withAttempts(did.outcome, tried) };
  const first = registered(ran.outcome, noLog);
  const outcome = withAddition(on, ran, await judged(on, ran.outcome, first));
  const register = outcome === ran.outcome ? first : registered(outcome, noLog);
  return {
    outcome,
    register,
    facts: outcome.status === 'failed' && task.action.module.kind !== 'query' ? new Map() : ran.facts,
    included: outcome.status === 'failed' ? undefined : ran.included,
    cacheable: ran.cacheable,
  };
}

/** Adds to the inventory what the module asked for, unless the task failed: then, as Ansible, nothing has changed. */
function withAddition(on: TaskOn, { addition }: Ran, outcome: Outcome): Outcome {
  if (addition === undefined) return outcome;
  if (outcome.status === 'failed') return { ...outcome, values: { ...outcome.values, changed: false } };
  on.at.run.inventory.add(addition);
  return outcome;
}

/** An outcome that says how often was tried. */
export function withAttempts(outcome: Outcome, attempts: number): Outcome {
  if (outcome.status === 'unreachable') return outcome;
  return { ...outcome, values: { ...outcome.values, attempts } };
}

interface Ran {
  readonly outcome: Outcome;
  readonly facts: ReadonlyMap<string, Value>;
  readonly included?: VarLayer;
  readonly cacheable?: boolean;
  /** Made part of the inventory when the task has ended well. */
  readonly addition?: Addition | undefined;
}

/** What can go wrong while a module is prepared and run, as an outcome. */
async function guarded(on: TaskOn, work: () => Promise<Ran>): Promise<Ran> {
  try {
    return await work();
  } catch (error) {
    return { outcome: outcomeOf(error), facts: new Map() };
  }
}

/** The outcome for what was thrown: a template that cannot be rendered, a lost session; anything else is a bug of ours. */
export function outcomeOf(error: unknown): Outcome {
  const failed = (
    reason: 'undefined-variable' | 'bad-argument' | 'timeout' | 'missing-file',
    message: string,
  ): Outcome => ({
    status: 'failed',
    reason,
    message,
    ignored: false,
  });
  if (error instanceof TemplateError)
    return failed('undefined-variable', formatDiagnostics([error.diagnostic]).trimEnd());
  if (error instanceof ConnectionFault) return failed('bad-argument', error.message);
  if (error instanceof UnknownLocal) return { status: 'unknown', why: error.unknown.why, values: {} };
  if (error instanceof MissingLocal || error instanceof ClosedFile || error instanceof HostTreeFault)
    return failed('missing-file', error.message);
  if (error instanceof SessionError) {
    if (error.phase === 'timeout') return failed('timeout', error.message);
    return { status: 'unreachable', phase: error.phase, message: error.message };
  }
  throw error;
}

async function runModule(on: TaskOn): Promise<Ran> {
  const { task, scope, at } = on;
  const rendered = renderArgs(task.action, scope, secret => at.run.redactor.add(secret));
  if (rendered.kind === 'bad')
    return none({ status: 'failed', reason: 'bad-argument', message: rendered.message, ignored: false });
  const setsFacts = task.action.module.name === 'set_fact';
  if (rendered.kind === 'unknown' && !setsFacts) return none({ status: 'unknown', why: rendered.why, values: {} });
  if (setsFacts) return setFact(rendered.values);
  if (rendered.kind !== 'args') throw new Error('internal: arguments are neither known nor unknown');
  const { module } = task.action;
  if (module.kind === 'vars') return { facts: new Map(), ...includeVars(on, module.files(rendered.args as never)) };
  let addition: Addition | undefined;
  const grow = (adds: Adds) => {
    addition = additionOf(adds, { task, host: on.host, values: rendered.values });
    return at.run.inventory.check(addition);
  };
  const outcome = await runKind(on, { module, args: rendered.args, grow });
  return { outcome, facts: factsOf(outcome), addition };
}

function none(outcome: Outcome): Ran {
  return { outcome, facts: new Map() };
}

/** set_fact keeps values as they are (floats, secrets, what is unknown in a dry run), where plain data would not. */
function setFact(values: ReadonlyMap<string, Value>): Ran {
  const facts = new Map([...values].filter(([name]) => name !== 'cacheable'));
  const cacheable = ['yes', 'true', '1', 'on'].includes(String(values.get('cacheable')).toLowerCase());
  return { outcome: { status: 'ok', values: { ansible_facts: facts } }, facts, cacheable };
}

function factsOf(outcome: Outcome): ReadonlyMap<string, Value> {
  if (outcome.status !== 'ok' && outcome.status !== 'changed') return new Map();
  const register = registered(outcome);
  const facts = register instanceof Map ? register.get('ansible_facts') : undefined;
  return facts instanceof Map ? (facts as ReadonlyMap<string, Value>) : new Map();
}

interface Prepared {
  readonly module: Exclude<Module, { kind: 'vars' }>;
  readonly args: Readonly<Record<string, unknown>>;
  readonly grow: Drive['grow'];
}

async function runKind(on: TaskOn, prepared: Prepared, depth = 0): Promise<Outcome> {
  const { task, scope, at } = on;
  const { settings } = at.run;
  const { module, grow } = prepared;
  const between = betweenOf(module, prepared.args, on);
  const args = between?.args ?? prepared.args;
  const background = backgroundOf(on);
  const timeoutMs = on.deadline === undefined ? undefined : Math.max(1, on.deadline - Date.now());
  const frames = { environment: environmentOf(task, scope), timeoutMs, signal: at.run.signal };
  const needs = 'needs' in module ? (module.needs?.(args as never) ?? []) : [];
  const locals =
    between?.source === undefined
      ? await loadLocals(needs, { task, scope, playbookDir: at.play.dir, ...secretsOf(at.run) })
      : await hostNeeds(needs, { ...frames, session: await between.source() });
  const openBy = async (connectMs?: number) => {
    const { connection, become } = on.reach();
    // who waits for a host tries again by itself
    const to = connectMs === undefined ? connection : { ...connection, connectTimeoutMs: connectMs, retries: 0 };
    const opened = await at.run.sessions.open(to, become, at.run.signal);
    on.sessions.add(opened);
    return opened;
  };
  const open = () => openBy();
  const session = once(between?.target ?? open);
  if (module.kind === 'expand') {
    const stands = module.expand(args as never, locals, (await session()).tools);
    if ('error' in stands) return { status: 'failed', reason: 'bad-argument', message: stands.error, ignored: false };
    const inner = await expanded(stands, grow, depth);
    return 'fault' in inner
      ? { status: 'failed', reason: 'bad-argument', message: inner.fault, ignored: false }
      : runKind(on, inner, depth + 1);
  }
  const check = flagOf(task.directives.checkMode, scope) ?? settings.check;
  const how: Omit<Drive, 'session'> = {
    locals,
    local: at.run.local,
    sql: at.run.sql,
    door: {
      get local() {
        return on.reach().connection.transport === 'local';
      },
      open: openBy,
      reset: how => at.run.sessions.reset(on.reach().connection, how),
    },
    grow,
    keepStats: stats => at.run.stats.add(on.host, stats),
    store: { host: on.host, dir: at.play.dir },
    check,
    diff: (flagOf(task.directives.diff, scope) ?? settings.diff) && !on.noLog && background === undefined,
    ...frames,
    onProgress: progressOf({ emit: at.run.emit, host: on.host, what: task.action.module.name }),
  };
  const asked = module.name === 'async_status' ? { ...args, _async_dir: jobsDir(scope) } : args;
  const work: Work['work'] = (session, limitMs) =>
    drive(module, asked, { ...how, session, ...(limitMs !== undefined && { timeoutMs: timeoutMs ?? limitMs }) });
  if (module.name === 'async_status')
    return jobStatus(args as { jid: string; mode: string }, { run: at.run, open: session, work });
  if (background === undefined || (check && background.poll > 0)) return work(session);
  if (check) return { status: 'unknown', why: 'a task in the background is not started in a dry run', values: {} };
  return inBackground(background, module, { run: at.run, open, work });
}

/** The module that an `expand` module stands for, with its arguments checked. */
async function expanded(
  stands: { module: string; args: Readonly<Record<string, unknown>> },
  grow: Drive['grow'],
  depth: number,
): Promise<Prepared | { fault: string }> {
  if (depth > 3) throw new Error(`internal: ${stands.module} expands without end`);
  const module = await loadModule(stands.module);
  if (module === undefined || module.kind === 'vars')
    return { fault: `there is no module for this host: ${stands.module} is not supported` };
  const given = new Map(
    Object.entries(stands.args)
      .filter(([, v]) => v !== undefined)
      .map(([name, value]) => [name, { value }]),
  );
  const { args, faults } = coerceArgs(module.name, module.args, given);
  const [fault] = faults;
  return fault === undefined ? { module, args, grow } : { fault: fault.message };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Failures of what was run, that failed_when may see otherwise; the others are mistakes in the playbook or the link. */
const JUDGED: readonly FailReason[] = ['exit-status', 'condition', 'not-converged'];

/** The outcome as changed_when and failed_when have it; they see the result under the name of `register`. */
async function judged(on: TaskOn, outcome: Outcome, register: Value): Promise<Outcome> {
  const { task, scope } = on;
  if (outcome.status === 'unknown' || outcome.status === 'unreachable' || outcome.status === 'skipped') return outcome;
  if (outcome.status === 'failed' && !JUDGED.includes(outcome.reason)) return outcome;
  if (task.changedWhen === undefined && task.failedWhen === undefined) return outcome;
  const inner = task.register === undefined ? scope : scope.with(dataLayer([[task.register, register]]));
  try {
    return byConditions(task, outcome, inner);
  } catch (error) {
    return outcomeOf(error);
  }
}
