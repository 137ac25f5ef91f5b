import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Frame } from './fake-hosts.ts';
import { type Ended, play, start } from './rig.ts';

const playbook = (tasks: string) => `
- hosts: web1
  gather_facts: false
  tasks:
${tasks.replace(/^/gm, '    ')}
`;

const FOLDER = '/home/me/.tplay_async/j1.2\n';

/** A host whose jobs are over after so many looks, with what they print then. */
function jobs(looks: number, over: string) {
  let left = looks;
  return ({ script }: Frame) => {
    if (script.startsWith('tp_job_start')) return { stdout: FOLDER };
    if (script.startsWith('tp_job_end')) return {};
    const path = script.startsWith('printf') ? FOLDER : '';
    if (script.includes('tp_job_state')) return { stdout: path + (left-- > 0 ? 'running\n' : over) };
    return undefined;
  };
}

const messages = ({ events }: Ended) =>
  events.flatMap(e =>
    e.type === 'task-finished' && e.task.module === 'debug' && 'values' in e.outcome ? [e.outcome.values?.['msg']] : [],
  );

test('a task with async is looked at until it is over, more seldom with time, and its module reads the result', async () => {
  const ended = await play(
    playbook(`- { shell: echo hi, async: 60, poll: 2, register: r }
- { debug: { msg: "{{ r.stdout }} {{ r.rc }} {{ r.finished }} {{ r.cmd }} {{ r is finished }}" } }`),
    { answer: jobs(5, '0 100 103\nhi\n') },
  );
  assert.equal(messages(ended), ['hi 0 True echo hi True']);
  assert.equal(ended.rig.sleeps, [250, 500, 1000, 2000, 2000, 2000]);
  assert.is(ended.recap['web1']?.changed, 1);
});

test('a task that takes longer than async says fails, and is ended on the host', async () => {
  const scripts: string[] = [];
  const answer = jobs(1000, '');
  const ended = await play(playbook('- { name: long, shell: sleep 9, async: 3, poll: 1 }'), {
    answer: frame => {
      scripts.push(frame.script.split(' ')[0] ?? '');
      return answer(frame);
    },
  });
  assert.equal(ended.story, ['web1 long: failed']);
  assert.is(scripts.at(-1), 'tp_job_end');
  const last = ended.events.find(e => e.type === 'task-finished');
  assert.match(JSON.stringify(last), /async task did not complete within the requested time - 3s/);
});

test('with poll: 0 the play goes on, and async_status has the result of the module that was started', async () => {
  const ended = await play(
    playbook(`- { ping: { data: hello }, async: 60, poll: 0, register: job }
- { debug: { msg: "{{ job.started }} {{ job.finished }} {{ job is changed }} {{ job.results_file }}" } }
- async_status: { jid: "{{ job.ansible_job_id }}" }
  register: r
  until: r.finished
  retries: 5
  delay: 1
- { debug: { msg: "{{ r.attempts }} {{ r is changed }} {{ r.ping }} {{ r.finished == 1 }}" } }`),
    { answer: jobs(2, '0 100 103\nhello') },
  );
  assert.equal(messages(ended), ['True False True /home/me/.tplay_async/j1.2', '3 False hello True']);
  assert.is(ended.status, 0);
});

test('jobs of a loop are waited for in a loop', async () => {
  const ended = await play(
    playbook(`- { shell: "echo {{ item }}", async: 60, poll: 0, register: all, loop: [a, b] }
- async_status: { jid: "{{ item.ansible_job_id }}" }
  register: ends
  until: ends is finished
  loop: "{{ all.results }}"
- { debug: { msg: "{{ ends.results | map(attribute='stdout') | list }} {{ ends.results | map(attribute='cmd') | list }}" } }`),
    { answer: jobs(1, '0 100 103\nsaid\n') },
  );
  assert.equal(messages(ended), ["['said', 'said'] ['echo a', 'echo b']"]);
});

test('a host that is not there for a while does not fail the task', async () => {
  const run = await start(playbook('- { name: long, shell: apt upgrade, async: 60, poll: 1 }'));
  const host = run.host('web1');
  (await host.nextFrame()).reply({ stdout: FOLDER });
  (await host.nextFrame()).lose();
  (await host.nextFrame()).lose('connect');
  (await host.nextFrame()).reply({ stdout: '0 100 103\n' });
  assert.equal((await run.ended).story, ['web1 long: changed']);
});

test('what edits a file is done at once, and async_status tells it', async () => {
  const ended = await play(
    playbook(`- { lineinfile: { path: /etc/x, line: here }, async: 60, poll: 0, register: job }
- { async_status: { jid: "{{ job.ansible_job_id }}" }, register: r }
- { debug: { msg: "{{ job.finished }} {{ r.finished }} {{ r is changed }}" } }`),
    {
      answer: frame =>
        frame.script.includes('tp_job_')
          ? jobs(0, '0 100 100\n')(frame)
          : { stdout: 'type=file\nsha256=0\n--\nhere\n' },
    },
  );
  assert.equal(messages(ended), ['False True False']);
});

test('in a dry run nothing is started in the background', async () => {
  const ended = await play(
    playbook(`- { name: left, shell: echo, async: 60, poll: 0, register: job }
- { name: asked, async_status: { jid: "{{ job.ansible_job_id }}" } }
- { name: waited for, shell: echo, async: 60, poll: 5 }`),
    { args: ['--check'] },
  );
  assert.equal(ended.story, ['web1 left: unknown', 'web1 asked: unknown', 'web1 waited for: unknown']);
});

test('a folder of jobs that cannot be made fails the task', async () => {
  const ended = await play(playbook('- { name: one, shell: echo, async: 60, poll: 0 }'), {
    answer: () => ({ rc: 1, stderr: 'mkdir: no space left\n' }),
  });
  assert.equal(ended.story, ['web1 one: failed']);
  assert.match(JSON.stringify(ended.events.find(e => e.type === 'task-finished')), /no space left/);
});

test('ansible_async_dir says where the jobs are', async () => {
  const asked: string[] = [];
  await play(
    playbook(`- { shell: echo, async: 60, poll: 0, register: job, vars: { ansible_async_dir: /var/jobs } }
- { async_status: { jid: "{{ job.ansible_job_id }}" }, vars: { ansible_async_dir: /var/jobs } }`),
    {
      answer: frame => {
        asked.push(frame.script);
        return jobs(0, '0 100 103\n')(frame);
      },
    },
  );
  assert.match(asked[0] ?? '', /^tp_job_start \/var\/jobs j\d+\.\d+ 60 /);
  assert.match(asked[1] ?? '', /tp_job_state \/var\/jobs\/j\d+\.\d+ look/);
});

test('timeout is for all tries of a task, and 0 is none', async () => {
  const run = await start(
    playbook('- { name: one, shell: echo, timeout: 0 }\n- { name: two, shell: echo, timeout: 7 }'),
  );
  const first = await run.host('web1').nextFrame();
  assert.is(first.options.timeoutMs, undefined);
  first.reply();
  const second = await run.host('web1').nextFrame();
  const { timeoutMs = 0 } = second.options;
  assert.ok(timeoutMs > 0 && timeoutMs <= 7000, String(timeoutMs));
  second.reply();
  assert.is((await run.ended).status, 0);
});

test.run();
