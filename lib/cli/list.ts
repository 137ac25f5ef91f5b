import type { PlayRun } from '../engine/context.ts';
import { isStart, startsIn } from '../engine/start-at.ts';
import type { RunOptions } from '../options.ts';
import { type Item, type Task, taskNames } from '../playbook/program.ts';
import { type TagChoice, tagged } from '../playbook/tags.ts';

/** What --list-hosts, --list-tasks and --list-tags print: what would run with these options. */
export function listProgram(plays: readonly PlayRun[], options: RunOptions): string {
  const lines: string[] = [];
  let start = options.startAtTask === undefined ? undefined : isStart(options.startAtTask, tagsAsked(options));
  for (const [index, at] of plays.entries()) {
    lines.push(`play #${index + 1} (${at.play.name})${tagList(at.play.tags)}`);
    if (options.list.includes('hosts')) lines.push(...hostLines(at));
    if (options.list.includes('tasks')) lines.push('  tasks:', ...taskLines(at, start, options));
    if (start !== undefined && startsIn(at.play, start)) start = undefined;
    if (options.list.includes('tags')) {
      const chosen = at.play.body.flatMap(tasksIn).filter(task => tagged(task.directives.tags, tagsAsked(options)));
      const tags = [...new Set(chosen.flatMap(task => task.directives.tags))].sort();
      lines.push(`  tags: ${tags.length === 0 ? 'none' : tags.join(', ')}`);
    }
    lines.push('');
  }
  return `${lines.join('\n')}\n`;
}

/** The hosts alone, for plays that have no names. */
export function listHosts(plays: readonly PlayRun[]): string {
  return `${plays.flatMap(hostLines).join('\n')}\n`;
}

function hostLines({ hosts }: PlayRun): readonly string[] {
  return [`  hosts (${hosts.length}):`, ...hosts.map(host => `    ${host.name}`)];
}

function tagsAsked(options: RunOptions): TagChoice {
  return { only: options.tags, skip: options.skipTags };
}

function taskLines(at: PlayRun, start: ((task: Task) => boolean) | undefined, options: RunOptions): readonly string[] {
  const all = at.play.body.flatMap(tasksIn);
  const first = start === undefined ? 0 : all.findIndex(start);
  return (first < 0 ? [] : all.slice(first))
    .filter(task => tagged(task.directives.tags, tagsAsked(options)))
    .map(task => `    ${taskNames(task).at(-1)}${tagList(task.directives.tags)}`);
}

function tasksIn(item: Item): readonly Task[] {
  if (item.kind === 'flush') return [];
  return item.kind === 'task' ? [item] : [...item.tasks, ...item.rescue, ...item.always].flatMap(tasksIn);
}

function tagList(tags: readonly string[]): string {
  return tags.length === 0 ? '' : `  tags: [${[...tags].sort().join(', ')}]`;
}
