import type { ConnectionSettings, RunContext, RunSettings } from '../engine/context.ts';
import { StatsKeeper } from '../engine/custom-stats.ts';
import type { SqlDoor } from '../engine/drive/sql.ts';
import type { FrameCount } from '../engine/run.ts';
import { Step } from '../engine/step.ts';
import type { Event } from '../events.ts';
import type { HostOptions, TaskChoice } from '../options.ts';
import { settingNamed } from '../settings/constants.ts';
import { fromPlain } from '../template/index.ts';
import type { Redactor } from '../text/redact.ts';
import { dataLayer } from '../vars/scope.ts';
import type { Vault } from '../vault/vault.ts';
import type { Passwords } from './passwords.ts';
import { includeCompiler, type Prepared } from './prepare.ts';
import { askSecret, type Terminal } from './terminal.ts';

/** What a run is made of besides its options and what was prepared. */
export interface Parts {
  readonly passwords: Passwords;
  readonly redactor: Redactor;
  readonly vault: Vault;
  readonly signal: AbortSignal;
  readonly sessions: RunContext['sessions'];
  readonly sql: SqlDoor;
  readonly frames: FrameCount;
  readonly terminal: Terminal;
  emit(event: Event): void;
}

/** What everything of one run shares. */
export function contextOf(options: HostOptions & TaskChoice, prepared: Prepared, parts: Parts): RunContext {
  const { terminal, signal, emit } = parts;
  return {
    settings: settingsOf(options, parts.passwords),
    inventory: prepared.inventory,
    limit: prepared.limit,
    extraVars: prepared.extraVars,
    sessions: parts.sessions,
    sql: parts.sql,
    redactor: parts.redactor,
    vault: parts.vault,
    signal,
    frames: parts.frames,
    hosts: new Map(),
    step: options.step ? new Step(prompt => terminal.ask(prompt)) : undefined,
    jobs: new Map(),
    stats: new StatsKeeper(),
    large: new Map(),
    archives: new Map(),
    emit,
    local: {
      verbosity: options.verbosity,
      sleep: ms => sleep(ms, signal),
      say: text => emit({ type: 'message', text }),
      ...(terminal.isInteractive && {
        ask: (prompt, { secret }) => (secret ? askSecret(terminal, prompt) : terminal.ask(prompt)),
      }),
    },
    compiler: includeCompiler(prepared),
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

/** What the engine is told of the options and settings. */
export function settingsOf(options: HostOptions & TaskChoice, passwords: Passwords): RunSettings {
  const { settings } = options;
  return {
    check: options.check,
    diff: options.diff,
    forks: options.forks,
    verbosity: options.verbosity,
    only: options.tags,
    skip: options.skipTags,
    limit: options.limit,
    forceHandlers: options.forceHandlers,
    startAt: options.startAtTask,
    strategy: settings.strategy,
    gathering: settings.gathering,
    gatherSubset: settings.gather_subset,
    injectFacts: settings.inject_facts_as_vars,
    variables: dataLayer([['ansible_managed', settings.ansible_managed]]),
    connection: connectionSettings(options, passwords),
    named: constant => {
      const value = settingNamed(constant, settings);
      return value === undefined ? undefined : fromPlain(value);
    },
  };
}

function connectionSettings({ connection, become, settings }: HostOptions, passwords: Passwords): ConnectionSettings {
  return {
    transport: connection.kind,
    user: connection.user,
    port: settings.remote_port,
    password: passwords.login,
    privateKeyFile: connection.privateKey,
    timeoutMs: connection.timeoutSeconds === undefined ? undefined : connection.timeoutSeconds * 1000,
    retries: settings.retries,
    hostKeys: connection.hostKeyChecking,
    args: settings.ssh_args,
    commonArgs: connection.sshCommonArgs,
    extraArgs: connection.sshExtraArgs,
    shell: settings.executable,
    become: become.enabled,
    becomeUser: become.user,
    becomeMethod: become.method,
    becomeExe: settings.become_exe,
    becomeFlags: settings.become_flags,
    becomePassword: passwords.become,
  };
}

/** Connections to databases; mysql2 is loaded only when a task needs one. */
export function lazySql(): SqlDoor & AsyncDisposable {
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
