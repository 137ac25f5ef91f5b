import type { LimitFunction } from 'p-limit';
import type { Event } from '../events.ts';
import type { LiveInventory } from '../inventory/live.ts';
import type { PatternText } from '../inventory/pattern.ts';
import type { LocalContext } from '../module.ts';
import type { Compiler } from '../playbook/compiler.ts';
import type { Play, Strategy, Task } from '../playbook/program.ts';
import type { Sessions } from '../remote/session.ts';
import type { Value } from '../template/values.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import type { Redactor } from '../text/redact.ts';
import type { VarLayer } from '../vars/scope.ts';
import type { Vault } from '../vault/vault.ts';
import type { StartedJob } from './background.ts';
import type { StatsKeeper } from './custom-stats.ts';
import type { SqlDoor } from './drive/sql.ts';
import type { HostLayers } from './host-layers.ts';
import type { HostRun } from './host-run.ts';
import type { Includes } from './include.ts';
import type { LocalArchives } from './local-archive.ts';
import type { LargeFiles } from './local-large.ts';
import type { PlaySettings } from './play-settings.ts';
import type { Step } from './step.ts';

/** What the command line says about how to run. */
export interface RunSettings {
  readonly check: boolean;
  readonly diff: boolean;
  readonly forks: number;
  readonly verbosity: number;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** As --limit has it. */
  readonly limit: string | undefined;
  readonly forceHandlers: boolean;
  readonly startAt: string | undefined;
  /** Of plays that name none. */
  readonly strategy: Strategy;
  /** When facts are gathered for plays that do not say: always, never, or once a host. */
  readonly gathering: 'implicit' | 'explicit' | 'smart';
  /** Which facts are gathered where the play does not say; empty: as the module's own default. */
  readonly gatherSubset: readonly string[];
  /** Whether facts are variables by themselves. */
  readonly injectFacts: boolean;
  /** Variables weaker than all others: `ansible_managed`. */
  readonly variables: VarLayer;
  readonly connection: ConnectionSettings;
  /** A setting by Ansible's name for it; null where nothing sets it, undefined where there is no such setting. */
  readonly named: (constant: string) => Value | undefined;
}

/** Defaults of connections: weaker than every variable of the inventory. */
export interface ConnectionSettings {
  readonly transport: string | undefined;
  readonly user: string | undefined;
  readonly port: number | undefined;
  readonly password: string | undefined;
  readonly privateKeyFile: string | undefined;
  readonly timeoutMs: number | undefined;
  /** How often connecting is tried again. */
  readonly retries: number;
  readonly hostKeys: 'strict' | 'accept-new' | 'off' | undefined;
  /** Arguments of ssh, as Ansible has them: `args`, then the common ones, then the extra ones. */
  readonly args: string | undefined;
  readonly commonArgs: string | undefined;
  readonly extraArgs: string | undefined;
  readonly shell: string | undefined;
  readonly become: boolean;
  readonly becomeUser: string | undefined;
  readonly becomeMethod: string | undefined;
  readonly becomeExe: string | undefined;
  readonly becomeFlags: string | undefined;
  readonly becomePassword: string | undefined;
}

/** What everything of one run shares. */
export interface RunContext {
  readonly settings: RunSettings;
  readonly inventory: LiveInventory;
  /** The patterns of `--limit`. */
  readonly limit: readonly PatternText[] | undefined;
  readonly extraVars: VarLayer;
  readonly sessions: Sessions;
  readonly redactor: Redactor;
  readonly vault: Vault;
  readonly signal: AbortSignal;
  readonly local: LocalContext;
  readonly sql: SqlDoor;
  /** Files of the controller that were read in pieces. */
  readonly large: LargeFiles;
  readonly archives: LocalArchives;
  /** Asks before each task; undefined where all simply run. */
  readonly step: Step | undefined;
  /** Round trips so far. */
  readonly frames: { readonly total: number };
  /** All hosts met so far, those tasks are delegated to included. */
  readonly hosts: Map<string, HostRun>;
  /** What this run started in the background, by the job's number. */
  readonly jobs: Map<string, StartedJob>;
  /** What set_stats keeps for its end. */
  readonly stats: StatsKeeper;
  emit(event: Event): void;
  /** A compiler for what includes bring while a play runs. */
  compiler(playbookDir: string, found: Diagnostics): Compiler;
}

/** One play, and the hosts it is for. */
export interface PlayRun {
  readonly run: RunContext;
  readonly play: Play;
  readonly settings: PlaySettings;
  /** All hosts of the play, in inventory order. */
  hosts: readonly HostRun[];
  /** Which inventory they were selected from. */
  version: number;
  /** The hosts of the batch that runs now. */
  batch: readonly HostRun[];
  /** Runs work for at most `forks` hosts at a time. */
  readonly limit: LimitFunction;
  /** The limits of tasks with `throttle`, by the task's id. */
  readonly throttles: Map<number, LimitFunction>;
  /** What sets variables of a host, whatever the role and task. */
  readonly hostLayers: Map<HostRun, HostLayers>;
  /** Files of variables whose names are templates, read when the play started, by host. */
  readonly varsFiles: Map<string, readonly VarLayer[]>;
  /** No further task of this batch runs (meta: end_batch, end_play). */
  ended: boolean;
  /** No further batch runs (meta: end_play). */
  endPlay: boolean;
  readonly forceHandlers: boolean;
  /** The task to start at; undefined from the play on that has it. */
  startAt: ((task: Task) => boolean) | undefined;
  /** Why a failure ended the play for all hosts: any_errors_fatal, max_fail_percentage. */
  stopped: string | undefined;
  /** Handlers that includes of roles brought, behind the play's own. */
  readonly handlers: Task[];
  readonly includes: Includes;
}
