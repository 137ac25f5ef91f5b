import type { PlayRun, RunContext } from '../engine/context.ts';
import { FrameCount, runPlays } from '../engine/run.ts';
import type { Event, Reporter } from '../events.ts';
import type { HostOptions, TaskChoice } from '../options.ts';
import { makeSessions } from '../remote/sessions.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import { formatDiagnostics } from '../text/frame.ts';
import { Redactor } from '../text/redact.ts';
import { contextOf, lazySql } from './context.ts';
import { askPasswords } from './passwords.ts';
import { prepare, preparePlays, type Source } from './prepare.ts';
import { askSecret, type Terminal, terminalColour } from './terminal.ts';
import { openSecrets } from './vault-secrets.ts';

/** What a command needs to work with hosts. */
export interface Needs {
  readonly source: Source;
  /** What is wrong already; what is found on the way is added. */
  readonly found: Diagnostics;
  readonly terminal: Terminal;
  /** Whether the plays run, so that their prompts are asked for; yes unless told. */
  readonly asks?: boolean;
  /** Whether the hosts' variables must be what the roles need; yes unless given. */
  readonly checkRoles?: false;
  /** Whoever gives one prints what is in `found`, through it: it is told the secrets. */
  readonly redactor?: Redactor;
  /** Shows what happens; the redactor knows the run's secrets. */
  reporter(redactor: Redactor): Reporter;
}

/** Plays with their hosts, checked and not yet run. */
export interface Ready {
  readonly context: RunContext;
  readonly plays: readonly PlayRun[];
  /** Runs them to their end. Returns the exit status: 130 where it was interrupted. */
  run(): Promise<number>;
}

/**
 * Reads inventory and plays and hands them to `work` with all that running them needs; gives everything back when the work
 * is done. Where something is wrong, that is printed, no host is touched, and the exit status is 1.
 */
export async function withPlays(
  options: HostOptions & TaskChoice,
  { source, found, terminal, asks = true, checkRoles, redactor: given, reporter: makeReporter }: Needs,
  work: (ready: Ready) => Promise<number>,
): Promise<number> {
  const { cwd } = terminal;
  const redactor = given ?? new Redactor();
  const end = () => (given !== undefined ? Number(found.failed) : report(found, options, hiding(terminal, redactor)));
  const secrets = await openSecrets(options.vault, { terminal, found, redactor });
  if (found.failed) return end();
  const { vault } = secrets;
  const prepared = await prepare(options, source, { cwd, found, secrets });
  if (prepared === undefined) return end();
  const passwords = await askPasswords(options, terminal);
  for (const password of Object.values(passwords)) if (password !== undefined) redactor.add(password);
  const stop = new AbortController();
  const reporter = makeReporter(redactor);
  const frames = new FrameCount();
  const emit = (event: Event) => {
    frames.on(event);
    reporter.on(event);
  };
  await using sessions = makeSessions({
    ...(terminal.isInteractive && { ask: (prompt: string) => askSecret(terminal, prompt) }),
    onNote: note => emit({ type: 'message', text: `warning: ${note}` }),
  });
  await using sql = lazySql();
  const { signal } = stop;
  const parts = { sql, passwords, redactor, vault, signal, sessions, emit, frames, terminal };
  const context = contextOf(options, prepared, parts);
  const plays = await preparePlays(prepared, { run: context, found, asks, checkRoles });
  if (end() !== 0) return 1;
  // awaited here: the sessions end with this function
  return await work({
    context,
    plays,
    async run() {
      const unstop = terminal.onInterrupt(() => stop.abort(new Error('interrupted')));
      try {
        const status = await runPlays(plays, context, { playbooks: prepared.names });
        return signal.aborted ? 130 : status;
      } finally {
        unstop();
        await reporter.close?.();
      }
    },
  });
}

/** Where diagnostics are printed. */
type Printing = Pick<Terminal, 'err' | 'colour'>;

/** A terminal that is told no secrets. */
export function hiding({ colour, err }: Terminal, redactor: Redactor): Printing {
  return { colour, err: text => err(redactor.text(text)) };
}

/** Prints all that was found. Returns the exit status. */
export function report(found: Diagnostics, options: Pick<HostOptions, 'colour'>, to: Printing): number {
  const all = found.sorted;
  if (all.length > 0) to.err(formatDiagnostics(all, terminalColour(options, to)));
  return found.failed ? 1 : 0;
}
