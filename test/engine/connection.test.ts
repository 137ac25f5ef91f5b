import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { play, start } from './rig.ts';

const REBOOT = `
- hosts: web1
  gather_facts: false
  tasks:
    - { name: again, reboot: , register: r }
    - { name: see, debug: { msg: "{{ r.rebooted }} {{ r.elapsed is integer }}" } }
`;

test('a host goes away and comes back while its task goes on', async () => {
  const run = await start(REBOOT);
  const host = run.host('web1');
  (await host.nextFrame()).reply({ stdout: 'one\n' });
  (await host.nextFrame()).lose();
  (await host.nextFrame()).lose('connect');
  (await host.nextFrame()).reply({ stdout: 'two\n' });
  (await host.nextFrame()).reply();
  const ended = await run.ended;
  assert.equal(ended.story, ['web1 again: changed', 'web1 see: ok']);
  assert.equal(run.sessions.resets, ['web1']);
});

test('a dry run asks no host, and says that it would restart', async () => {
  const ended = await play(REBOOT, { args: ['--check'] });
  assert.equal(ended.story, ['web1 again: changed', 'web1 see: ok']);
  assert.is(ended.rig.host('web1').opened.length, 0);
});

test('the wait for a connection is skipped in a dry run', async () => {
  const ended = await play('- { hosts: web1, gather_facts: false, tasks: [{ name: wait, wait_for_connection: }] }\n', {
    args: ['--check'],
  });
  assert.equal(ended.story, ['web1 wait: skipped']);
});

test('a host that was never there is unreachable to reboot, and a failure to wait_for_connection', async () => {
  const nowhere = { inventory: 'all: { hosts: { web1: { ansible_port: 1 } } }\n' };
  const reboot = await play('- { hosts: web1, gather_facts: false, tasks: [{ name: again, reboot: }] }\n', nowhere);
  assert.equal(reboot.story, ['web1 again: unreachable']);
  const wait = await play(
    '- { hosts: web1, gather_facts: false, tasks: [{ name: wait, wait_for_connection: { timeout: 0 } }] }\n',
    nowhere,
  );
  assert.equal(wait.story, ['web1 wait: failed']);
});

test('the time limit of the task ends the wait, and stopping the run too', async () => {
  const limited = await start(
    '- { hosts: web1, gather_facts: false, tasks: [{ name: wait, wait_for_connection: , timeout: 1 }] }\n',
  );
  const frame = await limited.host('web1').nextFrame();
  assert.ok((frame.options.timeoutMs ?? 0) <= 1000);
  await new Promise(resolve => setTimeout(resolve, 1100));
  frame.lose('timeout');
  const ended = await limited.ended;
  assert.equal(ended.story, ['web1 wait: failed']);
  const stopped = await start(REBOOT);
  const waiting = await stopped.host('web1').nextFrame();
  stopped.stop();
  waiting.lose();
  assert.is((await stopped.ended).status !== 0, true);
});

test('neither can be left in the background', async () => {
  await play('- { hosts: web1, gather_facts: false, tasks: [{ name: again, reboot: , async: 10 }] }\n').then(
    () => assert.unreachable('async was taken'),
    (error: Error) => assert.match(error.message, 'async is not supported for reboot'),
  );
});

test.run();
