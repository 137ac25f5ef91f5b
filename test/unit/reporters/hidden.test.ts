import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event } from '../../../lib/events.ts';
import { counts, failed, finished, ofTask, ok, output, task, taskEvents } from './recorded.ts';

test('of a no_log task only the status is shown, whatever is asked for', () => {
  const hidden = task(1, 'x', { noLog: true, module: 'debug' });
  const diff = { text: { before: '', after: 'topsecret\n', name: '/etc/topsecret' } };
  const parts = {
    web1: { status: 'changed', values: { msg: 'topsecret' }, diff },
    web2: { ...failed, message: 'topsecret', command: 'topsecret' },
    web3: { outcome: ok, items: [['topsecret', ok]] },
    web4: { status: 'unreachable', phase: 'lost', message: 'topsecret' },
    web5: { status: 'unknown', why: 'topsecret', values: {} },
  } as const;
  const text = ofTask(taskEvents(hidden, parts), { verbosity: 1, diff: true });
  assert.is(
    text,
    `changed: [web1] (output hidden by no_log)
fatal: [web2]: FAILED! (output hidden by no_log)
    at: roles/web/tasks/main.yml:2:1
ok: [web3] => (item=output hidden by no_log)
fatal: [web4]: UNREACHABLE! (output hidden by no_log)
    phase: lost
    at: roles/web/tasks/main.yml:2:1
unknown: [web5] (output hidden by no_log)
`,
  );
});

test('secrets and control characters reach nothing that is written', () => {
  const nasty = 'hunter2 \x1b[2J\x9b';
  const diff = { state: { [nasty]: [nasty, nasty] }, text: { before: nasty, after: 'x', name: nasty } } as const;
  const events: readonly Event[] = [
    { type: 'run-started', playbooks: [nasty], check: true, diff: true },
    { type: 'play-started', play: nasty, hosts: [nasty], inStep: true },
    { type: 'batch-started', hosts: [nasty], number: 1, of: 2 },
    ...taskEvents(task(1, nasty, { role: nasty }), {
      [nasty]: { outcome: { status: 'changed', values: { [nasty]: nasty }, diff }, delegate: nasty },
    }),
    ...taskEvents(task(2, 'loop'), {
      [nasty]: {
        outcome: failed,
        items: [[nasty, { ...failed, message: nasty, command: nasty, reply: { rc: 1, stdout: nasty, stderr: nasty } }]],
      },
    }),
    { type: 'message', text: nasty },
    { type: 'message', host: nasty, text: nasty },
    { type: 'handler-notified', handler: nasty, host: nasty, by: task(2, 'loop') },
    { type: 'play-ended', play: nasty, why: nasty },
    finished([[nasty, counts({})]]),
  ];
  for (const kind of ['plain', 'live', 'json', 'junit'] as const) {
    const text = output(kind, events, { verbosity: 2, timing: true });
    assert.not.match(text, 'hunter2');
    assert.not.match(text, '\x1b[2J');
    assert.not.match(text, '\x9b');
    assert.match(text, '***');
  }
});

test('a secret cut in two by the end of what is shown does not show its beginning', () => {
  const stderr = `${'x'.repeat(1997)}hunter2 and more`;
  const text = ofTask(taskEvents(task(1, 'x'), { web1: { ...failed, reply: { rc: 1, stdout: '', stderr } } }));
  assert.not.match(text, 'hunt');
  assert.match(text, 'x*** … (');
});

test.run();
