import { type ConvergeModule, type Locals, type Reply, type State, sh, type Values } from '../../module.ts';
import { marks } from '../../modules/shared/attributes.ts';
import type { Diff, Outcome } from '../../outcome.ts';
import { tooLarge } from '../../remote/upload.ts';
import { type Frames, lastLines, moduleFailure, runFrame } from './frame.ts';
import { changedKeys, goalKeys, goalText, parseState } from './state.ts';

/** How a task runs: for real or looking only, with or without showing what changes. */
export interface Mode {
  readonly check: boolean;
  readonly diff: boolean;
}

/** `tp_converge`'s modes. */
const REACH = 0;
const LOOK = 1;
const FORCE = 2;

/** Reaches a module's goal: one frame looks, compares and applies; see `tp_converge`. */
export async function driveConverge(
  module: ConvergeModule,
  args: never,
  at: Frames & Mode & { readonly locals: Locals },
): Promise<Outcome> {
  const goal = module.goal(args, at.locals);
  const text = goalText(goal);
  const apply = at.check ? sh`:` : module.apply(args, at.locals);
  // A large payload is sent only when it is needed: a look of its own comes first.
  const lookFirst = at.check || tooLarge(apply.puts).length > 0;
  const full = module.force?.(args) ? FORCE : REACH;
  const frame = framesOf(module, args, { ...at, text, apply });
  const shown = at.diff ? module.text?.(args, at.locals) : undefined;
  const old = shown && (await runFrame(sh`[ ! -f ${shown.path} ] || cat -- ${shown.path}`, at)).stdout;

  let reply = await frame(lookFirst ? LOOK : full);
  const looked = readReply(reply);
  if (looked.before === undefined) return moduleFailure(module.name, looked.failed ?? 'cut off', reply);
  const before = parseState(looked.before);
  const values = (state: State): Values => module.values?.(args, state, at.locals, before) ?? { ...state };
  const right = isGoal(looked.before, text);
  if (right && full !== FORCE) return { status: 'ok', values: values(before) };
  const refusal = module.refuse?.(args, before);
  if (refusal !== undefined && !right)
    return { status: 'failed', reason: 'not-converged', message: refusal, ignored: false };

  const diff: Diff = {
    state: changedKeys(before, goal),
    ...(shown !== undefined && { text: { before: old ?? '', after: shown.text, name: shown.path } }),
  };
  const predicted = { ...before, ...Object.fromEntries(goalKeys(goal).map(k => [k, String(goal[k])])) };
  if (at.check) return { status: 'changed', values: values(predicted), diff };
  if (lookFirst) reply = await frame(full);
  const done = readReply(reply);
  if (done.failed !== undefined) return moduleFailure(module.name, done.failed, reply);
  const after = done.after ?? done.before ?? '';
  if (isGoal(after, text)) return { status: 'changed', values: values(parseState(after)), diff };
  const missing = Object.entries(changedKeys(parseState(after), goal)).map(
    ([k, [is, want]]) => `${k} is "${is}", not "${want}"`,
  );
  const message = `the state is still not what was asked for: ${missing.join(', ')}`;
  return { ...moduleFailure(module.name, message, reply), reason: 'not-converged' };
}

interface FrameParts extends Frames {
  readonly check: boolean;
  readonly locals: Locals;
  readonly text: string;
  readonly apply: ReturnType<typeof sh>;
}

function framesOf(module: ConvergeModule, args: never, at: FrameParts): (mode: number) => Promise<Reply> {
  const want = new Set([...goalKeys(module.goal(args, at.locals)), ...(module.detail?.(args) ?? [])]);
  const probe = module.probe(args, [...want], at.locals);
  const prepare = at.check ? undefined : module.prepare?.(args);
  const first = prepare && sh.lines(sh`(set -e`, prepare, sh`) >&2 || exit`);
  const marked = marks(module.file?.(args) ?? {});
  return mode => {
    const apply = mode === LOOK ? sh`:` : at.apply;
    return runFrame(
      sh.lines(first, marked, sh`tp_converge ${at.text} ${sh.quoted(probe)} ${sh.quoted(apply)} ${mode}`),
      at,
    );
  };
}

/** A state is right when it begins with the goal's lines: what follows is detail. */
function isGoal(state: string, goal: string): boolean {
  return `${state}\n`.startsWith(`${goal}\n`);
}

interface Looked {
  readonly before?: string;
  readonly after?: string | undefined;
  /** What went wrong; the state before may have been read nevertheless. */
  readonly failed?: string;
}

function readReply(reply: Reply): Looked {
  const end = reply.stdout.startsWith('--\n') ? 0 : reply.stdout.indexOf('\n--\n');
  const before = end < 0 ? undefined : reply.stdout.slice(0, end);
  const read = before === undefined ? {} : { before };
  if (reply.rc === 90)
    return { ...read, failed: `could not look at the state: ${lastLines(reply) || 'the probe failed'}` };
  if (reply.rc !== 0)
    return { ...read, failed: lastLines({ stdout: '', stderr: reply.stderr }) || `exit status ${reply.rc}` };
  if (end < 0) return { failed: `the probe's answer was cut off: ${reply.stdout.slice(-200)}` };
  const rest = reply.stdout.slice(end === 0 ? 3 : end + 4).replace(/\n$/, '');
  return { ...read, after: rest === '' ? undefined : rest };
}
