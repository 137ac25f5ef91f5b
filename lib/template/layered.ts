import type { Scope, Value } from './values.ts';

/** A scope with more variables, which come before the others. */
export function layered(scope: Scope, more: ReadonlyMap<unknown, Value>): Scope {
  return {
    get: name => {
      const value = more.get(name);
      return value === undefined ? scope.get(name) : value;
    },
    *names() {
      for (const name of more.keys()) yield String(name);
      yield* scope.names();
    },
    where: name => (more.has(name) ? undefined : scope.where(name)),
    services: scope.services,
  };
}
