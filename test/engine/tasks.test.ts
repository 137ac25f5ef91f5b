import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event } from '../../lib/events.ts';
import { play, type RigOptions, start } from './rig.ts';

const ONE = { inventory: 'all: { hosts: { web1: } }\n' };

function tasks(text: string, options: RigOptions = {}) {
  return play(`- hosts: all\n  gather_facts: false\n  tasks:\n${text}`, { ...ONE, ...options });
}

function finished(events: readonly Event[]) {
  return events.flatMap(e => (e.type === 'task-finished' ? [e] : []));
}

test('until tries again after the delay, and tells each try', async () => {
  const run = await start(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: wait, command: ask, register: r, until: r.stdout == 'yes', retries: 5, delay: 7, changed_when: false }
    - { name: tries, debug: { msg: "{{ r.attempts }}" } }
`,
    ONE,
  );
  for (const stdout of ['no\n', 'no\n', 'yes\n']) (await run.host('web1').nextFrame()).reply({ stdout });
  const { story, events } = await run.ended;
  assert.equal(story, ['web1 wait: ok', 'web1 tries: ok']);
  assert.equal(run.sleeps, [7000, 7000]);
  const retried = events.flatMap(e => (e.type === 'task-retried' ? [[e.tries, e.left, e.delayMs]] : []));
  assert.equal(retried, [
    [1, 5, 7000],
    [2, 4, 7000],
  ]);
  const [waited, tries] = finished(events);
  assert.is(waited?.frames, 3);
  assert.equal(tries?.outcome.status === 'ok' && tries.outcome.values['msg'], 3);
});

test('until without retries and delay is 3 times and 5 seconds, as in Ansible', async () => {
  const { rig, story } = await tasks('    - { name: wait, command: /bin/true, register: r, until: r.rc == 1 }\n');
  assert.equal(rig.sleeps, [5000, 5000, 5000]);
  assert.equal(story, ['web1 wait: failed']);
});

test('a lost host is not tried again', async () => {
  const run = await start(
    '- { hosts: all, gather_facts: false, tasks: [{ name: w, command: x, register: r, until: r.rc == 0 }] }\n',
    ONE,
  );
  (await run.host('web1').nextFrame()).lose();
  assert.equal((await run.ended).story, ['web1 w: unreachable']);
  assert.equal(run.sleeps, []);
});

test('a frame that took too long fails the task, the host stays', async () => {
  const run = await start(
    `
- hosts: all
  gather_facts: false
  tasks:
    - { name: slow, command: x, timeout: 3, ignore_errors: true }
    - { name: next, command: y }
`,
    ONE,
  );
  const slow = await run.host('web1').nextFrame();
  const { timeoutMs = 0 } = slow.options;
  assert.ok(timeoutMs > 0 && timeoutMs <= 3000, String(timeoutMs));
  slow.lose('timeout');
  (await run.host('web1').nextFrame()).reply();
  assert.equal((await run.ended).story, ['web1 slow: ignored', 'web1 next: changed']);
});

test('loop_control.pause waits between the items, not around them', async () => {
  const { rig } = await tasks('    - { command: /bin/true, loop: [1, 2, 3], loop_control: { pause: 2 } }\n');
  assert.equal(rig.sleeps, [2000, 2000]);
});

test('a pause of some time shows its prompt while it lasts', async () => {
  const { rig, events } = await tasks('    - { pause: { seconds: 3, prompt: the balancer drains } }\n');
  assert.equal(rig.sleeps, [3000]);
  const said = events.flatMap(e => (e.type === 'message' ? [e.text] : []));
  assert.equal(said, ['the balancer drains']);
});

test('items are shown by their label', async () => {
  const { events } = await tasks(`
    - debug: { msg: x }
      loop: [{ name: one, secret: s1 }, { name: two, secret: s2 }]
      loop_control: { label: "{{ item.name }}" }
    - debug: { msg: x }
      loop: [{ a: 1 }, [2, x], text, 3]
`);
  const items = events.flatMap(e => (e.type === 'item-finished' ? [e.item] : []));
  assert.equal(items, ['one', 'two', '{"a":1}', '[2,"x"]', 'text', '3']);
});

test('no_log hides results, items and messages of a task', async () => {
  const { events, rig } = await tasks(`
    - name: hidden
      command: echo hunter2
      no_log: true
      register: r
      loop: [hunter2]
    - { name: failing, fail: { msg: hunter2 }, no_log: true, ignore_errors: true }
    - { name: show, debug: { msg: "{{ r.results[0].stdout }}" } }
    - { name: use, assert: { that: "'hunter2' in r.results[0].stdout" } }
`);
  assert.ok(finished(events)[0]?.task.noLog);
  const [show, use] = finished(events).slice(2);
  assert.not.match(JSON.stringify(show?.outcome), 'hunter2');
  assert.is(use?.outcome.status, 'ok');
  // What it holds may come up anywhere: reporters show everything through the redactor, which knows it now.
  assert.is(rig.redactor.text('a hunter2'), 'a ***');
  for (const e of events.filter(e => e.type === 'item-finished')) assert.ok('task' in e && e.task.noLog);
});

test('secret arguments are remembered and hidden wherever they come up later', async () => {
  const { rig } = await tasks(`
    - { name: make, user: { name: me, password: "$6$salt$hashhash" } }
`);
  assert.is(rig.redactor.text('found $6$salt$hashhash here'), 'found *** here');
});

test('passwords of the inventory are hidden', async () => {
  const { rig } = await tasks('    - ping:\n', {
    inventory: 'all: { hosts: { web1: { ansible_password: hunter22, ansible_become_password: hunter33 } } }\n',
    args: ['--become'],
  });
  assert.is(rig.redactor.text('hunter22 hunter33'), '*** ***');
  assert.equal(rig.host('web1').opened[0]?.become?.password, 'hunter33');
});

test('the environment reaches the script quoted, the nearest value wins', async () => {
  const run = await start(
    `
- hosts: all
  gather_facts: false
  environment: { ONE: play, TWO: play, FLAG: true, EMPTY: "" }
  tasks:
    - name: quoted
      command: run
      environment: { TWO: "it's \\"here\\" $HOME \`x\`", THREE: "{{ 1 + 2 }}" }
`,
    ONE,
  );
  const frame = await run.host('web1').nextFrame();
  const exports = frame.script.split('\n').filter(l => l.startsWith('export '));
  assert.equal(exports, [
    'export ONE=play',
    `export TWO='it'\\''s "here" $HOME \`x\`'`,
    'export FLAG=True',
    "export EMPTY=''",
    'export THREE=3',
  ]);
  frame.reply();
  await run.ended;
});

