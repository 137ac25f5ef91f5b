import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compare } from '../../scenarios/compare.ts';
import type { Ended } from '../../scenarios/events.ts';
import { readRun, startedTask } from '../../scenarios/events.ts';

const ended = (status: string, more: Partial<Ended> = {}): Ended => ({
  host: 'web1',
  place: 'play.yml:3:7',
  title: 'Copy',
  item: undefined,
  status,
  whole: false,
  ...more,
});

test('a change that the dry run said is agreed, one it did not say is named, and so is one that did not come', () => {
  assert.equal(compare([ended('changed')], [ended('changed')]).faults, []);
  assert.equal(compare([ended('ok')], [ended('changed')]).faults, [
    'web1: "Copy" (play.yml:3:7) changed once, and the dry run said not at all',
  ]);
  assert.equal(compare([ended('changed')], [ended('skipped')]).faults, [
    'web1: "Copy" (play.yml:3:7) changed not at all, and the dry run said once',
  ]);
});

test('what the dry run did not know may change or not, and is counted', () => {
  assert.equal(compare([ended('unknown')], [ended('changed')]), { faults: [], changed: 0, unknown: 1 });
  assert.equal(compare([ended('unknown')], [ended('ok')]), { faults: [], changed: 0, unknown: 1 });
});

test('items are compared each, a loop as a whole not, and one that was unknown as a whole has any items', () => {
  const loop = (item: string, status: string) => [ended(status, { item }), ended(status, { whole: true })];
  assert.equal(compare(loop('a', 'changed'), loop('a', 'changed')).faults, []);
  assert.match(compare(loop('a', 'ok'), loop('b', 'changed')).faults.join(), /with b/);
  assert.equal(compare([ended('unknown')], loop('b', 'changed')).faults, []);
});

test('the same place that runs twice is counted', () => {
  const twice = [ended('changed'), ended('changed')];
  assert.match(compare(twice, [ended('changed')]).faults.join(), /changed once, and the dry run said 2 times/);
  assert.equal(compare(twice, twice), { faults: [], changed: 2, unknown: 0 });
});

test('a run that was killed is read as far as it got', () => {
  const task = { name: 'Copy', span: { file: 'play.yml', line: 3, column: 7 } };
  const finished = { type: 'task-finished', task, host: 'web1', looped: false, outcome: { status: 'changed' } };
  const read = readRun(`${JSON.stringify(finished)}\n{"type":"task-fin`, '');
  assert.equal(read, { ended: [ended('changed')], text: 'web1 changed: Copy' });
  assert.is(startedTask(JSON.stringify({ type: 'task-started', task })), 'Copy');
  assert.is(startedTask('{"type":"task-sta'), undefined);
});

test.run();
