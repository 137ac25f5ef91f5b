import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureBase } from './base.ts';
import { hostIsMade, hostIsUp, mountsUnder, removeHost, startHost, stopHost, waitForHost, wasMade } from './host.ts';
import { type BaseName, bases, kinds } from './kinds.ts';
import { labMissing, prepareKernel, run } from './machine.ts';
import { dropNetwork, ensureBridge } from './network.ts';
import { hostInit, hostMemory, hostsWithCgroup, removeLabCgroup } from './processes.ts';
import { checkLabName, type LabHost, type LabPlan, type LabSpec, planLab, type Share } from './spec.ts';
import { ensureKeys, writeSshFiles } from './ssh.ts';
import { hostPaths, labPaths, lock, madeHosts, readPlan, writeWhole } from './state.ts';

export { type Kind, labPasswords } from './kinds.ts';
export { labMissing } from './machine.ts';
export { demoLab, type HostSpec, type LabHost, type LabSpec, type Share } from './spec.ts';
export { labNames } from './state.ts';

/** A lab that is up; the paths are absolute. */
export interface Lab {
  readonly name: string;
  readonly subnet: string;
  readonly hosts: readonly LabHost[];
  readonly shares: readonly Share[];
  readonly sshConfig: string;
  readonly knownHosts: string;
  readonly privateKey: string;
}

/** One line of `status`; `memory` is in bytes, `pid` is the host's PID 1 as seen here. */
export interface HostStatus {
  readonly host: LabHost;
  readonly up: boolean;
  readonly pid: number | undefined;
  readonly memory: number;
}

/** `report` gets a line a step that takes long; without it the work is silent. */
export interface LabOptions {
  readonly report?: (line: string) => void;
}

/**
 * Brings up exactly the hosts of a spec: what is up and as asked stays untouched, what is dead is booted again with its
 * files, what is new is made, and hosts the spec does not name are removed. Throws when the machine cannot or a host does not boot.
 */
export async function labUp(spec: LabSpec, options: LabOptions = {}): Promise<Lab> {
  const report = options.report ?? (() => undefined);
  const plan = planLab(spec);
  refuseMissing();
  await using _held = await lock(`lab-${plan.name}`, () =>
    report(`waiting for another process that works on the lab ${plan.name}`),
  );
  await removeOthers(plan);
  writeWhole(labPaths(plan.name).plan, JSON.stringify(plan, null, 2));
  await ensureKeys(plan);
  writeSshFiles(plan);
  prepareKernel();
  await ensureBridge(plan);
  await bootDead(plan, report);
  return labOf(plan);
}

/** Takes a lab down and removes all of it but the base root filesystems; harmless when it is not up or half made. */
export async function labDown(name: string): Promise<void> {
  checkLabName(name);
  refuseMissing();
  await using _held = await lock(`lab-${name}`);
  const hosts = new Set([...madeHosts(name), ...hostsWithCgroup(name)]);
  await Promise.all([...hosts].map(host => removeHost(name, host)));
  await dropNetwork(name);
  await removeLabCgroup(name);
  const { dir } = labPaths(name);
  const left = mountsUnder(dir);
  if (left.length > 0) throw new Error(`still mounted, so ${dir} was not removed: ${left.join(' ')}`);
  await run`rm -rf --one-file-system ${dir}`;
}

/** A lab that was brought up, as it was then asked for; undefined when it was not, or was taken down. */
export function labOpen(name: string): Lab | undefined {
  const plan = readPlan(name);
  return plan === undefined ? undefined : labOf(plan);
}

/** How each host of a lab is now; an empty list for a lab that is not there. */
export async function labStatus(name: string): Promise<HostStatus[]> {
  const plan = readPlan(name);
  if (plan === undefined) return [];
  const status = async (host: LabHost): Promise<HostStatus> => ({
    host,
    up: await hostIsUp(plan, host, 0),
    pid: hostInit(name, host.name),
    memory: hostMemory(name, host.name),
  });
  return Promise.all(plan.hosts.map(status));
}

/** Reboots hosts by `systemctl reboot` inside, as a person does, and returns when all are back. */
export async function rebootHosts(lab: Pick<Lab, 'name'>, names: readonly string[]): Promise<void> {
  const plan = planOf(lab.name);
  await Promise.all(names.map(name => rebootHost(plan, hostOf(plan, name))));
}

/** Gives hosts the file tree of their first boot again (their ssh keys stay the same), and returns when they are back. */
export async function resetHosts(lab: Pick<Lab, 'name'>, names: readonly string[]): Promise<void> {
  const plan = planOf(lab.name);
  const made = await ensureBases(plan, () => undefined);
  await using _held = await lock(`lab-${plan.name}`);
  const hosts = names.map(name => hostOf(plan, name));
  for (const host of hosts) {
    await stopHost(plan.name, host.name);
    await run`rm -f ${hostPaths(plan.name, host.name).made}`;
    await startHost(plan, host, made.get(kinds[host.kind].base) ?? '');
  }
  await Promise.all(hosts.map(host => waitForHost(plan, host)));
}

