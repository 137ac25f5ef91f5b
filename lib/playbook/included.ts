import { dirname } from 'node:path';
import type { Compiler } from './compiler.ts';
import { appliedDirectives, importFile, missingTasks, tasksFile } from './imports.ts';
import type { IncludeRoleAction, IncludeTasksAction, Item, Role, Task } from './program.ts';
import { compileImported, nothingBrought } from './role-uses.ts';

/** What an include brings: tasks, and with a role its handlers and the role. */
export interface IncludedItems {
  readonly items: readonly Item[];
  readonly handlers: readonly Task[];
  readonly role: Role | undefined;
}

/** Compiles what an include of this name brings; what is wrong goes to the compiler's diagnostics. */
export async function compileIncluded(task: Task, name: string, c: Compiler): Promise<IncludedItems> {
  const action = task.action as IncludeTasksAction | IncludeRoleAction;
  const directives = appliedDirectives(action.brings.apply, action.brings.around, c);
  const brought = nothingBrought();
  const around = { directives, role: task.role, dir: task.dir, handler: task.handler, trail: [], brought };
  if (action.kind === 'include_role') {
    // Whether it runs again is asked when it is included: each turn of a loop is a use of its own.
    const imported = { from: action.from, again: true, use: action.use };
    const items = await compileImported(name, { span: action.roleSpan, imported, around }, c);
    return { items, handlers: brought.handlers, role: brought.roles.at(-1) };
  }
  const path = tasksFile(name, around, c);
  if (path === undefined) {
    missingTasks(name, action.fileSpan, { around, c });
    return { items: [], handlers: [], role: undefined };
  }
  const items = await importFile(path, action.fileSpan, { around: { ...around, dir: dirname(path) }, c });
  return { items, handlers: brought.handlers, role: undefined };
}
