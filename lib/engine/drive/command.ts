import { isUtf8 } from 'node:buffer';
import { type CommandModule, type Locals, put, type Reply, type Sh, sh } from '../../module.ts';
import type { Outcome, Values } from '../../outcome.ts';
import type { Mode } from './converge.ts';
import { type Frames, runFrame } from './frame.ts';

const SKIP = 'skip\n';

/** As much is kept of each stream of a command: one that prints without end shall not take all memory. */
const KEEP = 16 * 1024 * 1024;

/** Runs a command in one frame. In a dry run only its guard (creates, removes) is looked at: the rest is unknown. */
export async function driveCommand(
  module: CommandModule,
  args: never,
  at: Frames & Mode & { readonly locals: Locals },
): Promise<Outcome> {
  const unless = module.unless?.(args);
  if (at.check) return checkCommand(module, unless, at);
  const input = module.input?.(args);
  const run = module.run(args, at.locals);
  const fed = input === undefined ? run : sh.lines(sh`{`, run, sh`} <${put(input)}`);
  const start = new Date();
  const guarded = unless === undefined ? fed : sh.lines(guard(unless), fed);
  const reply = await runFrame(guarded, at, { keep: KEEP });
  if (unless !== undefined && reply.stdout.startsWith(SKIP))
    return { status: 'skipped', reason: 'creates', values: { rc: 0, stdout: '', stderr: '' } };
  const answer = unless === undefined ? reply : { ...reply, stdout: reply.stdout.slice(SKIP.length - 1) };
  const values: Values = { ...resultValues(answer, timesOf(answer, start)), ...module.values?.(args, answer) };
  if (reply.rc === 0) return { status: 'changed', values };
  const { rc, stdout, stderr } = answer;
  return {
    status: 'failed',
    reason: 'exit-status',
    message: `non-zero return code: ${rc}`,
    // As Ansible: what ran has changed something, however it ended.
    values: { msg: 'non-zero return code', ...values, changed: true },
    command: String(run),
    reply: { rc, stdout, stderr },
    ignored: false,
  };
}

/** Prints "skip" and ends when the guard holds, else "run": the first word of stdout tells them apart. */
function guard(unless: Sh): Sh {
  return sh.lines(sh`if (`, unless, sh`) >/dev/null 2>&1; then printf 'skip\n'; exit 0; fi`, sh`printf 'run\n'`);
}

async function checkCommand(module: CommandModule, unless: Sh | undefined, at: Frames): Promise<Outcome> {
  if (unless !== undefined) {
    const reply = await runFrame(guard(unless), at);
    if (reply.stdout.startsWith(SKIP))
      return { status: 'skipped', reason: 'creates', values: { rc: 0, stdout: '', stderr: '' } };
  }
  return { status: 'unknown', why: `${module.name} is not run in a dry run`, values: {} };
}

/** When a command ran: by the clock here, or that of the host where its reply was fetched later. */
function timesOf({ ran }: Reply, start: Date): { start: Date; end: Date } {
  return ran === undefined
    ? { start, end: new Date() }
    : { start: new Date(ran.begin * 1000), end: new Date(ran.end * 1000) };
}

function resultValues(reply: Reply, { start, end }: { start: Date; end: Date }): Values {
  const { rc, stdout, stderr } = reply;
  const warnings = warningsOf(reply);
  return {
    ...(warnings.length > 0 && { warnings }),
    rc,
    // As Ansible: one final line break is not part of what a command said.
    stdout: stdout.replace(/(\r?\n)+$/, ''),
    stderr: stderr.replace(/(\r?\n)+$/, ''),
    start: stamp(start),
    end: stamp(end),
    delta: duration(end.getTime() - start.getTime()),
  };
}

/** What of the output is not as it was. */
function warningsOf({ cut, bytes }: Reply): readonly string[] {
  const left = (['stdout', 'stderr'] as const).filter(name => (cut?.[name] ?? 0) > 0);
  return [
    ...left.map(name => `${name} is too long: ${cut?.[name]} bytes were left out of its middle`),
    ...(left.length > 0 || isUtf8(bytes) ? [] : ['stdout is not UTF-8: what cannot be shown is \ufffd in it']),
  ];
}

function stamp(date: Date): string {
  return date.toISOString().replace('T', ' ').replace('Z', '000');
}

function duration(ms: number): string {
  const s = Math.floor(ms / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}.${String(ms % 1000).padStart(3, '0')}000`;
}
