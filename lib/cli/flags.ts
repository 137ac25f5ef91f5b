import type { Settings } from '../settings/load.ts';
import { SETTING_ROWS, SETTINGS } from '../settings/table.ts';
import { AD_HOC_FLAGS } from './flags-ad-hoc.ts';
import { CONNECTION_FLAGS, HOSTS } from './flags-connection.ts';
import { INVENTORY_FLAGS } from './flags-inventory.ts';
import { LINT_FLAGS } from './flags-lint.ts';
import { SETTINGS_FLAGS } from './flags-settings.ts';
import { VAULT_FLAGS } from './flags-vault.ts';

/** How a flag is shown and read. */
export interface Flag {
  readonly long: `--${string}`;
  readonly short?: `-${string}`;
  /**
   * `switch`: on when given; `off`: a `--no-x`, off when given; `count`: how often it was given; `text`: the last one
   * given; `list`: all that were given, in order; `number`: a whole number from 1.
   */
  readonly kind: 'switch' | 'off' | 'count' | 'text' | 'list' | 'number';
  /** What its value is called in help. */
  readonly value?: string;
  /** The only values there are. */
  readonly choices?: readonly string[];
  /** Giving it twice is an error: the last one alone would reach other hosts than meant. */
  readonly once?: true;
  readonly group: FlagGroup;
  /** The commands that take it; running playbooks where nothing is said. Two commands may have a flag of one name each. */
  readonly on?: readonly string[] | 'all';
  /** For --help and the README: no final stop. */
  readonly help: string;
}

export type FlagGroup = (typeof GROUPS)[number];

/** The groups of flags in the order of --help. */
export const GROUPS = ['What and where', 'How', 'Connection', 'Become', 'Vault', 'Only look', 'Output'] as const;

/** All flags: the parser, --help and the README come from this table. */
export const FLAGS = {
  inventory: {
    long: '--inventory',
    short: '-i',
    kind: 'list',
    value: 'file',
    group: 'What and where',
    on: [...HOSTS, 'lint', 'vars', 'inventory'],
    help: 'inventory file or folder, or host names with a comma (`web1,`); may be repeated',
  },
  limit: {
    long: '--limit',
    short: '-l',
    kind: 'text',
    value: 'pattern',
    once: true,
    group: 'What and where',
    on: [...HOSTS, 'inventory'],
    help: 'only these hosts of those the plays name (`web:!web3`, `@file`)',
  },
  tags: {
    long: '--tags',
    short: '-t',
    kind: 'list',
    value: 'tags',
    group: 'What and where',
    help: 'only tasks with one of these tags (`web,db`); may be repeated',
  },
  skipTags: {
    long: '--skip-tags',
    kind: 'list',
    value: 'tags',
    group: 'What and where',
    help: 'no tasks with one of these tags; may be repeated',
  },
  startAtTask: {
    long: '--start-at-task',
    kind: 'text',
    value: 'name',
    group: 'What and where',
    help: 'start at the task of this name',
  },
  ...AD_HOC_FLAGS,
  extraVars: {
    long: '--extra-vars',
    short: '-e',
    kind: 'list',
    value: 'vars',
    group: 'What and where',
    on: [...HOSTS, 'lint', 'vars', 'inventory'],
    help: 'variables above all others: `key=value ...`, YAML or JSON text, or `@file`; may be repeated',
  },
  check: {
    long: '--check',
    short: '-C',
    kind: 'switch',
    group: 'How',
    on: ['run', 'exec'],
    help: 'dry run: say what would change and change nothing',
  },
  diff: {
    long: '--diff',
    short: '-D',
    kind: 'switch',
    group: 'How',
    on: ['run', 'exec'],
    help: 'show what changes: state and text',
  },
  forks: {
    long: '--forks',
    short: '-f',
    kind: 'number',
    value: 'n',
    group: 'How',
    on: HOSTS,
    help: `work on so many hosts at once (${SETTINGS.forks.default})`,
  },
  step: { long: '--step', kind: 'switch', group: 'How', help: 'ask before each task whether it shall run' },
  forceHandlers: {
    long: '--force-handlers',
    kind: 'switch',
    group: 'How',
    help: 'run notified handlers on a host even after a task failed there',
  },
  ...CONNECTION_FLAGS,
  ...VAULT_FLAGS,
  ...LINT_FLAGS,
  ...INVENTORY_FLAGS,
  syntaxCheck: {
    long: '--syntax-check',
    kind: 'switch',
    group: 'Only look',
    on: ['run', 'exec'],
    help: 'read and check everything, connect to no host',
  },
  listHosts: {
    long: '--list-hosts',
    kind: 'switch',
    group: 'Only look',
    on: ['run', 'exec'],
    help: 'list the hosts of each play',
  },
  listTasks: { long: '--list-tasks', kind: 'switch', group: 'Only look', help: 'list the tasks that would run' },
  listTags: { long: '--list-tags', kind: 'switch', group: 'Only look', help: 'list the tags there are' },
  output: {
    long: '--output',
    kind: 'text',
    value: 'kind',
    choices: ['live', 'plain', 'json', 'junit'],
    group: 'Output',
    help: 'live (on a terminal), plain (elsewhere), json (one event a line) or junit (XML)',
  },
  verbose: {
    long: '--verbose',
    short: '-v',
    kind: 'count',
    group: 'Output',
    on: HOSTS,
    help: 'show results; -vv also places, times and round trips; -vvv also facts',
  },
  timing: { long: '--timing', kind: 'switch', group: 'Output', help: 'list the slowest tasks at the end' },
  color: { long: '--no-color', kind: 'off', group: 'Output', on: [...HOSTS, 'lint'], help: 'no colours' },
  ...SETTINGS_FLAGS,
  help: { long: '--help', short: '-h', kind: 'switch', group: 'Output', on: 'all', help: 'show this help' },
  version: { long: '--version', kind: 'switch', group: 'Output', on: 'all', help: 'show the version' },
} as const satisfies Readonly<Record<string, Flag>>;

