import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeSessions } from '../../lib/remote/sessions.ts';
import { feed, sh } from '../../lib/shell/sh.ts';
import { skipped } from '../skip.ts';
import { failure } from './failure.ts';
import { watchLeftovers } from './leftovers.ts';
import { startProxy } from './proxy.ts';
import { sshdMissing, startSshd, tempFolder } from './sshd.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const FED = { fed: true } as const;

const missing = sshdMissing();
const check = (name: string, run: () => Promise<void>) =>
  missing === undefined ? test(name, run) : skipped(name, missing);

/** A payload of 60 MB that is never whole in memory, and is told when it is read. */
function long(onRead = (_: number) => {}) {
  const piece = Buffer.alloc(1_000_000, 'x');
  return {
    size: 60_000_000,
    async *chunks() {
      for (let i = 0; i < 60; i++) {
        onRead(i);
        yield piece;
      }
    },
  };
}

for (const [shell, path] of [
  ['dash', '/usr/bin/dash'],
  ['bash', '/usr/bin/bash'],
  ['busybox', '/usr/bin/busybox'],
] as const) {
  const name = `a large payload is the input of its frame, in ${shell}`;
  if (!existsSync(path)) skipped(name, `no ${path}`);
  else
    test(name, async () => {
      const folder = tempFolder('fed');
      using _ = { [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
      symlinkSync(path, join(folder, 'sh'));
      const to = { name: 'localhost', transport: 'local', address: 'localhost', shell: join(folder, 'sh') } as const;
      const leftovers = watchLeftovers();
      {
        await using pool = makeSessions();
        const session = await pool.open(to, undefined);
        const bytes = randomBytes(3_000_000);
        const odd = 'it\'s $(id) `id` \\n " * %s ä\n\n';
        const told: number[] = [];
        const reply = await session.run(
          sh`printf %s ${odd}; tp_take ${feed(bytes)} | sha256sum; cat; printf e >&2; exit 9`,
          { ...FED, onProgress: done => told.push(done) },
        );
        assert.equal([reply.rc, reply.stdout, reply.stderr], [9, `${odd}${sha256(bytes)}  -\n`, 'e']);
        assert.is(session.frames, 1, 'script and payload are one round trip');
        assert.is(told.at(-1), bytes.length);
        const other = await session.run(sh`echo untouched; exit 3`, FED);
        assert.equal([other.rc, other.stdout], [3, 'untouched\n']);
        const early = await session.run(sh`echo no >&2; true ${feed(bytes)}; exit 4`, FED);
        assert.equal([early.rc, early.stderr], [4, 'no\n'], 'a script need not read it');
        assert.is((await session.run(sh`echo alive`)).stdout, 'alive\n');
      }
      assert.equal(await leftovers(), []);
    });
}

check('what a frame prints goes to a sink, as fast as that takes it', async () => {
  await using sshd = await startSshd();
  await using pool = makeSessions({ home: sshd.folder });
  const session = await pool.open(sshd.connection({ hostKeys: 'off' }), undefined);
  const hash = createHash('sha256');
  let size = 0;
  const sink = async (chunk: Uint8Array) => {
    size += chunk.length;
    hash.update(chunk);
    if (size < 500_000) await sleep(5);
  };
  const reply = await session.run(sh`dd if=/dev/zero bs=1000000 count=40 2>/dev/null; echo e >&2; exit 3`, { sink });
  assert.equal([reply.rc, reply.stdout, reply.stderr, size], [3, '', 'e\n', 40_000_000]);
  assert.is(hash.digest('hex'), sha256(Buffer.alloc(40_000_000)));
  const full = async () => {
    throw new Error('the disk here is full');
  };
  const error = await session
    .run(sh`dd if=/dev/zero bs=1000000 count=40 2>/dev/null`, { sink: full })
    .catch((e: Error) => e);
  assert.match(String(error), /the disk here is full/);
  assert.is((await session.run(sh`echo alive`)).stdout, 'alive\n');
});

check('what ends a transfer leaves the old file and nothing beside it', async () => {
  await using sshd = await startSshd();
  await using proxy = await startProxy(sshd.port);
  await using pool = makeSessions({ home: sshd.folder });
  const dest = join(sshd.folder, 'dest');
  writeFileSync(dest, 'old');
  const open = () => pool.open(sshd.connection({ port: proxy.port, hostKeys: 'off' }), undefined);
  const install = (cut: (i: number) => void) => sh`tp_install ${feed(long(cut))} ${dest}`;
  const clean = async () => {
    for (let i = 0; i < 200 && readdirSync(sshd.folder).some(n => n.startsWith('.tplay')); i++) await sleep(50);
    assert.is(readFileSync(dest, 'utf8'), 'old');
    assert.equal(
      readdirSync(sshd.folder).filter(n => n.startsWith('.tplay')),
      [],
    );
  };
  const cut = await failure(
    (await open()).run(
      install(i => i === 30 && proxy.cut()),
      FED,
    ),
  );
  assert.is(cut.phase, 'lost');
  await clean();
  const unread = await (await open()).run(
    install(i => {
      if (i === 30) throw new Error('the disk is gone');
    }),
    FED,
  );
  assert.is.not(unread.rc, 0);
  assert.match(unread.stderr, /only 30000000 of 60000000 bytes arrived/);
  assert.match(unread.stderr, /the disk is gone/);
  await clean();
  const stop = new AbortController();
  const stopped = await failure(
    (await open()).run(
      install(i => i === 30 && stop.abort()),
      { ...FED, signal: stop.signal },
    ),
  );
  assert.match(stopped.message, /stopped/);
  await clean();
  const whole = await (await open()).run(sh`tp_install ${feed(long())} ${dest}`, FED);
  assert.is(whole.rc, 0, whole.stderr);
  assert.is(readFileSync(dest).length, 60_000_000);
});

test.run();
