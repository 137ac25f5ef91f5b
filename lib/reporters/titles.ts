import type { TaskRef } from '../events.ts';
import { spanName } from '../text/source.ts';
import type { Look } from './look.ts';
import { textWidth } from './width.ts';

/** `role : name`, as Ansible titles a task. */
export function taskTitle(task: TaskRef, look: Look): string {
  return look.line(task.role === undefined ? task.name : `${task.role} : ${task.name}`);
}

/** `TASK [role : name] ****`, filled with stars to the width as Ansible does, after an empty line. */
export function rule(title: string, look: Look): string {
  const stars = Math.max(3, Math.min(look.columns(), 120) - 1 - textWidth(title));
  return `\n${look.paint.bold(title)} ${look.paint.dim('*'.repeat(stars))}\n`;
}

/** The heading of a task or handler. */
export function taskRule(task: TaskRef, look: Look): string {
  const word = task.handler ? 'RUNNING HANDLER' : 'TASK';
  const place = look.verbosity >= 2 ? `${look.paint.dim(`task path: ${placeOf(task, look)}`)}\n` : '';
  return rule(`${word} [${taskTitle(task, look)}]`, look) + place;
}

/** `file:line:column` of a task. */
export function placeOf(task: TaskRef, look: Look): string {
  return look.line(spanName(task.span));
}

/** The module's name without its collection. */
export function shortModule(task: TaskRef): string {
  return task.module.slice(task.module.lastIndexOf('.') + 1);
}