/** The table as rows of one type. */
export const FLAG_ROWS: readonly (readonly [name: keyof typeof FLAGS, flag: Flag])[] = Object.entries(FLAGS) as [
  keyof typeof FLAGS,
  Flag,
][];

/**
 * The value of each flag: as given, else as the setting says that it is the flag of; undefined where nobody says and there
 * is no default. And what else the settings say.
 */
export type FlagValues = { readonly [Name in keyof typeof FLAGS]: ValueOf<(typeof FLAGS)[Name]> } & {
  readonly settings: Settings;
  /** Names of the flags that stand on the command line. */
  readonly given: ReadonlySet<string>;
};

type ValueOf<F extends Flag> = F['kind'] extends 'switch' | 'off'
  ? boolean
  : F['kind'] extends 'count'
    ? number
    : F['kind'] extends 'list'
      ? readonly string[]
      : F['kind'] extends 'number'
        ? number | undefined
        : F extends { readonly choices: readonly (infer Choice)[] }
          ? Choice | undefined
          : string | undefined;

/** The flags a command takes. Help and the version are given by every command; `config` takes what settings are for. */
export function flagsOf(command: string): readonly (readonly [name: keyof typeof FLAGS, flag: Flag])[] {
  const isSetting = (name: string) => SETTING_ROWS.some(([, { flag }]) => flag === name);
  return FLAG_ROWS.filter(
    ([name, { on = ['run'] }]) =>
      on === 'all' || on.includes(command) || (command === 'config' && isSetting(name) && on.includes('run')),
  );
}

const NO_PASSWORD_FILE = 'write -k or -K to be asked';

/** Flags of ansible-playbook that are not here, with what to do instead. */
export const NOT_HERE: ReadonlyMap<string, string> = new Map([
  ['--vault-pass-file', 'write --vault-password-file'],
  ['--new-vault-pass-file', 'write --new-vault-password-file'],
  ['--ask-vault-password', 'write --ask-vault-pass'],
  ['--become-password-file', NO_PASSWORD_FILE],
  ['--connection-password-file', NO_PASSWORD_FILE],
  ['--flush-cache', 'facts are never cached: leave it out'],
  ['--module-path', 'modules are part of tplay: leave it out'],
  ['-M', 'modules are part of tplay: leave it out'],
  ['--scp-extra-args', 'files go through the same connection: use --ssh-extra-args'],
  ['--sftp-extra-args', 'files go through the same connection: use --ssh-extra-args'],
  ['--inventory-file', 'write --inventory'],
  ['--key-file', 'write --private-key'],
  ['--no-colour', 'write --no-color'],
  ['--dry-run', 'write --check'],
]);
