import { didYouMean } from '../text/near.ts';
import { entryOf, type MapNode, type Node } from '../yaml/node.ts';
import type { Compiler } from './compiler.ts';
import { type Item, ORDERS, STRATEGIES, type Task } from './program.ts';

/**
 * Checks a play's `strategy` and `order` where they are no templates, and what has no meaning, or another one, where
 * hosts do not go in step. As Ansible: any_errors_fatal, max_fail_percentage and run_once are only warned about there.
 */
export function checkStrategy(
  map: MapNode,
  { body, handlers }: { body: readonly Item[]; handlers: readonly Task[] },
  c: Compiler,
): void {
  const strategy = entryOf(map, 'strategy')?.value;
  const order = entryOf(map, 'order')?.value;
  if (order !== undefined) checkWord(order, { what: 'order', words: ORDERS }, c);
  if (strategy === undefined) return;
  const prefixed = STRATEGIES.map(s => `ansible.builtin.${s}`);
  checkWord(strategy, { what: 'strategy', words: STRATEGIES, others: prefixed }, c);
  const name = written(strategy)?.replace('ansible.builtin.', '');
  if (name !== 'free' && name !== 'host_pinned') return;
  for (const keyword of ['any_errors_fatal', 'max_fail_percentage']) {
    const entry = entryOf(map, keyword);
    if (entry === undefined) continue;
    const message = `${keyword} does nothing with the strategy "${name}": every host goes on by itself`;
    c.found.warning('no-effect', message, { span: entry.key.span });
  }
  for (const task of [...body.flatMap(tasksIn), ...handlers]) checkTask(task, name, c);
}

function checkTask({ directives, action, span }: Task, strategy: string, c: Compiler): void {
  if (action.kind === 'module' && action.module.kind === 'local' && action.module.once === true)
    c.found.error('unsupported', `${action.name} runs once for all hosts, which the strategy "${strategy}" cannot`, {
      span: action.span,
      suggestion: 'use the strategy "linear"',
    });
  if (directives.runOnce === undefined || directives.runOnce === false) return;
  const message = `run_once does nothing with the strategy "${strategy}": the task runs on every host`;
  c.found.warning('no-effect', message, { span });
}

function tasksIn(item: Item): readonly Task[] {
  if (item.kind === 'flush') return [];
  return item.kind === 'task' ? [item] : [...item.tasks, ...item.rescue, ...item.always].flatMap(tasksIn);
}

/** Text as it stands there; undefined for a template. */
function written(node: Node): string | undefined {
  const text = node.kind === 'scalar' ? node.source : undefined;
  return text?.includes('{{') ? undefined : text;
}

function checkWord(
  node: Node,
  { what, words, others = [] }: { what: string; words: readonly string[]; others?: readonly string[] },
  c: Compiler,
): void {
  const text = written(node);
  if (text === undefined || words.includes(text) || others.includes(text)) return;
  const suggestion = didYouMean(text, words) ?? `it takes ${words.join(', ')}`;
  c.found.error('bad-value', `"${text}" is not a value for ${what}`, { span: node.span, suggestion });
}
