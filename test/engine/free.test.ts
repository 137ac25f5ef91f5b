import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { settled, start } from './rig.ts';

const playbook = (strategy: string, more = '') => `
- hosts: all
  gather_facts: false
  strategy: ${strategy}
  ${more}
  tasks:
    - { name: one, command: first }
    - { name: two, command: second }
`;

test('free: a host goes on while another is still at its first task', async () => {
  const run = await start(playbook('free'));
  for (const word of ['first', 'second']) {
    const frame = await run.host('web1').nextFrame();
    assert.match(frame.script, word);
    frame.reply();
  }
  assert.is(run.host('web2').waiting.length, 1, 'web2 is at its first task');
  for (const name of ['web2', 'web3', 'web2', 'web3']) (await run.host(name).nextFrame()).reply();
  const { status, recap } = await run.ended;
  assert.is(status, 0);
  assert.is(recap['web2']?.ok, 2);
});

test('free: the forks go round: a host that waits starts before another goes on', async () => {
  const run = await start(playbook('free'), { args: ['--forks', '2'] });
  (await run.host('web1').nextFrame()).reply();
  const third = await run.host('web3').nextFrame();
  await settled();
  assert.is(run.host('web1').waiting.length, 0, 'web1 waits for a fork');
  third.reply();
  for (const name of ['web1', 'web2', 'web2', 'web3']) (await run.host(name).nextFrame()).reply();
  assert.is((await run.ended).status, 0);
});

test('host_pinned: a host comes to its end before a further one starts', async () => {
  const run = await start(playbook('host_pinned'), { args: ['--forks', '2'] });
  (await run.host('web1').nextFrame()).reply();
  const second = await run.host('web1').nextFrame();
  await settled();
  assert.is(run.host('web3').waiting.length, 0, 'web3 waits for a fork');
  second.reply();
  for (const name of ['web3', 'web2', 'web2', 'web3']) (await run.host(name).nextFrame()).reply();
  assert.is((await run.ended).status, 0);
});

test('free: batches of serial run one after the other', async () => {
  const run = await start(playbook('free', 'serial: 2'));
  for (const name of ['web1', 'web1', 'web2']) (await run.host(name).nextFrame()).reply();
  const last = await run.host('web2').nextFrame();
  await settled();
  assert.is(run.host('web3').waiting.length, 0);
  last.reply();
  for (const name of ['web3', 'web3']) (await run.host(name).nextFrame()).reply();
  assert.is((await run.ended).status, 0);
});

test('free: throttle holds over hosts that come to a task at different times', async () => {
  const run = await start(`
- hosts: all
  gather_facts: false
  strategy: free
  tasks:
    - { name: one, command: first }
    - { name: two, command: second, throttle: 1 }
`);
  for (const name of ['web1', 'web2', 'web3']) (await run.host(name).nextFrame()).reply();
  const first = await run.host('web1').nextFrame();
  await settled();
  assert.equal([run.host('web2').waiting.length, run.host('web3').waiting.length], [0, 0]);
  first.reply();
  (await run.host('web2').nextFrame()).reply();
  (await run.host('web3').nextFrame()).reply();
  assert.is((await run.ended).status, 0);
});

test('order decides which hosts are in the first batch, and shuffle loses none', async () => {
  for (const [order, first] of [
    ['sorted', 'web1'],
    ['reverse_sorted', 'web3'],
    ['reverse_inventory', 'web1'],
    ['inventory', 'web3'],
  ] as const) {
    const run = await start(playbook('linear', `order: ${order}\n  serial: 1`), {
      inventory: 'all: { hosts: { web3: , web2: , web1: } }\n',
      answer: () => ({}),
    });
    const { story } = await run.ended;
    assert.is(story[0], `${first} one: changed`, order);
  }
  const run = await start(playbook('linear', 'order: shuffle'), { answer: () => ({}) });
  const { recap } = await run.ended;
  assert.equal(
    Object.values(recap).map(r => r.ok),
    [2, 2, 2],
  );
});

test.run();
