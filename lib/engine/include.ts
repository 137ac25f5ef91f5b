import type { Outcome } from '../outcome.ts';
import { compileIncluded, type IncludedItems } from '../playbook/included.ts';
import type { IncludeRoleAction, IncludeTasksAction, Task } from '../playbook/program.ts';
import { render } from '../template/index.ts';
import { type Scope, Unknown } from '../template/values.ts';
import { Diagnostics } from '../text/diagnostic.ts';
import { formatDiagnostics } from '../text/frame.ts';
import type { PlayRun } from './context.ts';
import { plain } from './values.ts';

/** What an include brings for one host: tasks and handlers, or why it failed. */
export type IncludeResult = IncludedItems | { readonly outcome: Outcome };

/** Compiled includes of one play, by what they are: hosts that include the same stay in step by sharing it. */
export class Includes {
  readonly #made = new Map<string, Promise<IncludeResult>>();

  /** The tasks of an include for a host. The same include of the same file gives the same tasks to every host. */
  tasks(at: PlayRun, task: Task, scope: Scope): Promise<IncludeResult> {
    const action = task.action as IncludeTasksAction | IncludeRoleAction;
    const name = nameOf(action, scope);
    if (name instanceof Unknown) return Promise.resolve({ outcome: { status: 'unknown', why: name.why, values: {} } });
    const from = action.kind === 'include_role' ? JSON.stringify(action.from) : '';
    const key = `${task.id} ${name} ${from}`;
    const made = this.#made.get(key) ?? compileInclude(at, { task, name });
    this.#made.set(key, made);
    return made;
  }
}

function nameOf(action: IncludeTasksAction | IncludeRoleAction, scope: Scope): string | Unknown {
  const value = plain(render(action.kind === 'include_tasks' ? action.file : action.role, scope));
  return value instanceof Unknown ? value : String(value);
}

async function compileInclude(at: PlayRun, { task, name }: { task: Task; name: string }): Promise<IncludeResult> {
  const found = new Diagnostics();
  const c = at.run.compiler(at.play.dir, found);
  const included = await compileIncluded(task, name, c);
  if (!found.failed) return included;
  const message = formatDiagnostics(found.sorted).trimEnd();
  return { outcome: { status: 'failed', reason: 'bad-argument', message, ignored: false } };
}
