import { randomUUID } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bases, kinds, labPasswords } from './kinds.ts';
import { run } from './machine.ts';
import { dropNamespace, makeNamespace } from './network.ts';
import { hostInit, killHost, startSupervisor, supervisorLives } from './processes.ts';
import { resolvConf } from './sources.ts';
import type { LabHost, LabPlan } from './spec.ts';
import { answers } from './ssh.ts';
import { hostPaths, kernelNames, labPaths, readJson, writeWhole } from './state.ts';

const BOOT_MS = 90_000;

/** Whether a host is up: its supervisor is the one that was started, its PID 1 runs, and its sshd greets. */
export async function hostIsUp(plan: LabPlan, host: LabHost, withinMs = 3000): Promise<boolean> {
  const alive = () => supervisorLives(plan.name, host.name);
  if (!alive() || !existsSync(join(hostPaths(plan.name, host.name).root, 'etc'))) return false;
  // and again after the greeting: a host that is being killed may still have greeted
  return (await answers(plan, host, { withinMs, alive })) && alive() && hostInit(plan.name, host.name) !== undefined;
}

/** Whether a host's file tree was made of this base as this plan has it; otherwise it has to be made anew. */
export function hostIsMade(plan: LabPlan, host: LabHost, base: string): boolean {
  return readJson<string>(hostPaths(plan.name, host.name).made) === recipe(host, base);
}

/** Whether a host has a file tree at all, whatever it was made of. */
export function wasMade(plan: LabPlan, host: LabHost): boolean {
  return existsSync(hostPaths(plan.name, host.name).made);
}

/**
 * Boots a host that is not up, with the file tree it had or, when that is not as planned, a new one. What is left of it
 * from before (processes, mounts, namespace) is removed first. Returns when its processes run; see waitForHost.
 */
export async function startHost(plan: LabPlan, host: LabHost, base: string): Promise<void> {
  const paths = hostPaths(plan.name, host.name);
  await stopHost(plan.name, host.name);
  if (!hostIsMade(plan, host, base)) await run`rm -rf --one-file-system ${paths.upper} ${paths.work} ${paths.made}`;
  const shared = (host.shares ?? []).map(labPaths(plan.name).share);
  for (const dir of [paths.root, paths.upper, paths.work, ...shared]) mkdirSync(dir, { recursive: true });
  const layers = `lowerdir=${base},upperdir=${paths.upper},workdir=${paths.work}`;
  await run`mount -t overlay ${kernelNames(plan.name).rule} -o ${layers} ${paths.root}`;
  if (!existsSync(paths.made)) {
    await fillHost(plan, host);
    writeWhole(paths.made, JSON.stringify(recipe(host, base)));
  }
  await makeNamespace(plan, host);
  startSupervisor(plan.name, host.name, nspawn(plan, host));
}

/** Waits until a booting host's sshd greets; throws an Error with the end of its console when it does not. */
export async function waitForHost(plan: LabPlan, host: LabHost): Promise<void> {
  const alive = () => supervisorLives(plan.name, host.name);
  if (await answers(plan, host, { withinMs: BOOT_MS, alive })) return;
  const { console } = hostPaths(plan.name, host.name);
  const end = readFileSync(console, 'utf8').trimEnd().split('\n').slice(-8).join('\n  ');
  const what = alive() ? `does not answer on ${host.address}:22 after ${BOOT_MS / 1000} s` : 'died while booting';
  throw new Error(`${host.name} ${what}; its console (${console}) ends with:\n  ${end}`);
}

/** Ends a host at once, as a power cut does, and unmounts its tree; its files stay. Harmless when it is not up. */
export async function stopHost(lab: string, host: string): Promise<void> {
  await killHost(lab, host);
  const { root } = hostPaths(lab, host);
  for (const point of mountsUnder(root)) await run`umount ${point}`;
}

/** Removes a host and everything of it, its files and keys too. */
export async function removeHost(lab: string, host: string, address?: string): Promise<void> {
  await stopHost(lab, host);
  if (address !== undefined) await dropNamespace(lab, { name: host, address });
  const propagate = `/run/systemd/nspawn/propagate/${kernelNames(lab).netns(host)}`;
  await run`rm -rf --one-file-system ${hostPaths(lab, host).dir} ${propagate}`;
}

