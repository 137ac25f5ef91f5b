import { defineCommand } from '../module.ts';
import { sh } from '../shell/sh.ts';
import { expandedWord } from './shared/expand.ts';
import { enter, needless, RUN_ARGS, RUN_RETURNS, STDIN_ARGS, stdinText, wholeStreams } from './shared/run.ts';
import { splitWords, wordsOf } from './shared/words.ts';

export default defineCommand({
  name: 'command',
  doc: 'Runs a program without a shell: no pipes, redirections, patterns or `;`. Use `shell` for those.',
  args: {
    properties: {
      cmd: { type: 'string', description: 'The command line, split into words at blanks outside of quotes.' },
      argv: { type: 'array', items: { type: 'string' }, description: 'The words themselves, instead of a line.' },
      ...RUN_ARGS,
      ...STDIN_ARGS,
      strip_empty_ends: { type: 'boolean', default: true, description: 'Drops line breaks at the end of its output.' },
      expand_argument_vars: {
        type: 'boolean',
        default: true,
        description: 'Replaces $NAME of environment variables and a leading ~ in the words.',
      },
    },
    freeForm: 'cmd',
    exclusive: [['cmd', 'argv']],
    oneOf: [['cmd', 'argv']],
  },
  examples: `
- command: cat /etc/motd
  register: motd
- command: /usr/bin/make_database.sh db_user db_name creates=/path/to/database
- command:
    argv: [/usr/bin/make_database.sh, Username with blank]
    creates: /path/to/database
`,
  returns: RUN_RETURNS,

  check(a) {
    const split = a.argv === undefined ? splitWords(a.cmd ?? '') : { words: a.argv };
    if ('error' in split) return split.error;
    return split.words.length === 0 || split.words[0] === '' ? 'there is no command to run' : undefined;
  },

  // exec, so that the word is always a program, never a builtin or function of the shell.
  run: a =>
    sh.lines(enter(a), a.expand_argument_vars ? sh`exec ${line(a).map(expandedWord)}` : sh`exec ${[...line(a)]}`),

  unless: needless,
  input: stdinText,
  values: (a, reply) => ({ cmd: [...line(a)], ...(a.strip_empty_ends ? {} : wholeStreams(reply)) }),
});

function line(args: { readonly cmd?: string | undefined; readonly argv?: readonly string[] | undefined }) {
  return args.argv ?? wordsOf(args.cmd ?? '');
}
