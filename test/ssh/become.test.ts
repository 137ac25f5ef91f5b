import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Become, Connection } from '../../lib/remote/session.ts';
import { makeSessions } from '../../lib/remote/sessions.ts';
import { put, sh } from '../../lib/shell/sh.ts';
import { skipped } from '../skip.ts';
import { failure } from './failure.ts';
import { watchLeftovers } from './leftovers.ts';
import { sshdMissing, startSshd } from './sshd.ts';
import { makeUser, type TestUser, usersMissing } from './user.ts';

type Open = (become: Become | undefined) => ReturnType<ReturnType<typeof makeSessions>['open']>;

/** A test with a user who logs in, and with what sudo allows that user. */
function check(
  name: string,
  sudo: string | undefined,
  run: (open: Open, user: TestUser, other: TestUser) => Promise<void>,
): void {
  const missing = sshdMissing() ?? usersMissing();
  if (missing !== undefined) return skipped(name, missing);
  test(name, async () => {
    const leftovers = watchLeftovers();
    await using user = await makeUser(sudo === undefined ? {} : { sudo });
    await using other = await makeUser();
    await using sshd = await startSshd();
    const to: Connection = sshd.connection({ user: user.name, privateKeyFile: sshd.key });
    {
      await using pool = makeSessions({ home: sshd.folder, env: {} });
      await run(become => pool.open(to, become), user, other);
    }
    assert.equal(await leftovers(), [], 'nothing is left in /tmp');
  });
}

async function works(open: Open, become: Become, uid: string): Promise<void> {
  const session = await open(become);
  assert.is(session.user, become.user);
  const reply = await session.run(sh`id -u; cat; echo "$HOME"; echo err >&2; exit 3`);
  assert.equal([reply.rc, reply.stdout.split('\n')[0], reply.stderr], [3, uid, 'err\n']);
  const bytes = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i % 256));
  const file = await session.run(sh`f=${put(bytes)}; stat -c %u "$f"; cat "$f"`);
  assert.is(file.stdout.split('\n')[0], uid);
  assert.equal(Buffer.from(file.bytes).subarray(uid.length + 1), bytes);
}

check('sudo without a password', 'ALL=(ALL) NOPASSWD: ALL', async open => {
  await works(open, { method: 'sudo', user: 'root' }, '0');
  await works(open, { method: 'sudo', user: 'nobody' }, '65534');
});

check('sudo with a password', 'ALL=(ALL) ALL', async (open, user) => {
  await works(open, { method: 'sudo', user: 'root', password: user.password }, '0');
});

check('a password that sudo does not ask for never reaches the shell', 'ALL=(ALL) NOPASSWD: ALL', async open => {
  await works(open, { method: 'sudo', user: 'root', password: 'touch /tmp/.tplay-oops; not a password' }, '0');
});

check(
  'a wrong password is a become error at once, tried once, with what to check and without the password',
  'ALL=(ALL) ALL',
  async (open, user) => {
    const started = Date.now();
    const error = await failure(open({ method: 'sudo', user: 'root', password: 'wrong-password' }));
    assert.ok(Date.now() - started < 6000, 'before any time limit');
    assert.is(error.phase, 'become');
    assert.match(
      error.message,
      new RegExp(`^cannot become root by sudo on web1 \\(${user.name}@.*the password was not accepted`),
    );
    assert.match(error.message, /ansible_become_password/);
    assert.not.match(error.message, /wrong-password/);
    await works(open, { method: 'sudo', user: 'root', password: user.password }, '0');
  },
);

check('sudo that wants a password where none is given says so', 'ALL=(ALL) ALL', async open => {
  const error = await failure(open({ method: 'sudo', user: 'root' }));
  assert.is(error.phase, 'become');
  assert.match(error.message, /it said: sudo: a password is required.*set ansible_become_password/);
});

check('a user whom sudo does not allow anything is told so', undefined, async (open, user) => {
  const error = await failure(open({ method: 'sudo', user: 'root', password: user.password }));
  assert.is(error.phase, 'become');
  assert.match(error.message, /not in the sudoers|may not run/);
});

check('su with the password of the become user', undefined, async (open, _user, other) => {
  await works(open, { method: 'su', user: other.name, password: other.password }, other.uid);
});

check('su with a wrong password, or without one, is a become error soon', undefined, async (open, _user, other) => {
  const wrong = await failure(open({ method: 'su', user: other.name, password: 'wrong-password' }));
  assert.is(wrong.phase, 'become');
  assert.match(wrong.message, /it said: .*for su it is the password of tplaytest/);
  const none = await failure(open({ method: 'su', user: other.name }));
  assert.match(none.message, /set ansible_become_password/);
});

check('a become program that is missing, and flags, and another program', 'ALL=(ALL) NOPASSWD: ALL', async open => {
  const doas = await failure(open({ method: 'doas', user: 'root', exe: '/nonexistent/doas' }));
  assert.is(doas.phase, 'become');
  assert.match(doas.message, /No such file|not found/);
  const session = await open({ method: 'sudo', user: 'root', exe: '/usr/bin/sudo', flags: ['-E', '-n'] });
  assert.is((await session.run(sh`id -u`)).stdout, '0\n');
});

check(
  'one connection serves several become users, more than sshd gives sessions to one',
  'ALL=(ALL) NOPASSWD: ALL',
  async open => {
    const users = [
      'root',
      'daemon',
      'bin',
      'sys',
      'games',
      'man',
      'lp',
      'mail',
      'news',
      'uucp',
      'proxy',
      'www-data',
      'backup',
    ];
    const sessions = await Promise.all(
      [undefined, ...users.map(user => ({ method: 'sudo', user }) as const)].map(open),
    );
    const ids = await Promise.all(sessions.map(s => s.run(sh`id -u; wc -c <${put(Buffer.alloc(50_000))}`)));
    assert.is(new Set(ids.map(r => r.stdout.split('\n')[0])).size, sessions.length);
    for (const reply of ids) assert.is(reply.stdout.split('\n')[1]?.trim(), '50000');
    assert.is(await open({ method: 'sudo', user: 'root' }), sessions[1], 'and a second open gives the same session');
  },
);

check('what a become session runs is ended by a time limit', 'ALL=(ALL) NOPASSWD: ALL', async open => {
  const marker = `300.${Date.now()}`;
  const session = await open({ method: 'sudo', user: 'root' });
  assert.is((await failure(session.run(sh`sleep ${marker}`, { timeoutMs: 200 }))).phase, 'timeout');
  await new Promise(resolve => setTimeout(resolve, 1000));
  const next = await open(undefined);
  const left = await next.run(sh`grep -l ${marker} /proc/[0-9]*/cmdline 2>/dev/null | grep -v self`);
  assert.is(left.stdout.split('\n').filter(line => line !== '').length, 1, 'only grep itself');
});

test.run();
