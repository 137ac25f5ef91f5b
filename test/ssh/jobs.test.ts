import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeSessions } from '../../lib/remote/sessions.ts';
import { secret, sh } from '../../lib/shell/sh.ts';
import { skipped } from '../skip.ts';
import { failure } from './failure.ts';
import { startProxy } from './proxy.ts';
import { sshdMissing, startSshd } from './sshd.ts';

const missing = sshdMissing();
const check = (name: string, run: () => Promise<void>) =>
  missing === undefined ? test(name, run) : skipped(name, missing);

check('a job goes on when the connection is cut, and another session reads what it printed', async () => {
  await using sshd = await startSshd();
  await using proxy = await startProxy(sshd.port);
  await using pool = makeSessions({ home: sshd.folder });
  const to = sshd.connection({ port: proxy.port, hostKeys: 'off' });
  const session = await pool.open(to, undefined);
  const jobs = `${sshd.folder}/jobs`;
  const started = await session.run(sh`tp_job_start ${jobs} j1 60 ${secret('sleep 1; echo survived')}`);
  assert.is(started.stdout, `${jobs}/j1\n`);
  proxy.cut();
  await failure(session.run(sh`true`));
  const next = await pool.open(to, undefined);
  const over = sh`n=0; while [ ! -e ${jobs}/j1/rc ] && [ "$n" -lt 100 ]; do sleep 0.1; n=$((n + 1)); done`;
  const said = await next.run(sh.lines(over, sh`tp_job_state ${jobs}/j1 take`));
  assert.match(said.stdout, /^0 \d+ \d+\nsurvived\n$/);
});

check('reset ends the shells of a host and its connection; the next session logs in anew', async () => {
  await using sshd = await startSshd();
  await using proxy = await startProxy(sshd.port);
  await using pool = makeSessions({ home: sshd.folder });
  const to = sshd.connection({ port: proxy.port, hostKeys: 'off' });
  const session = await pool.open(to, undefined);
  await session.run(sh`true`);
  await pool.reset(to);
  await failure(session.run(sh`true`));
  const next = await pool.open(to, undefined);
  assert.is((await next.run(sh`echo back`)).stdout, 'back\n');
  assert.is(proxy.connections, 2);
  await pool.reset(sshd.connection({ address: 'localhost', hostKeys: 'off' })); // one that is not open
});

test.run();
