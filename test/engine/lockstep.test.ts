import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { commands } from './fake-hosts.ts';
import { settled, start } from './rig.ts';

const TWO_TASKS = `
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, command: first }
    - { name: two, command: second }
`;

test('a task runs on all hosts before the next one starts anywhere', async () => {
  const run = await start(TWO_TASKS);
  const first = await Promise.all(['web1', 'web2', 'web3'].map(name => run.host(name).nextFrame()));
  first[1]?.reply();
  first[0]?.reply();
  await settled();
  for (const name of ['web1', 'web2']) assert.is(run.host(name).waiting.length, 0, `${name} has gone on alone`);
  first[2]?.reply();
  const second = await Promise.all(['web1', 'web2', 'web3'].map(name => run.host(name).nextFrame()));
  assert.equal(
    second.map(f => f.script.includes('second')),
    [true, true, true],
  );
  for (const frame of second) frame.reply();
  assert.is((await run.ended).status, 0);
});

test('a failed host leaves the play, the others go on', async () => {
  const run = await start(TWO_TASKS);
  for (const name of ['web1', 'web2', 'web3'])
    (await run.host(name).nextFrame()).reply({ rc: name === 'web2' ? 1 : 0 });
  for (const name of ['web1', 'web3']) (await run.host(name).nextFrame()).reply();
  const { status, recap } = await run.ended;
  assert.is(status, 2);
  assert.is(recap['web2']?.failed, 1);
  assert.is(run.host('web2').waiting.length, 0);
});

test('a lost host is unreachable and leaves the play', async () => {
  const run = await start(TWO_TASKS);
  (await run.host('web1').nextFrame()).lose();
  for (const name of ['web2', 'web3', 'web2', 'web3']) (await run.host(name).nextFrame()).reply();
  const { status, recap, story } = await run.ended;
  assert.is(status, 4);
  assert.is(recap['web1']?.unreachable, 1);
  assert.ok(story.includes('web1 one: unreachable'));
});

test('forks limits how many hosts are worked on at once', async () => {
  const run = await start(TWO_TASKS, { args: ['--forks', '2'] });
  const first = await run.host('web1').nextFrame();
  await run
    .host('web2')
    .nextFrame()
    .then(frame => frame.reply());
  await (await run.host('web3').nextFrame()).reply();
  first.reply();
  const again = await run.host('web1').nextFrame();
  const other = await run.host('web2').nextFrame();
  await settled();
  assert.is(run.host('web3').waiting.length, 0, 'a third host was started');
  other.reply();
  (await run.host('web3').nextFrame()).reply();
  again.reply();
  assert.is((await run.ended).status, 0);
});

test('throttle limits the hosts of one task', async () => {
  const run = await start(`
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, command: first, throttle: 1 }
    - { name: two, command: second }
`);
  for (const name of ['web1', 'web2', 'web3']) {
    const frame = await run.host(name).nextFrame();
    await settled();
    for (const other of run.sessions.hosts) assert.is(other.waiting.length, 0, `${other.name} runs beside ${name}`);
    frame.reply();
  }
  const all = await Promise.all(['web3', 'web2', 'web1'].map(name => run.host(name).nextFrame()));
  for (const frame of all) frame.reply();
  assert.is((await run.ended).status, 0);
});

test('hosts that skip a task do not wait inside of it, and take part in the next', async () => {
  const run = await start(
    TWO_TASKS.replace('command: first }', `command: first, when: "inventory_hostname == 'web2'" }`),
  );
  (await run.host('web2').nextFrame()).reply();
  for (const name of ['web1', 'web2', 'web3']) {
    const frame = await run.host(name).nextFrame();
    assert.ok(frame.script.includes('second'));
    frame.reply();
  }
  assert.equal((await run.ended).story.slice(0, 3).sort(), [
    'web1 one: skipped',
    'web2 one: changed',
    'web3 one: skipped',
  ]);
});

test('the items of a loop run one after the other, of hosts side by side', async () => {
  const run = await start(`
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, command: "run {{ item }}", loop: [x, y] }
`);
  for (const item of ['x', 'y'])
    for (const name of ['web3', 'web1', 'web2']) {
      const frame = await run.host(name).nextFrame();
      assert.ok(frame.script.endsWith(`run ${item}`), frame.script);
      frame.reply();
    }
  const { events } = await run.ended;
  assert.is(events.filter(e => e.type === 'item-finished').length, 6);
});

test('a stopped run starts nothing more and tells its recap', async () => {
  const run = await start(TWO_TASKS);
  const frames = await Promise.all(['web1', 'web2', 'web3'].map(name => run.host(name).nextFrame()));
  run.stop();
  for (const frame of frames) frame.reply();
  const { events, story } = await run.ended;
  const last = events.at(-1);
  assert.ok(last?.type === 'run-finished' && last.interrupted);
  assert.is(last.exitStatus, 1);
  assert.equal(story.length, 3);
  assert.is(run.host('web1').waiting.length, 0);
});

test('round trips are counted in every event and in the end', async () => {
  const run = await start(
    `
- hosts: [web1]
  gather_facts: false
  tasks:
    - { name: local, debug: { msg: hi } }
    - { name: query, ping: }
    - { name: command, command: /bin/true }
    - { name: guarded, command: { cmd: /bin/true, creates: /x } }
    - { name: items, command: /bin/true, loop: [1, 2, 3] }
    - { name: unchanged, file: { path: /x, state: directory } }
    - { name: skipped, command: /bin/true, when: false }
`,
    {
      answer: frame => (frame.script.startsWith('tp_converge') ? { stdout: 'type=directory\n--\n' } : commands(frame)),
    },
  );
  const { events } = await run.ended;
  const frames = events.flatMap(e => (e.type === 'task-finished' ? [`${e.task.name} ${e.frames}`] : []));
  assert.equal(frames, ['local 0', 'query 1', 'command 1', 'guarded 1', 'items 3', 'unchanged 1', 'skipped 0']);
  const last = events.at(-1);
  assert.is(last?.type === 'run-finished' && last.frames, 7);
  const items = events.flatMap(e => (e.type === 'item-finished' ? [e.frames] : []));
  assert.equal(items, [1, 1, 1]);
});

test.run();
