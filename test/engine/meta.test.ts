import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { play, start } from './rig.ts';

test('reset_connection ends the sessions of the hosts whose condition holds', async () => {
  const ended = await play(`
- hosts: web1,web2
  gather_facts: false
  tasks:
    - { name: one, command: first }
    - { meta: reset_connection, when: inventory_hostname == 'web2' }
    - { name: two, command: second }
`);
  assert.equal(ended.rig.sessions.resets, ['web2']);
  assert.is(ended.status, 0);
});

test('a connection that cannot be resolved fails the host at reset_connection', async () => {
  const ended = await play(
    `
- hosts: web1
  gather_facts: false
  tasks:
    - meta: reset_connection
    - { name: one, debug: { msg: x } }
`,
    { inventory: 'all: { hosts: { web1: { ansible_port: "{{ nope }}" } } }\n' },
  );
  assert.is(ended.recap['web1']?.failed, 1);
  assert.equal(ended.story, []);
});

test("a play's fact_path, gather_timeout and gather_subset are arguments of its setup", async () => {
  const run = await start(`
- hosts: web1
  vars: { place: /opt/facts }
  fact_path: "{{ place }}"
  gather_timeout: 3
  gather_subset: [local]
  tasks: []
`);
  const frame = await run.host('web1').nextFrame();
  assert.match(frame.script, '/opt/facts');
  assert.is(frame.options.timeoutMs, 33_000);
  frame.reply({ rc: 1 });
  assert.is((await run.ended).status, 2);
});

test.run();
