import { createHash, randomBytes } from 'node:crypto';
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Session } from '../../lib/remote/session.ts';
import { makeSessions } from '../../lib/remote/sessions.ts';
import { put, secret, sh } from '../../lib/shell/sh.ts';
import { skipped } from '../skip.ts';
import { failure } from './failure.ts';
import { watchLeftovers } from './leftovers.ts';
import { type Sshd, sshdMissing, startSshd, tempFolder } from './sshd.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Each test of this file is run over ssh and over `connection: local`: it is the same protocol. */
function both(name: string, run: (session: Session, again: () => Promise<Session>) => Promise<void>): void {
  for (const transport of ['ssh', 'local'] as const) {
    const missing = transport === 'ssh' ? sshdMissing() : undefined;
    if (missing !== undefined) skipped(`${name} (${transport})`, missing);
    else
      test(`${name} (${transport})`, async () => {
        const leftovers = watchLeftovers();
        const sshd: Sshd | undefined = transport === 'ssh' ? await startSshd() : undefined;
        const to = sshd?.connection() ?? { name: 'localhost', transport, address: 'localhost' };
        const pool = makeSessions({ home: sshd?.folder });
        try {
          await run(await pool.open(to, undefined), () => pool.open(to, undefined));
        } finally {
          await pool[Symbol.asyncDispose]();
          await sshd?.[Symbol.asyncDispose]();
        }
        assert.equal(await leftovers(), [], 'nothing is left in /tmp');
      });
  }
}

both('a frame gives exit status, stdout and stderr exactly, with or without a last line break', async session => {
  const reply = await session.run(sh`printf 'a\nb'; printf 'e' >&2; exit 7`);
  assert.equal([reply.rc, reply.stdout, reply.stderr], [7, 'a\nb', 'e']);
  const other = await session.run(sh`printf 'x\n\n'; false`);
  assert.equal([other.rc, other.stdout, other.stderr], [1, 'x\n\n', '']);
});

both('the opening frame tells the tools, and only frames that were asked for are counted', async session => {
  assert.ok(['systemd', 'openrc', 'sysvinit', 'service'].includes(session.tools.serviceMgr));
  assert.is(session.frames, 0);
  await session.run(sh`true`);
  assert.is(session.frames, 1);
});

both('a syntax error does not end the session', async session => {
  const reply = await session.run(sh.code('if ('));
  assert.is.not(reply.rc, 0);
  assert.match(reply.stderr, /yntax error/);
  assert.is((await session.run(sh`echo alive`)).stdout, 'alive\n');
});

both('exit, cd, variables and traps stay inside their frame', async session => {
  await session.run(sh`cd /usr; LEAK=1; trap 'echo trapped' EXIT; exit 3`);
  const reply = await session.run(sh`pwd; echo "[$LEAK]"`);
  assert.not.match(reply.stdout, /^\/usr\n/);
  assert.match(reply.stdout, /\[\]\n$/);
});

both('a command cannot eat the next frame from its input', async session => {
  assert.is((await session.run(sh`cat; echo done`)).stdout, 'done\n');
  assert.is((await session.run(sh`sh; read x; echo next`)).stdout, 'next\n');
});

both('what a background process says between frames belongs to no frame', async session => {
  await session.run(sh`(sleep 0.2; echo noise; echo noise >&2) & echo started`);
  await sleep(500);
  const reply = await session.run(sh`echo clean`);
  assert.equal([reply.stdout, reply.stderr], ['clean\n', '']);
});

both('frames called for at once run one after the other', async session => {
  const replies = await Promise.all([1, 2, 3, 4, 5].map(n => session.run(sh`sleep 0.0${n}; echo ${n}`)));
  assert.equal(
    replies.map(r => r.stdout),
    ['1\n', '2\n', '3\n', '4\n', '5\n'],
  );
});

both('odd strings come back as they went', async session => {
  const odd = [
    "it's",
    '$(id) `id` ${HOME}',
    '\\n\\\\',
    '"',
    ' ',
    '',
    '*',
    '-n',
    'ä€😀',
    "'\n'\n",
    '!',
    '~',
    '\t\r',
    '%s',
  ];
  for (const text of odd) assert.is((await session.run(sh`printf %s ${text}`)).stdout, text);
});

