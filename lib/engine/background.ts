import { randomInt } from 'node:crypto';
import { type Module, type Sh, sh } from '../module.ts';
import { JOBS_DIR, jobEnd, jobFault, jobStart, jobTake, jobValues, readJob } from '../modules/shared/job.ts';
import type { Outcome, Reply, Values } from '../outcome.ts';
import { type Session, SessionError } from '../remote/session.ts';
import { type Scope, Unknown } from '../template/values.ts';
import type { TaskOn } from './attempt.ts';
import type { RunContext } from './context.ts';
import { lastLines } from './drive/frame.ts';
import { numberOf, plain } from './values.ts';

/** What `async` and `poll` say. */
export interface Background {
  /** The time limit, in seconds. */
  readonly seconds: number;
  /** Seconds between two looks; 0: nobody waits. */
  readonly poll: number;
  /** Folder of the jobs on the host. */
  readonly dir: string;
}

/** A job that runs on a host: its module takes the reply, whenever it comes, and says how the task ended. */
export interface StartedJob {
  finish(reply: Reply): Promise<Outcome>;
}

/** How a module's work is done: with which session, and within how many milliseconds. */
export interface Work {
  readonly run: RunContext;
  /** Opens a session, or gives the one that is open. */
  readonly open: () => Promise<Session>;
  readonly work: (session: () => Promise<Session>, limitMs?: number) => Promise<Outcome>;
}

/** Undefined where a task runs as usual. As Ansible: looked at every 15 seconds unless told; `async: 0` is none. */
export function backgroundOf({ task, scope }: TaskOn): Background | undefined {
  if (task.background === undefined) return undefined;
  const seconds = Math.floor(numberOf(task.background.limit, scope) ?? 0);
  if (seconds < 1) return undefined;
  const poll = Math.max(0, numberOf(task.background.poll, scope) ?? 15);
  return { seconds, poll, dir: jobsDir(scope) };
}

/** As Ansible: the variable ansible_async_dir says where a host keeps its jobs. */
export function jobsDir(scope: Scope): string {
  const value = plain(scope.get('ansible_async_dir') ?? JOBS_DIR);
  return value instanceof Unknown ? JOBS_DIR : String(value);
}

/**
 * Runs a module in the background of its host: what it does there goes on when the connection is lost, and its time limit
 * is kept there too. What edits a file, asks a database or an API, or compares here, works from here, and is done at once.
 */
export async function inBackground(how: Background, module: Module, at: Work): Promise<Outcome> {
  try {
    if (['edit', 'sql', 'api', 'plan'].includes(module.kind)) return await inForeground(how, at);
    return how.poll === 0 ? await left(how, at) : await waitedFor(how, at);
  } catch (error) {
    if (!(error instanceof JobFault)) throw error;
    const { message, values } = error;
    return { status: 'failed', reason: error.late ? 'timeout' : 'exit-status', message, values, ignored: false };
  }
}

/** The outcome with the values that say which job it was. */
export function withJob(outcome: Outcome, job: Values): Outcome {
  if (outcome.status === 'unreachable') return outcome;
  return { ...outcome, values: { ...outcome.values, ...job } };
}

/** A session whose frames are run otherwise. */
export function sessionWith(real: Session, run: Session['run']): Session {
  return {
    host: real.host,
    user: real.user,
    tools: real.tools,
    get frames() {
      return real.frames;
    },
    run,
    connect: to => real.connect(to),
    [Symbol.asyncDispose]: () => Promise.resolve(), // the real one belongs to the pool
  };
}

interface Job {
  readonly jid: string;
  readonly folder: string;
}

class JobFault extends Error {
  readonly values: Values;
  readonly late: boolean;
  constructor(message: string, values: Values = {}, late = false) {
    super(message);
    this.values = values;
    this.late = late;
  }
}

