import { ApiFault, type ApiModule, type ApiPlan, type Locals, type Values } from '../../module.ts';
import type { Outcome } from '../../outcome.ts';
import { HttpClient } from '../../remote/http.ts';
import type { Session } from '../../remote/session.ts';
import type { Mode } from './converge.ts';
import { changedKeys } from './state.ts';
import { Late, Stop } from './stop.ts';

export interface ApiDrive extends Mode {
  readonly session: Session;
  readonly locals: Locals;
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Looks at what an API shows, does what is missing, and looks again. */
export async function driveApi(module: ApiModule, args: never, at: ApiDrive): Promise<Outcome> {
  const stop = new Stop(at);
  const client = new HttpClient(at.session);
  stop.onStop(() => client.close());
  try {
    return await stop.within(reach(module, args, { ...at, client }));
  } catch (error) {
    if (error instanceof Late)
      return failed('timeout', `${module.name}: not done within ${(at.timeoutMs ?? 0) / 1000} s`);
    if (!(error instanceof ApiFault)) throw error;
    return at.check ? dryFailure(module, error) : failed('exit-status', `${module.name}: ${error.message}`);
  } finally {
    stop.done();
    client.close();
  }
}

type Reaching = ApiDrive & { readonly client: HttpClient };

async function reach(module: ApiModule, args: never, at: Reaching): Promise<Outcome> {
  const plan = await module.plan(args, at.client, at.locals);
  const { values = {} } = plan;
  if (plan.steps.length === 0) return { status: 'ok', values };
  const diff = { state: changedKeys(plan.before, plan.after) };
  if (at.check && plan.unsure !== undefined) return { status: 'unknown', why: plan.unsure, values };
  if (at.check) return { status: 'changed', values, diff };
  const done = await runAll(plan, at.client);
  if (plan.quiet) return { status: 'ok', values: { ...values, ...done } };
  if (plan.command) return { status: 'changed', values: { ...values, ...done }, diff };
  const again = await module.plan(args, at.client, at.locals);
  if (again.steps.length === 0) return { status: 'changed', values: { ...again.values, ...done }, diff };
  const missing = Object.entries(changedKeys(again.before, again.after));
  const said = missing.map(([key, [is, want]]) => `${key} is "${is}", not "${want}"`).join(', ');
  return failed('not-converged', `${module.name}: the state is still not what was asked for: ${said}`);
}

async function runAll(plan: ApiPlan, client: HttpClient): Promise<Values> {
  let values: Values = {};
  for (const step of plan.steps) {
    try {
      values = { ...values, ...(await step.run(client)) };
    } catch (error) {
      if (error instanceof ApiFault) throw new ApiFault(error.kind, `${step.what}: ${error.message}`);
      throw error;
    }
  }
  return values;
}

function failed(reason: 'exit-status' | 'not-converged' | 'timeout', message: string): Outcome {
  return { status: 'failed', reason, message, ignored: false };
}

/** In a dry run the server, the account or the template may be what a task before would have made. */
function dryFailure(module: ApiModule, { kind, message }: ApiFault): Outcome {
  if (kind === 'refused') return { status: 'unknown', why: `the API does not answer yet: ${message}`, values: {} };
  if (kind === 'pending') return { status: 'unknown', why: `not there yet: ${message}`, values: {} };
  return failed('exit-status', `${module.name}: ${message}`);
}