test('a name that cannot be a variable of the environment fails the task', async () => {
  const { events } = await tasks('    - { ping: , environment: { "A B": 1 } }\n');
  const [task] = finished(events);
  assert.ok(task?.outcome.status === 'failed' && task.outcome.message.includes('"A B"'));
});

test('a task runs as its become user, over the same connection', async () => {
  const run = await start(
    `
- hosts: all
  gather_facts: false
  become: true
  tasks:
    - { name: root, command: a }
    - { name: other, command: b, become_user: postgres, become_method: su }
    - { name: me, command: c, become: false }
`,
    ONE,
  );
  const users: string[] = [];
  for (let i = 0; i < 3; i++) {
    const frame = await run.host('web1').nextFrame();
    users.push(frame.user);
    frame.reply();
  }
  await run.ended;
  assert.equal(users, ['root', 'postgres', 'me']);
  assert.is(run.host('web1').opened[1]?.become?.method, 'su');
});

test('a delegated task is sent to the delegate by its own connection variables', async () => {
  const inventory = `
all:
  hosts:
    web1: { ansible_user: webuser, ansible_host: 10.0.0.1, name: one }
    db: { ansible_user: dbuser, ansible_host: 10.0.0.9, ansible_port: 2222 }
`;
  const { rig, events } = await play(
    `
- hosts: web1
  gather_facts: false
  tasks:
    - { name: there, command: "echo {{ name }} {{ inventory_hostname }}", delegate_to: db, register: r }
    - { name: stranger, command: echo, delegate_to: 192.0.2.7 }
    - { name: here, command: echo }
`,
    { inventory },
  );
  const to = (name: string) => rig.host(name).opened[0]?.connection;
  assert.equal([to('db')?.user, to('db')?.address, to('db')?.port], ['dbuser', '10.0.0.9', 2222]);
  assert.equal([to('192.0.2.7')?.user, to('192.0.2.7')?.address], [undefined, '192.0.2.7']);
  assert.equal([to('web1')?.user, to('web1')?.address], ['webuser', '10.0.0.1']);
  assert.equal(
    finished(events).map(e => [e.host, e.delegate]),
    [
      ['web1', 'db'],
      ['web1', '192.0.2.7'],
      ['web1', undefined],
    ],
  );
});

