import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection } from '../../lib/remote/session.ts';
import { makeSessions } from '../../lib/remote/sessions.ts';
import { sh } from '../../lib/shell/sh.ts';
import { skipped } from '../skip.ts';
import { failure } from './failure.ts';
import { fingerprintOf, makeKey, type Sshd, sshdMissing, startSshd } from './sshd.ts';

const missing = sshdMissing();
const check = (name: string, run: () => Promise<void>) =>
  missing === undefined ? test(name, run) : skipped(name, missing);

/** Logs in once with a pool of its own and says which phase failed, or 'in'. */
async function tryLogin(sshd: Sshd, change: Partial<Connection> = {}): Promise<string> {
  await using pool = makeSessions({ home: sshd.folder, env: {} });
  try {
    const session = await pool.open(sshd.connection(change), undefined);
    return (await session.run(sh`echo in`)).stdout.trim();
  } catch (error) {
    return `${(error as { phase?: string }).phase}: ${(error as Error).message}`;
  }
}

check('a known key is accepted, plain and hashed', async () => {
  await using sshd = await startSshd();
  assert.is(await tryLogin(sshd), 'in');
  execFileSync('ssh-keygen', ['-H', '-f', sshd.knownHosts], { stdio: 'ignore' });
  assert.match(readFileSync(sshd.knownHosts, 'utf8'), /^\|1\|/);
  assert.is(await tryLogin(sshd), 'in');
});

check('a changed key is refused with both fingerprints, the line that is known, and what to type', async () => {
  await using sshd = await startSshd();
  const other = makeKey(sshd.folder, 'other');
  const [type, blob] = readFileSync(`${other}.pub`, 'utf8').split(' ');
  writeFileSync(sshd.knownHosts, `# first line\n[127.0.0.1]:${sshd.port} ${type} ${blob}\n`);
  for (const hostKeys of ['strict', 'accept-new'] as const) {
    const said = await tryLogin(sshd, { hostKeys });
    assert.match(said, /^host-key: the host key of web1 \(.* port \d+\) has changed/);
    assert.ok(said.includes(sshd.fingerprint), said);
    assert.ok(said.includes(`${fingerprintOf(`${other}.pub`)} at ${sshd.knownHosts}:2`), said);
    assert.ok(said.includes(`ssh-keygen -R '[127.0.0.1]:${sshd.port}' -f ${sshd.knownHosts}`), said);
  }
  assert.not.match(sshd.log(), /Accepted publickey/, 'nobody logged in');
});

check('an unknown key is refused with its fingerprint and what to type, and no file is written', async () => {
  await using sshd = await startSshd();
  const files = [join(sshd.folder, 'none')];
  const said = await tryLogin(sshd, { knownHostsFiles: files });
  assert.match(said, /^host-key: .* is not known/);
  assert.ok(said.includes(sshd.fingerprint), said);
  assert.ok(said.includes(`ssh-keyscan -p ${sshd.port} 127.0.0.1 >>${files[0]}`), said);
  assert.match(said, /StrictHostKeyChecking=accept-new/);
  assert.not.ok(existsSync(files[0] as string));
});

check('a refused host key is not tried again', async () => {
  await using sshd = await startSshd();
  const started = Date.now();
  assert.match(await tryLogin(sshd, { knownHostsFiles: [join(sshd.folder, 'none')], retries: 5 }), /^host-key/);
  assert.ok(Date.now() - started < 8000);
});

check('accept-new writes a new key for its owner only, ssh reads it, and it is known from then on', async () => {
  await using sshd = await startSshd();
  const file = join(sshd.folder, 'new/ssh/known_hosts');
  assert.is(await tryLogin(sshd, { knownHostsFiles: [file], hostKeys: 'accept-new' }), 'in');
  assert.is(statSync(file).mode & 0o777, 0o600);
  const text = readFileSync(file, 'utf8');
  assert.match(text, new RegExp(`^\\[127\\.0\\.0\\.1\\]:${sshd.port} ssh-ed25519 \\S+\\n$`));
  assert.ok(
    execFileSync('ssh-keygen', ['-F', `[127.0.0.1]:${sshd.port}`, '-f', file], { encoding: 'utf8' }).includes('found'),
  );
  assert.is(await tryLogin(sshd, { knownHostsFiles: [file], hostKeys: 'accept-new' }), 'in');
  assert.is(await tryLogin(sshd, { knownHostsFiles: [file] }), 'in');
  assert.is(readFileSync(file, 'utf8'), text);
});

