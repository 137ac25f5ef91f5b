import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import type { Event, Recap } from '../../lib/events.ts';
import { play } from './rig.ts';

interface Case {
  readonly playbook: string;
  readonly inventory?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Why we mean to differ; the answer here is then checked instead of Ansible's. */
  readonly differs?: string;
  readonly here?: Answer;
}

/** What a run did, a line each: a task with how it ended on its hosts, a host's recap without zeros, the exit status. */
type Answer = readonly string[];

// Tests run from dist/; cases and what Ansible made of them (record.py) stay beside the source.
const folder = fileURLToPath(new URL('../../../test/engine/ansible/', import.meta.url));
const answers: { cases: Readonly<Record<string, Readonly<Record<string, Answer>>>> } = JSON.parse(
  readFileSync(`${folder}answers.json`, 'utf8'),
);
const HOSTS = 'all: { hosts: { a: , b: , c: } }\n';
const only = process.argv[2];

for (const file of readdirSync(folder).filter(f => f.endsWith('.yml'))) {
  const cases = parse(readFileSync(folder + file, 'utf8')) as Record<string, Case>;
  for (const [title, given] of Object.entries(cases).filter(
    ([t]) => only === undefined || t.includes(only) || file.startsWith(only),
  ))
    test(`as Ansible: ${title} (${file})`, async () => {
      const ended = await play(given.playbook, { inventory: HOSTS, ...given });
      const wanted = given.here ?? answers.cases[file]?.[title] ?? ['not recorded: run record.py'];
      const actual = [...tasksOf(ended.events), ...recapOf(ended.recap), `status ${ended.status}`];
      assert.is(actual.join('\n'), wanted.join('\n'));
    });
}

function tasksOf(events: readonly Event[]): Answer {
  const groups: { id: number; task: string; hosts: Record<string, string> }[] = [];
  for (const e of events) {
    if (e.type !== 'task-finished') continue;
    const task = e.task.role === undefined ? e.task.name : `${e.task.role} : ${e.task.name}`;
    const last = groups.at(-1);
    const group = last?.id === e.task.id && !(e.host in last.hosts) ? last : { id: e.task.id, task, hosts: {} };
    if (group !== last) groups.push(group);
    (group.hosts as Record<string, string>)[e.host] = statusOf(e, events);
  }
  return groups.map(g => `${g.task}: ${JSON.stringify(Object.fromEntries(Object.entries(g.hosts).sort()))}`);
}

function statusOf(e: Event & { type: 'task-finished' }, events: readonly Event[]): string {
  const { outcome } = e;
  if (outcome.status === 'failed' && outcome.ignored)
    return outcome.values?.['unreachable'] ? 'unreachable' : 'ignored';
  if (e.task.module !== 'debug' || outcome.status !== 'ok') return outcome.status;
  if (!e.looped) return `ok ${JSON.stringify(outcome.values['msg'])}`;
  // The items since the same task ended there before: an included task may run again.
  const before = events.slice(0, events.indexOf(e));
  const own = before.filter(i => 'host' in i && i.host === e.host && 'task' in i && i.task.id === e.task.id);
  const last = own.findLastIndex(i => i.type === 'task-finished');
  const items = own
    .slice(last + 1)
    .flatMap(i => (i.type === 'item-finished' && i.outcome.status === 'ok' ? [i.outcome.values['msg']] : []));
  return `ok ${JSON.stringify(items)}`;
}

function recapOf(recap: Readonly<Record<string, Recap>>): Answer {
  const keys = ['ok', 'failed', 'unreachable', 'changed', 'skipped', 'rescued', 'ignored'] as const; // Ansible's order
  const counts = (c: Recap) => JSON.stringify(Object.fromEntries(keys.filter(k => c[k] > 0).map(k => [k, c[k]])));
  return Object.entries(recap)
    .sort()
    .map(([host, c]) => `${host} ${counts(c)}`);
}

test.run();
