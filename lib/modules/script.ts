import { type ArgsOf, type ArgsSchema, defineCommand, type LocalFile } from '../module.ts';
import { put, type Sh, sh } from '../shell/sh.ts';
import { decryptArg } from './shared/decrypt.ts';
import { enter, needless, RUN_ARGS, RUN_RETURNS } from './shared/run.ts';
import { splitWords, wordsOf } from './shared/words.ts';

const args = {
  properties: {
    cmd: { type: 'string', description: 'Path of the script on the controller, and what follows it on its line.' },
    executable: { type: 'string', description: 'Program that runs the script, instead of the one in its first line.' },
    ...RUN_ARGS,
    ...decryptArg,
  },
  freeForm: 'cmd',
  required: ['cmd'],
} as const satisfies ArgsSchema;
type Args = ArgsOf<typeof args>;

export default defineCommand({
  name: 'script',
  doc: 'Runs a script of the controller on the host.',
  args,
  examples: `
- script: /some/local/script.sh --some-argument 1234
- script: create_file.sh creates=/the/created/file.txt
- script: check.py
  args:
    executable: python3
`,
  returns: RUN_RETURNS,

  check(a) {
    const split = splitWords(a.cmd);
    if ('error' in split) return split.error;
    if (split.words.length === 0) return 'there is no script to run';
    const program = splitWords(a.executable ?? '');
    return 'error' in program ? program.error : undefined;
  },

  needs: a => [{ kind: 'file', path: source(a), decrypt: a.decrypt }],

  // As Ansible: what follows the script's name is a piece of shell code (quotes, $HOME, redirections).
  run(a, local) {
    const file = local.get(source(a))?.files[0];
    if (file === undefined) throw new Error(`internal: ${source(a)} was not read`);
    return sh.lines(sh`tp_script=${put(file.large ?? file.bytes)}`, enter(a), start(a, file));
  },

  unless: needless,
  values: a => ({ cmd: a.cmd }),
});

function source(a: Args): string {
  return wordsOf(a.cmd)[0] ?? '';
}

function start(a: Args, file: LocalFile): Sh {
  const rest = a.cmd.trimStart().replace(/^(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\])+/s, '');
  const by = interpreter(a, file);
  const call = by.length === 0 ? '"$tp_script"' : '"$@" "$tp_script"';
  return sh.lines(
    by.length === 0 ? sh`chmod u+x -- "$tp_script" || exit` : sh`set -- ${[...by]}`,
    sh`eval ${`${call}${rest}`}`,
  );
}

/**
 * The words that run a script: what the system itself takes from the first line. Naming them works too where /tmp is
 * mounted noexec. Empty for a binary, which must be executed as it is.
 */
function interpreter(a: Args, { bytes }: LocalFile): readonly string[] {
  if (a.executable !== undefined) return wordsOf(a.executable);
  const head = Buffer.from(bytes.subarray(0, 256)).toString('latin1');
  const line = /^#![ \t]*(\S+)[ \t]*([^\r\n]*)/.exec(head);
  if (line?.[1] !== undefined) return [line[1], ...(line[2] ? [line[2].trimEnd()] : [])];
  return head.includes('\0') ? [] : ['/bin/sh'];
}
