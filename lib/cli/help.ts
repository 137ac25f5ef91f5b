import { COMMANDS, type Command } from './commands.ts';
import { type Flag, flagsOf, GROUPS } from './flags.ts';

const COLUMN = 34; // where the explanations start
const WIDTH = 100;

/** What `tplay --help` prints. */
export function mainHelp(): string {
  return `Runs Ansible-style playbooks over SSH on hosts that have only sshd and a POSIX sh.

Examples
  tplay install inventory/prod.yml                    run the playbook "install" on these hosts
  tplay install inventory/prod.yml --check --diff     say what would change, change nothing
  tplay install inventory/prod.yml -t web -l web1     only the tasks tagged "web", only on web1
  tplay install inventory/prod.yml --list-tasks       only list what would run
  tplay run site.yml more.yml -i hosts.yml -e v=1.2   playbooks by path, with a variable

Usage
  tplay <playbook> <inventory> [flags]
      A playbook by name, of ./playbooks or of those that come with tplay, or by path.
  tplay run <playbook.yml>... -i <inventory> [flags]
      Playbooks by path, one after the other.

Commands
${COMMANDS.map(command => row(command.usage[0], command.summary)).join('')}
${flagsText('run')}${STATUSES}`;
}

/** What `tplay <command> --help` prints. */
export function commandHelp(command: Command): string {
  const lines = (texts: readonly string[]) => texts.map(text => `  tplay ${text}\n`).join('');
  return `${command.about}

Examples
${lines(command.examples)}
Usage
${lines(command.usage.map(usage => `${usage} [flags]`))}
${flagsText(command.name)}${STATUSES}`;
}

/** The flags as a Markdown table for the README, and nothing around it. */
export function optionsTable(): string {
  const cell = (text: string) => text.replace(/\|/g, '\\|');
  const rows = GROUPS.flatMap(group =>
    flagsOf('run')
      .filter(([, flag]) => flag.group === group)
      .map(([, flag]) => `| \`${names(flag).join('`, `')}\` | ${cell(flag.help)} |`),
  );
  return ['| flag | meaning |', '|---|---|', ...rows, ''].join('\n');
}

const STATUSES = `Exit status
  0  all is well
  1  something was wrong before any host was touched, or tplay itself failed
  2  a task failed on a host
  4  a host could not be reached
`;

function flagsText(command: string): string {
  const flags = flagsOf(command).map(([, flag]) => flag);
  return GROUPS.map(group => {
    const rows = flags.filter(flag => flag.group === group);
    if (rows.length === 0) return '';
    return `${group}\n${rows.map(flag => row(leftText(flag), flag.help.replace(/`/g, ''))).join('')}\n`;
  }).join('');
}

function leftText(flag: Flag): string {
  return (flag.short === undefined ? '    ' : '') + names(flag).join(', ');
}

function names(flag: Flag): readonly string[] {
  const long = flag.value === undefined ? flag.long : `${flag.long} <${flag.value}>`;
  return flag.short === undefined ? [long] : [flag.short, long];
}

/** Two columns, the right one broken into lines at spaces. */
function row(left: string, right: string): string {
  const lines = [''];
  for (const word of right.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last === '') lines[lines.length - 1] = word;
    else if (COLUMN + last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const start = `  ${left}`;
  const [first = '', ...rest] = lines;
  // What is too long for the left column stands on a line of its own.
  const head = start.length + 2 > COLUMN ? `${start}\n${' '.repeat(COLUMN)}${first}` : start.padEnd(COLUMN) + first;
  return [head, ...rest.map(line => ' '.repeat(COLUMN) + line), ''].join('\n');
}
