import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from './machine.ts';
import type { LabHost, LabPlan } from './spec.ts';
import { hostPaths, kernelNames, labPaths, writeWhole } from './state.ts';

/** Makes the lab's key and one host key a host where they are not there; they stay until the lab is taken down. */
export async function ensureKeys(plan: LabPlan): Promise<void> {
  await ensureKey(labPaths(plan.name).privateKey, `tplay-lab-${plan.name}`);
  for (const host of plan.hosts) {
    const paths = hostPaths(plan.name, host.name);
    mkdirSync(paths.dir, { recursive: true });
    await ensureKey(paths.hostKey, host.name);
  }
}

/** Writes known_hosts and ssh_config: `ssh -F ssh_config web1` works from anywhere. */
export function writeSshFiles(plan: LabPlan): void {
  const paths = labPaths(plan.name);
  const known = plan.hosts.map(host => {
    const [type, key] = readFileSync(`${hostPaths(plan.name, host.name).hostKey}.pub`, 'utf8').split(' ');
    return `${host.name},${host.address} ${type} ${key}`;
  });
  writeWhole(paths.knownHosts, `${known.join('\n')}\n`);
  const every = [
    'Host *',
    `  IdentityFile ${paths.privateKey}`,
    '  IdentitiesOnly yes',
    `  UserKnownHostsFile ${paths.knownHosts}`,
    '  GlobalKnownHostsFile /dev/null',
    '  StrictHostKeyChecking yes',
  ];
  writeWhole(paths.sshConfig, `${[...plan.hosts.flatMap(configOf), ...every].join('\n')}\n`);
}

/** Whether sshd of a host greets within the time; one attempt after another until then. */
export async function answers(
  plan: LabPlan,
  host: LabHost,
  options: { withinMs: number; alive(): boolean },
): Promise<boolean> {
  const until = Date.now() + options.withinMs;
  do {
    if (host.behind === undefined ? await greets(host.address) : await greetsInside(plan, host)) return true;
    await sleep(50);
  } while (Date.now() < until && options.alive());
  return false;
}

function configOf(host: LabHost): string[] {
  const jump = host.behind === undefined ? [] : [`  ProxyJump ${host.behind}`];
  return [`Host ${host.name} ${host.address}`, `  HostName ${host.address}`, `  User ${host.user}`, ...jump];
}

async function ensureKey(path: string, comment: string): Promise<void> {
  // ssh-keygen writes the public half last, so a pair is whole when that is there
  if (existsSync(`${path}.pub`)) return;
  await run`rm -f ${path}`;
  await run`ssh-keygen -q -t ed25519 -N ${''} -C ${comment} -f ${path}`;
}

function greets(address: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host: address, port: 22, timeout: 1000 });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', data => done(data.toString('latin1').startsWith('SSH-')));
    socket.once('timeout', () => done(false));
    socket.once('error', () => done(false));
    socket.once('close', () => done(false));
  });
}

// port 22 of a host behind another is closed from here, so the question is asked from inside its namespace
async function greetsInside(plan: LabPlan, host: LabHost): Promise<boolean> {
  const netns = `/run/netns/${kernelNames(plan.name).netns(host.name)}`;
  const ask = `exec 3<>/dev/tcp/${host.address}/22 && read -r -t 1 line <&3 && [[ $line == SSH-* ]]`;
  return (await run({ nothrow: true })`nsenter --net=${netns} bash -c ${ask}`).exitCode === 0;
}
