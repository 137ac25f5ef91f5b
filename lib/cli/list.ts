import type { PlayRun } from '../engine/context.ts';
import type { RunOptions } from '../options.ts';
import type { Item, Task } from '../playbook/program.ts';
import { tagged } from '../playbook/tags.ts';
import { tagsOf } from './prepare.ts';

/** What --list-hosts, --list-tasks and --list-tags print: what would run with these options. */
export function listProgram(plays: readonly PlayRun[], options: RunOptions): string {
  const lines: string[] = [];
  for (const [index, at] of plays.entries()) {
    lines.push(`play #${index + 1} (${at.play.name})${tagList(at.play.tags)}`);
    if (options.list.includes('hosts'))
      lines.push(`  hosts (${at.hosts.length}):`, ...at.hosts.map(h => `    ${h.name}`));
    if (options.list.includes('tasks')) lines.push('  tasks:', ...at.play.body.flatMap(i => taskLines(i, options)));
    if (options.list.includes('tags')) {
      const tags = [...new Set([...at.play.tags, ...at.play.body.flatMap(tagsOf)])].sort();
      lines.push(`  tags: ${tags.length === 0 ? 'none' : tags.join(', ')}`);
    }
    lines.push('');
  }
  return `${lines.join('\n')}\n`;
}

function taskLines(item: Item, options: RunOptions): readonly string[] {
  if (item.kind === 'flush') return [];
  if (item.kind === 'block') return [...item.tasks, ...item.rescue, ...item.always].flatMap(i => taskLines(i, options));
  if (!tagged(item.directives.tags, { only: options.tags, skip: options.skipTags })) return [];
  return [`    ${nameOf(item)}${tagList(item.directives.tags)}`];
}

function nameOf(task: Task): string {
  const name =
    typeof task.name === 'object' && task.name !== null && 'text' in task.name ? task.name.text : String(task.name);
  return task.role === undefined ? name : `${task.role.name} : ${name}`;
}

function tagList(tags: readonly string[]): string {
  return tags.length === 0 ? '' : `  tags: [${[...tags].sort().join(', ')}]`;
}
