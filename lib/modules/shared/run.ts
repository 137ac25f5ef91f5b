import type { Values } from '../../module.ts';
import { type Sh, sh } from '../../shell/sh.ts';
import { globWord } from './expand.ts';

/** Arguments that command, shell and script have in common. */
export const RUN_ARGS = {
  chdir: { type: 'string', path: true, description: 'Folder on the host to run it in.' },
  creates: {
    type: 'string',
    path: true,
    description: 'A path or glob pattern; when there is such a file, it is not run.',
  },
  removes: {
    type: 'string',
    path: true,
    description: 'A path or glob pattern; when there is no such file, it is not run.',
  },
} as const;

/** Arguments for standard input that command and shell have in common. */
export const STDIN_ARGS = {
  stdin: { type: 'string', description: 'Text for its standard input.' },
  stdin_add_newline: { type: 'boolean', default: true, description: 'Ends the standard input with a line break.' },
} as const;

interface Where {
  readonly chdir?: string | undefined;
  readonly creates?: string | undefined;
  readonly removes?: string | undefined;
}

/** Changes to the folder of `chdir`. */
export function enter(args: Where): Sh | undefined {
  return args.chdir === undefined ? undefined : sh`cd -- ${args.chdir} || exit`;
}

/** Status 0 when `creates` exists or `removes` does not; a relative path is below `chdir`, as Ansible. */
export function needless(args: Where): Sh | undefined {
  if (args.creates === undefined && args.removes === undefined) return undefined;
  return sh.lines(
    args.chdir !== undefined && sh`cd -- ${args.chdir} 2>/dev/null || exit 1`,
    args.creates !== undefined && sh`tp_exists ${globWord(args.creates)} && exit 0`,
    args.removes !== undefined && sh`tp_exists ${globWord(args.removes)} || exit 0`,
    sh`exit 1`,
  );
}

/** The text for standard input. */
export function stdinText(args: {
  readonly stdin?: string | undefined;
  readonly stdin_add_newline: boolean;
}): string | undefined {
  return args.stdin === undefined ? undefined : `${args.stdin}${args.stdin_add_newline ? '\n' : ''}`;
}

/** What `register` has of every run besides the streams: documented once. */
export const RUN_RETURNS = {
  rc: 'Exit status.',
  stdout: 'What it printed, without the line breaks at the end.',
  stderr: 'What it printed as errors, without the line breaks at the end.',
  stdout_lines: 'Its output, by lines.',
  stderr_lines: 'Its errors, by lines.',
  cmd: 'What was run.',
} as const;

/** Streams with their line breaks at the end, for `strip_empty_ends: false`. */
export function wholeStreams(reply: { readonly stdout: string; readonly stderr: string }): Values {
  return { stdout: reply.stdout, stderr: reply.stderr };
}
