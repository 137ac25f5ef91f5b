import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { play } from './rig.ts';

const shown = (ended: Awaited<ReturnType<typeof play>>) =>
  ended.events.flatMap(e => (e.type === 'task-finished' && e.outcome.status === 'ok' ? [e.outcome.values['msg']] : []));

const one = (prompts: string, msg: string) => `
- hosts: web1
  gather_facts: false
  vars: { who: the play, name: weaker }
  vars_prompt: ${prompts}
  tasks: [{ debug: { msg: "${msg}" } }]
`;

test('prompts are asked for in their order, with their defaults, before anything runs', async () => {
  const prompts =
    '[{ name: name, prompt: "name for {{ who }}", private: false, default: x }, { name: b, private: no }]';
  const ended = await play(one(prompts, '{{ name }} {{ b }}'), { typed: ['', 'two'] });
  assert.equal(ended.rig.questions, ['name for the play [x]: ', 'b: ']);
  assert.equal(shown(ended), ['x two']);
});

test('what -e gives is not asked for', async () => {
  const ended = await play(one('[{ name: name }]', '{{ name }}'), { typed: [], args: ['-e', 'name=given'] });
  assert.equal(ended.rig.questions, []);
  assert.equal(shown(ended), ['given']);
});

test('a private answer is hidden while it is typed and wherever it would be shown', async () => {
  const prompts = '[{ name: pw, default: "0therSecret" }]';
  const ended = await play(one(prompts, 'pw is {{ pw }}'), { typed: ['s3cret-word'] });
  assert.equal(ended.rig.questions, ['pw [***]: (secret)']);
  assert.is(ended.rig.redactor.text('it was s3cret-word'), 'it was ***');
});

test('a confirmed answer is asked for until both are the same', async () => {
  const prompts = '[{ name: pw, confirm: true, private: false }]';
  const ended = await play(one(prompts, '{{ pw }}'), { typed: ['a', 'b', 'c', 'c'] });
  assert.equal(ended.rig.questions, ['pw: ', 'confirm pw: ', 'the two are not the same\npw: ', 'confirm pw: ']);
  assert.equal(shown(ended), ['c']);
});

test('braces that are typed are text, not a template', async () => {
  const ended = await play(one('[{ name: b, private: false }]', '{{ b }}'), { typed: ['{{ 1 + 1 }}'] });
  assert.equal(shown(ended), ['{{ 1 + 1 }}']);
});

test('an encrypted answer is its hash, with the salt given', async () => {
  const prompts = '[{ name: pw, private: false, encrypt: sha512_crypt, salt: saltsalt }]';
  const ended = await play(one(prompts, '{{ pw[:25] }} {{ pw | length }}'), { typed: ['abc'] });
  assert.equal(shown(ended), ['$6$rounds=656000$saltsalt 112']);
});

test('the hosts of a play may be asked for; the answer is for that play alone', async () => {
  const playbook = `
- hosts: "{{ target }}"
  gather_facts: false
  vars_prompt: [{ name: target, private: false }]
  tasks: [{ name: t, debug: { msg: "{{ target }}" } }]
- hosts: web1
  gather_facts: false
  tasks: [{ name: u, debug: { msg: "{{ target | default('not here') }}" } }]
`;
  const ended = await play(playbook, { typed: ['web2'] });
  assert.equal(ended.story, ['web2 t: ok', 'web1 u: ok']);
  assert.equal(shown(ended), ['web2', 'not here']);
});

test('where nobody can be asked defaults hold, and one without is an error', async () => {
  const ended = await play(one('[{ name: name, default: "{{ who }}", private: false }]', '{{ name }}'));
  assert.equal(shown(ended), ['the play']);
  const error = await play(one('[{ name: missing }]', 'x')).then(() => undefined, String);
  assert.match(error ?? 'it ran', /nobody is there to ask for "missing"/);
});

test.run();