/** The path on this machine of a host's whole file tree, to be compared or read while it is up. */
export function hostRoot(lab: Pick<Lab, 'name'>, name: string): string {
  return hostPaths(lab.name, hostOf(planOf(lab.name), name).name).root;
}

/** The words of the command that opens ssh to a host; a command to run there may be added. */
export function sshArgv(lab: Pick<Lab, 'name'>, name: string): string[] {
  return ['ssh', '-F', labPaths(lab.name).sshConfig, hostOf(planOf(lab.name), name).name];
}

async function bootDead(plan: LabPlan, report: (line: string) => void): Promise<void> {
  const made = await ensureBases(plan, report);
  const baseOf = (host: LabHost) => made.get(kinds[host.kind].base) ?? '';
  const asPlanned = (host: LabHost) => hostIsMade(plan, host, baseOf(host));
  const dead = await filterAsync(plan.hosts, async host => !asPlanned(host) || !(await hostIsUp(plan, host)));
  if (dead.length === 0) return;
  for (const { name } of dead.filter(host => wasMade(plan, host) && !asPlanned(host))) {
    report(`${name} is made anew: its kind, address, base or shared folders have changed`);
  }
  report(`booting ${dead.map(host => host.name).join(' ')}`);
  const began = Date.now();
  for (const host of dead) await startHost(plan, host, baseOf(host));
  await Promise.all(dead.map(host => waitForHost(plan, host)));
  report(`${dead.length} booted in ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

async function rebootHost(plan: LabPlan, host: LabHost): Promise<void> {
  const { boots } = hostPaths(plan.name, host.name);
  const before = readFileSync(boots, 'utf8');
  const init = hostInit(plan.name, host.name);
  if (init === undefined) throw new Error(`${host.name} is not up; type: npm run lab -- up`);
  // from here, not by ssh: whoever may log in, and whatever a test did to sshd
  const { reboot } = bases[kinds[host.kind].base];
  const told = await run({ nothrow: true })`nsenter --target ${init} --all ${reboot}`;
  // a host that goes down at once takes the command with it by a signal, and that is no failure
  if (told.exitCode !== 0 && told.signal === null)
    throw new Error(`${host.name}: ${reboot.join(' ')}: ${told.stderr.trim()}`);
  const until = Date.now() + 60_000;
  while (readFileSync(boots, 'utf8') === before) {
    if (Date.now() > until) throw new Error(`${host.name} did not go down within 60 s of being told to reboot`);
    await sleep(50);
  }
  await waitForHost(plan, host);
}

async function removeOthers(plan: LabPlan): Promise<void> {
  const before = readPlan(plan.name);
  const kept = new Set(plan.hosts.map(host => host.name));
  const others = madeHosts(plan.name).filter(name => !kept.has(name));
  for (const name of others) await removeHost(plan.name, name, before?.hosts.find(host => host.name === name)?.address);
  // another subnet needs another bridge address and rules; the hosts' addresses differ too, so they are made anew
  if (before === undefined || before.subnet === plan.subnet) return;
  for (const name of madeHosts(plan.name)) await stopHost(plan.name, name);
  await dropNetwork(plan.name);
}

async function ensureBases(plan: LabPlan, report: (line: string) => void): Promise<Map<BaseName, string>> {
  const paths = new Map<BaseName, string>();
  for (const base of new Set(plan.hosts.map(host => kinds[host.kind].base)))
    paths.set(base, await ensureBase(base, report));
  return paths;
}

function refuseMissing(): void {
  const missing = labMissing();
  if (missing.length > 0) throw new Error(missing.join('\n'));
}

function planOf(name: string): LabPlan {
  const plan = readPlan(name);
  if (plan === undefined) throw new Error(`the lab ${name} is not up; type: npm run lab -- up --lab ${name}`);
  return plan;
}

function hostOf(plan: LabPlan, name: string): LabHost {
  const host = plan.hosts.find(one => one.name === name);
  if (host !== undefined) return host;
  throw new Error(`the lab ${plan.name} has no host "${name}"; it has ${plan.hosts.map(one => one.name).join(' ')}`);
}

function labOf(plan: LabPlan): Lab {
  const { sshConfig, knownHosts, privateKey } = labPaths(plan.name);
  const { name, subnet, hosts, shares = [] } = plan;
  return { name, subnet, hosts, shares, sshConfig, knownHosts, privateKey };
}

async function filterAsync<T>(items: readonly T[], keep: (item: T) => Promise<boolean>): Promise<T[]> {
  const kept = await Promise.all(items.map(keep));
  return items.filter((_, index) => kept[index]);
}
