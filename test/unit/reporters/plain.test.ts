import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event } from '../../../lib/events.ts';
import {
  changed,
  counts,
  failed,
  finished,
  ofTask,
  ok,
  output,
  play,
  recorder,
  started,
  task,
  taskEvents,
} from './recorded.ts';

const stars = (title: string) => `\n${title} ${'*'.repeat(59 - title.length)}\n`;

test('a run reads as Ansible shows it, with hosts in inventory order whichever was first', () => {
  const events = [
    started,
    play('web1', 'web2', 'web3'),
    ...taskEvents(task(1, 'make the folder'), { web1: changed, web2: ok, web3: { status: 'skipped', reason: 'when' } }),
    ...taskEvents(task(2, 'restart', { handler: true, role: undefined }), { web1: changed }),
    finished([
      ['web1', counts({ ok: 2, changed: 2 })],
      ['web2', counts({ ok: 1 })],
      ['web3', counts({ skipped: 1 })],
    ]),
  ];
  assert.is(
    output('plain', events),
    `${stars('PLAY [web servers]')}${stars('TASK [web : make the folder]')}changed: [web1]
ok: [web2]
skipping: [web3]
${stars('RUNNING HANDLER [restart]')}changed: [web1]
${stars('PLAY RECAP')}\
web1                       : ok=2    changed=2    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
web2                       : ok=1    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
web3                       : ok=0    changed=0    unreachable=0    failed=0    skipped=1    rescued=0    ignored=0

3 hosts, 1.2 s, 3 round trips
`,
  );
});

test('a failure says where the task stands, what was run and what came back', () => {
  assert.is(
    ofTask(taskEvents(task(1, 'list', { at: 23 }), { web1: failed })),
    `fatal: [web1]: FAILED!
    message: the command ended with exit status 2
    at: roles/web/tasks/main.yml:3:6
    command: ls /nowhere
    rc: 2
    stderr: ls: /nowhere: no such file
`,
  );
});

test('of long output a failure shows the end, and all of it with -v', () => {
  const stdout = Array.from({ length: 12 }, (_, i) => `line ${i + 1}`).join('\n');
  const events = taskEvents(task(1, 'long'), { web1: { ...failed, reply: { rc: 2, stdout, stderr: '' } } });
  const text = ofTask(events);
  assert.match(text, '    stdout:\n      (2 lines before: -v shows all)\n      line 3\n');
  assert.not.match(text, 'line 2\n');
  assert.match(ofTask(events, { verbosity: 1 }), '    stdout:\n      line 1\n      line 2\n');
});

test('an ignored failure, an unreachable host and an unknown result each have their words', () => {
  const parts = {
    web1: { ...failed, ignored: true },
    web2: { status: 'unreachable', phase: 'auth', message: 'no key was accepted\ntried: agent' },
    web3: { status: 'unknown', why: 'depends on the task "build"', values: {} },
    web4: { status: 'skipped', reason: 'check-mode' },
  } as const;
  const text = ofTask(taskEvents(task(1, 'x'), parts));
  assert.match(text, 'such file\n...ignoring\nfatal: [web2]: UNREACHABLE!\n    message: no key was accepted\n');
  assert.match(text, '      tried: agent\n    phase: auth\n    at: roles/web/tasks/main.yml:2:1\n');
  assert.match(text, 'unknown: [web3] depends on the task "build"\nskipping: [web4] (not run in check mode)\n');
});

test('items are lines of their own and the task adds nothing to them', () => {
  const events = taskEvents(task(1, 'x'), {
    web1: {
      outcome: changed,
      items: [
        ['a', changed],
        ['b', ok],
      ],
    },
    web2: { outcome: { ...failed, message: 'an item failed', ignored: true }, items: [['a\nb', failed]] },
  });
  assert.is(
    ofTask(events),
    `changed: [web1] => (item=a)
ok: [web1] => (item=b)
failed: [web2] (item=a\\nb)
    message: the command ended with exit status 2
    at: roles/web/tasks/main.yml:2:1
    command: ls /nowhere
    rc: 2
    stderr: ls: /nowhere: no such file
...ignoring
`,
  );
});

test('a loop that failed as a whole says so after its items', () => {
  const outcome = { ...failed, message: 'the loop ended early' };
  const text = ofTask(taskEvents(task(1, 'x'), { web1: { outcome, items: [['a', ok]] } }));
  assert.match(text, 'ok: [web1] => (item=a)\nfatal: [web1]: FAILED!\n    message: the loop ended early\n');
});

test('a change of state and of text is shown with --diff only', () => {
  const diff = {
    state: { mode: ['0700', '0750'], owner: ['', 'root'] },
    text: { before: 'a\nb\n', after: 'a\nc\n', name: '/etc/x' },
  } as const;
  const events = taskEvents(task(1, 'x'), { web1: { status: 'changed', values: {}, diff } });
  assert.is(
    ofTask(events, { diff: true }),
    `changed: [web1]
    mode: 0700 -> 0750
    owner: (none) -> root
    --- /etc/x (before)
    +++ /etc/x (after)
    @@ -1,2 +1,2 @@
     a
    -b
    +c
`,
  );
  assert.is(ofTask(events), 'changed: [web1]\n');
});

