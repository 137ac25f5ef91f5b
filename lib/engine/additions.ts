import type { Addition } from '../inventory/additions.ts';
import type { Layer } from '../inventory/layer.ts';
import type { Adds } from '../module.ts';
import type { Item, Play, Task } from '../playbook/program.ts';
import type { Raw, Value } from '../template/values.ts';

/** What a module adds to the inventory, with the values that its arguments had: plain data would lose their types. */
export function additionOf(
  adds: Adds,
  { task, host, values }: { task: Task; host: string; values: ReadonlyMap<string, Value> },
): Addition {
  const { span } = task;
  if ('group' in adds) return { kind: 'group', host, group: adds.group, parents: adds.parents, span };
  const vars: Layer = new Map([
    ...(adds.port === undefined ? [] : [['ansible_ssh_port', { value: adds.port, span }] as const]),
    ...adds.vars.map(name => [name, { value: (values.get(name) ?? null) as Raw, span }] as const),
  ]);
  return { kind: 'host', host: adds.host, groups: adds.groups, vars, span };
}

/** Whether hosts and groups may be others behind a play: it adds some, reads the sources again, or includes what may do so. */
export function mayGrow(play: Play): boolean {
  return [...play.body, ...play.handlers].some(grows);
}

function grows(item: Item): boolean {
  if (item.kind === 'flush') return false;
  if (item.kind === 'block') return [...item.tasks, ...item.rescue, ...item.always].some(grows);
  const { action } = item;
  if (action.kind === 'meta') return action.name === 'refresh_inventory';
  if (action.kind === 'module') return action.name === 'add_host' || action.name === 'group_by';
  return action.kind === 'include_tasks' || action.kind === 'include_role';
}
