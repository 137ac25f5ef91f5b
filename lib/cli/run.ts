import type { ConnectionSettings, RunContext, RunSettings } from '../engine/context.ts';
import type { SqlDoor } from '../engine/drive/sql.ts';
import { FrameCount, runPlays } from '../engine/run.ts';
import type { Event, Reporter } from '../events.ts';
import type { RunOptions } from '../options.ts';
import { makeSessions } from '../remote/sessions.ts';
import { makeReporter } from '../reporters/make.ts';
import { Diagnostics } from '../text/diagnostic.ts';
import { formatDiagnostics } from '../text/frame.ts';
import { Redactor } from '../text/redact.ts';
import { listProgram } from './list.ts';
import { includeCompiler, type Prepared, prepare, preparePlays } from './prepare.ts';
import { askSecret, type Terminal } from './terminal.ts';

/** Runs playbooks, or lists what would run. Returns the exit status. */
export async function runCommand(options: RunOptions, terminal: Terminal): Promise<number> {
  const found = new Diagnostics();
  const prepared = await prepare(options, terminal.cwd, found);
  if (prepared === undefined) return report(found, terminal);
  const passwords = await askPasswords(options, terminal);
  const redactor = new Redactor();
  for (const password of Object.values(passwords)) if (password !== undefined) redactor.add(password);
  const stop = new AbortController();
  const reporter = reporterFor(options, terminal, redactor);
  const frames = new FrameCount();
  const emit = (event: Event) => {
    frames.on(event);
    reporter.on(event);
  };
  await using sessions = makeSessions({
    ...(terminal.isInteractive && { ask: (prompt: string) => askSecret(terminal, prompt) }),
    onNote: note => found.warning('unsupported', note),
  });
  await using sql = lazySql();
  const run = contextOf(options, prepared, {
    sql,
    passwords,
    redactor,
    signal: stop.signal,
    sessions,
    emit,
    frames,
    terminal,
  });
  const plays = await preparePlays(prepared, options, { run, cwd: terminal.cwd, found });
  if (found.failed) return report(found, terminal);
  report(found, terminal);
  if (options.syntaxCheck) return 0;
  if (options.list.length > 0) {
    terminal.out(listProgram(plays, options));
    return 0;
  }
  const unstop = terminal.onInterrupt(() => stop.abort(new Error('interrupted')));
  try {
    const status = await runPlays(plays, run, { playbooks: prepared.playbooks });
    return stop.signal.aborted ? 130 : status;
  } finally {
    unstop();
    await reporter.close?.();
  }
}

function report(found: Diagnostics, terminal: Terminal): number {
  const all = found.sorted;
  if (all.length > 0) terminal.err(formatDiagnostics(all, terminal.colour));
  return found.failed ? 1 : 0;
}

function reporterFor(options: RunOptions, terminal: Terminal, redactor: Redactor): Reporter {
  const kind = options.output ?? (terminal.isTerminal ? 'live' : 'plain');
  return makeReporter(kind, {
    write: text => terminal.out(text),
    colour: options.colour ?? terminal.colour,
    verbosity: options.verbosity,
    redactor,
    columns: () => terminal.columns,
    timing: options.timing,
    progressMs: 3000,
  });
}

interface Passwords {
  readonly login: string | undefined;
  readonly become: string | undefined;
}

async function askPasswords(options: RunOptions, terminal: Terminal): Promise<Passwords> {
  const login = options.connection.askPassword ? await askSecret(terminal, 'SSH password: ') : undefined;
  if (!options.become.askPassword) return { login, become: undefined };
  const hint = login === undefined ? '' : ' [defaults to the SSH password]';
  const become = await askSecret(terminal, `BECOME password${hint}: `);
  return { login, become: become === '' ? login : become };
}

interface Parts {
  readonly passwords: Passwords;
  readonly redactor: Redactor;
  readonly signal: AbortSignal;
  readonly sessions: RunContext['sessions'];
  readonly sql: SqlDoor;
  readonly frames: FrameCount;
  readonly terminal: Terminal;
  emit(event: Event): void;
}

function contextOf(options: RunOptions, prepared: Prepared, parts: Parts): RunContext {
  const { terminal, signal, emit } = parts;
  return {
    settings: settingsOf(options, parts.passwords),
    inventory: prepared.inventory,
    extraVars: prepared.extraVars,
    sessions: parts.sessions,
    sql: parts.sql,
    redactor: parts.redactor,
    signal,
    frames: parts.frames,
    hosts: new Map(),
    emit,
    local: {
      verbosity: options.verbosity,
      sleep: ms => sleep(ms, signal),
      ...(terminal.isInteractive && {
        ask: (prompt, { secret }) => (secret ? askSecret(terminal, prompt) : terminal.ask(prompt)),
      }),
    },
    compiler: includeCompiler(prepared),
    playbookVars: dir =>
      prepared.varsFiles.get(dir) ?? { files: [], layersOf: () => ({ all: [], groups: [], host: [] }) },
  };
}

/** Waits; ends early, without error, when the run is stopped. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}

function settingsOf(options: RunOptions, passwords: Passwords): RunSettings {
  return {
    check: options.check,
    diff: options.diff,
    forks: options.forks,
    verbosity: options.verbosity,
    only: options.tags,
    skip: options.skipTags,
    forceHandlers: options.forceHandlers,
    startAt: options.startAtTask,
    connection: connectionSettings(options, passwords),
  };
}

function connectionSettings({ connection, become }: RunOptions, passwords: Passwords): ConnectionSettings {
  return {
    transport: connection.kind,
    user: connection.user ?? process.env['ANSIBLE_REMOTE_USER'],
    password: passwords.login,
    privateKeyFile: connection.privateKey,
    timeoutMs: connection.timeoutSeconds === undefined ? undefined : connection.timeoutSeconds * 1000,
    hostKeys: connection.hostKeyChecking ?? hostKeysFromEnv(),
    commonArgs: connection.sshCommonArgs,
    extraArgs: connection.sshExtraArgs,
    become: become.enabled,
    becomeUser: become.user,
    becomeMethod: become.method,
    becomePassword: passwords.become,
  };
}

/** ANSIBLE_HOST_KEY_CHECKING, for those who have it in their environment. */
function hostKeysFromEnv(): ConnectionSettings['hostKeys'] {
  const value = process.env['ANSIBLE_HOST_KEY_CHECKING']?.toLowerCase();
  if (value === undefined) return undefined;
  return ['false', 'no', '0', 'off'].includes(value) ? 'off' : 'strict';
}

/** Connections to databases; mysql2 is loaded only when a task needs one. */
function lazySql(): SqlDoor & AsyncDisposable {
  let pool: Promise<SqlDoor & AsyncDisposable> | undefined;
  const load = async () => new (await import('../remote/sql-pool.ts')).SqlPool();
  return {
    async open(session, login) {
      pool ??= load();
      return (await pool).open(session, login);
    },
    async [Symbol.asyncDispose]() {
      await (await pool)?.[Symbol.asyncDispose]();
    },
  };
}
