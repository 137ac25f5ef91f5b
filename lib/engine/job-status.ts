import { cutLine, jobValues, readJob } from '../modules/shared/job.ts';
import type { Outcome, Reply } from '../outcome.ts';
import { sessionWith, type Work, withJob } from './background.ts';

/**
 * `async_status`: the host says how far a job is; when this run started it, its own module says what came of it, else it
 * is taken for a command's.
 */
export async function jobStatus(
  { jid, mode }: { readonly jid: string; readonly mode: string },
  { run, open, work }: Work,
): Promise<Outcome> {
  let said: Reply | undefined;
  const outcome = await work(async () => {
    const session = await open();
    return sessionWith(session, async (script, options) => {
      said = await session.run(script, options);
      return said;
    });
  });
  const job = run.jobs.get(jid);
  if (mode !== 'status' || job === undefined || said === undefined) return outcome;
  const { line: folder, rest } = cutLine(said);
  const state = readJob(rest);
  return state.state === 'over' ? withJob(await job.finish(state.reply), jobValues(jid, folder, true)) : outcome;
}
