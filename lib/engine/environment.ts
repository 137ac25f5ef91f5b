import type { Task } from '../playbook/program.ts';
import { render, toText, withoutOmitted } from '../template/index.ts';
import type { LayeredScope } from '../vars/scope.ts';
import { ConnectionFault } from './connection.ts';
import { UnknownLocal } from './locals.ts';
import { plain, unknownIn } from './values.ts';

/** The task's environment: from the play inwards, the nearest wins. */
export function environmentOf(task: Task, scope: LayeredScope): Readonly<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const raw of task.directives.environment) {
    const value = plain(withoutOmitted(render(raw, scope)));
    const maps = Array.isArray(value) ? value.map(plain) : [value];
    const unknown = unknownIn(maps);
    if (unknown !== undefined) throw new UnknownLocal(unknown);
    for (const map of maps)
      if (map instanceof Map)
        for (const [name, v] of map) all[String(name)] = v === null ? '' : String(plain(toText(plain(v))));
  }
  const bad = Object.keys(all).find(name => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (bad !== undefined) throw new ConnectionFault(`"${bad}" cannot be the name of an environment variable`);
  return all;
}
