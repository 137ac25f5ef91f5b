import { type Item, type Play, type Task, taskNames } from '../playbook/program.ts';
import { type TagChoice, tagged } from '../playbook/tags.ts';

/**
 * Whether a task is the one that --start-at-task names: its name, alone or behind its role's, or a shell pattern of it. A
 * task that the tags leave out is not, as Ansible.
 */
export function isStart(pattern: string, tags: TagChoice): (task: Task) => boolean {
  const matcher = patternRegExp(pattern);
  return task =>
    taskNames(task).some(name => name === pattern || matcher.test(name)) && tagged(task.directives.tags, tags);
}

/** Whether a play has such a task; what includes bring is not looked at, as Ansible. */
export function startsIn(play: Play, meant: (task: Task) => boolean): boolean {
  const inside = (item: Item): boolean => {
    if (item.kind === 'flush') return false;
    return item.kind === 'task' ? meant(item) : [...item.tasks, ...item.always].some(inside);
  };
  return play.body.some(inside);
}

function patternRegExp(pattern: string): RegExp {
  const parts = pattern.match(/\[[!^]?\]?[^\]]*\]|\*|\?|[^*?[]+|\[/g) ?? [];
  const source = parts.map(part => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 2 && part.startsWith('[') && part.endsWith(']'))
      return `[${part.slice(1, -1).replace(/^!/, '^').replaceAll('\\', '\\\\')}]`;
    return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^(?:${source.join('')})$`, 's');
}
