import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './cases.ts';
import { here, PATH } from './cases.ts';
import type { Stage } from './stage.ts';
import type { Counts, Story, TaskEnd, Told, Tool } from './story.ts';

type Line = { readonly recap: Readonly<Record<string, Counts>> } | (TaskEnd & { readonly recap?: never });

/** Runs a case by ansible-playbook; what it did is written down by record.py. */
export const byAnsible: Tool = async (given, stage) => {
  const record = join(stage.folder, '.ansible/record');
  mkdirSync(join(stage.folder, '.ansible'), { recursive: true });
  rmSync(record, { force: true });
  const argv = ['play.yml', ...placeArgs(given), ...(given.diff ? ['--diff'] : []), ...(given.args ?? [])];
  const at = { cwd: stage.folder, env: environment(given, stage, record) };
  const ran = await (given.typed === undefined
    ? run('ansible-playbook', argv, at)
    : run('script', ['-qec', ['ansible-playbook', ...argv].map(quoted).join(' '), '/dev/null'], at, given.typed));
  const lines = existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : [];
  return storyOf(
    lines.map(line => JSON.parse(line) as Line),
    ran,
  );
};

/** Who types is at a terminal, which script makes: it takes a command line. */
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** The inventory, unless the case or its settings name their own; and that hosts are here, unless it needs real ones. */
export function placeArgs({ args = [], env = {}, files = {}, needs }: Case): readonly string[] {
  const set = env['ANSIBLE_INVENTORY'] !== undefined || /^inventory\b/m.test(files['ansible.cfg'] ?? '');
  const own = set || args.some(a => a === '-i' || a.startsWith('--inventory'));
  return [...(own ? [] : ['-i', 'hosts.yml']), ...(needs === 'hosts' ? [] : ['-c', 'local'])];
}

function environment(given: Case, { folder }: Stage, record: string): NodeJS.ProcessEnv {
  const settings = join(folder, 'ansible.cfg');
  const none = join(folder, '.ansible/none.cfg');
  writeFileSync(none, ''); // nothing of the user's or the system's settings
  return {
    PATH,
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    PYTHONHASHSEED: '0',
    PYTHONDONTWRITEBYTECODE: '1', // beside record.py
    RECORD_TO: record,
    ANSIBLE_CONFIG: existsSync(settings) ? settings : none,
    ANSIBLE_CALLBACK_PLUGINS: here,
    ANSIBLE_STDOUT_CALLBACK: 'record',
    ANSIBLE_LOCAL_TEMP: join(folder, '.ansible/tmp'),
    ANSIBLE_REMOTE_TEMP: join(folder, '.ansible/tmp'),
    ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
    ANSIBLE_RETRY_FILES_ENABLED: '0',
    ANSIBLE_PIPELINING: '1', // faster, and nothing else
    ANSIBLE_TIMEOUT: given.needs === 'hosts' ? '30' : '2', // seconds until who does not answer is unreachable
    ANSIBLE_JINJA2_NATIVE: '1', // as we, and as every later Ansible
    ...given.env,
  };
}

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const LONGEST_MS = 300_000;

/** A program's exit status and output; one that does not end is killed and has no status. */
export function run(
  program: string,
  argv: readonly string[],
  at: { cwd: string; env: NodeJS.ProcessEnv },
  typed = '',
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const options = { ...at, timeout: LONGEST_MS, killSignal: 'SIGKILL' as const, maxBuffer: 64 << 20 };
    const child = execFile(program, argv, options, (error, stdout, stderr) => {
      if (error !== null && child.pid === undefined) reject(error);
      else resolve({ status: child.exitCode, stdout, stderr });
    });
    child.stdin?.end(typed);
  });
}

function storyOf(lines: readonly Line[], ran: Ran): Story {
  const ends = lines.flatMap(line => (line.recap === undefined ? [plainEnd(line)] : []));
  const recap = lines.flatMap(line => (line.recap === undefined ? [] : [line.recap]))[0];
  const named = recap && Object.fromEntries(Object.entries(recap).map(([host, c]) => [host, ourNames(c)]));
  return { ends, recap: named, status: ran.status, stdout: ran.stdout, says: [] };
}

const ourNames = ({ failures, ...rest }: Counts): Counts => ({ ...rest, failed: failures ?? 0 });

/** What was not shown is told as null by Python. */
function plainEnd(end: TaskEnd): TaskEnd {
  return { ...end, ...told(end), items: end.items?.map(told) };
}

const told = ({ status, shown, diff }: Told): Told => ({ status, ...(shown !== null && { shown }), diff });
