import { fileURLToPath } from 'node:url';
import type { Terminal } from '../../lib/cli/terminal.ts';
import type { Event } from '../../lib/events.ts';
import { main } from '../../lib/main.ts';
import type { Outcome } from '../../lib/outcome.ts';
import { placeArgs, run } from './ansible.ts';
import { type Case, PATH } from './cases.ts';
import type { Stage } from './stage.ts';
import type { Story, TaskEnd, Told, Tool } from './story.ts';

const program = fileURLToPath(new URL('../../../bin/tplay.js', import.meta.url));

/** Runs a case by the built program, as a user does. */
export const byTplay: Tool = async (given, stage) => {
  if (given.typed !== undefined) return byTplayHere(given, stage); // its terminal answers
  const env = { PATH, HOME: stage.folder, LC_ALL: 'C.UTF-8', NO_COLOR: '1', ...given.env };
  return storyOf(await run(process.execPath, [program, ...argvOf(given)], { cwd: stage.folder, env }));
};

/** Runs a case in this process, which is ten times faster; a case with an environment needs the program. */
export const byTplayHere: Tool = async (given, stage) => {
  if (given.env !== undefined && given.typed === undefined) return byTplay(given, stage);
  const said = { stdout: '', stderr: '' };
  const answers = given.typed?.split('\n') ?? [];
  const terminal: Terminal = {
    cwd: stage.folder,
    colour: false,
    isTerminal: false,
    isInteractive: given.typed !== undefined,
    isKeyboard: given.typed !== undefined,
    columns: 80,
    out: text => void (said.stdout += text),
    err: text => void (said.stderr += text),
    ask: async () => answers.shift() ?? '',
    askSilently: async () => answers.shift() ?? '',
    onInterrupt: () => () => undefined,
  };
  const status = await main(argvOf(given), terminal, { HOME: stage.folder });
  return storyOf({ status, ...said });
};

function argvOf(given: Case): readonly string[] {
  return [
    'run',
    'play.yml',
    ...placeArgs(given),
    '--output',
    'json',
    ...(given.diff ? ['--diff'] : []),
    ...(given.args ?? []),
  ];
}

function storyOf(ran: { status: number | null; stdout: string; stderr: string }): Story {
  const events = ran.stdout.split('\n').flatMap(line => (line.startsWith('{') ? [JSON.parse(line) as Event] : []));
  const last = events.at(-1);
  const recap = last?.type === 'run-finished' ? Object.fromEntries(last.recap) : undefined;
  const says = ran.stderr.split('\n').filter(line => /^\S.* error [\w-]+: /.test(line));
  return {
    ends: endsOf(events),
    recap: recap as Story['recap'],
    status: ran.status,
    stdout: ran.stdout,
    says: says.map(line => `says ${line}`),
  };
}

function endsOf(events: readonly Event[]): readonly TaskEnd[] {
  const items = new Map<string, Told[]>();
  return events.flatMap(e => {
    if (e.type !== 'item-finished' && e.type !== 'task-finished') return [];
    const key = `${e.host} ${e.task.id}`;
    const before = items.get(key) ?? [];
    items.set(key, e.type === 'task-finished' ? [] : [...before, told(e.task.module, e.outcome)]);
    if (e.type === 'item-finished') return [];
    const { task, host } = e;
    const end = { id: task.id, task: task.role === undefined ? task.name : `${task.role} : ${task.name}`, host };
    const looped = e.looped && !task.noLog;
    const how = looped ? { status: statusOf(e.outcome), items: before } : told(task.module, e.outcome);
    return [{ ...end, handler: task.handler, ...how, status: endStatus(e.outcome) }];
  });
}

const SHOWN = ['debug', 'fail', 'assert'];

/** As record.py tells an item or a task: what these modules say is theirs to say, other messages are each tool's own. */
function told(module: string, outcome: Outcome): Told {
  const status = statusOf(outcome);
  const text = outcome.status === 'changed' ? outcome.diff?.text : undefined;
  if (text !== undefined && text.before !== text.after)
    return { status, diff: { before: text.before, after: text.after } };
  if (!SHOWN.includes(module) || 'hidden' in outcome) return { status };
  if (outcome.status === 'failed')
    return module === 'debug' ? { status } : { status, shown: outcome.values?.['msg'] ?? outcome.message };
  if (outcome.status !== 'ok' && outcome.status !== 'changed') return { status };
  const { msg, ...others } = outcome.values;
  if (msg !== undefined || module !== 'debug') return msg === null ? { status } : { status, shown: msg };
  const values = Object.values(others);
  return values.length === 1 ? { status, shown: values[0] } : { status };
}

/** What `creates` or `removes` saved from running is ok to Ansible, and counted as ok by both; we say that it did not run. */
function statusOf(outcome: Outcome): string {
  return outcome.status === 'skipped' && outcome.reason === 'creates' ? 'ok' : outcome.status;
}

/** A failure that is ignored is told as that; Ansible tells an ignored unreachable host as unreachable. */
function endStatus(outcome: Outcome): string {
  if (outcome.status !== 'failed' || !outcome.ignored) return statusOf(outcome);
  return outcome.values?.['unreachable'] === true ? 'unreachable' : 'ignored';
}