both('all bytes come back as they are', async session => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  assert.equal(Buffer.from((await session.run(sh`cat ${put(all)}`)).bytes), Buffer.from(all));
});

both('5 MB of output arrive whole', async session => {
  const reply = await session.run(sh`dd if=/dev/zero bs=65536 count=80 2>/dev/null`);
  assert.is(reply.bytes.length, 80 * 65536);
});

both('of 100 MB of output as much is kept as was asked for, and the rest is counted', async session => {
  const script = sh`printf start; dd if=/dev/zero bs=1000000 count=100 2>/dev/null | tr '\0' x; printf end; echo err >&2; exit 3`;
  const reply = await session.run(script, { keep: 1_000_000 });
  assert.equal([reply.rc, reply.stderr], [3, 'err\n']);
  assert.ok(reply.bytes.length >= 1_000_000 && reply.bytes.length < 2_000_000, `${reply.bytes.length} bytes`);
  assert.is(reply.bytes.length + (reply.cut?.stdout ?? 0), 100_000_008);
  assert.match(reply.stdout, /^start/);
  assert.match(reply.stdout, /end$/);
  assert.match(reply.stdout, new RegExp(`\\[tplay: ${reply.cut?.stdout} bytes are left out here\\]`));
});

both('output without end is ended by the time limit, in bounded memory', async session => {
  const before = process.memoryUsage().rss;
  const endless = session.run(sh`while :; do echo 0123456789012345678901234567890123456789; done`, {
    timeoutMs: 3000,
    keep: 1_000_000,
  });
  assert.is((await failure(endless)).phase, 'timeout');
  assert.ok(process.memoryUsage().rss - before < 300_000_000);
});

both('a NUL, bytes that are no UTF-8 and a very long line come as they are', async session => {
  const reply = await session.run(sh`printf 'a\0b\377c'; dd if=/dev/zero bs=1000000 count=5 2>/dev/null | tr '\0' y`);
  assert.equal(Buffer.from(reply.bytes).subarray(0, 5), Buffer.from([97, 0, 98, 255, 99]));
  assert.ok(reply.stdout.startsWith('a\0b\ufffdcyyy'));
  assert.is(reply.bytes.length, 5_000_005);
});

both('a payload of 1 MB arrives intact through a channel of its own, and is gone after the frame', async session => {
  const bytes = randomBytes(1024 * 1024);
  const reply = await session.run(sh`f=${put(bytes)}; ls -l "$f" | cut -c1-10; sha256sum <"$f"; echo "$f"; exit 5`);
  const [mode, sum, path] = reply.stdout.split('\n');
  assert.equal([reply.rc, mode, sum], [5, '-rw-------', `${sha256(bytes)}  -`]);
  assert.not.ok(existsSync(path as string));
  assert.is(session.frames, 2);
});

both(
  'small payloads ride in the frame; of too many the largest do not; a frame that fails removes them too',
  async session => {
    const small = Array.from({ length: 6 }, () => randomBytes(30_000));
    const reply = await session.run(sh`cat ${small.map(put)} | sha256sum; ls -d "$tp_dir"`);
    assert.is(reply.stdout.split('\n')[0], `${sha256(Buffer.concat(small))}  -`);
    assert.is(session.frames, 3, '4 of 30 KB are within 128 KB');
    assert.is((await session.run(sh.code(`ls -d "$tp_dir"`))).rc === 0, false);
    const broken = await session.run(sh`cat ${put('x')}; ${sh.code('if (')}`);
    assert.is.not(broken.rc, 0);
    assert.is((await session.run(sh.code(`ls -d "$tp_dir"`))).rc === 0, false);
  },
);

both('a payload is found by a script inside a quoted script', async session => {
  const bytes = randomBytes(40_000);
  const inner = sh`sha256sum <${put(bytes)}`;
  assert.is((await session.run(sh`eval ${sh.quoted(inner)}`)).stdout, `${sha256(bytes)}  -\n`);
});

both('a secret reaches the host in clear', async session => {
  assert.is((await session.run(sh`printf %s ${secret('s3cret')}`)).stdout, 's3cret');
});

