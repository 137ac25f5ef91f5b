import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeSessions } from '../../lib/remote/sessions.ts';
import { sh } from '../../lib/shell/sh.ts';
import { skipped } from '../skip.ts';
import { sshdMissing, startSshd } from './sshd.ts';

const missing = sshdMissing();
const check = (name: string, run: () => Promise<void>) =>
  missing === undefined ? test(name, run) : skipped(name, missing);

check('50 hosts at once, each frame answered by its own host, and no connection is left open', async () => {
  await using sshd = await startSshd();
  const warnings: Error[] = [];
  const warn = (warning: Error) => warnings.push(warning);
  process.on('warning', warn);
  const pool = makeSessions({ home: sshd.folder, env: {} });
  const stop = new AbortController();
  const hosts = Array.from({ length: 50 }, (_, i) => `h${i}`);
  await Promise.all(
    hosts.map(async name => {
      const session = await pool.open(sshd.connection({ name }), undefined, stop.signal);
      for (let n = 0; n < 5; n++)
        assert.is((await session.run(sh`echo ${name} ${n}`, { signal: stop.signal })).stdout, `${name} ${n}\n`);
      assert.is(session.frames, 5);
    }),
  );
  await pool[Symbol.asyncDispose]();
  process.off('warning', warn);
  assert.equal(warnings, []);
  await new Promise(resolve => setTimeout(resolve, 200));
  assert.is(sshd.log().split('Accepted publickey').length - 1, 50);
  assert.is(sshd.log().split('Disconnected from user').length - 1, 50);
});

check('opens of one host at once share one connection and one shell', async () => {
  await using sshd = await startSshd();
  await using pool = makeSessions({ home: sshd.folder, env: {} });
  const sessions = await Promise.all(Array.from({ length: 8 }, () => pool.open(sshd.connection(), undefined)));
  assert.is(new Set(sessions).size, 1);
  assert.is(sshd.log().split('Accepted publickey').length - 1, 1);
});

check('stopping one who waits for a connection does not stop it for the others', async () => {
  await using sshd = await startSshd();
  await using pool = makeSessions({ home: sshd.folder, env: {} });
  const stop = new AbortController();
  const stopped = pool.open(sshd.connection(), undefined, stop.signal).catch((error: Error) => error.message);
  const other = pool.open(sshd.connection(), undefined);
  stop.abort();
  assert.is(await stopped, 'web1: stopped');
  assert.is((await (await other).run(sh`echo in`)).stdout, 'in\n');
});

test.run();
