import { mkdirSync } from 'node:fs';
import type { Kind, Lab, LabHost } from '../../lab/lab.ts';
import { hostRoot, labPasswords } from '../../lab/lab.ts';
import { hostInit } from '../../lab/processes.ts';
import type { Become, Connection, Sessions } from '../../lib/remote/session.ts';
import { type Place, runHere, SYSTEM } from './place.ts';

/** How a case's session logs in and becomes root; where there are several ways, cases take them by turns. */
interface Login {
  readonly user: string;
  readonly become?: Become;
}

const ROOT: readonly Login[] = [{ user: 'root' }];
const LOGINS: Readonly<Record<Kind, readonly Login[]>> = {
  debian: ROOT,
  busybox: ROOT,
  dnf: ROOT,
  openrc: ROOT,
  twin: ROOT,
  user: [
    { user: 'ops', become: { method: 'sudo', user: 'root' } },
    { user: 'deploy', become: { method: 'sudo', user: 'root', password: labPasswords.deploy } },
    { user: 'deploy', become: { method: 'su', user: 'root', password: labPasswords.root } },
  ],
};

/** A host of the lab, reached by ssh. Its folders of cases are below /var/tmp: /tmp of a host is not seen from outside. */
export function labPlace(lab: Lab, host: LabHost, sessions: Sessions): Place {
  const logins = LOGINS[host.kind];
  const tree = hostRoot(lab, host.name);
  // busybox's has none
  mkdirSync(`${tree}/var/tmp`, { recursive: true });
  return {
    kind: host.kind,
    shell: host.kind === 'busybox' ? 'busybox' : 'dash',
    words: '/bin/sh',
    tree,
    temp: '/var/tmp',
    path: SYSTEM,
    here: lab.subnet.replace('.0/24', '.1'),
    root: true,
    gnu: host.kind !== 'busybox',
    run: (script, env) => runHere([...inside(lab, host), '/bin/sh', '-euc', script], env),
    async open(shell, _env, nth) {
      const { user, become } = logins[nth % logins.length] ?? { user: 'root' };
      const session = await sessions.open({ ...reach(lab, host), user, shell }, become);
      // the connection stays for the next case
      return { session, [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() };
    },
  };
}

function reach(lab: Lab, host: LabHost): Connection {
  return {
    name: host.name,
    transport: 'ssh',
    address: host.address,
    privateKeyFile: lab.privateKey,
    hostKeys: 'strict',
    knownHostsFiles: [lab.knownHosts],
    connectTimeoutMs: 30_000,
  };
}

/** Not by ssh: what a case prepares must work whatever it did to the host, and takes no login. */
function inside(lab: Lab, host: LabHost): readonly string[] {
  const init = hostInit(lab.name, host.name);
  if (init === undefined) throw new Error(`the host ${host.name} is not up any more`);
  return ['nsenter', '--target', String(init), '--all', '--'];
}
