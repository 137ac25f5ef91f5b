import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import type { Duplex } from 'node:stream';
import type { Channel, Link } from './link.ts';
import { SessionError, TunnelError, type TunnelTarget } from './session.ts';
import { exitOf } from './waiting.ts';

/** A link to the machine tplay runs on (`connection: local`): the same protocol over pipes of a child process. */
export function openLocal(name: string, env: NodeJS.ProcessEnv): Link {
  const user = userInfo().username;
  return {
    name,
    user,
    where: name === 'localhost' ? `localhost (${user})` : `${name} (${user} on this machine)`,
    lost: undefined,
    exec: command => startChild(command, env),
    connect: to => connectHere(name, to),
    close: async () => undefined,
  };
}

async function startChild(command: string, env: NodeJS.ProcessEnv): Promise<Channel> {
  // detached: Ctrl-C at the terminal is for tplay, which then ends its sessions in order
  const child = spawn('/bin/sh', ['-c', command], { env, detached: true, stdio: 'pipe' });
  const ended = exitOf(child);
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new SessionError('connect', `cannot start a shell on this machine: ${(error as Error).message}`);
  }
  child.on('error', () => undefined); // a signal that could not be sent: `ended` tells what becomes of it
  const close = () => {
    child.stdin.destroy();
    child.stdout.destroy();
    child.stderr.destroy();
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  };
  return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, ended, close };
}

async function connectHere(name: string, to: TunnelTarget): Promise<Duplex> {
  const socket: Socket = 'socket' in to ? connectSocket(to.socket) : connectSocket(to.port, to.host);
  try {
    await once(socket, 'connect');
    return socket;
  } catch (error) {
    throw new TunnelError(name, to, (error as Error).message);
  }
}
