import { type Locals, type PlanModule, type Reply, sh } from '../../module.ts';
import type { Outcome } from '../../outcome.ts';
import type { Mode } from './converge.ts';
import { type Frames, lastLines, moduleFailure, runFrame } from './frame.ts';
import { changedKeys } from './state.ts';

/** Looks, decides here, does what is missing, and looks again. */
export async function drivePlan(
  module: PlanModule,
  args: never,
  at: Frames & Mode & { readonly locals: Locals },
): Promise<Outcome> {
  const look = module.look(args, at.locals);
  const prepare = at.check ? undefined : module.prepare?.(args);
  const first = await runFrame(sh.lines(prepare && sh.lines(sh`(set -e`, prepare, sh`) >&2 || exit`), look), at);
  const plan = planOf(module, args, { reply: first, locals: at.locals });
  if ('failed' in plan) {
    if (at.check && plan.later) return { status: 'unknown', why: `not yet: ${plan.failed}`, values: {} };
    return moduleFailure(module.name, plan.failed, first);
  }
  const { values = {}, script } = plan;
  if (script === undefined) return { status: 'ok', values };
  const diff = { state: changedKeys(plan.before, plan.after) };
  if (at.check) return { status: 'changed', values, diff };
  const reply = await runFrame(sh.lines(sh`set -e`, script), at);
  if (reply.rc !== 0) return moduleFailure(module.name, lastLines(reply) || `exit status ${reply.rc}`, reply);
  const done: ReturnType<NonNullable<PlanModule['done']>> = module.done?.(args, reply) ?? { values: {} };
  if ('failed' in done)
    return { ...moduleFailure(module.name, done.failed, reply), values: { ...values, ...done.values, changed: true } };
  if (plan.command && done.changed === false) return { status: 'ok', values: { ...values, ...done.values } };
  if (plan.command) return { status: 'changed', values: { ...values, ...done.values }, diff };
  const second = await runFrame(look, at);
  const again = planOf(module, args, { reply: second, locals: at.locals });
  if ('failed' in again) return moduleFailure(module.name, again.failed, second);
  if (again.script === undefined) return { status: 'changed', values: { ...again.values, ...done.values }, diff };
  const missing = Object.entries(changedKeys(again.before, again.after));
  const said = missing.map(([key, [is, want]]) => `${key} is "${is}", not "${want}"`).join(', ');
  const message = `the state is still not what was asked for: ${said}`;
  return { ...moduleFailure(module.name, message, second), reason: 'not-converged' };
}

function planOf(module: PlanModule, args: never, at: { readonly reply: Reply; readonly locals: Locals }) {
  const { reply, locals } = at;
  if (reply.rc !== 0) return { failed: lastLines(reply) || `exit status ${reply.rc}`, later: true };
  return module.plan(args, reply, locals);
}
