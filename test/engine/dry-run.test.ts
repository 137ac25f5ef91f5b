import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { commands, type Frame } from './fake-hosts.ts';
import { play, type RigOptions } from './rig.ts';

const CHECK = { args: ['--check'], inventory: 'all: { hosts: { web1: } }\n' };

/** A host where every state that is asked for is missing. */
function missing(frame: Frame) {
  return frame.script.includes('tp_converge') ? { stdout: 'type=absent\n--\n' } : commands(frame);
}

function tasks(text: string, options: RigOptions = {}) {
  return play(`- hosts: all\n  gather_facts: false\n  tasks:\n${text}`, { ...CHECK, ...options });
}

test('a command is not run, and what it would have said is unknown', async () => {
  const { story, recap, events } = await tasks(`
    - { name: ask, command: cat /x, register: said }
    - { name: use, debug: { msg: "{{ said.stdout }}" } }
    - { name: whether, command: /bin/true, when: said.rc == 0 }
    - { name: whether not, debug: { msg: x }, when: said.stdout != "" or true } # true either way
    - { name: over it, debug: { msg: x }, loop: "{{ said.stdout_lines }}" }
    - { name: write, copy: { dest: /x, content: "{{ said.stdout }}" } }
    - { name: known, debug: { msg: known } }
`);
  assert.equal(story, [
    'web1 ask: unknown',
    'web1 use: unknown',
    'web1 whether: unknown',
    'web1 whether not: ok',
    'web1 over it: unknown',
    'web1 write: unknown',
    'web1 known: ok',
  ]);
  assert.is(recap['web1']?.unknown, 5);
  assert.is(recap['web1']?.ok, 2);
  assert.is(
    events.reduce((sum, e) => sum + (e.type === 'task-finished' ? e.frames : 0), 0),
    0,
  );
});

test('what is unknown goes through set_fact, and a known value replaces it', async () => {
  const { story } = await tasks(`
    - { name: ask, command: cat /x, register: said }
    - { name: keep, set_fact: { kept: "{{ said.stdout }}", plain: 1 } }
    - { name: use, debug: { msg: "{{ kept }}" } }
    - { name: other, debug: { msg: "{{ plain }}" } }
    - { name: anew, set_fact: { kept: new } }
    - { name: again, debug: { msg: "{{ kept }}" } }
`);
  assert.equal(story.slice(2), ['web1 use: unknown', 'web1 other: ok', 'web1 anew: ok', 'web1 again: ok']);
});

test('changed_when and failed_when of what was not run are unknown', async () => {
  const { story } = await tasks(`
    - { name: one, command: cat /x, changed_when: false }
    - { name: two, command: cat /x, register: r, failed_when: r.rc != 0 }
    - { name: three, debug: { msg: x }, register: r }
    - { name: four, debug: { msg: x }, failed_when: "'x' in r.msg", ignore_errors: true }
`);
  assert.equal(story, ['web1 one: unknown', 'web1 two: unknown', 'web1 three: ok', 'web1 four: ignored']);
});

test('check_mode: false runs the task, check_mode: true never does', async () => {
  const dry = await tasks(`
    - { name: ask, command: echo hi, check_mode: false, register: said }
    - { name: use, debug: { msg: "{{ said.stdout }}" } }
`);
  assert.equal(dry.story, ['web1 ask: changed', 'web1 use: ok']);
  const real = await tasks('    - { name: ask, command: echo hi, check_mode: true }\n', { args: [] });
  assert.equal(real.story, ['web1 ask: unknown']);
});

test('a converging task says what it would change, in one round trip and without the change', async () => {
  const { story, events, rig } = await tasks(
    `
    - { name: make, file: { path: /srv/x, state: directory, mode: "0750" }, notify: said }
  handlers:
    - { name: said, debug: { msg: handled } }
`,
    { answer: missing },
  );
  assert.equal(story, ['web1 make: changed', 'web1 said: ok']);
  const [made] = events.flatMap(e => (e.type === 'task-finished' ? [e] : []));
  assert.is(made?.frames, 1);
  assert.equal(made?.outcome.status === 'changed' && made.outcome.diff?.state?.['mode'], ['', '0750']);
  assert.is(rig.host('web1').opened.length, 1);
});

test('a guard that holds is told as such, one that does not leaves it unknown', async () => {
  const { story } = await tasks(
    `
    - { name: there, command: { cmd: make, creates: /there } }
    - { name: not there, command: { cmd: make, creates: /nothere } }
`,
    { answer: frame => ({ stdout: frame.script.includes('/there') ? 'skip\n' : 'run\n' }) },
  );
  assert.equal(story, ['web1 there: skipped', 'web1 not there: unknown']);
});

test('an include whose condition or file is unknown is unknown', async () => {
  const { story } = await tasks(
    `
    - { name: ask, command: cat /x, register: said }
    - { name: whether, include_tasks: inc.yml, when: said.rc == 0 }
    - { name: which, include_tasks: "{{ said.stdout }}.yml" }
    - { name: items, include_tasks: inc.yml, loop: "{{ said.stdout_lines }}" }
    - { name: after, debug: { msg: x } }
`,
    { files: { 'inc.yml': '- { name: inner, debug: { msg: x } }\n' } },
  );
  assert.equal(story.slice(1), [
    'web1 whether: unknown',
    'web1 which: unknown',
    'web1 items: unknown',
    'web1 after: ok',
  ]);
});

test('until does not wait for what was not run', async () => {
  const { story, rig } = await tasks(
    '    - { name: ask, command: cat /x, register: r, until: r.rc == 0, retries: 5, delay: 60 }\n',
  );
  assert.equal(story, ['web1 ask: unknown']);
  assert.equal(rig.sleeps, []);
});

test('a fact from an unknown environment or delegate leaves the task unknown, never a wrong value', async () => {
  const { story, rig } = await tasks(`
    - { name: ask, command: cat /x, register: said }
    - { name: with it, ping: , environment: { WORD: "{{ said.stdout }}" } }
`);
  assert.equal(story, ['web1 ask: unknown', 'web1 with it: unknown']);
  assert.is(rig.host('web1').waiting.length, 0);
});

test.run();
