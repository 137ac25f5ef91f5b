import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { removeBases } from './base.ts';
import { kinds } from './kinds.ts';
import { demoLab, labDown, labNames, labOpen, labStatus, labUp, rebootHosts, resetHosts, sshArgv } from './lab.ts';
import { type LabSpec, parseHostSpec } from './spec.ts';

const USAGE = `usage: npm run lab -- COMMAND [--lab NAME] [--subnet 10.77.0.0/24]
  up [HOST[:KIND[:BEHIND]]...]  bring up these hosts (KIND: ${Object.keys(kinds).join(' ')}), or the lab as it was, or the demo lab
  down                          take the lab down and remove it (--all: every lab)
  status                        the hosts, whether they are up, their memory
  ssh HOST [COMMAND...]         log in, or run a command
  reboot HOST...                reboot from inside, and wait
  reset HOST...                 the file tree of the first boot again
  clean                         take every lab down and remove the cached base root filesystems`;

const report = (line: string) => process.stderr.write(`lab: ${line}\n`);

const { values, positionals } = parseArgs({
  args: untilCommandOfSsh(process.argv.slice(2)),
  allowPositionals: true,
  options: {
    lab: { type: 'string', default: 'demo' },
    subnet: { type: 'string' },
    all: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const [command, ...words] = positionals;
// `status | head` closes the pipe early, and that is no error of ours
process.stdout.on('error', () => process.exit(0));

try {
  process.exitCode = values.help ? help() : await dispatch(command);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function dispatch(name: string | undefined): Promise<number> {
  switch (name) {
    case 'up':
      await labUp(specOf(), { report });
      return status();
    case 'down':
      for (const lab of values.all ? labNames() : [values.lab]) await labDown(lab);
      return 0;
    case 'status':
      return status();
    case 'ssh':
      return ssh();
    case 'reboot':
      await rebootHosts({ name: values.lab }, words);
      return status();
    case 'reset':
      await resetHosts({ name: values.lab }, words);
      return status();
    case 'clean':
      for (const lab of labNames()) await labDown(lab);
      await removeBases();
      return 0;
    default:
      process.stderr.write(`${name === undefined ? '' : `there is no command "${name}"\n`}${USAGE}\n`);
      return 2;
  }
}

function specOf(): LabSpec {
  const subnet = values.subnet === undefined ? {} : { subnet: values.subnet };
  if (words.length > 0) return { name: values.lab, ...subnet, hosts: words.map(parseHostSpec) };
  const before = labOpen(values.lab);
  if (before !== undefined) {
    const { name, subnet: old, hosts, shares } = before;
    return { name, subnet: old, hosts, shares, ...subnet };
  }
  return { ...demoLab, name: values.lab, ...subnet };
}

async function status(): Promise<number> {
  const rows = (await labStatus(values.lab)).map(({ host, up, pid, memory }) => {
    const size = memory === 0 ? '-' : `${(memory / 2 ** 20).toFixed(0)} MiB`;
    return [host.name, host.kind, host.address, up ? 'up' : 'down', pid === undefined ? '-' : String(pid), size];
  });
  if (rows.length === 0) {
    process.stdout.write(`the lab ${values.lab} is not up; type: npm run lab -- up\n`);
    return 1;
  }
  const table = [['name', 'kind', 'address', 'state', 'pid', 'memory'], ...rows];
  const widths = table.reduce<number[]>((max, row) => row.map((cell, at) => Math.max(cell.length, max[at] ?? 0)), []);
  for (const row of table)
    process.stdout.write(
      `${row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  return rows.every(row => row[3] === 'up') ? 0 : 1;
}

function ssh(): number {
  const [host, ...remote] = words;
  if (host === undefined) throw new Error('which host? npm run lab -- ssh HOST [COMMAND...]');
  const [program = '', ...args] = sshArgv({ name: values.lab }, host);
  const ended = spawnSync(program, [...args, ...remote], { stdio: 'inherit' });
  return ended.status ?? 255;
}

function help(): number {
  process.stdout.write(`${USAGE}\n`);
  return 0;
}

// what follows `ssh HOST` is the command's own, its flags too
function untilCommandOfSsh(args: readonly string[]): string[] {
  const at = args.indexOf('ssh');
  return at < 0 || args.includes('--') ? [...args] : [...args.slice(0, at + 2), '--', ...args.slice(at + 2)];
}
