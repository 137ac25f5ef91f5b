import { didYouMean } from '../text/near.ts';
import type { Compiler } from './compiler.ts';
import { type Item, type Play, type Task, taskNames } from './program.ts';

/**
 * Reports what `notify` names where no handler of the play is called so or listens to it. What is a template is asked when
 * it runs; a play with includes is too, since they may bring handlers.
 */
export function checkNotify(play: Pick<Play, 'body' | 'handlers'>, c: Compiler): void {
  const tasks = [...play.body.flatMap(tasksIn), ...play.handlers];
  if (tasks.some(t => t.action.kind === 'include_role' || t.action.kind === 'include_tasks')) return;
  // A handler whose name is a template may be called anything.
  if (play.handlers.some(h => typeof h.name === 'object')) return;
  const known = new Set(play.handlers.flatMap(h => [...taskNames(h), ...h.listen]));
  for (const { raw, span } of new Set(tasks.flatMap(t => t.directives.notify))) {
    if (typeof raw === 'object' || known.has(String(raw))) continue;
    const near = didYouMean(String(raw), known);
    const suggestion =
      near ?? (known.size === 0 ? 'the play has no handlers' : `the handlers are ${[...known].join(', ')}`);
    c.found.error('unknown-handler', `no handler is called "${raw}" or listens to it`, { span, suggestion });
  }
}

function tasksIn(item: Item): readonly Task[] {
  if (item.kind === 'flush') return [];
  return item.kind === 'task' ? [item] : [...item.tasks, ...item.rescue, ...item.always].flatMap(tasksIn);
}
