import { defineCommand } from '../module.ts';
import { sh } from '../shell/sh.ts';
import { enter, needless, RUN_ARGS, RUN_RETURNS, STDIN_ARGS, stdinText } from './shared/run.ts';

export default defineCommand({
  name: 'shell',
  doc: 'Runs a text as shell code on the host. Use `command` where no shell is needed.',
  args: {
    properties: {
      cmd: { type: 'string', description: 'The shell code.' },
      executable: { type: 'string', path: true, description: 'Absolute path of another shell than /bin/sh.' },
      ...RUN_ARGS,
      ...STDIN_ARGS,
    },
    freeForm: 'cmd',
    required: ['cmd'],
  },
  examples: `
- shell: ls -l /etc | wc -l
- shell: somescript.sh >> somelog.txt
  args:
    chdir: somedir/
    creates: somelog.txt
- shell: cat < <(echo hello)
  args:
    executable: /bin/bash
`,
  returns: RUN_RETURNS,
  check: a => (a.cmd.trim() === '' ? 'there is no command to run' : undefined),

  // The session is a sh already: eval costs no process, and the text (with what it may hold) is in no process list.
  run: a => sh.lines(enter(a), a.executable === undefined ? sh`eval ${a.cmd}` : sh`exec ${a.executable} -c ${a.cmd}`),

  unless: needless,
  input: stdinText,
  values: a => ({ cmd: a.cmd }),
});
