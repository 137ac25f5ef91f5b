import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cgroupMounts } from './machine.ts';
import { hostPaths, kernelNames, readJson } from './state.ts';

interface Supervisor {
  readonly pid: number;
  /** Ticks since boot at which it began: with `boot`, no other process with a reused pid can be taken for it. */
  readonly start: string;
  readonly boot: string;
}

/** Starts the supervisor of a host (lab/supervise.sh) with a command to keep booting; it outlives this process. */
export function startSupervisor(
  lab: string,
  host: string,
  command: { argv: string[]; env: Record<string, string> },
): void {
  const paths = hostPaths(lab, host);
  const script = fileURLToPath(new URL('../../lab/supervise.sh', import.meta.url));
  const console = openSync(paths.console, 'w');
  rmSync(paths.boots, { force: true });
  const child = spawn('sh', [script, paths.boots, ...cgroups(lab, host), '--', ...command.argv], {
    detached: true,
    cwd: '/',
    env: { PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin', ...command.env },
    stdio: ['ignore', console, console],
  });
  closeSync(console);
  if (child.pid === undefined) throw new Error('sh could not be started');
  const supervisor: Supervisor = { pid: child.pid, start: startTime(child.pid) ?? '', boot: bootId() };
  writeFileSync(paths.supervisor, JSON.stringify(supervisor));
  child.unref();
}

/** Whether the supervisor of a host, the very one that was started, still runs. */
export function supervisorLives(lab: string, host: string): boolean {
  const known = readJson<Supervisor>(hostPaths(lab, host).supervisor);
  return known !== undefined && known.boot === bootId() && startTime(known.pid) === known.start;
}

/** The ids of all processes of a host: its supervisor, systemd-nspawn and everything inside. */
export function hostProcesses(lab: string, host: string): number[] {
  return [...new Set(cgroups(lab, host).flatMap(processesUnder))];
}

/** The id, on this machine, of a host's PID 1. */
export function hostInit(lab: string, host: string): number | undefined {
  const inside = (cgroup: string) => processesUnder(join(cgroup, 'box/payload'));
  return cgroups(lab, host)
    .flatMap(inside)
    .find(pid => isInit(status(pid)));
}

/** Whether a process, by its /proc/PID/status, is the first of a host; one of a container within it has a further number. */
export function isInit(text: string): boolean {
  return /^NSpid:\t\d+\t1$/m.test(text);
}

/** Memory of a host in bytes, each shared page counted in parts (PSS). */
export function hostMemory(lab: string, host: string): number {
  const kibibytes = (pid: number) => Number(/^Pss:\s+(\d+)/m.exec(readProc(pid, 'smaps_rollup'))?.[1] ?? 0);
  return hostProcesses(lab, host).reduce((sum, pid) => sum + kibibytes(pid) * 1024, 0);
}

/**
 * Kills every process of a host, whoever of them is left, and removes its cgroups. Only the lab puts processes there, so
 * nothing else is ever hit. Throws when something does not die within 10 s.
 */
export async function killHost(lab: string, host: string): Promise<void> {
  const until = Date.now() + 10_000;
  let left = hostProcesses(lab, host);
  while (left.length > 0) {
    if (Date.now() > until) throw new Error(`processes of ${host} do not die: ${left.join(' ')}`);
    for (const pid of left) kill(pid);
    await sleep(10);
    left = hostProcesses(lab, host);
  }
  rmSync(hostPaths(lab, host).supervisor, { force: true });
  for (const cgroup of cgroups(lab, host)) await removeCgroup(cgroup);
}

/** Removes the lab's own cgroup once its hosts are gone, and the parent of all labs when it was the last. */
export async function removeLabCgroup(lab: string): Promise<void> {
  for (const mount of cgroupMounts()) {
    await removeCgroup(join(mount, kernelNames(lab).cgroup));
    const parent = join(mount, 'tplay-lab');
    if (existsSync(parent) && directoriesIn(parent).length === 0) rmdirSync(parent);
  }
}

/** The hosts that have a cgroup in a lab, also those whose directory is gone. */
export function hostsWithCgroup(lab: string): string[] {
  return [...new Set(cgroupMounts().flatMap(mount => directoriesIn(join(mount, kernelNames(lab).cgroup))))];
}

function cgroups(lab: string, host: string): string[] {
  return cgroupMounts().map(mount => join(mount, kernelNames(lab).cgroup, host));
}

function processesUnder(cgroup: string): number[] {
  if (!existsSync(cgroup)) return [];
  const own = readFileSync(join(cgroup, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number);
  return [...own, ...directoriesIn(cgroup).flatMap(name => processesUnder(join(cgroup, name)))];
}

async function removeCgroup(cgroup: string): Promise<void> {
  for (const name of directoriesIn(cgroup)) await removeCgroup(join(cgroup, name));
  const until = Date.now() + 5000;
  while (existsSync(cgroup)) {
    try {
      rmdirSync(cgroup);
    } catch (error) {
      // the kernel says EBUSY for a moment after the last process has died
      if (Date.now() > until) throw error;
      await sleep(10);
    }
  }
}

function directoriesIn(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // it may have ended by itself since the list was read
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function startTime(pid: number): string | undefined {
  // fields are counted after the command name, which may itself hold spaces and brackets; a zombie does not live
  const [state, ...fields] = readProc(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  return state === 'Z' || state === 'X' ? undefined : fields[18];
}

function status(pid: number): string {
  return readProc(pid, 'status');
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it has ended: no state, no memory
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
