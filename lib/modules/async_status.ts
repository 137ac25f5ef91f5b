import { defineQuery } from '../module.ts';
import { sh } from '../shell/sh.ts';
import { cutLine, JOBS_DIR, jobFault, jobFolder, jobValues, readJob } from './shared/job.ts';

export default defineQuery({
  name: 'async_status',
  doc: 'Tells how far a task in the background is (`async` with `poll: 0`); when it is over, its result.',
  args: {
    properties: {
      jid: { type: 'string', description: "The job's number: `ansible_job_id` of what the task registered." },
      mode: {
        type: 'string',
        enum: ['status', 'cleanup'],
        default: 'status',
        description: 'cleanup removes what the host keeps of the job.',
      },
      _async_dir: {
        type: 'string',
        default: JOBS_DIR,
        description: 'The folder of the jobs; the variable `ansible_async_dir` sets it.',
      },
    },
    required: ['jid'],
  },
  examples: `
- command: /usr/bin/long_running
  async: 3600
  poll: 0
  register: job
- async_status:
    jid: "{{ job.ansible_job_id }}"
  register: result
  until: result is finished
  retries: 30
  delay: 10
- async_status:
    jid: "{{ job.ansible_job_id }}"
    mode: cleanup
`,
  returns: {
    ansible_job_id: "The job's number.",
    finished: 'Whether the job is over.',
    started: 'Whether the job was started.',
    erased: 'The removed folder (cleanup).',
    results_file: "The job's folder on the host.",
  },
  check: a => (/^[\w.-]+$/.test(a.jid) && !/^\.+$/.test(a.jid) ? undefined : `"${a.jid}" is not the number of a job`),

  // Tasks in the background are not started in a dry run, so there is nothing to ask about.
  inCheck: 'unknown',

  probe(a) {
    const folder = jobFolder(a._async_dir, a.jid);
    const path = sh`printf '%s\n' ${folder}`;
    if (a.mode === 'status') return sh.lines(path, sh`tp_job_state ${folder} look`);
    return sh.lines(path, sh`[ ! -d ${folder} ] || { rm -rf -- ${folder} && printf 'erased\n'; }`);
  },

  // What the job's own module would say of its result is known to the run that started it; here it is a command's.
  parse(reply, a) {
    const { line: folder, rest } = cutLine(reply);
    if (a.mode === 'cleanup') {
      if (reply.rc !== 0) return { failed: `cannot remove ${folder}: ${reply.stderr.trim()}` };
      if (rest.stdout !== 'erased\n') return { failed: 'could not find job', values: jobValues(a.jid, folder, true) };
      return {
        values: { ansible_job_id: a.jid, erased: folder, started: false, finished: false, stdout: '', stderr: '' },
      };
    }
    const job = readJob(rest);
    if (job.state === 'running') return { values: { ...jobValues(a.jid, folder, false), stdout: '', stderr: '' } };
    if (job.state !== 'over')
      return {
        failed: jobFault(job.state) ?? job.state,
        values: { ...jobValues(a.jid, folder, true), stdout: '', stderr: '' },
      };
    const { rc, stdout, stderr } = job.reply;
    const streams = { stdout: stdout.replace(/\n+$/, ''), stderr: stderr.replace(/\n+$/, '') };
    const values = { ...jobValues(a.jid, folder, true), rc, ...streams };
    return rc === 0 ? { values, changed: true } : { failed: `non-zero return code: ${rc}`, values };
  },
});
