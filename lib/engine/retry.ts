import type { Outcome } from '../outcome.ts';
import type { Task } from '../playbook/program.ts';
import { Unknown } from '../template/values.ts';
import { dataLayer } from '../vars/scope.ts';
import { type Attempt, attempt, type TaskOn, withAttempts } from './attempt.ts';
import { registered } from './register.ts';
import type { TaskCall } from './task.ts';
import { holds, numberOf } from './values.ts';

/** Tries a task until its condition holds or its `timeout` is over. */
export async function tries(call: TaskCall, on: TaskOn): Promise<Attempt> {
  const last = await untilDone(call, on);
  return isLate(on, last) ? late(call, on) : last;
}

/** Until the condition holds, at most `retries` times again. As Ansible: 3 retries, 5 seconds apart. */
async function untilDone(call: TaskCall, on: TaskOn): Promise<Attempt> {
  const { task, at } = call;
  if (task.until.length === 0 && task.retries === undefined) return attempt(on);
  let last = await attempt(on, 1);
  const retries = Math.max(0, numberOf(task.retries, on.scope) ?? 3);
  const delayMs = (numberOf(task.delay, on.scope) ?? 5) * 1000;
  for (let tried = 1; ; tried++) {
    if (last.outcome.status === 'unknown' || last.outcome.status === 'unreachable') return last;
    if (isLate(on, last)) return last;
    const met = task.until.length === 0 ? last.outcome.status !== 'failed' : untilMet(task, on, last);
    if (met === true) return last;
    if (met instanceof Unknown) return { ...last, outcome: { status: 'unknown', why: met.why, values: {} } };
    if (tried > retries) return exhausted(last, { retries, noLog: on.noLog });
    at.run.emit({
      type: 'task-retried',
      task: call.ref,
      host: call.host.name,
      tries: tried,
      left: retries - tried + 1,
      delayMs,
    });
    await at.run.local.sleep(Math.min(delayMs, leftOf(on)));
    at.run.signal.throwIfAborted();
    if (leftOf(on) === 0) return late(call, on);
    last = await attempt(on, tried + 1);
  }
}

/** Milliseconds until a task's `timeout` is over. */
function leftOf({ deadline }: TaskOn): number {
  return deadline === undefined ? Number.POSITIVE_INFINITY : Math.max(0, deadline - Date.now());
}

function isLate(on: TaskOn, { outcome }: Attempt): boolean {
  return outcome.status === 'failed' && outcome.reason === 'timeout' && leftOf(on) === 0;
}

/** As Ansible's words; failed_when is not asked. */
function late({ task }: TaskCall, on: TaskOn): Attempt {
  const seconds = numberOf(task.directives.timeout, on.scope) ?? 0;
  const message = `The ${task.action.name} action failed to execute in the expected time frame (${seconds}) and was terminated`;
  const outcome: Outcome = { status: 'failed', reason: 'timeout', message, ignored: false };
  return { outcome, register: registered(outcome, on.noLog), facts: new Map() };
}

function untilMet(task: Task, on: TaskOn, last: Attempt): boolean | Unknown {
  const scope = task.register === undefined ? on.scope : on.scope.with(dataLayer([[task.register, last.register]]));
  return holds(task.until, scope);
}

function endedAs(last: Attempt, outcome: Outcome, noLog: boolean): Attempt {
  return { ...last, outcome, register: registered(outcome, noLog) };
}

/** As Ansible: when all retries were in vain, `attempts` is their number. */
function exhausted(last: Attempt, { retries, noLog }: { retries: number; noLog: boolean }): Attempt {
  const { outcome } = last;
  if (outcome.status === 'failed' || outcome.status === 'unreachable')
    return endedAs(last, withAttempts(outcome, retries), noLog);
  const failed: Outcome = {
    status: 'failed',
    reason: 'condition',
    message: `until was still false after ${retries + 1} tries`,
    values: { ...outcome.values, changed: outcome.status === 'changed' },
    ignored: false,
  };
  return endedAs(last, withAttempts(failed, retries), noLog);
}
