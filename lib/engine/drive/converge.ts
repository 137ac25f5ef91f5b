import {
  type ConvergeModule,
  type Goal,
  type Locals,
  type Reply,
  type Sh,
  type State,
  sh,
  type Values,
} from '../../module.ts';
import { marks } from '../../modules/shared/attributes.ts';
import type { Diff, Outcome } from '../../outcome.ts';
import { tooLarge } from '../../remote/upload.ts';
import { type Frames, lastLines, moduleFailure, runFrame } from './frame.ts';
import { asksForRelay, relay } from './relay.ts';
import { changedKeys, differs, goalKeys, goalText, parseState, reached, settleGoal } from './state.ts';

/** How a task runs: for real or looking only, with or without showing what changes. */
export interface Mode {
  readonly check: boolean;
  readonly diff: boolean;
}

/** `tp_converge`'s modes. */
const REACH = 0;
const LOOK = 1;
const FORCE = 2;
const APPLY = 3;
/** Its exit status where the look found a fault, or that the host lacks something. */
const FAULTY = 91;

type Converging = Frames & Mode & { readonly locals: Locals };

/** Reaches a module's goal: one frame looks, compares and applies; see `tp_converge`. */
export async function driveConverge(module: ConvergeModule, args: never, at: Converging): Promise<Outcome> {
  let locals = at.locals;
  for (;;) {
    const outcome = await reach(module, args, { ...at, locals });
    if (outcome !== NEEDS_RELAY) return outcome;
    const relayed = await relay(module.relay?.(args, locals), { ...at, locals });
    if ('failed' in relayed) {
      const message = `${module.name}: ${relayed.failed}`;
      return { status: 'failed', reason: 'exit-status', message, ignored: false };
    }
    locals = relayed;
  }
}

/** The host has nothing to make a web request with. */
const NEEDS_RELAY = 'relay';

async function reach(module: ConvergeModule, args: never, at: Converging): Promise<Outcome | typeof NEEDS_RELAY> {
  const goal = module.goal(args, at.locals);
  const apply = at.check ? sh`:` : module.apply(args, at.locals);
  const probe = probeOf(module, args, at.locals, goal);
  // A large payload is sent only when it is needed: a look of its own comes first, unless the look needs it too.
  const ofApply = apply.puts.filter(put => !probe.puts.includes(put));
  const lookFirst = at.check || module.looksFirst === true || tooLarge(ofApply).length > 0;
  const full = module.force?.(args) ? FORCE : REACH;
  const frame = framesOf(module, args, { ...at, goal, apply, probe });
  const shown = at.diff ? module.text?.(args, at.locals) : undefined;
  const old = shown && (await runFrame(sh`[ ! -f ${shown.path} ] || cat -- ${shown.path}`, at)).stdout;

  let reply = await frame(lookFirst ? LOOK : full);
  if (asksForRelay(reply)) return NEEDS_RELAY;
  const looked = readReply(reply);
  const failure = (why: string) => {
    const values = module.failed?.(args, why);
    return { ...moduleFailure(module.name, why, reply), ...(values && { values }) };
  };
  if (looked.before === undefined) return failure(looked.failed ?? 'cut off');
  const before = parseState(looked.before);
  const values = (state: State): Values => module.values?.(args, state, at.locals, before) ?? { ...state };
  // The checksum of a large file is made only where the host has something to compare it with.
  const otherSize = goal['size'] !== undefined && before['size'] !== String(goal['size']);
  if (!otherSize) await settleGoal(goal, before);
  const right = !differs(before, goal) && isGoal(looked.before, goalText(goal));
  if (right && full !== FORCE) return { status: 'ok', values: values(before) };
  const refusal = module.refuse?.(args, before);
  if (refusal !== undefined && (!right || reply.rc === FAULTY))
    return { status: 'failed', reason: 'not-converged', message: refusal, ignored: false };

  const lacks = right ? undefined : before['lacks'] || undefined;
  if (lacks !== undefined) return at.check ? { status: 'unknown', why: lacks, values: {} } : failure(lacks);

  const diffOf = (): Diff => ({
    state: changedKeys(before, goal),
    ...(shown !== undefined && { text: { before: old ?? '', after: shown.text, name: shown.path } }),
  });
  if (at.check) {
    await settleGoal(goal);
    return { status: 'changed', values: values(reached(before, goal)), diff: diffOf() };
  }
  if (lookFirst) reply = await frame(APPLY, module.apply(args, at.locals, before));
  if (asksForRelay(reply)) return NEEDS_RELAY;
  const done = readReply(reply);
  if (done.failed !== undefined) return failure(done.failed);
  const after = done.after ?? done.before ?? '';
  await settleGoal(goal);
  if (isGoal(after, goalText(goal))) return { status: 'changed', values: values(parseState(after)), diff: diffOf() };
  const missing = Object.entries(changedKeys(parseState(after), goal)).map(
    ([k, [is, want]]) => `${k} is "${is}", not "${want}"`,
  );
  const message = `the state is still not what was asked for: ${missing.join(', ')}`;
  return { ...failure(message), reason: 'not-converged' };
}

interface FrameParts extends Frames {
  readonly check: boolean;
  readonly locals: Locals;
  readonly goal: Goal;
  readonly probe: Sh;
  readonly apply: Sh;
}

function probeOf(module: ConvergeModule, args: never, locals: Locals, goal: Goal): Sh {
  const want = new Set([...goalKeys(goal), ...(module.detail?.(args) ?? [])]);
  return module.probe(args, [...want], locals);
}

function framesOf(module: ConvergeModule, args: never, at: FrameParts): (mode: number, apply?: Sh) => Promise<Reply> {
  // Only a frame that compares by itself needs the goal: what it does not know yet is no goal.
  const text = (mode: number) => (mode === REACH ? goalText(at.goal) : '');
  const prepare = at.check ? undefined : module.prepare?.(args);
  const first = prepare && sh.lines(sh`(set -e`, prepare, sh`) >&2 || exit`);
  const marked = marks(module.file?.(args) ?? {});
  return (mode, apply = at.apply) => {
    const run = mode === LOOK ? sh`:` : apply;
    const call = sh`tp_converge ${text(mode)} ${sh.quoted(at.probe)} ${sh.quoted(run)} ${mode}`;
    return runFrame(sh.lines(first, marked, call), at, { fed: mode === APPLY });
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
  const none = reply.stdout.startsWith('--\n');
  const end = none ? 0 : reply.stdout.indexOf('\n--\n');
  const before = end < 0 ? undefined : reply.stdout.slice(0, end);
  const read = before === undefined ? {} : { before };
  if (reply.rc === 90)
    return { ...read, failed: `could not look at the state: ${lastLines(reply) || 'the probe failed'}` };
  if (reply.rc !== 0)
    return { ...read, failed: lastLines({ stdout: '', stderr: reply.stderr }) || `exit status ${reply.rc}` };
  if (end < 0) return { failed: `the probe's answer was cut off: ${reply.stdout.slice(-200)}` };
  const rest = reply.stdout.slice(none ? 3 : end + 4).replace(/\n$/, '');
  return { ...read, after: rest === '' ? undefined : rest };
}
