import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { settingsOf } from '../../lib/cli/context.ts';
import { playbookSource } from '../../lib/cli/playbooks.ts';
import { includeCompiler, prepare, preparePlays } from '../../lib/cli/prepare.ts';
import type { RunContext } from '../../lib/engine/context.ts';
import { StatsKeeper } from '../../lib/engine/custom-stats.ts';
import { FrameCount, runPlays } from '../../lib/engine/run.ts';
import { Step } from '../../lib/engine/step.ts';
import type { Event, Recap } from '../../lib/events.ts';
import { parseOptions, type RunOptions } from '../../lib/options.ts';
import { Diagnostics } from '../../lib/text/diagnostic.ts';
import { formatDiagnostics } from '../../lib/text/frame.ts';
import { Redactor } from '../../lib/text/redact.ts';
import { Vault } from '../../lib/vault/vault.ts';
import { commands, type FakeHost, FakeSessions } from './fake-hosts.ts';

export interface RigOptions {
  /** The inventory's YAML; web1, web2 and web3 unless told. */
  readonly inventory?: string;
  /** Further files beside the playbook, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Flags of the command line. */
  readonly args?: readonly string[];
  /** What the person at the terminal types, in this order; nobody is there without it. */
  readonly typed?: readonly string[];
  /** Answers for all hosts; without it, and where it gives nothing, the test does. */
  readonly answer?: FakeHost['answer'];
  /** Answers the questions of --step; an empty answer unless told. */
  readonly answers?: (prompt: string) => string;
}

export interface Ended {
  readonly status: number;
  readonly events: readonly Event[];
  /** By host. */
  readonly recap: Readonly<Record<string, Recap>>;
  /** `host task: status`, as tasks ended. */
  readonly story: readonly string[];
}

/** A run of a playbook on fake hosts. */
export interface Rig {
  readonly sessions: FakeSessions;
  readonly redactor: Redactor;
  /** All that has happened so far. */
  readonly events: readonly Event[];
  /** Milliseconds of every wait, which take no time here. */
  readonly sleeps: readonly number[];
  /** What was asked; hidden answers with `(secret)` behind. */
  readonly questions: readonly string[];
  readonly ended: Promise<Ended>;
  host(name: string): FakeHost;
  /** Writes a file beside the playbook while the run goes on. */
  write(name: string, text: string): void;
  /** Stops the run as an interrupt does. */
  stop(): void;
}

const INVENTORY = 'all: { hosts: { web1: , web2: , web3: } }\n';

/** Starts a playbook on hosts that the test holds: nothing answers until the test does. */
export async function start(playbook: string, options: RigOptions = {}): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'tplay-engine-'));
  try {
    return await startIn(folder, playbook, options);
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
}

async function startIn(folder: string, playbook: string, options: RigOptions): Promise<Rig> {
  const files = { 'play.yml': playbook, 'hosts.yml': options.inventory ?? INVENTORY, ...options.files };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const asked = optionsOf(['run', 'play.yml', '-i', 'hosts.yml', ...(options.args ?? [])]);
  const found = new Diagnostics();
  const redactor = new Redactor();
  const secrets = {
    vault: new Vault([{ label: 'default', password: Buffer.from('rig') }]),
    hide: (text: string) => redactor.add(text),
  };
  const source = playbookSource(asked.playbooks, { byName: false, cwd: folder, found });
  const prepared = await prepare(asked, source, { cwd: folder, found, secrets });
  if (prepared === undefined) throw new Error(formatDiagnostics(found.sorted));
  const sessions = new FakeSessions(options.answer);
  const stopper = new AbortController();
  const events: Event[] = [];
  const sleeps: number[] = [];
  const questions: string[] = [];
  const frames = new FrameCount();
  const run: RunContext = {
    settings: settingsOf(asked, { login: undefined, become: undefined }),
    inventory: prepared.inventory,
    limit: prepared.limit,
    extraVars: prepared.extraVars,
    sessions,
    sql: { open: () => Promise.reject(new Error('a fake host has no database')) },
    redactor,
    vault: secrets.vault,
    signal: stopper.signal,
    local: {
      verbosity: asked.verbosity,
      sleep: async ms => void sleeps.push(ms),
      say: text => void events.push({ type: 'message', text }),
      ...personOf(options, questions),
    },
    frames,
    hosts: new Map(),
    step: asked.step ? new Step(prompt => Promise.resolve(options.answers?.(prompt) ?? '')) : undefined,
    jobs: new Map(),
    stats: new StatsKeeper(),
    large: new Map(),
    archives: new Map(),
    emit: event => {
      frames.on(event);
      events.push(event);
    },
    compiler: includeCompiler(prepared),
  };
  const plays = await preparePlays(prepared, { run, found, asks: true });
  if (found.failed) throw new Error(formatDiagnostics(found.sorted));
  const ended = runPlays(plays, run, { playbooks: prepared.names })
    .then(status => endedWith(status, events))
    .finally(() => rmSync(folder, { recursive: true }));
  ended.catch(() => undefined); // the test that awaits it gets the error
  return {
    sessions,
    redactor,
    events,
    sleeps,
    questions,
    ended,
    host: n => sessions.host(n),
    write: (name, text) => writeFileSync(join(folder, name), text),
    stop: () => stopper.abort(),
  };
}

function personOf({ typed }: RigOptions, questions: string[]): Pick<RunContext['local'], 'ask'> {
  if (typed === undefined) return {};
  const answers = [...typed];
  return {
    async ask(prompt, { secret }) {
      questions.push(secret ? `${prompt}(secret)` : prompt);
      const answer = answers.shift();
      if (answer === undefined) throw new Error(`nothing is typed at ${prompt}`);
      return answer;
    },
  };
}

function optionsOf(argv: readonly string[]): RunOptions {
  const parsed = parseOptions(argv);
  if (!parsed.ok) throw new Error(formatDiagnostics(parsed.errors));
  if (parsed.value.command !== 'run') throw new Error('no run');
  return parsed.value;
}

function endedWith(status: number, events: readonly Event[]): Ended {
  const last = events.at(-1);
  if (last?.type !== 'run-finished') throw new Error('the run did not say that it finished');
  return { status, events, recap: Object.fromEntries(last.recap), story: storyOf(events) };
}

/** `host task: status` of every task that ended. */
export function storyOf(events: readonly Event[]): readonly string[] {
  return events.flatMap(e => {
    if (e.type !== 'task-finished') return [];
    const { outcome } = e;
    const status = outcome.status === 'failed' && outcome.ignored ? 'ignored' : outcome.status;
    return [`${e.host} ${e.task.name}: ${status}`];
  });
}

/** Runs a playbook on hosts that answer by themselves (`commands`). */
export async function play(playbook: string, options: RigOptions = {}): Promise<Ended & { readonly rig: Rig }> {
  const rig = await start(playbook, { answer: commands, ...options });
  return { ...(await inTime(rig)), rig };
}

const LONGEST_MS = 10_000;

/** The end of a run that needs nothing more from the test; a run that waits for ever is an error, not silence. */
async function inTime(rig: Rig): Promise<Ended> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the run hangs behind ${JSON.stringify(storyOf(rig.events))}`)),
      LONGEST_MS,
    );
  });
  try {
    return await Promise.race([rig.ended, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Lets the engine do everything it can do without an answer. */
export function settled(): Promise<void> {
  return new Promise(resolve => setImmediate(() => setImmediate(resolve)));
}
