import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sh } from '../../lib/shell/sh.ts';
import { inShells } from './shells.ts';

const test = suite('jobs.sh');

/** Waits until a job is over, 10 seconds at most. */
const OVER =
  'n=0; while tp_job_state jobs/j1 look 2>&1 | grep -qx running && [ "$n" -lt 100 ]; do sleep 0.1; n=$((n + 1)); done';

inShells(test, 'tp_job_start returns at once, and the job goes on when the session ends', shell => {
  const start = shell.run(
    sh`tp_job_start jobs j1 30 ${'sleep 0.5; echo out; echo err >&2; exit 3'}; tp_job_state jobs/j1 look`,
  );
  assert.is(start.out, 'jobs/j1\nrunning\n');
  assert.is(statSync(join(shell.folder, 'jobs/j1')).mode & 0o777, 0o700);
  const end = shell.run(`${OVER}; tp_job_state jobs/j1 look`);
  assert.match(end.out, /^3 \d+ \d+\nout\n$/);
  assert.is(end.err, 'err\n');
});

inShells(test, 'tp_job_state takes a job that is over, and says when there is none', shell => {
  shell.run(sh`tp_job_start jobs j1 30 ${'f=$(tp_temp); echo kept >"$f"; cat "$f"'}`);
  assert.match(shell.run(`${OVER}; tp_job_state jobs/j1 take`).out, /^0 \d+ \d+\nkept\n$/);
  assert.equal(readdirSync(join(shell.folder, 'jobs')), []);
  assert.is(shell.run('tp_job_state jobs/j1 look').out, 'none\n');
});

inShells(test, 'tp_job_watch ends a job with all its children when its time is over', shell => {
  shell.run(sh`tp_job_start jobs j1 1 ${'(sleep 30; echo late >late) & echo $! >child; sleep 30'}`);
  const end = shell.run(`${OVER}; tp_job_state jobs/j1 look; tp_runs "$(cat child)" || echo gone`);
  assert.is(end.out, 'timeout\ngone\n');
});

inShells(test, 'a job that was killed is lost', shell => {
  shell.run(sh`tp_job_start jobs j1 30 ${'sleep 30'}; tp_kill_tree "$(cat jobs/j1/pid)"`);
  assert.is(shell.run('tp_job_state jobs/j1 look').out, 'lost\n');
});

inShells(test, 'tp_job_end ends a job and removes it', shell => {
  const script = 'echo $$ >shell; sleep 30 & echo $! >child; wait';
  shell.run(sh`tp_job_start jobs j1 30 ${script}; while [ ! -s child ]; do sleep 0.1; done; tp_job_end jobs/j1`);
  assert.is(existsSync(join(shell.folder, 'jobs/j1')), false);
  assert.is(shell.run('tp_runs "$(cat child)" || echo gone').out, 'gone\n');
});

inShells(test, 'tp_job_start fails where its folder cannot be', shell => {
  const said = shell.run(sh`: >jobs; tp_job_start jobs j1 30 ${'echo ran >ran'}; echo "rc $?"`);
  assert.match(said.out, /^rc [1-9]/);
  assert.is(existsSync(join(shell.folder, 'ran')), false);
});

inShells(test, 'tp_kill_tree waits for what needs a moment to end, and then uses force', shell => {
  const polite = 'sh -c \'trap "sleep 0.5; echo ended >ended; exit" TERM; echo >ready; while :; do sleep 0.1; done\'';
  const deaf = 'sh -c \'trap "" TERM; echo >ready; while :; do sleep 0.1; done\'';
  const run = (child: string) =>
    shell.run(
      `rm -f ready; ${child} & while [ ! -e ready ]; do sleep 0.1; done; tp_kill_tree $!; sleep 0.3; tp_runs $! || echo gone`,
    );
  assert.is(run(polite).out, 'gone\n');
  assert.ok(existsSync(join(shell.folder, 'ended')));
  assert.is(run(deaf).out, 'gone\n');
});

test.run();
