import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Lab, sshArgv } from '../../lab/lab.ts';
import { type Ran, readRun, startedTask } from './events.ts';
import type { Stage } from './scenario.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Only tells a run that hangs from one that is slow. */
const SLOWEST_MS = 30 * 60_000;

/** A stage and the way to leave it, which ends what it started and removes its folder. */
export interface OpenStage extends Stage, AsyncDisposable {
  /** Writes the inventory. */
  name(inventory: string): void;
}

export function openStage(lab: Lab, signal: AbortSignal): OpenStage {
  const folder = mkdtempSync(join(tmpdir(), `tplay-${lab.name}-`));
  const inventory = join(folder, 'inventory.yml');
  const children = new Set<ChildProcess>();
  const start = (program: string, args: readonly string[], input = ''): Started => {
    signal.throwIfAborted();
    return started(program, args, { cwd: folder, input, children });
  };
  const write = (path: string, text: string): string => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const run = (args: readonly string[]): Started => {
    const [playbook = '', ...flags] = args;
    return start(process.execPath, [join(root, 'bin/tplay.js'), playbook, inventory, ...flags, '--output', 'json']);
  };
  for (const { name, address, user } of lab.hosts)
    write(`host_vars/${name}.yml`, `ansible_host: ${address}\nansible_user: ${user}\n${reached(lab)}`);
  return {
    ...{ lab, root, folder, inventory, signal, write },
    name: text => void write('inventory.yml', text),
    async on(host, command, input) {
      const [program = '', ...args] = sshArgv(lab, host);
      const { status, stdout, stderr } = await start(program, [...args, command], input).done;
      signal.throwIfAborted();
      if (status !== 0) throw new Error(`${host}: ${command}: exit status ${status}\n${stdout}${stderr}`);
      return stdout;
    },
    async tplay(...args) {
      const ran = await run(args).done;
      signal.throwIfAborted();
      return asRan(ran);
    },
    async cut(title, ...args) {
      const { child, done } = run(args);
      const { stdout } = child;
      if (stdout === null) throw new Error('internal: a child without standard output');
      createInterface(stdout).on('line', line => startedTask(line) === title && child.kill('SIGKILL'));
      const ran = await done;
      if (ran.status !== null) throw new Error(`no task "${title}" started, so nothing was cut`);
      return asRan(ran);
    },
    async until(what, seconds, holds) {
      const end = Date.now() + seconds * 1000;
      while (!(await holds())) {
        if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
        await sleep(200, undefined, { signal });
      }
    },
    address: name => lab.hosts.find(host => host.name === name)?.address ?? `no host ${name}`,
    async [Symbol.asyncDispose]() {
      await Promise.all([...children].map(ended));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

interface Started {
  readonly child: ChildProcess;
  readonly done: Promise<Ended>;
}

function started(
  program: string,
  args: readonly string[],
  { cwd, input, children }: { cwd: string; input: string; children: Set<ChildProcess> },
): Started {
  const began = performance.now();
  // a group of its own: Ctrl-C of the terminal reaches the children by us alone, in order
  const child = spawn(program, args, { cwd, detached: true, env: { ...process.env, NO_COLOR: '1' } });
  children.add(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', text => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', text => (output.stderr += text));
  child.stdin.on('error', () => undefined); // who does not read it has ended, which its status tells
  child.stdin.end(input);
  const timer = setTimeout(() => child.kill('SIGKILL'), SLOWEST_MS);
  const done = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', status => {
      clearTimeout(timer);
      children.delete(child);
      resolve({ ...output, status, seconds: (performance.now() - began) / 1000 });
    });
  });
  return { child, done };
}

// tplay gives its hosts up on SIGINT; what does not end is killed
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise<void>(resolve => child.once('close', () => resolve()));
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await closed;
  clearTimeout(timer);
}

function asRan({ status, stdout, stderr, seconds }: Ended): Ran {
  return { status, seconds, ...readRun(stdout, stderr) };
}

function reached(lab: Lab): string {
  return `ansible_ssh_private_key_file: ${lab.privateKey}
ansible_ssh_common_args: -o UserKnownHostsFile=${lab.knownHosts}
`;
}
