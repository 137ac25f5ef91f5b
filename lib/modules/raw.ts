import { defineCommand } from '../module.ts';
import { sh } from '../shell/sh.ts';
import { RUN_RETURNS, wholeStreams } from './shared/run.ts';

const { cmd: _, ...common } = RUN_RETURNS;
const returns = { ...common, stdout: 'What it printed, all of it.', stderr: 'What it printed as errors, all of it.' };

export default defineCommand({
  name: 'raw',
  doc: 'Runs a text as shell code on the host, without anything around it. Here hosts need no Python, so that `shell` does the same and more (chdir, creates, stdin).',
  args: {
    properties: {
      free_form: { type: 'string', description: 'The shell code.' },
      executable: { type: 'string', description: 'Absolute path of another shell than /bin/sh.' },
    },
    freeForm: 'free_form',
    required: ['free_form'],
  },
  examples: `
- raw: uptime
- raw: cat < /tmp/*txt
  args:
    executable: /bin/bash
`,
  returns,
  check: a => (a.free_form.trim() === '' ? 'there is no command to run' : undefined),
  // as Ansible: nothing is cut off
  values: (_, reply) => wholeStreams(reply),
  run: a => (a.executable === undefined ? sh`eval ${a.free_form}` : sh`exec ${a.executable} -c ${a.free_form}`),
});
