import { type CommandLine, commandOf } from './cli/commands.ts';
import type { FlagValues } from './cli/flags.ts';
import { commandHelp, mainHelp } from './cli/help.ts';
import { readFlags } from './cli/read-flags.ts';
import { packageVersion } from './cli/version.ts';
import { DEFAULT_SETTINGS, type Settings } from './settings/load.ts';
import type { SettingValues } from './settings/table.ts';
import { type Checked, Diagnostics } from './text/diagnostic.ts';

export { optionsTable } from './cli/help.ts';

/** What the command line asks for. */
export type Options = RunOptions | TextOptions | OtherOptions;

/** Print a text and end with 0. */
export interface TextOptions {
  readonly command: 'help' | 'version';
  readonly text: string;
}

/** Any other command, with its words and flags. */
export interface OtherOptions {
  readonly command: 'other';
  readonly line: CommandLine;
}

/** What every command takes that works with hosts. */
export interface HostOptions {
  /** Files, folders and `host,` lists as typed. */
  readonly inventories: readonly string[];
  readonly limit: string | undefined;
  /** As typed: `k=v` words, YAML or JSON text, `@file`; the later ones win. */
  readonly extraVars: readonly string[];
  readonly check: boolean;
  readonly diff: boolean;
  readonly forks: number;
  readonly connection: ConnectionOptions;
  readonly become: BecomeOptions;
  /** Where vault passwords come from, as typed. */
  readonly vault: VaultFlags;
  /** How often -v was given. */
  readonly verbosity: number;
  /** Undefined: as the terminal and NO_COLOR say. */
  readonly colour: boolean | undefined;
  /** What ansible.cfg, tplay.yml and the environment say; what flags say is above. */
  readonly settings: SettingValues;
}

/** Which tasks of a program run, and how. */
export interface TaskChoice {
  /** Single tags; an empty list of `tags` means all. */
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly startAtTask: string | undefined;
  readonly forceHandlers: boolean;
  /** Asks before each task. */
  readonly step: boolean;
}

/** All tasks: what commands without such flags run. */
export const EVERY_TASK: TaskChoice = {
  tags: [],
  skipTags: [],
  startAtTask: undefined,
  forceHandlers: false,
  step: false,
};

/** Run playbooks, or only look at what would run; the inventories are never empty. */
export interface RunOptions extends HostOptions, TaskChoice {
  readonly command: 'run';
  /** As typed. */
  readonly playbooks: readonly string[];
  /** True for `tplay install hosts.yml`: a playbook of ./playbooks or of the package, unless it is a path. */
  readonly byName: boolean;
  /** Only check, and connect to no host. */
  readonly syntaxCheck: boolean;
  /** Only list these, and connect to no host. */
  readonly list: readonly ('hosts' | 'tasks' | 'tags')[];
  /** Undefined: live on a terminal, plain elsewhere. */
  readonly output: 'live' | 'plain' | 'json' | 'junit' | undefined;
  readonly timing: boolean;
  readonly customStats: boolean | undefined;
}

/** What holds where the inventory says nothing about a host. */
export interface ConnectionOptions {
  readonly kind: 'ssh' | 'local' | undefined;
  readonly user: string | undefined;
  readonly askPassword: boolean;
  readonly privateKey: string | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly hostKeyChecking: 'strict' | 'accept-new' | 'off' | undefined;
  readonly sshCommonArgs: string | undefined;
  readonly sshExtraArgs: string | undefined;
}

/** Flags that give vault passwords. */
export interface VaultFlags {
  /** `label@file`, `label@prompt`, or either without a label. */
  readonly vaultId: readonly string[];
  readonly vaultPasswordFile: readonly string[];
  readonly askVaultPass: boolean;
}

export interface BecomeOptions {
  readonly enabled: boolean;
  readonly user: string | undefined;
  readonly method: 'sudo' | 'su' | 'doas' | undefined;
  readonly askPassword: boolean;
}

/**
 * Reads a command line (without node and the program): all that is wrong with it, or what it asks for. Settings are the
 * defaults of its flags.
 */
export function parseOptions(argv: readonly string[], settings: Settings = DEFAULT_SETTINGS): Checked<Options> {
  const found = new Diagnostics();
  const [first, ...after] = argv;
  const command = commandOf(first);
  const { name = 'run' } = command ?? {};
  const { operands, values } = readFlags(command === undefined ? argv : after, { of: name, settings, found });
  if (name === 'help') return found.checked(help(helpOn(operands[0])));
  // Help and the version are given whatever else stands there: who asks for help is not told of mistakes.
  if (values.help) return ok(help(helpOn(command?.name)));
  if (values.version) return ok({ command: 'version', text: `${packageVersion()}\n` });
  if (command !== undefined && name !== 'run')
    return found.checked<Options>({ command: 'other', line: { command: name, operands, values } });
  const target = found.failed
    ? NOWHERE
    : command === undefined
      ? ofName(operands, values, found)
      : ofRun(operands, values, found);
  return found.checked<Options>(runOptions(target, values));
}