async function begin(session: Session, how: Background, script: Sh): Promise<Job> {
  const jid = `j${randomInt(1e12)}.${randomInt(1e5)}`;
  const reply = await session.run(jobStart({ ...how, jid }, script));
  if (reply.rc !== 0) throw new JobFault(`the job could not be started: ${lastLines(reply)}`);
  return { jid, folder: reply.stdout.trim() };
}

const started = ({ jid, folder }: Job): Outcome => ({ status: 'changed', values: jobValues(jid, folder, false) });

async function inForeground(how: Background, { run, open, work }: Work): Promise<Outcome> {
  const outcome = await work(open, how.seconds * 1000);
  if (how.poll > 0 || outcome.status === 'unreachable') return outcome;
  const job = await begin(await open(), how, sh`:`);
  run.jobs.set(job.jid, { finish: async () => outcome });
  return started(job);
}

/** Starts the job and leaves it: the module waits for its reply until `async_status` brings it. */
async function left(how: Background, { run, open, work }: Work): Promise<Outcome> {
  let bring: (reply: Reply) => void = () => {};
  const reply = new Promise<Reply>(resolve => {
    bring = resolve;
  });
  const session = await open();
  let outcome: Promise<Outcome> | undefined;
  const begun = new Promise<Job>(resolve => {
    const run: Session['run'] = async script => {
      resolve(await begin(session, how, script));
      return await reply;
    };
    outcome = work(async () => sessionWith(session, run));
  });
  const end = outcome as unknown as Promise<Outcome>;
  end.catch(() => undefined); // whoever asks for the job's end gets the error
  // A module may end without having run anything, or its job may not start.
  const first = await Promise.race([begun, end]);
  if ('status' in first) return first;
  run.jobs.set(first.jid, {
    finish(given) {
      bring(given);
      return end;
    },
  });
  return started(first);
}

/** Starts the job and looks until it is over. */
async function waitedFor(how: Background, { run, open, work }: Work): Promise<Outcome> {
  let job: Job | undefined;
  const session = await open();
  const outcome = await work(async () =>
    sessionWith(session, async script => {
      job = await begin(session, how, script);
      return await replyOf(job, how, { run, open });
    }),
  );
  return job === undefined ? outcome : withJob(outcome, jobValues(job.jid, job.folder, true));
}

/** Seconds before the first look: most jobs are short. Then twice as long each time, up to `poll`. */
const FIRST = 0.25;

async function replyOf(job: Job, how: Background, { run, open }: Pick<Work, 'run' | 'open'>): Promise<Reply> {
  let rest = how.seconds;
  for (let wait = Math.min(FIRST, how.poll); ; wait = Math.min(wait * 2, how.poll)) {
    await run.local.sleep(Math.min(wait, rest) * 1000);
    rest -= wait;
    const state = await look(job, { run, open, mayFail: rest > 0 });
    if (state?.state === 'over') return state.reply;
    const late = rest <= 0 || state?.state === 'timeout';
    if (rest <= 0 && state?.state === 'running') await (await open()).run(jobEnd(job.folder));
    // As Ansible's words, which playbooks look for.
    const message = `async task did not complete within the requested time - ${how.seconds}s`;
    if (late) throw new JobFault(message, { async_result: jobValues(job.jid, job.folder, false) }, true);
    const fault = state === undefined ? undefined : jobFault(state.state);
    if (fault !== undefined) throw new JobFault(fault, jobValues(job.jid, job.folder, true));
  }
}

/** How the job is; undefined while the host cannot be reached: the job goes on there, so this is no failure yet. */
async function look(job: Job, { run, open, mayFail }: Pick<Work, 'run' | 'open'> & { mayFail: boolean }) {
  try {
    return readJob(await (await open()).run(jobTake(job.folder), { signal: run.signal }));
  } catch (error) {
    if (!(error instanceof SessionError) || run.signal.aborted || !mayFail) throw error;
    return undefined;
  }
}
