import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event } from '../../../lib/events.ts';
import { textWidth } from '../../../lib/reporters/width.ts';
import {
  changed,
  counts,
  failed,
  finished,
  ok,
  output,
  play,
  recorder,
  started,
  task,
  taskEvents,
} from './recorded.ts';
import { Terminal } from './terminal.ts';

const hosts = Array.from({ length: 30 }, (_, i) => `web-server-${i + 1}.example.org`);

function show(events: readonly Event[], now = () => 0): Terminal {
  const terminal = new Terminal(60);
  const { reporter, written } = recorder('live', { now });
  for (const event of events) reporter.on(event);
  for (const text of written) terminal.write(text);
  return terminal;
}

const stars = (title: string) => `\n${title} ${'*'.repeat(59 - title.length)}\n`;

test('below what is over stands what is going on', () => {
  let now = 0;
  const ref = task(2, 'start the servers');
  const { reporter, written } = recorder('live', { now: () => now });
  const all = [
    started,
    play('web1', 'web2', 'web3'),
    ...taskEvents(task(1, 'make the folder'), { web1: changed, web2: ok, web3: ok }),
  ];
  for (const event of all) reporter.on(event);
  now = 61_000;
  const more: readonly Event[] = [
    { type: 'task-started', task: ref, hosts: ['web1', 'web2', 'web3'] },
    { type: 'host-started', task: ref, host: 'web1' },
    { type: 'host-started', task: ref, host: 'web2' },
    { type: 'progress', host: 'web1', what: 'tars.tgz', done: 43, total: 100 },
    { type: 'task-retried', task: ref, host: 'web2', tries: 1, left: 4, delayMs: 1000 },
  ];
  for (const event of more) reporter.on(event);
  now = 75_500;
  reporter.on({ type: 'handlers-flushed', hosts: [] });
  const terminal = new Terminal(60);
  for (const text of written) terminal.write(text);
  assert.is(
    terminal.screen,
    `${stars('PLAY [web servers]')}changed 1  ok 2 · web : make the folder
> web : start the servers · 0:14
  web1 (tars.tgz 43 %), web2 (4 tries left) + 1 queued
  1:15 · changed 1  ok 2 · web servers`,
  );
});

test('when the run is over only the output that stays is on the screen', () => {
  const terminal = show([
    started,
    play('web1', 'web2'),
    ...taskEvents(task(1, 'x'), { web1: ok, web2: ok }),
    ...taskEvents(task(2, 'y', { handler: true }), { web1: failed, web2: changed }),
    finished([['web1', counts({ ok: 1, failed: 1 })]]),
  ]);
  const screen = terminal.screen.split('\n');
  assert.equal(screen.slice(2, 10), [
    'ok 2 · web : x',
    'failed 1  changed 1 · handler web : y',
    'fatal: [web1]: FAILED!',
    '    message: the command ended with exit status 2',
    '    at: roles/web/tasks/main.yml:2:1',
    '    command: ls /nowhere',
    '    rc: 2',
    '    stderr: ls: /nowhere: no such file',
  ]);
  assert.is(screen.at(-1), '1 host, 1.2 s, 3 round trips');
  assert.equal(terminal.cursor, [screen.length, 0]);
});

test('no line is longer than the terminal is wide', () => {
  const long = task(1, `${'a very long name '.repeat(6)}日本語`);
  const parts = Object.fromEntries(hosts.map(host => [host, ok]));
  const events = [started, play(...hosts), ...taskEvents(long, parts)];
  const { reporter, written } = recorder('live', { colour: true });
  for (const event of events) {
    reporter.on(event);
    reporter.on({ type: 'progress', host: hosts[0] ?? '', what: 'x'.repeat(80), done: 1, total: 2 });
    reporter.on({ type: 'message', host: hosts[1] ?? '', text: '日本語'.repeat(30) });
  }
  const bare = written.join('').replace(/\x1b\[\d*[AJK]|\r/g, '');
  const widths = bare
    .split('\n')
    .filter(line => !line.startsWith('[web'))
    .map(textWidth);
  assert.ok(Math.max(...widths) <= 60, `widest: ${Math.max(...widths)}`);
});

test('host names that do not fit are counted', () => {
  const ref = task(1, 'x');
  const running: Event[] = hosts.map(host => ({ type: 'host-started', task: ref, host }));
  const { screen } = show([play(...hosts), { type: 'task-started', task: ref, hosts }, ...running]);
  assert.match(screen, '\n  web-server-1.example.org, … 29 more\n');
});

test('nothing is written while nothing that is shown changes', () => {
  const { reporter, written } = recorder('live');
  reporter.on(play('web1'));
  const before = written.length;
  for (let i = 0; i < 5; i++) reporter.on({ type: 'handlers-flushed', hosts: [] });
  assert.is(written.length, before);
});

test('it draws at most once in the time told and keeps what stays until then', () => {
  let now = 1000;
  const { reporter, written } = recorder('live', { redrawMs: 100, now: () => now });
  reporter.on(play('web1'));
  assert.is(written.length, 1);
  for (const event of taskEvents(task(1, 'x'), { web1: ok })) reporter.on(event);
  assert.is(written.length, 1);
  now += 100;
  reporter.on({ type: 'handlers-flushed', hosts: [] });
  assert.is(written.length, 2);
  assert.match(written[1] ?? '', 'ok 1 · web : x\n');
});

test('closing in the middle of a run shows what was done and leaves a clean screen', async () => {
  const { reporter, written } = recorder('live', { redrawMs: 100 });
  reporter.on(play('web1', 'web2'));
  for (const event of taskEvents(task(1, 'x'), { web1: ok, web2: failed }).slice(0, -1)) reporter.on(event);
  await reporter.close?.();
  const terminal = new Terminal(60);
  for (const text of written) terminal.write(text);
  assert.match(terminal.screen, 'failed 1 · web : x\nfatal: [web2]: FAILED!\n');
  assert.not.match(terminal.screen, '> web : x');
});

test('a terminal made narrower is cleaned of the lines it has broken', () => {
  let columns = 60;
  const { reporter, written } = recorder('live', { columns: () => columns });
  reporter.on(play('web1'));
  reporter.on({ type: 'task-started', task: task(1, 'a name that takes most of the line of sixty'), hosts: ['web1'] });
  columns = 30;
  reporter.on({ type: 'play-ended', play: 'web servers' });
  assert.match(written.at(-1) ?? '', '\r\x1b[3A'); // two rows of the task's line and one of the counts
});

test('what a task says to the person is shown at once', () => {
  const ref = task(1, 'wait');
  const { screen } = show([
    play('web1'),
    { type: 'task-started', task: ref, hosts: ['web1'] },
    { type: 'message', text: 'Pausing for 30 s' },
  ]);
  assert.match(screen, '\nPausing for 30 s\n> web : wait · 0:00\n  Pausing for 30 s\n');
});

test('the slowest tasks come after the recap', () => {
  const events = [
    ...taskEvents(task(1, 'x'), { web1: ok, web2: ok }),
    ...taskEvents(task(1, 'x'), { web1: ok }),
    finished([]),
  ];
  for (const kind of ['live', 'plain'] as const) {
    const text = output(kind, events, { timing: true });
    assert.match(text, '3 round trips\n\nSLOWEST TASKS ');
    assert.ok(text.endsWith('**\n0.2 s  2 hosts  3 round trips  web : x  roles/web/tasks/main.yml:2:1\n'), text);
  }
});

test.run();
