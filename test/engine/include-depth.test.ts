import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { play } from './rig.ts';

const PLAY = '- { hosts: web1, gather_facts: false, tasks: [{ include_tasks: ring.yml }] }\n';

test('an include that stands in itself without end fails, and says which file', async () => {
  const ended = await play(PLAY, { files: { 'ring.yml': '- include_tasks: ring.yml\n' } });
  assert.is(ended.recap['web1']?.failed, 1);
  const last = ended.events.flatMap(e => (e.type === 'task-finished' ? [e.outcome] : [])).at(-1);
  assert.match(last?.status === 'failed' ? last.message : '', /without end: \S*ring\.yml -> \S*ring\.yml, 200 deep/);
});

test('an include that stands in itself with an end runs', async () => {
  const ring = '- set_fact: { n: "{{ n | default(0) | int + 1 }}" }\n- include_tasks: ring.yml\n  when: n | int < 50\n';
  const ended = await play(PLAY, { files: { 'ring.yml': ring } });
  assert.is(ended.status, 0);
  assert.is(ended.story.filter(line => line.endsWith('set_fact: ok')).length, 50);
});

test.run();
