import type { Outcome } from '../outcome.ts';
import type { Task } from '../playbook/program.ts';
import { Unknown } from '../template/values.ts';
import type { LayeredScope } from '../vars/scope.ts';
import { holds } from './values.ts';

/** The outcome as changed_when and failed_when have it. As Ansible: what failed_when said is in the result. */
export function byConditions(
  task: Task,
  outcome: Outcome & { status: 'ok' | 'changed' | 'failed' },
  scope: LayeredScope,
): Outcome {
  const { changed: had, ...own } = outcome.values ?? {};
  const ran = outcome.status === 'failed' ? had === true : outcome.status === 'changed';
  const changed = task.changedWhen === undefined ? ran : holds(task.changedWhen, scope);
  const failed = task.failedWhen === undefined ? outcome.status === 'failed' : holds(task.failedWhen, scope);
  const unknown = [changed, failed].find(v => v instanceof Unknown);
  if (unknown instanceof Unknown) return { status: 'unknown', why: unknown.why, values: {} };
  const values = task.failedWhen === undefined ? own : { ...own, failed_when_result: failed };
  if (failed === true) {
    if (outcome.status === 'failed') return { ...outcome, values: { ...values, changed } };
    return {
      status: 'failed',
      reason: 'condition',
      message: 'failed_when is true',
      values: { ...values, changed },
      ignored: false,
    };
  }
  if (changed !== true) return { status: 'ok', values };
  return { status: 'changed', values, ...(outcome.status === 'changed' && outcome.diff && { diff: outcome.diff }) };
}
