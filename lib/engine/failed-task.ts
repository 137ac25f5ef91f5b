import type { Task } from '../playbook/program.ts';
import { render, TemplateError } from '../template/index.ts';
import type { Raw, Scope, Value } from '../template/values.ts';

/**
 * `ansible_failed_task`, what rescue knows of the task that failed: of Ansible's attributes those that say what was to be
 * done and where. What cannot be rendered (it may be why the task failed) is left out.
 */
export function failedTask(task: Task, names: { name: string; module: string }, scope: Scope): Value {
  const { directives } = task;
  const delegate = directives.delegateTo === undefined ? null : rendered(directives.delegateTo, scope);
  return new Map<string, Value>([
    ['name', names.name],
    ['action', names.module],
    ['args', argsOf(task, scope)],
    ['tags', [...directives.tags]],
    ['register', task.register ?? null],
    ['notify', directives.notify.flatMap(({ raw }) => rendered(raw, scope) ?? [])],
    ['delegate_to', delegate ?? null],
    ['when', directives.when.map(condition => condition.text)],
  ]);
}

/** As Ansible: text right after the module's name is `_raw_params`. */
function argsOf({ action }: Task, scope: Scope): Value {
  const args = new Map<string, Value>();
  if (action.kind !== 'module') return args;
  for (const [name, { raw }] of action.args) {
    const value = rendered(raw, scope);
    if (value !== undefined) args.set(name === action.module.args.freeForm ? '_raw_params' : name, value);
  }
  return args;
}

function rendered(raw: Raw, scope: Scope): Value | undefined {
  try {
    return render(raw, scope);
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}
