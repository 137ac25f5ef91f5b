import type { FlagValues } from './flags.ts';
import type { Terminal } from './terminal.ts';

/** A command: its name is the first word of the command line. Its flags are those of the table that name it. */
export interface Command {
  readonly name: string;
  /** What follows `tplay `, without the flags; the first one stands in `tplay --help`. */
  readonly usage: readonly [string, ...string[]];
  readonly summary: string;
  /** A sentence or two at the top of its help. */
  readonly about: string;
  /** Command lines without `tplay `. */
  readonly examples: readonly string[];
  /** What does it; loaded when it is called for. Running playbooks, and help, are main's own. */
  load?(): Promise<{ readonly run: (line: CommandLine, terminal: Terminal) => Promise<number> }>;
}

/** What stands behind a command's name: the words that are no flags, and the flags' values. */
export interface CommandLine {
  readonly command: string;
  readonly operands: readonly string[];
  readonly values: FlagValues;
}

/** The commands there are; `tplay <playbook> <inventory>` is the form without one. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'run',
    usage: ['run <playbook.yml>... -i <inventory>'],
    summary: 'run playbook files one after the other',
    about: 'Runs playbook files, one after the other, on the hosts of one or more inventories.',
    examples: [
      'run site.yml -i inventory/prod.yml',
      'run base.yml site.yml -i inventory/prod.yml -i inventory/secrets.yml',
      'run site.yml -i web1,web2, -u root -C -D',
    ],
  },
  {
    name: 'help',
    usage: ['help [command]'],
    summary: 'show help',
    about: 'Shows help: of tplay, or of a command.',
    examples: ['help run'],
  },
];

/** The command of a name, or undefined. */
export function commandOf(name: string | undefined): Command | undefined {
  return COMMANDS.find(command => command.name === name);
}