check('new keys of many hosts at once, of two runs, each get a line of their own', async () => {
  await using sshd = await startSshd();
  const file = join(sshd.folder, 'new_hosts');
  writeFileSync(file, 'no line break at the end');
  const addresses = Array.from({ length: 10 }, (_, i) => `127.0.0.${i + 1}`);
  const { port } = sshd;
  // one sshd answers on 127.0.0.1 only: the others are reached through names that ssh_config gives it
  const config = join(sshd.folder, 'config_names');
  writeFileSync(config, addresses.map((_, i) => `Host h${i}\n HostName 127.0.0.1\n`).join(''));
  const connect = async () => {
    await using pool = makeSessions({ home: sshd.folder, env: {}, sshConfigFile: config });
    const files = { knownHostsFiles: [file], hostKeys: 'accept-new' as const };
    await Promise.all(
      addresses.map((_, i) => pool.open(sshd.connection({ ...files, name: `n${i}`, address: `h${i}` }), undefined)),
    );
  };
  await Promise.all([connect(), connect()]);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  assert.is(lines[0], 'no line break at the end');
  assert.ok(lines.length >= 2 && lines.length <= 3, 'each run writes the key once');
  for (const line of lines.slice(1))
    assert.match(line, new RegExp(`^\\[127\\.0\\.0\\.1\\]:${port} ssh-ed25519 [A-Za-z0-9+/=]+$`));
});

check('a revoked key is refused even where it is known, and where new keys are accepted', async () => {
  await using sshd = await startSshd();
  const [type, blob] = readFileSync(join(sshd.folder, 'host_key.pub'), 'utf8').split(' ');
  appendFileSync(sshd.knownHosts, `@revoked * ${type} ${blob}\n`);
  assert.match(await tryLogin(sshd), /^host-key: the host key of web1 .* is revoked: .*:2$/);
  assert.match(await tryLogin(sshd, { hostKeys: 'accept-new' }), /is revoked/);
});

check('the host is asked for the key that is known, where it has several', async () => {
  await using sshd = await startSshd({ hostKeyType: 'rsa', config: [] });
  assert.is(await tryLogin(sshd), 'in');
  const more = makeKey(sshd.folder, 'host_key2');
  await using two = await startSshd({ config: [`HostKey ${more}`] });
  const [type, blob] = readFileSync(`${more}.pub`, 'utf8').split(' ');
  writeFileSync(two.knownHosts, `[127.0.0.1]:${two.port} ${type} ${blob}\n`);
  assert.match(await tryLogin(two), /has changed/, 'sshd shows the first of two keys of a type');
  const ecdsa = makeKey(sshd.folder, 'host_ecdsa', { type: 'ecdsa' });
  await using three = await startSshd({ config: [`HostKey ${ecdsa}`] });
  const [t, b] = readFileSync(`${ecdsa}.pub`, 'utf8').split(' ');
  writeFileSync(three.knownHosts, `[127.0.0.1]:${three.port} ${t} ${b}\n`);
  assert.is(await tryLogin(three), 'in');
});

check('off asks nothing and writes nothing', async () => {
  await using sshd = await startSshd();
  const file = join(sshd.folder, 'none');
  assert.is(await tryLogin(sshd, { knownHostsFiles: [file], hostKeys: 'off' }), 'in');
  assert.not.ok(existsSync(file));
});

check('a known_hosts file that cannot be read is an error, not an empty one', async () => {
  await using sshd = await startSshd();
  await using pool = makeSessions({ home: sshd.folder, env: {} });
  const error = await failure(
    pool.open(sshd.connection({ knownHostsFiles: [sshd.folder], hostKeys: 'accept-new' }), undefined),
  );
  assert.is(error.phase, 'host-key');
  assert.match(error.message, /EISDIR/);
});

test.run();