function helpOn(name: string | undefined): string {
  const command = commandOf(name);
  return command === undefined ? mainHelp() : commandHelp(command);
}

function help(text: string): TextOptions {
  return { command: 'help', text };
}

function ok(value: Options): Checked<Options> {
  return { ok: true, value, warnings: [] };
}

type Target = Pick<RunOptions, 'playbooks' | 'byName' | 'inventories'>;

/** Stands for the target where the flags are wrong already: what would be said of it might be their fault. */
const NOWHERE: Target = { playbooks: [], byName: false, inventories: [] };

/** `tplay run a.yml b.yml -i hosts.yml`. */
function ofRun(operands: readonly string[], values: FlagValues, found: Diagnostics): Target {
  const [first = 'site.yml'] = operands;
  if (operands.length === 0)
    found.error('bad-option', 'run needs a playbook', { suggestion: 'type: tplay run site.yml -i inventory/prod.yml' });
  if (values.inventory.length === 0)
    found.error('bad-option', 'no inventory is given', {
      suggestion: `type: tplay run ${first} -i inventory/prod.yml`,
    });
  return { playbooks: operands, byName: false, inventories: values.inventory };
}

/** `tplay install hosts.yml`; further inventories by -i. */
function ofName(operands: readonly string[], values: FlagValues, found: Diagnostics): Target {
  const [playbook, inventory, ...more] = operands;
  // The settings' inventory is for those who name none.
  const further = inventory === undefined || values.given.has('inventory') ? values.inventory : [];
  const inventories = [...(inventory === undefined ? [] : [inventory]), ...further];
  if (playbook === undefined)
    found.error('bad-option', 'no playbook is given', {
      suggestion: 'type: tplay install inventory/prod.yml (tplay --help says more)',
    });
  else if (commandOf(playbook) !== undefined)
    found.error('bad-option', `${playbook} is a command and stands before all flags`, {
      suggestion: `type: tplay ${playbook} ...`,
    });
  else if (inventories.length === 0)
    found.error('bad-option', 'no inventory is given', { suggestion: `type: tplay ${playbook} inventory/prod.yml` });
  else if (more.length > 0)
    found.error('bad-option', `one playbook and one inventory are expected, and ${more.join(' ')} follows`, {
      suggestion: `several inventories: -i ${more[0]}; several playbooks: tplay run a.yml b.yml -i ${inventory}`,
    });
  return { playbooks: playbook === undefined ? [] : [playbook], byName: true, inventories };
}

function runOptions({ inventories, ...target }: Target, values: FlagValues): RunOptions {
  return {
    command: 'run',
    ...target,
    ...hostOptions(values, inventories),
    tags: splitTags(values.tags),
    skipTags: splitTags(values.skipTags),
    startAtTask: values.startAtTask,
    forceHandlers: values.forceHandlers,
    step: values.step,
    syntaxCheck: values.syntaxCheck,
    list: [
      ...(values.listHosts ? (['hosts'] as const) : []),
      ...(values.listTasks ? (['tasks'] as const) : []),
      ...(values.listTags ? (['tags'] as const) : []),
    ],
    output: values.output,
    timing: values.timing,
    customStats: values.settings.values.show_custom_stats,
  };
}

/** What the flags say about working with hosts; of a command that does not take one of them its default. */
export function hostOptions(values: FlagValues, inventories: readonly string[] = values.inventory): HostOptions {
  return {
    inventories,
    limit: values.limit,
    extraVars: values.extraVars,
    check: values.check,
    diff: values.diff,
    forks: values.forks ?? values.settings.values.forks,
    connection: {
      kind: values.connection,
      user: values.user,
      askPassword: values.askPass,
      privateKey: values.privateKey,
      timeoutSeconds: values.timeout,
      hostKeyChecking: values.hostKeyChecking,
      sshCommonArgs: values.sshCommonArgs,
      sshExtraArgs: values.sshExtraArgs,
    },
    become: {
      enabled: values.become,
      user: values.becomeUser,
      method: values.becomeMethod,
      askPassword: values.askBecomePass,
    },
    vault: vaultFlags(values),
    verbosity: values.verbose,
    colour: values.color ? values.settings.values.force_color || undefined : false,
    settings: values.settings.values,
  };
}

/** Where vault passwords come from: the flags, and as in Ansible the settings too. */
export function vaultFlags({ vaultId, vaultPasswordFile, askVaultPass, settings }: FlagValues): VaultFlags {
  const { vault_password_file: set } = settings.values;
  return { vaultId, vaultPasswordFile: [...vaultPasswordFile, ...(set === undefined ? [] : [set])], askVaultPass };
}

function splitTags(lists: readonly string[]): readonly string[] {
  return lists.flatMap(list => list.split(',').map(tag => tag.trim())).filter(tag => tag !== '');
}
