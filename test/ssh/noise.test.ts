import { createHash, randomBytes } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Become } from '../../lib/remote/session.ts';
import { makeSessions } from '../../lib/remote/sessions.ts';
import { feed, put, sh } from '../../lib/shell/sh.ts';
import { skipped } from '../skip.ts';
import { failure } from './failure.ts';
import { sshdMissing, startSshd, tempFolder } from './sshd.ts';
import { makeUser, usersMissing } from './user.ts';

// What a host says when somebody logs in is no part of what a task says, and harms nothing.
const missing = sshdMissing() ?? usersMissing() ?? (existsSync('/bin/bash') ? undefined : 'no /bin/bash');
const check = (name: string, run: () => Promise<void>) =>
  missing === undefined ? test(name, run) : skipped(name, missing);

/** A user whose bash reads `text` at each login, and opens sessions on a host with a banner. */
async function withStart(
  text: string,
  run: (open: (become?: Become) => ReturnType<ReturnType<typeof makeSessions>['open']>) => Promise<void>,
): Promise<void> {
  await using user = await makeUser({ shell: '/bin/bash', sudo: 'ALL=(ALL) NOPASSWD: ALL' });
  for (const file of ['.bashrc', '.profile', '.bash_profile']) writeFileSync(`/home/${user.name}/${file}`, text);
  const folder = tempFolder('noise');
  const banner = join(folder, 'banner');
  writeFileSync(banner, 'Authorized users only!\n'.repeat(200));
  try {
    // SHLVL 0: bash takes a command by ssh for a login, which reads .bashrc
    await using sshd = await startSshd({ config: ['SetEnv SHLVL=0', `Banner ${banner}`, 'PrintMotd yes'] });
    await using pool = makeSessions({ home: sshd.folder, env: {} });
    await run(become => pool.open(sshd.connection({ user: user.name, privateKeyFile: sshd.key }), become));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const NOISE = `
printf '\\nWelcome to $(id) %%d \\033[1mbold\\033[0m\\r\\n--\\n{"changed": true}\\nno end'
head -c 100000 /dev/zero | tr '\\0' n
printf 'warning: \\0 \\377 of .bashrc' >&2
alias printf=false cat=false; PS1='$ '; export ENV=/nowhere
cd /usr
`;

check('what the start-up files of a login shell say is no part of any answer', () =>
  withStart(NOISE, async open => {
    const session = await open();
    const first = await session.run(sh`printf 'a\nb'; echo err >&2; exit 3`);
    assert.equal([first.rc, first.stdout, first.stderr], [3, 'a\nb', 'err\n']);
    const bytes = randomBytes(300_000);
    const file = await session.run(sh`cat -- ${put(bytes)}`);
    assert.is(file.stderr, '');
    assert.equal(Buffer.from(file.bytes), bytes, 'a payload with a channel of its own');
    const sum = createHash('sha256').update(bytes).digest('hex');
    const fed = await session.run(sh`tp_take ${feed(bytes)} | sha256sum; printf e >&2`, { fed: true });
    assert.equal([fed.rc, fed.stdout, fed.stderr], [0, `${sum}  -\n`, 'e']);
    assert.is((await session.run(sh`echo end`)).stdout, 'end\n');
  }),
);

check('nor is it of another user behind sudo', () =>
  withStart(NOISE, async open => {
    const session = await open({ method: 'sudo', user: 'root' });
    const reply = await session.run(sh`id -u; printf 'no newline'`);
    assert.equal([reply.rc, reply.stdout, reply.stderr], [0, '0\nno newline', '']);
  }),
);

check('a start-up file that ends the shell is said, with what it said', () =>
  withStart("echo 'This account is currently not available.' >&2; exit 1", async open => {
    const { message } = await failure(open());
    assert.match(message, /This account is currently not available/);
  }),
);

test.run();