test('a host that cannot be reached makes the task unreachable, with the phase', async () => {
  const { events, recap, status } = await tasks('    - { name: one, ping: }\n', {
    inventory: 'all: { hosts: { web1: { ansible_port: 1 } } }\n',
  });
  const [task] = finished(events);
  assert.equal(task?.outcome.status === 'unreachable' && task.outcome.phase, 'connect');
  assert.is(recap['web1']?.unreachable, 1);
  assert.is(status, 4);
});

test('a keyword that cannot be rendered fails the task, not the program', async () => {
  for (const keyword of [
    'run_once',
    'any_errors_fatal',
    'throttle',
    'delegate_to',
    'check_mode',
    'no_log',
    'timeout',
    'environment',
    'ignore_errors',
    'notify',
    'remote_user',
    'become_user',
  ]) {
    const { events, status } = await tasks(
      `    - { name: one, command: /bin/false, become: true, ${keyword}: "{{ nope }}" }\n`,
    );
    const [task] = finished(events);
    assert.is(task?.outcome.status, 'failed', keyword);
    if (keyword !== 'notify')
      assert.ok(task?.outcome.status === 'failed' && task.outcome.message.includes('nope'), `${keyword}: says why`);
    assert.is(status, 2);
  }
});

test('an include with a keyword that cannot be rendered fails', async () => {
  for (const keyword of ['when: nope', 'run_once: "{{ nope }}"', 'loop: "{{ nope }}"']) {
    const { story } = await tasks(`    - { name: inc, include_tasks: inc.yml, ${keyword} }\n`, {
      files: { 'inc.yml': '- debug:\n' },
    });
    assert.equal(story, ['web1 inc: failed'], keyword);
  }
});

test('a handler that only a template could name is looked for when the task changed', async () => {
  const { events, status } = await play(
    `
- hosts: all
  gather_facts: false
  vars: { which: restrat }
  tasks:
    - { name: one, command: /bin/true, notify: "{{ which }}" }
  handlers:
    - { name: restart, command: /bin/true }
`,
    ONE,
  );
  const [task] = finished(events);
  assert.ok(task?.outcome.status === 'failed');
  assert.is(task.outcome.message, 'no handler is called "restrat" or listens to it: did you mean "restart"?');
  assert.is(status, 2);
});

test('a run with a role twice under different conditions runs it once on each host', async () => {
  const { story } = await play(
    `
- hosts: all
  gather_facts: false
  roles:
    - { role: web, when: "inventory_hostname == 'web1'" }
    - db
`,
    {
      files: {
        'roles/base/tasks/main.yml': '- { name: base, debug: { msg: x } }\n',
        'roles/web/meta/main.yml': 'dependencies: [base]\n',
        'roles/web/tasks/main.yml': '- { name: web, debug: { msg: x } }\n',
        'roles/db/meta/main.yml': 'dependencies: [base]\n',
        'roles/db/tasks/main.yml': '- { name: db, debug: { msg: x } }\n',
      },
      inventory: 'all: { hosts: { web1: , web2: } }\n',
    },
  );
  const of = (host: string) => story.filter(line => line.startsWith(host)).map(line => line.slice(5));
  assert.equal(of('web1'), ['base: ok', 'web: ok', 'db: ok']);
  assert.equal(of('web2'), ['base: skipped', 'web: skipped', 'base: ok', 'db: ok']);
});

test.run();
