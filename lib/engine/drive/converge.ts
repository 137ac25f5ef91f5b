import { type ConvergeModule, type Locals, type Reply, type State, sh } from '../../module.ts';
import type { Diff, Outcome } from '../../outcome.ts';
import { type Frames, lastLines, runFrame } from './frame.ts';
import { changedKeys, goalKeys, goalText, parseState } from './state.ts';

/** How a task runs: for real or looking only, with or without showing what changes. */
export interface Mode {
  readonly check: boolean;
  readonly diff: boolean;
}

const LARGE = 64 * 1024; // bytes of payload worth a look of its own before they are sent

/** Reaches a module's goal: one frame looks, compares and applies; see `tp_converge`. */
export async function driveConverge(
  module: ConvergeModule,
  args: never,
  at: Frames & Mode & { readonly locals: Locals },
): Promise<Outcome> {
  const goal = module.goal(args, at.locals);
  const want = [...goalKeys(goal), ...(module.detail?.(args) ?? [])];
  const text = goalText(goal);
  const probe = module.probe(args, want, at.locals);
  const force = module.force?.(args) ?? false;
  const apply = at.check ? sh`:` : module.apply(args, at.locals);
  const prepare = at.check ? undefined : module.prepare?.(args);
  const first = prepare && sh.lines(sh`(set -e`, prepare, sh`) >&2 || exit`);
  const frame = (mode: 0 | 1 | 2) => {
    const script = sh`tp_converge ${text} ${sh.quoted(probe)} ${sh.quoted(mode === 1 ? sh`:` : apply)} ${mode}`;
    return runFrame(sh.lines(first, script), at);
  };
  const shown = at.diff ? module.text?.(args, at.locals) : undefined;
  const old =
    shown === undefined ? '' : (await runFrame(sh`[ ! -f ${shown.path} ] || cat -- ${shown.path}`, at)).stdout;
  const payload = apply.puts.reduce((sum, p) => sum + p.bytes.length, 0);

  let reply = await frame(at.check || payload > LARGE ? 1 : force ? 2 : 0);
  const looked = readReply(reply);
  if ('failed' in looked) return failure(module, looked.failed, { reply });
  const isGoal = (state: string) => `${state}\n`.startsWith(`${text}\n`);
  const right = isGoal(looked.before);
  const refusal = right ? undefined : module.refuse?.(args, parseState(looked.before));
  const before = parseState(looked.before);
  const values = (state: State) => module.values?.(args, state, at.locals) ?? { ...state };

  if (right && !force) return { status: 'ok', values: values(before) };
  if (refusal !== undefined) return { status: 'failed', reason: 'not-converged', message: refusal, ignored: false };
  const predicted: State = { ...before, ...Object.fromEntries(goalKeys(goal).map(k => [k, String(goal[k])])) };
  const diff: Diff = {
    state: changedKeys(before, goal),
    ...(shown !== undefined && { text: { before: old, after: shown.text, name: shown.path } }),
  };
  if (at.check) return { status: 'changed', values: values(predicted), diff };
  if (payload > LARGE) reply = await frame(force ? 2 : 0);
  const done = readReply(reply);
  if ('failed' in done) return failure(module, done.failed, { reply });
  const after = parseState(done.after ?? done.before);
  if (!isGoal(done.after ?? done.before)) {
    const missing = Object.entries(changedKeys(after, goal)).map(
      ([key, [is, want]]) => `${key} is "${is}", not "${want}"`,
    );
    return failure(module, `the state is still not what was asked for: ${missing.join(', ')}`, {
      reply,
      reason: 'not-converged',
    });
  }
  return { status: 'changed', values: values(after), diff };
}

type Looked = { readonly before: string; readonly after: string | undefined } | { readonly failed: string };

function readReply(reply: Reply): Looked {
  if (reply.rc === 90) return { failed: `could not look at the state: ${lastLines(reply) || 'the probe failed'}` };
  if (reply.rc !== 0) return { failed: lastLines({ stdout: '', stderr: reply.stderr }) || `exit status ${reply.rc}` };
  const end = reply.stdout.startsWith('--\n') ? 0 : reply.stdout.indexOf('\n--\n');
  if (end < 0) return { failed: `the probe's answer was cut off: ${reply.stdout.slice(-200)}` };
  const rest = reply.stdout.slice(end === 0 ? 3 : end + 4).replace(/\n$/, '');
  return { before: reply.stdout.slice(0, end), after: rest === '' ? undefined : rest };
}

interface FailureParts {
  readonly reply: Reply;
  readonly reason?: 'exit-status' | 'not-converged';
}

function failure(module: ConvergeModule, message: string, { reply, reason = 'exit-status' }: FailureParts): Outcome {
  const shown = { rc: reply.rc, stdout: '', stderr: reply.stderr };
  return { status: 'failed', reason, message: `${module.name}: ${message}`, reply: shown, ignored: false };
}
