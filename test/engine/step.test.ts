import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { play } from './rig.ts';

const PLAYBOOK = `
- hosts: all
  gather_facts: false
  tasks:
    - { name: one, debug: , changed_when: true, notify: hand }
    - meta: flush_handlers
    - { name: include, include_tasks: more.yml }
    - { name: never, debug: , tags: never }
    - { name: "last on {{ inventory_hostname }}", fail: }
  handlers: [{ name: hand, debug: }]
`;
const FILES = { 'more.yml': '- { name: inside, debug: }\n' };
const ONE = { inventory: 'all: { hosts: { web1: , web2: } }\n', files: FILES, args: ['--step'] };

/** Runs the playbook with answers by the name in the question; returns the questions, and the story. */
async function stepped(playbook: string, answers: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const { story } = await play(playbook, {
    ...ONE,
    answers(prompt) {
      const title = prompt.replace(/^Perform task: (.*) \(N\)o\/\(y\)es\/\(c\)ontinue: $/, '$1');
      asked.push(title);
      return answers[title.replace(/^\w+: /, '')] ?? 'y';
    },
  });
  return { asked, story };
}

test('each task is asked about once for all hosts, handlers and what is included too', async () => {
  const { asked, story } = await stepped(PLAYBOOK, { 'last on web1': 'n' });
  assert.equal(asked, ['TASK: one', 'HANDLER: hand', 'TASK: include', 'TASK: inside', 'TASK: last on web1']);
  assert.equal(story, [
    'web1 one: changed',
    'web2 one: changed',
    'web1 hand: ok',
    'web2 hand: ok',
    'web1 include: ok',
    'web2 include: ok',
    'web1 inside: ok',
    'web2 inside: ok',
  ]);
});

test('what is not wanted does not run, brings nothing and notifies nobody', async () => {
  const { asked, story } = await stepped(PLAYBOOK, { one: '', include: 'no', 'last on web1': 'nonsense' });
  assert.equal(asked, ['TASK: one', 'TASK: include', 'TASK: last on web1']);
  assert.equal(story, []);
});

test('"continue" runs the rest without asking', async () => {
  const { asked, story } = await stepped(PLAYBOOK, { hand: 'C' });
  assert.equal(asked, ['TASK: one', 'HANDLER: hand']);
  assert.is(story.length, 10);
  assert.is(story.at(-1), 'web2 last on web1: failed');
});

test('hosts at their own pace are asked about one by one', async () => {
  const free = '- { hosts: all, gather_facts: false, strategy: free, tasks: [{ name: one, debug: }] }\n';
  const { asked, story } = await stepped(free, { 'one on web1': 'n' });
  assert.equal(asked, ['TASK: one on web1', 'TASK: one on web2']);
  assert.equal(story, ['web2 one: ok']);
});

test.run();