both(
  'a frame that takes too long closes the session and is ended on the host; the next open gives a new one',
  async (session, again) => {
    const marker = `0.${Date.now()}`;
    const started = Date.now();
    const error = await failure(session.run(sh`sleep ${`300${marker}`} & sleep ${`200${marker}`}`, { timeoutMs: 300 }));
    assert.is(error.phase, 'timeout');
    assert.match(error.message, /no answer within 0.3 s/);
    assert.ok(Date.now() - started < 20_000);
    assert.is((await failure(session.run(sh`true`))).phase, 'timeout');
    const next = await again();
    assert.is.not(next, session);
    await sleep(1000);
    const running = await next.run(
      sh`for f in /proc/[0-9]*/cmdline; do tr '\0' ' ' <"$f"; echo; done 2>/dev/null | grep -c "^sleep [23]00$1${marker}"`,
    );
    assert.is(running.stdout, '0\n');
  },
);

both('an abort stops a frame at once and a waiting one without harm', async (session, again) => {
  const stop = new AbortController();
  const slow = session.run(sh`sleep 0.3; echo slow`);
  const waiting = session.run(sh`echo never`, { signal: stop.signal });
  stop.abort();
  assert.is((await failure(waiting)).phase, 'lost');
  assert.is((await slow).stdout, 'slow\n');
  const second = new AbortController();
  const running = session.run(sh`sleep 100`, { signal: second.signal });
  setTimeout(() => second.abort(), 100);
  assert.match((await failure(running)).message, /stopped/);
  assert.is((await (await again()).run(sh`echo back`)).stdout, 'back\n');
});

both('a daemon that keeps the streams open holds up neither its frame nor the end of the run', async session => {
  const started = Date.now();
  assert.is((await session.run(sh`sleep 60 & echo started`)).stdout, 'started\n');
  await session[Symbol.asyncDispose]();
  assert.ok(Date.now() - started < 20_000);
});

both('a session whose shell is killed is lost, and says so', async (session, again) => {
  const error = await failure(session.run(sh`kill -9 $$; sleep 5`));
  assert.is(error.phase, 'lost');
  assert.match(error.message, /the shell (was )?ended/);
  assert.is((await (await again()).run(sh`echo back`)).stdout, 'back\n');
});

for (const [shell, path] of [
  ['dash', '/usr/bin/dash'],
  ['bash', '/usr/bin/bash'],
  ['busybox', '/usr/bin/busybox'],
] as const) {
  const name = `the protocol is the same in ${shell}: frames, odd strings, payloads, a time limit, become`;
  if (!existsSync(path)) skipped(name, `no ${path}`);
  else
    test(name, async () => {
      const folder = tempFolder('shell');
      symlinkSync(path, join(folder, 'sh')); // called sh, bash is a POSIX shell and busybox knows what it is asked for
      const to = { name: 'localhost', transport: 'local', address: 'localhost', shell: join(folder, 'sh') } as const;
      const leftovers = watchLeftovers();
      const pool = makeSessions();
      try {
        const session = await pool.open(to, undefined);
        const odd = 'it\'s $(id) `id` \\n " * %s ä\n\n';
        assert.is((await session.run(sh`printf %s ${odd}`)).stdout, odd);
        assert.is.not((await session.run(sh.code('if ('))).rc, 0);
        const [small, large] = [randomBytes(20_000), randomBytes(300_000)];
        const sums = await session.run(sh`sha256sum <${put(small)}; sha256sum <${put(large)}; exit 9`);
        assert.equal([sums.rc, sums.stdout], [9, `${sha256(small)}  -\n${sha256(large)}  -\n`]);
        assert.is((await failure(session.run(sh`sleep 50`, { timeoutMs: 100 }))).phase, 'timeout');
        if (process.getuid?.() !== 0) return skipped(`${name} (become)`, 'only root may su without a password');
        const other = await pool.open(to, {
          method: 'su',
          user: 'nobody',
          flags: ['-s', '/bin/sh'],
          password: 'unasked',
        });
        const file = await other.run(sh`id -u; cat ${put(large)} | sha256sum`);
        assert.is(file.stdout, `65534\n${sha256(large)}  -\n`);
      } finally {
        await pool[Symbol.asyncDispose]();
        rmSync(folder, { recursive: true });
      }
      assert.equal(await leftovers(), []);
    });
}

test.run();
