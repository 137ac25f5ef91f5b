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
    name: 'exec',
    usage: ['exec <pattern> -i <inventory> [-m <module>] [-a <args>]'],
    summary: 'run one module on hosts, without a playbook',
    about:
      'Runs one module on hosts, without a playbook: a command unless -m names another module.\nArguments are checked before any host is touched; facts are not gathered.',
    examples: [
      "exec all -i inventory/prod.yml -a 'uptime'                           a command on every host",
      "exec 'web:!web3' -i hosts.yml -m shell -a 'df -h | tail -3' -b       with a shell, as root",
      "exec db -i hosts.yml -m service -a 'name=mysqld state=restarted' -b  any module",
      "exec web -i hosts.yml -m copy -a '{src: motd, dest: /etc/motd}' -CD  what would change",
      'exec all -i web1, -u root -m ping                                    a host of no inventory',
    ],
    load: () => import('./exec.ts'),
  },
  {
    name: 'facts',
    usage: ['facts <pattern> -i <inventory>', 'facts <host>,'],
    summary: 'gather and print the facts of hosts',
    about: 'Gathers the facts of hosts and prints them as JSON: those of one host, or of several by their names.',
    examples: [
      'facts web1 -i inventory/prod.yml',
      "facts web -i inventory/prod.yml --filter 'ansible_distribution*'",
      'facts web1, -u root --subset min,network',
    ],
    load: () => import('./facts.ts'),
  },
  {
    name: 'eval',
    usage: ['eval <expression> [-i <inventory> [-l <pattern>]]'],
    summary: 'print the value of an expression or template',
    about:
      "Evaluates an expression, or a text with {{ }}, and prints its value as JSON. With -l it is evaluated for each of these\nhosts, with their variables; else for the controller, which knows the inventory's groups and hostvars.",
    examples: [
      `eval "'10.0.0.0/8' | regex_replace('/.*')"`,
      "eval 'groups.web | length' -i inventory/prod.yml",
      "eval '{{ inventory_hostname }} listens on {{ http_port }}' -i inventory/prod.yml -l web",
      'eval ansible_default_ipv4.address -i inventory/prod.yml -l web1 --facts --raw',
    ],
    load: () => import('./eval.ts'),
  },
  {
    name: 'vars',
    usage: ['vars <inventory> <host>', 'vars <host> -i <inventory>'],
    summary: "show a host's variables and where each is set",
    about:
      "Shows every variable of a host, its value, and where it is set: the level of Ansible's order of precedence, the file and\n" +
      'the line. Facts, which only the host knows, are not there; what needs them is shown as it is written.',
    examples: [
      'vars inventory/prod.yml web1',
      'vars inventory/prod.yml web1 --explain http_port              each place that sets it, the winner first',
      'vars inventory/prod.yml web1 -p site.yml --role nginx         as the tasks of a role of a playbook see them',
      'vars inventory/prod.yml web1 --json -e http_port=81',
    ],
    load: () => import('./vars.ts'),
  },
  {
    name: 'inventory',
    usage: ['inventory --list|--graph|--host <name> -i <inventory>', 'inventory --graph <group> -i <inventory>'],
    summary: 'show hosts, groups and their variables',
    about:
      'Shows what inventories say: as the JSON of an inventory script or as YAML, as a tree, or of one host.\nTemplates are shown as they are written, secrets as ***.',
    examples: [
      'inventory --graph -i inventory/prod.yml',
      'inventory --graph web --vars -i inventory/prod.yml',
      "inventory --list -i hosts.ini -l 'web:!web3'",
      'inventory --list --yaml --export -i hosts.ini --output hosts.yml   an INI inventory as YAML',
      'inventory --host web1 -i inventory/',
    ],
    load: () => import('./inventory.ts'),
  },
  {
    name: 'config',
    usage: ['config'],
    summary: 'show each setting and where it comes from',
    about:
      'Shows each setting, its value and where that comes from: ansible.cfg, tplay.yml, the environment or a flag.\n' +
      'Of ansible.cfg the first that is there counts: $ANSIBLE_CONFIG, ./ansible.cfg, ~/.ansible.cfg,\n' +
      '/etc/ansible/ansible.cfg; of tplay.yml: $TPLAY_CONFIG, ./tplay.yml, ~/.config/tplay/tplay.yml. What tplay.yml\n' +
      'says is stronger than ansible.cfg, the environment is stronger than both, flags are stronger than all.',
    examples: ['config', 'config --changed', 'config --json -f 50'],
    load: () => import('./config.ts'),
  },
  {
    name: 'vault',
    usage: ['vault encrypt|decrypt|view|edit|rekey <file>...', 'vault encrypt-string [-n <name>] [<text>...]'],
    summary: 'encrypt files and texts as ansible-vault does, look at them, change them',
    about:
      'Encrypts files and texts as ansible-vault does, decrypts, shows and edits them; each tool reads what the other wrote.',
    examples: [
      'vault encrypt --vault-id prod@prompt group_vars/prod/secrets.yml',
      'vault edit --vault-password-file ~/.vault-pass group_vars/all/secrets.yml',
      'vault decrypt --output - secrets.yml',
      'vault rekey --vault-id old@prompt --new-vault-id new@prompt *.yml',
      'vault encrypt-string --vault-id prod@prompt -p -n db_password',
    ],
    load: () => import('./vault.ts'),
  },
  {
    name: 'doc',
    usage: ['doc [module]...'],
    summary: 'show what modules there are, or all about one',
    about:
      'Shows the modules there are, a line each; or all about some: arguments, examples, what register gets. The same is in docs/modules.',
    examples: ['doc', 'doc copy', 'doc ansible.posix.mount', 'doc --json apt'],
    load: () => import('./doc.ts'),
  },
  {
    name: 'lint',
    usage: ['lint <playbook.yml>... [-i <inventory>]', 'lint --rules'],
    summary: 'find errors and traps in playbooks',
    about:
      'Finds the errors of playbooks, and forms that run but are likely not what was meant, each with the rule that says so.\nA comment on the line or above it silences rules: # tplay:ignore rule-name - the reason. Connects to no host.',
    examples: [
      'lint site.yml',
      'lint site.yml db.yml -i inventory/prod.yml             with what the inventory and its roles say',
      'lint site.yml --skip-rule unnamed-task --warn-only     only show, always end with 0',
      'lint --rules                                           what is looked for, and why',
    ],
    load: () => import('./lint.ts'),
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
