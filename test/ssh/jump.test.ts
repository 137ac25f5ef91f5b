import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeSessions } from '../../lib/remote/sessions.ts';
import { put, sh } from '../../lib/shell/sh.ts';
import { skipped } from '../skip.ts';
import { failure } from './failure.ts';
import { type Sshd, sshdMissing, startSshd } from './sshd.ts';

const missing = sshdMissing();
const check = (name: string, run: () => Promise<void>) =>
  missing === undefined ? test(name, run) : skipped(name, missing);

/** An ssh_config with a name for each sshd, and one known_hosts file for all. */
function config(sshds: Readonly<Record<string, Sshd>>): string {
  const [first] = Object.values(sshds) as [Sshd];
  const file = join(first.folder, 'ssh_config');
  const known = join(first.folder, 'known_all');
  writeFileSync(
    known,
    Object.values(sshds)
      .map(s => readFileSync(s.knownHosts, 'utf8'))
      .join(''),
  );
  const block = ([name, s]: [string, Sshd]) =>
    `Host ${name}\n HostName 127.0.0.1\n Port ${s.port}\n User ${s.user}\n IdentityFile ${s.key}\n`;
  writeFileSync(file, `${Object.entries(sshds).map(block).join('')}Host *\n UserKnownHostsFile ${known}\n`);
  return file;
}
const logins = (sshd: Sshd) => sshd.log().split('Accepted publickey').length - 1;
const to = (name: string, proxyJump: string) => ({ name, transport: 'ssh', address: 'web', proxyJump }) as const;

check('hosts behind a jump host share its connection, each with its own login and host key', async () => {
  await using bastion = await startSshd();
  await using web = await startSshd();
  await using pool = makeSessions({ home: '/nonexistent', env: {}, sshConfigFile: config({ bastion, web }) });
  const sessions = await Promise.all(['a', 'b', 'c'].map(name => pool.open(to(name, 'bastion'), undefined)));
  for (const session of sessions)
    assert.is((await session.run(sh`echo $SSH_CONNECTION`)).stdout.split(' ')[3], `${web.port}\n`);
  const bytes = Buffer.alloc(500_000, 7);
  assert.is((await (sessions[0] as (typeof sessions)[0]).run(sh`wc -c <${put(bytes)}`)).stdout.trim(), '500000');
  assert.equal([logins(bastion), logins(web)], [1, 3]);
});

check('a list of jump hosts is gone through one after the other', async () => {
  await using one = await startSshd();
  await using two = await startSshd();
  await using web = await startSshd();
  await using pool = makeSessions({ home: '/nonexistent', env: {}, sshConfigFile: config({ one, two, web }) });
  const session = await pool.open(to('w', 'one,two'), undefined);
  assert.is((await session.run(sh`echo in`)).stdout, 'in\n');
  assert.equal([logins(one), logins(two), logins(web)], [1, 1, 1]);
});

check('a changed host key of the jump host is refused, and nothing behind it is reached', async () => {
  await using bastion = await startSshd();
  await using web = await startSshd();
  const sshConfigFile = config({ bastion, web });
  const known = join(bastion.folder, 'known_all');
  writeFileSync(
    known,
    readFileSync(known, 'utf8')
      .replace(`:${bastion.port} `, `:${bastion.port},wrong `)
      .replace(/ AAAA\S+$/m, ' AAAA'),
  );
  await using pool = makeSessions({ home: '/nonexistent', env: {}, sshConfigFile });
  const error = await failure(pool.open(to('w', 'bastion'), undefined));
  assert.is(error.phase, 'host-key');
  assert.match(error.message, /host key of bastion .* has changed/);
  assert.is(logins(web), 0);
});

check('a host that the jump host cannot reach is a connect error that names both', async () => {
  await using bastion = await startSshd();
  await using web = await startSshd();
  await using pool = makeSessions({ home: '/nonexistent', env: {}, sshConfigFile: config({ bastion, web }) });
  const error = await failure(pool.open({ ...to('w', 'bastion'), port: 1 }, undefined));
  assert.is(error.phase, 'connect');
  assert.match(error.message, /cannot connect to w \(.*port 1\) through bastion \(.*\): /);
});

check('a jump host that is lost is connected again with the next open', async () => {
  const bastion = await startSshd();
  await using web = await startSshd();
  await using pool = makeSessions({ home: '/nonexistent', env: {}, sshConfigFile: config({ bastion, web }) });
  const session = await pool.open(to('w', 'bastion'), undefined);
  const pid = (
    await (
      await pool.open({ name: 'b', transport: 'ssh', address: 'bastion' }, undefined)
    ).run(sh`ps -o ppid= -p $$ 2>/dev/null || echo`)
  ).stdout;
  assert.ok(pid !== '');
  await bastion[Symbol.asyncDispose]();
  assert.is(
    (await session.run(sh`echo still`)).stdout,
    'still\n',
    'a session lives on when the listening sshd has ended',
  );
});

test.run();
