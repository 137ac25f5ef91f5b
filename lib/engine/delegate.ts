import type { LayeredScope } from '../vars/scope.ts';
import { type Resolved, resolveConnection } from './connection.ts';
import { anyHostRun } from './host-run.ts';
import { scopeFor } from './scopes.ts';
import type { TaskCall } from './task.ts';
import { textOf } from './values.ts';

/** Where a task's frames go. */
export interface Delegate {
  /** The host that does it, where that is another one. */
  readonly name: string | undefined;
  readonly reach: () => Resolved;
  /** The host itself and, where `delegate_to` names one (be it the same), the other place: for work between the two. */
  readonly ends: { readonly host: () => Resolved; readonly other: (() => Resolved) | undefined };
}

/** The host that does a task's work: the host itself, or the one `delegate_to` names, by that host's connection variables. */
export function delegateOf(call: TaskCall, scope: LayeredScope): Delegate {
  const { at, task, host } = call;
  const { directives } = task;
  const settings = at.run.settings.connection;
  const hide = (secret: string) => at.run.redactor.add(secret);
  const name = textOf(directives.delegateTo, scope);
  const itself = () => resolveConnection({ host: host.name, vars: scope, directives, settings, hide });
  if (name === undefined || name === host.name)
    return { name: undefined, reach: itself, ends: { host: itself, other: name === undefined ? undefined : itself } };
  const reach = () => {
    const other = anyHostRun(at.run, name);
    const vars = scopeFor(at, other, { layers: [] });
    // The play's connection and user are about its own hosts; become is about the task.
    const own = { ...directives, connection: undefined, remoteUser: undefined, port: undefined };
    return resolveConnection({ host: name, vars, directives: own, settings, hide });
  };
  return { name, reach, ends: { host: itself, other: reach } };
}
