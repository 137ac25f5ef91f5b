import { type Lab, resetHosts } from '../../lab/lab.ts';
import type { Case, Lines } from './cases.ts';
import { Stage } from './stage.ts';

/** How a task, or an item of its loop, ended, and what it showed (debug, fail, assert). */
export interface Told {
  readonly status: string;
  readonly shown?: unknown;
  /** What it changed in a text, where --diff asks for that. */
  readonly diff?: TextDiff | null | undefined;
}

export interface TextDiff {
  readonly before: string;
  readonly after: string;
}

/** A task's end on a host. */
export interface TaskEnd extends Told {
  /** The same on all hosts. */
  readonly id: string | number;
  /** With its role: `role : name`. */
  readonly task: string;
  readonly host: string;
  readonly handler: boolean;
  readonly items?: readonly Told[] | undefined;
}

export type Counts = Readonly<Record<string, number>>;

/** One run of a playbook by either tool. */
export interface Story {
  readonly ends: readonly TaskEnd[];
  /** By host; undefined when the tool refused before it ran anything. */
  readonly recap: Readonly<Record<string, Counts>> | undefined;
  readonly status: number | null;
  readonly stdout: string;
  /** What it said about a run that it refused. */
  readonly says: readonly string[];
}

/** Runs a case on a stage once. */
export type Tool = (given: Case, stage: Stage) => Promise<Story>;

/** Runs a case twice on the same files, and tells both runs; `lab` are its hosts where it needs some. */
export async function tell(given: Case, tool: Tool, lab?: Lab): Promise<Lines> {
  const stage = new Stage(given, lab);
  try {
    const first = linesOf(given, await tool(given, stage), stage);
    if (first.includes(REFUSED)) return first;
    const second = linesOf(given, await tool(given, stage), stage);
    return [...first, ...(same(first, second) ? ['again: the same'] : second.map(line => `again: ${line}`))];
  } finally {
    stage.remove();
    if (given.resets && lab !== undefined) await resetHosts(lab, ['web1']);
  }
}

const same = (a: Lines, b: Lines) => a.length === b.length && a.every((line, i) => line === b[i]);

/**
 * Both refuse such a run before they do anything, but with statuses and words of their own: ansible-playbook ends with 4
 * when it cannot parse and with 1 or 2 else, we with 1.
 */
const REFUSED = 'refused';

function linesOf(given: Case, story: Story, stage: Stage): Lines {
  if (story.recap === undefined && story.status !== 0 && story.ends.length === 0)
    return [REFUSED, ...story.says.map(s => stage.plain(s))];
  // Some modules always say what they changed.
  const ends = given.diff ? story.ends : story.ends.map(withoutDiff);
  const tasks = given.free ? byHost(ends) : together(ends);
  const printed = given.prints ? story.stdout.split('\n').flatMap(printedLine) : [];
  const lines = [...tasks, ...printed, ...recapLines(story.recap ?? {}), `status ${story.status}`, ...stage.files()];
  return lines.map(line => normal(stage.plain(line)));
}

function withoutDiff({ diff, items, ...end }: TaskEnd): TaskEnd {
  void diff;
  return { ...end, ...(items && { items: items.map(({ diff: _, ...item }) => item) }) };
}

/** What must differ from run to run. */
function normal(line: string): string {
  return line.replace(/\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~/g, '.BACKUP~'); // `backup: true` names the pid and the time
}

/** Lists are laid out differently; what they say is compared. */
function printedLine(line: string): readonly string[] {
  const words = line.trim().replace(/\s+/g, ' ');
  return words === '' ? [] : [`prints ${words}`];
}

function together(ends: readonly TaskEnd[]): Lines {
  const groups: { end: TaskEnd; hosts: Record<string, string> }[] = [];
  for (const end of ends) {
    const last = groups.at(-1);
    const group = last?.end.id === end.id && !(end.host in last.hosts) ? last : { end, hosts: {} };
    if (group !== last) groups.push(group);
    (group.hosts as Record<string, string>)[end.host] = endText(end);
  }
  return groups.map(g => `${nameOf(g.end)}: ${json(g.hosts)}`);
}

/** Where hosts do not wait for each other only the order on each of them is the same. */
function byHost(ends: readonly TaskEnd[]): Lines {
  const hosts = [...new Set(ends.map(e => e.host))].sort();
  return hosts.flatMap(host =>
    ends.filter(e => e.host === host).map(e => `${nameOf(e)}: ${json({ [host]: endText(e) })}`),
  );
}

const nameOf = (end: TaskEnd) => `${end.handler ? 'handler ' : ''}${end.task}`;

function endText(end: TaskEnd): string {
  if (end.items === undefined) return toldText(end);
  return `${end.status} [${end.items.map(toldText).join(', ')}]`;
}

function toldText({ status, shown, diff }: Told): string {
  const changed = diff ? ` diff ${json(diff)}` : '';
  return `${status}${shown === undefined ? '' : ` ${json(shown)}`}${changed}`;
}

const KEYS = ['ok', 'changed', 'unreachable', 'failed', 'skipped', 'rescued', 'ignored', 'unknown'];

function recapLines(recap: Readonly<Record<string, Counts>>): Lines {
  return Object.entries(recap)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([host, counts]) => [host, ...KEYS.filter(k => (counts[k] ?? 0) > 0).map(k => `${k}=${counts[k]}`)].join(' '));
}

/** JSON with the keys of objects in order: results have no order of keys that anybody promises. */
function json(value: unknown): string {
  return JSON.stringify(value, (_, v) =>
    v !== null && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort()) : v,
  );
}
