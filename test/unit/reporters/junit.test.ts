import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event } from '../../../lib/events.ts';
import { changed, failed, finished, ok, output, play, recorder, started, task, taskEvents } from './recorded.ts';

test('a play is a suite, a task on a host a case', () => {
  const events = [
    started,
    play('web1', 'web2'),
    ...taskEvents(task(1, 'a <b> & "c"'), { web1: changed, web2: { status: 'skipped', reason: 'when' } }),
    ...taskEvents(task(2, 'list', { at: 23 }), {
      web1: failed,
      web2: { status: 'unreachable', phase: 'lost', message: 'the line is cut' },
    }),
    finished([]),
  ];
  assert.is(
    output('junit', events),
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="tplay">
  <testsuite name="web servers" tests="4" failures="1" errors="1" skipped="1" time="0.400">
    <testcase classname="web1" name="web : a &lt;b&gt; &amp; &quot;c&quot;" file="roles/web/tasks/main.yml" line="2" time="0.100">
      <system-out>changed: [web1]</system-out>
    </testcase>
    <testcase classname="web2" name="web : a &lt;b&gt; &amp; &quot;c&quot;" file="roles/web/tasks/main.yml" line="2" time="0.100">
      <skipped message="when"/>
    </testcase>
    <testcase classname="web1" name="web : list" file="roles/web/tasks/main.yml" line="3" time="0.100">
      <failure message="the command ended with exit status 2" type="exit-status">fatal: [web1]: FAILED!
    message: the command ended with exit status 2
    at: roles/web/tasks/main.yml:3:6
    command: ls /nowhere
    rc: 2
    stderr: ls: /nowhere: no such file</failure>
    </testcase>
    <testcase classname="web2" name="web : list" file="roles/web/tasks/main.yml" line="3" time="0.100">
      <error message="the line is cut" type="lost">fatal: [web2]: UNREACHABLE!
    message: the line is cut
    phase: lost
    at: roles/web/tasks/main.yml:3:6</error>
    </testcase>
  </testsuite>
</testsuites>
`,
  );
});

test('a failure that was ignored or rescued is no failure, whenever the rescue is told', () => {
  const rescued: Event = { type: 'host-rescued', host: 'web1', task: task(2, 'y') };
  const events = [
    play('web1', 'web2'),
    ...taskEvents(task(1, 'x'), { web1: { ...failed, ignored: true } }),
    ...taskEvents(task(2, 'y'), { web1: { outcome: failed }, web2: failed }),
    rescued,
    ...taskEvents(task(2, 'y'), { web1: { outcome: failed, before: [rescued] } }),
    finished([]),
  ];
  const text = output('junit', events);
  assert.match(text, 'tests="4" failures="1" errors="0"');
  assert.match(text, '...ignoring</system-out>');
  assert.is(text.split('\nrescued</system-out>').length, 3);
});

test('what XML cannot hold is replaced', () => {
  const text = output('junit', [play(), ...taskEvents(task(1, 'a\ud800\uffff\x00'), { web1: ok }), finished([])]);
  assert.match(text, 'name="web : a\ufffd\ufffd\\x00"');
});

test('a run that never came to its end is written when the reporter is closed, and once only', async () => {
  const { reporter, written } = recorder('junit');
  reporter.on(play('web1', 'web2'));
  for (const event of taskEvents(task(1, 'x'), { web1: ok, web2: ok }).slice(0, -1)) reporter.on(event);
  await reporter.close?.();
  await reporter.close?.();
  assert.is(written.length, 1);
  assert.match(written[0] ?? '', 'classname="web2"');
});

test.run();
