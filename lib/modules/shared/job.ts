import type { Reply, Values } from '../../module.ts';
import { type Sh, secret, sh } from '../../shell/sh.ts';
import { expandedWord } from './expand.ts';

/** Where jobs have their folders, each below its user's home, unless `ansible_async_dir` says otherwise. */
export const JOBS_DIR = '~/.tplay_async';

/** A job's folder, as a word of a script: a leading `~` is the home of who runs it. */
export function jobFolder(dir: string, jid: string): Sh {
  return sh`${expandedWord(dir)}/${jid}`;
}

/** Starts a script as a job, seconds at most; prints its folder. The script goes as one word, in no file of the host. */
export function jobStart(job: { dir: string; jid: string; seconds: number }, script: Sh): Sh {
  return sh`tp_job_start ${expandedWord(job.dir)} ${job.jid} ${job.seconds} ${secret(script.reveal())}`;
}

/** Asks how a job is; one that is over is removed with it. */
export function jobTake(folder: string): Sh {
  return sh`tp_job_state ${folder} take`;
}

/** Ends and removes a job. */
export function jobEnd(folder: string): Sh {
  return sh`tp_job_end ${folder}`;
}

/** How a job is: no such job; it runs; it was ended because of its time limit; it vanished; or it is over. */
export type JobState =
  | { readonly state: 'none' | 'running' | 'timeout' | 'lost' }
  | { readonly state: 'over'; readonly reply: Reply };

/** Reads what `tp_job_state` printed: behind its first line stands what the job printed. */
export function readJob(reply: Reply): JobState {
  const { line, rest } = cutLine(reply);
  const [word = '', begin, end] = line.split(' ');
  if (word === 'none' || word === 'running' || word === 'timeout' || word === 'lost') return { state: word };
  return { state: 'over', reply: { ...rest, rc: Number(word), ran: { begin: Number(begin), end: Number(end) } } };
}

/** A reply's first line, and the reply without it. */
export function cutLine(reply: Reply): { readonly line: string; readonly rest: Reply } {
  const [line = ''] = reply.stdout.split('\n', 1);
  const bytes = reply.bytes.subarray(reply.bytes.indexOf(10) + 1);
  return { line, rest: { ...reply, stdout: reply.stdout.slice(line.length + 1), bytes } };
}

/**
 * Values of `register` that say which job and how far it is, with Ansible's names. Booleans, as since ansible-core 2.19, so
 * that `until: job.finished` is a condition; `job.finished == 1` of older playbooks holds too.
 */
export function jobValues(jid: string, folder: string, finished: boolean): Values {
  return { ansible_job_id: jid, started: true, finished, results_file: folder };
}

/** Why a job has no result, as a sentence; undefined while it may still have one. */
export function jobFault(state: JobState['state']): string | undefined {
  if (state === 'none') return 'could not find job';
  if (state === 'timeout') return 'the job was ended: it took longer than its time limit (async)';
  if (state === 'lost') return 'the job was ended before it could say how (a restart of the host, or a kill)';
  return undefined;
}