test('debug says its message, and a variable under its name', () => {
  const values = { web1: { msg: 'one\ntwo' }, web2: { msg: [1, { a: 'b: c' }] }, web3: { port: 80 } };
  const parts = Object.entries(values).map(([host, v]) => [host, { status: 'ok', values: v }] as const);
  const events = taskEvents(task(1, 'x', { module: 'ansible.builtin.debug' }), Object.fromEntries(parts));
  assert.is(
    ofTask(events),
    `ok: [web1]
    one
    two
ok: [web2]
    - 1
    - a: "b: c"
ok: [web3]
    port: 80
`,
  );
});

test('-v shows values as YAML would have them, -vv also places and round trips', () => {
  const values = {
    rc: 0,
    changed: false,
    stdout: 'a\nb',
    stdout_lines: ['a', 'b'],
    list: [],
    more: new Map([['k', true]]),
  };
  const events = taskEvents(task(1, 'x'), { web1: { status: 'ok', values } });
  const block = '    rc: 0\n    stdout: |-\n      a\n      b\n    list: []\n    more:\n      k: true\n';
  assert.is(ofTask(events, { verbosity: 1 }), `ok: [web1]\n${block}`);
  assert.is(
    ofTask(events, { verbosity: 2 }),
    `task path: roles/web/tasks/main.yml:2:1\nok: [web1]\n${block}    took: 0.1 s, 1 round trip\n`,
  );
});

test('the recap counts what is unknown in a dry run only', () => {
  const end = finished([['a-host-with-a-name-longer-than-others', counts({ ok: 10, unknown: 2 })]]);
  const text = output('plain', [{ type: 'run-started', playbooks: ['site.yml'], check: true, diff: false }, end]);
  assert.match(text, stars('DRY RUN [site.yml]'));
  assert.match(text, 'a-host-with-a-name-longer-than-others : ok=10   changed=0    unreachable=0 ');
  assert.match(text, 'ignored=0    unknown=2\n\n1 host, 1.2 s, 3 round trips, dry run\n');
  assert.not.match(output('plain', [started, end]), 'unknown');
});

test('tries, handlers, rescues and messages stand with their host', () => {
  const ref = task(1, 'x');
  const before = (host: string): readonly Event[] => [
    { type: 'task-retried', task: ref, host, tries: 1, left: 2, delayMs: 5000 },
    { type: 'message', host, text: 'sending' },
    { type: 'handler-notified', handler: 'restart', host, by: ref },
    { type: 'host-rescued', host, task: ref },
  ];
  const parts = { web1: { outcome: ok, before: before('web1') }, web2: { outcome: ok, delegate: 'db1' } };
  assert.is(
    ofTask(taskEvents(ref, parts)),
    `retrying: [web1] after try 1 (2 left, the next in 5.0 s)
[web1] sending
rescued: [web1]
ok: [web1]
ok: [web2 -> db1]
`,
  );
  assert.match(ofTask(taskEvents(ref, parts), { verbosity: 2 }), 'notified: [web1] restart\n');
});

test('two tasks open at once have their lines under their own headings', () => {
  const [first, second] = [task(1, 'a'), task(2, 'b')];
  const done = (ref: typeof first, host: string): Event => {
    return { type: 'task-finished', task: ref, host, outcome: ok, looped: false, ms: 1, frames: 1 };
  };
  const events: readonly Event[] = [
    { type: 'task-started', task: first, hosts: ['web1'] },
    { type: 'task-started', task: second, hosts: ['web2'] },
    done(second, 'web2'),
    done(first, 'web1'),
    done(first, 'web3'), // a run_once result copied to another host
  ];
  const [a, b] = [stars('TASK [web : a]'), stars('TASK [web : b]')];
  assert.is(output('plain', events), `${a}${b}ok: [web2]\n${a}ok: [web1]\nok: [web3]\n`);
});

test('what an interrupted run had done is shown before the recap', () => {
  const events = taskEvents(task(1, 'x'), { web1: ok, web2: changed }).slice(0, -1);
  const text = output('plain', [...events, { ...finished([]), type: 'run-finished', interrupted: true } as Event]);
  assert.match(text, 'changed: [web2]\n\nPLAY RECAP');
  assert.match(text, ', interrupted: not all tasks were run\n');
});

test('a play without hosts and the end of a play say why', () => {
  const text = output('plain', [play(), { type: 'play-ended', play: 'web servers', why: 'all hosts failed' }]);
  assert.is(
    text,
    `${stars('PLAY [web servers]')}skipping: no hosts matched\n\nplay [web servers] ended: all hosts failed\n`,
  );
});

test('a task that takes long tells which hosts it waits for, until they are through', async () => {
  const { reporter, written } = recorder('plain', { progressMs: 5 });
  const events = taskEvents(task(1, 'x'), { web1: ok, web2: ok });
  for (const event of events.slice(0, -1)) reporter.on(event);
  while (written.length < 2) await sleep(5);
  assert.is(written[1], '... 0.0 s, 1 host not through: web1\n');
  for (const event of events.slice(-1)) reporter.on(event);
  const length = written.length;
  await sleep(40);
  assert.is(written.length, length);
});

test('colours are used when asked for', () => {
  assert.match(
    output('plain', taskEvents(task(1, 'x'), { web1: changed }), { colour: true }),
    '\x1b[33mchanged: [web1]\x1b[39m\n',
  );
});

test.run();
