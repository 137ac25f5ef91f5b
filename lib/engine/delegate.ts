import type { Host } from '../inventory/hosts.ts';
import type { LayeredScope } from '../vars/scope.ts';
import { type Resolved, resolveConnection } from './connection.ts';
import { HostRun } from './host-run.ts';
import { scopeFor } from './scopes.ts';
import type { TaskCall } from './task.ts';
import { textOf } from './values.ts';

/** Where a task's frames go. */
export interface Delegate {
  /** The host that does it, where that is another one. */
  readonly name: string | undefined;
  readonly reach: () => Resolved;
}

/** The host that does a task's work: the host itself, or the one `delegate_to` names, by that host's connection variables. */
export function delegateOf(call: TaskCall, scope: LayeredScope): Delegate {
  const { at, task, host } = call;
  const { directives } = task;
  const settings = at.run.settings.connection;
  const hide = (secret: string) => at.run.redactor.add(secret);
  const name = textOf(directives.delegateTo, scope);
  if (name === undefined || name === host.name)
    return {
      name: undefined,
      reach: () => resolveConnection({ host: host.name, vars: scope, directives, settings, hide }),
    };
  return {
    name,
    reach() {
      const other = delegateHost(call, name);
      const vars = scopeFor(at, other, { layers: [] });
      // The play's connection and user are about its own hosts; become is about the task.
      const own = { ...directives, connection: undefined, remoteUser: undefined, port: undefined };
      return resolveConnection({ host: name, vars, directives: own, settings, hide });
    },
  };
}

/** The state of a host that need not be in the play, nor in the inventory: then it is reached by its name. */
function delegateHost({ at }: TaskCall, name: string): HostRun {
  const known = at.run.hosts.get(name);
  if (known !== undefined) return known;
  const found = at.run.inventory.host(name) ?? strangerHost(name);
  const made = new HostRun(found);
  at.run.hosts.set(name, made);
  return made;
}

/** A host that no inventory names: it has no variables, and its name is its address. */
function strangerHost(name: string): Host {
  const nothing = new Map();
  return { name, vars: nothing, layers: [], groups: [], source: undefined, span: undefined, implicit: true };
}
