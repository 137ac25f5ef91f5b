import { test } from 'uvu';
import * as assert from 'uvu/assert';
import makeJson from '../../../lib/reporters/json.ts';
import { Redactor } from '../../../lib/text/redact.ts';
import { sourceFile } from '../../../lib/text/source.ts';
import { failed, finished, ok, output, play, started, task, taskEvents } from './recorded.ts';

function lines(events: Parameters<typeof output>[1]): readonly unknown[] {
  const text = output('json', events);
  assert.ok(text.endsWith('\n'));
  return text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
}

test('each event is one line, with spans as file, line and column', () => {
  const ref = { id: 1, name: 'x', role: 'web', module: 'file' };
  const span = { file: 'roles/web/tasks/main.yml', line: 2, column: 1 };
  const shown = { ...ref, span, handler: false, noLog: false };
  assert.equal(lines([started, play('web1'), ...taskEvents(task(1, 'x'), { web1: failed }), finished([])]), [
    { type: 'run-started', playbooks: ['install'], check: false, diff: false },
    { type: 'play-started', play: 'web servers', hosts: ['web1'], inStep: true },
    { type: 'task-started', task: shown, hosts: ['web1'] },
    { type: 'host-started', task: shown, host: 'web1' },
    { type: 'task-finished', task: shown, host: 'web1', ms: 100, frames: 1, outcome: failed, looped: false },
    { type: 'run-finished', recap: [], ms: 1234, frames: 3, exitStatus: 0, interrupted: false },
  ]);
});

test('a diagnostic and its notes have places', () => {
  const file = sourceFile('a.yml', 'x\nyz\n');
  const span = { file, start: 3, end: 4 };
  const diagnostic = {
    code: 'bad-value',
    severity: 'warning',
    message: 'm',
    span,
    notes: [{ message: 'n', span }],
  } as const;
  const place = { file: 'a.yml', line: 2, column: 2 };
  assert.equal(lines([{ type: 'diagnostic', diagnostic }]), [
    { type: 'diagnostic', diagnostic: { ...diagnostic, span: place, notes: [{ message: 'n', span: place }] } },
  ]);
});

test('values that are no plain data are shown as such', () => {
  class Hidden {
    toJSON(): string {
      return '***';
    }
  }
  const values = {
    map: new Map([['k', [1.5]]]),
    hidden: new Hidden(),
    not: Number.NaN,
    none: undefined,
    bytes: new Uint8Array(3),
  };
  const [, , last] = lines(taskEvents(task(1, 'x'), { web1: { status: 'ok', values } })) as { outcome?: unknown }[];
  const shown = { map: { k: [1.5] }, hidden: '***', not: 'NaN', bytes: '<3 bytes>' };
  assert.equal(last?.outcome, { status: 'ok', values: shown });
});

test('secrets inside values are hidden, and of a no_log task all but the status', () => {
  const secret = { status: 'ok', values: { 'a hunter2': ['x hunter2 y'] } } as const;
  const [, , last] = lines(taskEvents(task(1, 'x'), { web1: secret })) as { outcome?: unknown }[];
  assert.equal(last?.outcome, { status: 'ok', values: { 'a ***': ['x *** y'] } });

  const hidden = lines(taskEvents(task(1, 'x', { noLog: true }), { web1: { outcome: failed, items: [['item', ok]] } }));
  const [, , item, whole] = hidden as { outcome?: unknown; item?: unknown }[];
  const why = 'output hidden by no_log';
  assert.is(item?.item, why);
  assert.equal(item?.outcome, { status: 'ok', hidden: why });
  assert.equal(whole?.outcome, { status: 'failed', reason: 'exit-status', ignored: false, hidden: why });
});

test('a secret that is like a word or number of ours garbles none of them', () => {
  const redactor = new Redactor();
  for (const secret of ['finish', 'task', 'ok', '100', 'web1']) redactor.add(secret);
  const written: string[] = [];
  const write = (text: string) => void written.push(text);
  const reporter = makeJson({ write, redactor, colour: false, verbosity: 0 });
  for (const event of taskEvents(task(1, 'my task'), { web1: ok })) reporter.on(event);
  const last = JSON.parse(written.at(-1) ?? '');
  assert.equal([last.type, last.ms, last.outcome.status, last.task.name], ['task-finished', 100, 'ok', 'my ***']);
});

test.run();