/** The mount points at and under a path, inner ones first. */
export function mountsUnder(path: string): string[] {
  const points = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map(line => line.split(' ')[1] ?? '');
  return points.filter(point => point === path || point.startsWith(`${path}/`)).reverse();
}

function recipe(host: LabHost, base: string): string {
  return JSON.stringify([base, host, kinds[host.kind]]);
}

function nspawn(plan: LabPlan, host: LabHost): { argv: string[]; env: Record<string, string> } {
  const name = kernelNames(plan.name).netns(host.name);
  const flags = [
    '--quiet',
    '--register=no',
    '--keep-unit',
    '--settings=no',
    '--link-journal=no',
    '--resolv-conf=off',
    '--timezone=off',
  ];
  const place = ['-D', hostPaths(plan.name, host.name).root, `--network-namespace-path=/run/netns/${name}`];
  const identity = [`--machine=${name}`, `--hostname=${host.name}`, '--capability=CAP_NET_ADMIN'];
  const binds = (host.shares ?? []).map(path => `--bind=${labPaths(plan.name).share(path)}:${path}`);
  const argv = ['systemd-nspawn', ...flags, ...place, ...identity, ...binds, '--setenv=SYSTEMD_COLORS=0', '--boot'];
  // the host's own network settings (sysctl net.*) are its to change
  return { argv, env: { SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'network' } };
}

async function fillHost(plan: LabPlan, host: LabHost): Promise<void> {
  const paths = hostPaths(plan.name, host.name);
  const { users, files } = kinds[host.kind];
  const others = plan.hosts.map(other => `${other.address}\t${other.name}`);
  const every: Record<string, string> = {
    '/etc/hostname': `${host.name}\n`,
    '/etc/hosts': `127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n${others.join('\n')}\n`,
    '/etc/resolv.conf': resolvConf(),
    '/etc/machine-id': `${randomUUID().replaceAll('-', '')}\n`,
    ...files,
  };
  for (const [path, text] of Object.entries(every)) writeInside(paths.root, path, text);
  await giveHostKey(plan, host);
  if (users.length === 0) await letIn(plan, paths.root, 'root');
  for (const user of users) {
    await run`chroot ${paths.root} useradd --create-home --shell /bin/bash ${user}`;
    await letIn(plan, paths.root, user);
  }
  if (users.length > 0) await setPasswords(paths.root, ['root', ...users]);
}

async function giveHostKey(plan: LabPlan, host: LabHost): Promise<void> {
  const { root, hostKey } = hostPaths(plan.name, host.name);
  const there = bases[kinds[host.kind].base].sshd === 'openssh' ? '/etc/ssh/ssh_host_ed25519_key' : '/etc/dropbear/key';
  copyFileSync(hostKey, join(root, there));
  copyFileSync(`${hostKey}.pub`, join(root, `${there}.pub`));
  if (there !== '/etc/dropbear/key') return;
  await run`chroot ${root} dropbearconvert openssh dropbear ${there} /etc/dropbear/dropbear_ed25519_host_key`;
  await run`rm ${join(root, there)}`;
}

function writeInside(root: string, path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  if (path.startsWith('/etc/sudoers.d/')) chmodSync(file, 0o440);
}

async function letIn(plan: LabPlan, root: string, user: string): Promise<void> {
  const home = user === 'root' ? '/root' : `/home/${user}`;
  mkdirSync(join(root, home, '.ssh'), { recursive: true, mode: 0o700 });
  copyFileSync(labPaths(plan.name).publicKey, join(root, home, '.ssh/authorized_keys'));
  await run`chroot ${root} chown -R ${`${user}:${user}`} ${home}/.ssh`;
}

async function setPasswords(root: string, users: readonly (keyof typeof labPasswords)[]): Promise<void> {
  const lines = users.map(user => `${user}:${labPasswords[user]}\n`).join('');
  await run({ input: lines })`chroot ${root} chpasswd --crypt-method SHA512`;
}
