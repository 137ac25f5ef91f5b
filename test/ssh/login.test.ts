import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection } from '../../lib/remote/session.ts';
import { makeSessions, type SessionsOptions } from '../../lib/remote/sessions.ts';
import { sh } from '../../lib/shell/sh.ts';
import { skipped } from '../skip.ts';
import { failure } from './failure.ts';
import { fingerprintOf, makeKey, type Sshd, sshdMissing, startSshd, tempFolder } from './sshd.ts';
import { makeUser, usersMissing } from './user.ts';

const missing = sshdMissing();
const check = (name: string, run: () => Promise<void>, why = missing) =>
  why === undefined ? test(name, run) : skipped(name, why);

/** The user id that a login gets. */
async function whoami(sshd: Sshd, change: Partial<Connection>, options: SessionsOptions = {}): Promise<string> {
  await using pool = makeSessions({ home: sshd.folder, env: {}, ...options });
  const session = await pool.open(sshd.connection(change), undefined);
  return (await session.run(sh`id -u`)).stdout.trim();
}

/** An ssh-agent of the test's own holding some keys. */
async function startAgent(keys: readonly string[]): Promise<{ socket: string } & AsyncDisposable> {
  const folder = tempFolder('agent');
  const socket = join(folder, 'socket');
  const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  while (!existsSync(socket)) await new Promise(resolve => setTimeout(resolve, 10));
  for (const key of keys)
    execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'pipe' });
  return {
    socket,
    async [Symbol.asyncDispose]() {
      const gone = new Promise(resolve => child.once('exit', resolve));
      child.kill();
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

check('keys of each usual type log in', async () => {
  await using sshd = await startSshd();
  for (const type of ['ed25519', 'ecdsa', 'rsa']) {
    const key = makeKey(sshd.folder, `key_${type}`, { type });
    appendFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(`${key}.pub`));
    assert.is(await whoami(sshd, { privateKeyFile: key }), sshd.uid, type);
  }
});

check('the usual key of ~/.ssh is tried where none is named', async () => {
  await using sshd = await startSshd();
  const home = tempFolder('home');
  try {
    execFileSync('mkdir', [join(home, '.ssh')]);
    execFileSync('cp', [sshd.key, join(home, '.ssh/id_ed25519')]);
    assert.is(await whoami(sshd, { privateKeyFile: undefined }, { home }), sshd.uid);
  } finally {
    rmSync(home, { recursive: true });
  }
});

check('a wrong key is an auth error that names what was tried and what to set, and is not tried again', async () => {
  await using sshd = await startSshd({ config: ['PasswordAuthentication no', 'KbdInteractiveAuthentication no'] });
  const wrong = makeKey(sshd.folder, 'wrong');
  const started = Date.now();
  const error = await failure(whoami(sshd, { privateKeyFile: wrong, retries: 3 }));
  assert.ok(Date.now() - started < 8000);
  assert.is(error.phase, 'auth');
  assert.match(
    error.message,
    new RegExp(`^web1 \\(${sshd.user}@127.0.0.1 port ${sshd.port}\\) refused the login of ${sshd.user}`),
  );
  assert.ok(
    error.message.includes(`tried ${wrong} (${fingerprintOf(`${wrong}.pub`)}); it takes publickey.`),
    error.message,
  );
  assert.match(error.message, /ansible_ssh_private_key_file/);
});

check('a named key file that is missing, or no key, is said', async () => {
  await using sshd = await startSshd();
  const none = join(sshd.folder, 'no_such_key');
  assert.ok((await failure(whoami(sshd, { privateKeyFile: none }))).message.includes(`tried ${none} (missing)`));
  const garbage = join(sshd.folder, 'garbage');
  writeFileSync(garbage, 'this is no key\n');
  assert.ok((await failure(whoami(sshd, { privateKeyFile: garbage }))).message.includes(`${garbage} (unreadable)`));
  assert.match(
    (await failure(whoami(sshd, { privateKeyFile: undefined }))).message,
    /there was nothing to try; it takes publickey/,
  );
});

check('an encrypted key logs in with the passphrase, given or asked for once', async () => {
  await using sshd = await startSshd();
  const key = makeKey(sshd.folder, 'encrypted', { passphrase: 'open sesame' });
  appendFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(`${key}.pub`));
  assert.is(await whoami(sshd, { privateKeyFile: key, passphrase: 'open sesame' }), sshd.uid);
  const asked: string[] = [];
  const ask = async (prompt: string) => {
    asked.push(prompt);
    return 'open sesame';
  };
  await using pool = makeSessions({ home: sshd.folder, env: {}, ask });
  const open = (name: string) => pool.open(sshd.connection({ name, privateKeyFile: key }), undefined);
  await Promise.all(['a', 'b', 'c'].map(open));
  assert.equal(asked, [`Passphrase for the key ${key}: `]);
  assert.ok(
    (await failure(whoami(sshd, { privateKeyFile: key, passphrase: 'wrong' }))).message.includes(
      `${key} (wrong passphrase)`,
    ),
  );
  assert.ok((await failure(whoami(sshd, { privateKeyFile: key }))).message.includes(`${key} (encrypted)`));
});

