import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeSessions } from '../../lib/remote/sessions.ts';
import { put, sh } from '../../lib/shell/sh.ts';
import { skipped } from '../skip.ts';
import { failure } from './failure.ts';
import { startProxy } from './proxy.ts';
import { freePort, sshdMissing, startSshd } from './sshd.ts';

const missing = sshdMissing();
const check = (name: string, run: () => Promise<void>) =>
  missing === undefined ? test(name, run) : skipped(name, missing);

check('a link that is cut while a frame runs loses the session, and the next open connects again', async () => {
  await using sshd = await startSshd();
  await using proxy = await startProxy(sshd.port);
  await using pool = makeSessions({ home: sshd.folder });
  const to = sshd.connection({ port: proxy.port, hostKeys: 'off' });
  const session = await pool.open(to, undefined);
  setTimeout(() => proxy.cut(), 200);
  const error = await failure(session.run(sh`echo some; sleep 5`));
  assert.is(error.phase, 'lost');
  assert.match(error.message, /web1 \(.*@127\.0\.0\.1 port \d+\): the connection was/);
  assert.is((await failure(session.run(sh`true`))).phase, 'lost');
  const next = await pool.open(to, undefined);
  assert.is((await next.run(sh`echo back`)).stdout, 'back\n');
  assert.is(proxy.connections, 2);
});

check('a link that is cut in the middle of a large output or upload loses the session', async () => {
  await using sshd = await startSshd();
  await using proxy = await startProxy(sshd.port, { cutAfter: 300_000 });
  await using pool = makeSessions({ home: sshd.folder });
  const to = sshd.connection({ port: proxy.port, hostKeys: 'off' });
  const session = await pool.open(to, undefined);
  assert.is((await failure(session.run(sh`dd if=/dev/zero bs=1000000 count=1`))).phase, 'lost');
  const second = await pool.open(to, undefined);
  const sending = second.run(sh`cat ${put(Buffer.alloc(30_000_000))}`);
  setTimeout(() => proxy.cut(), 60);
  assert.is((await failure(sending)).phase, 'lost');
});

check('a link that stalls is given up after three missing signs of life', async () => {
  await using sshd = await startSshd();
  await using proxy = await startProxy(sshd.port);
  await using pool = makeSessions({ home: sshd.folder, keepAliveMs: 100 });
  const session = await pool.open(sshd.connection({ port: proxy.port, hostKeys: 'off' }), undefined);
  proxy.stall();
  const started = Date.now();
  const error = await failure(session.run(sh`echo never`));
  assert.is(error.phase, 'lost');
  assert.match(error.message, /Keepalive timeout/);
  assert.ok(Date.now() - started < 20_000);
});

check('a stalled link does not hold up a time limit, nor the end of the run', async () => {
  await using sshd = await startSshd();
  await using proxy = await startProxy(sshd.port);
  const pool = makeSessions({ home: sshd.folder });
  const session = await pool.open(sshd.connection({ port: proxy.port, hostKeys: 'off' }), undefined);
  proxy.stall();
  assert.is((await failure(session.run(sh`echo never`, { timeoutMs: 200 }))).phase, 'timeout');
  const started = Date.now();
  await pool[Symbol.asyncDispose]();
  assert.ok(Date.now() - started < 10_000);
});

check('a server that says nothing is a connect error after the time limit', async () => {
  await using sshd = await startSshd();
  await using proxy = await startProxy(sshd.port);
  await using pool = makeSessions({ home: sshd.folder });
  proxy.stall();
  const error = await failure(pool.open(sshd.connection({ port: proxy.port, connectTimeoutMs: 400 }), undefined));
  assert.is(error.phase, 'connect');
  assert.match(error.message, /no answer within 0.4 s/);
});

check('a closed port is a connect error that names host, address and what to look at', async () => {
  const port = await freePort();
  await using pool = makeSessions({ home: '/nonexistent' });
  const error = await failure(
    pool.open({ name: 'web1', transport: 'ssh', address: '127.0.0.1', port, user: 'me' }, undefined),
  );
  assert.is(error.phase, 'connect');
  assert.match(
    error.message,
    new RegExp(`cannot connect to web1 \\(me@127.0.0.1 port ${port}\\): .*ECONNREFUSED.*ansible_host`),
  );
});

check('a connect error is tried again as often as was said, a login that works then counts', async () => {
  await using sshd = await startSshd();
  await using proxy = await startProxy(sshd.port, { cutAfter: 10, cutFirst: 2 });
  await using pool = makeSessions({ home: sshd.folder });
  const to = sshd.connection({ port: proxy.port, hostKeys: 'off' });
  assert.is((await failure(pool.open(to, undefined))).phase, 'connect');
  const session = await pool.open({ ...to, retries: 2 }, undefined);
  assert.is((await session.run(sh`echo in`)).stdout, 'in\n');
  assert.is(proxy.connections, 3);
});

check('a run that ends stops what is still being opened', async () => {
  await using sshd = await startSshd();
  await using proxy = await startProxy(sshd.port);
  proxy.stall();
  const pool = makeSessions({ home: sshd.folder });
  const opening = failure(pool.open(sshd.connection({ port: proxy.port, retries: 5 }), undefined));
  const started = Date.now();
  setTimeout(() => void pool[Symbol.asyncDispose](), 200);
  assert.match((await opening).message, /stopped/);
  assert.ok(Date.now() - started < 8000);
});

test.run();