check('a key of the agent logs in, a refused one is named', async () => {
  await using sshd = await startSshd();
  const other = makeKey(sshd.folder, 'other@laptop');
  await using agent = await startAgent([other, sshd.key]);
  const env = { SSH_AUTH_SOCK: agent.socket };
  assert.is(await whoami(sshd, { privateKeyFile: undefined }, { env }), sshd.uid);
  await using wrong = await startAgent([other]);
  const error = await failure(whoami(sshd, { privateKeyFile: undefined }, { env: { SSH_AUTH_SOCK: wrong.socket } }));
  assert.ok(error.message.includes(`tried agent key other@laptop (${fingerprintOf(`${other}.pub`)})`), error.message);
});

check('an encrypted key file that the agent holds needs no passphrase', async () => {
  await using sshd = await startSshd();
  const key = makeKey(sshd.folder, 'both');
  appendFileSync(join(sshd.folder, 'authorized_keys'), readFileSync(`${key}.pub`));
  await using agent = await startAgent([key]);
  execFileSync('ssh-keygen', ['-q', '-p', '-N', 'secret', '-f', key]);
  assert.is(await whoami(sshd, { privateKeyFile: key }, { env: { SSH_AUTH_SOCK: agent.socket } }), sshd.uid);
});

check('a named key is offered before the many keys of an agent', async () => {
  await using sshd = await startSshd({ config: ['MaxAuthTries 3'] });
  await using agent = await startAgent(Array.from({ length: 6 }, (_, i) => makeKey(sshd.folder, `k${i}`)));
  const env = { SSH_AUTH_SOCK: agent.socket };
  assert.is(await whoami(sshd, {}, { env }), sshd.uid);
  const error = await failure(whoami(sshd, { privateKeyFile: undefined }, { env }));
  assert.is(error.phase, 'auth');
  assert.match(error.message, /Too many authentication failures/);
});

check('an agent that is gone is as none', async () => {
  await using sshd = await startSshd();
  assert.is(await whoami(sshd, {}, { env: { SSH_AUTH_SOCK: '/nonexistent' } }), sshd.uid);
});

check('ssh_config gives name, port, user and key', async () => {
  await using sshd = await startSshd();
  const file = join(sshd.folder, 'ssh_config');
  writeFileSync(
    file,
    `Host short\n HostName 127.0.0.1\n Port ${sshd.port}\n User ${sshd.user}\n IdentityFile ${sshd.key}\n UserKnownHostsFile ${sshd.knownHosts}\n`,
  );
  await using pool = makeSessions({ home: '/nonexistent', env: {}, sshConfigFile: file });
  const session = await pool.open({ name: 'web1', transport: 'ssh', address: 'short' }, undefined);
  assert.is((await session.run(sh`id -u`)).stdout, `${sshd.uid}\n`);
});

const password = async (method: readonly string[]) => {
  await using user = await makeUser();
  await using sshd = await startSshd({ config: ['PubkeyAuthentication no', ...method] });
  const change = { user: user.name, privateKeyFile: undefined };
  assert.is(await whoami(sshd, { ...change, password: user.password }), user.uid);
  const error = await failure(whoami(sshd, { ...change, password: 'wrong' }));
  assert.is(error.phase, 'auth');
  assert.match(error.message, /tried the password/);
  assert.not.match(error.message, /wrong/);
};
const noUsers = missing ?? usersMissing();
check('a password logs in, a wrong one is an auth error', () => password(['PasswordAuthentication yes']), noUsers);
check(
  'a password answers keyboard-interactive questions',
  () => password(['UsePAM yes', 'PasswordAuthentication no', 'KbdInteractiveAuthentication yes']),
  noUsers,
);

test.run();
