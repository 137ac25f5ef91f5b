import { didYouMean } from '../text/near.ts';
import type { Code } from './codes.ts';
import { type At, Missing, TemplateError } from './error.ts';
import type { Frame } from './frame.ts';
import { GLOBALS } from './globals.ts';
import { MUTATORS } from './methods/index.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './values.ts';

/** The names a template may see and what it may do with their values. */
export interface Names {
  /** The names the template sets itself; undefined when it may see those of the template that includes it. */
  readonly locals: ReadonlySet<string> | undefined;
  /** Whether a value of a variable may be changed in place, so that it must be copied first. */
  readonly mutates: boolean;
}

/** Looks a name up: what the template set, then the variables, then the functions every template has. */
export function nameCode(name: string, at: At, { locals, mutates }: Names): Code {
  const local = locals === undefined || locals.has(name);
  const global = GLOBALS.get(name);
  const fetch: Code = frame => {
    const { run } = frame;
    run.at = at;
    let value: Value | undefined;
    try {
      value = frame.isolated ? undefined : run.scope.get(name);
    } catch (error) {
      // As Ansible: a variable that needs an undefined one is undefined itself, so that `default` can replace it.
      if (error instanceof TemplateError && error.diagnostic.code === 'undefined-variable')
        return new Missing(error.message, at, { cause: error });
      throw error;
    }
    if (value !== undefined) return mutates ? copied(frame, name, value) : value;
    if (global !== undefined) return global(frame);
    return new Missing(`"${name}" is not defined`, at, { advice: () => didYouMean(name, known(frame)) });
  };
  if (!local) return fetch;
  return frame => {
    const value = frame.find(name);
    return value === undefined ? fetch(frame) : value;
  };
}

function* known(frame: Frame): Iterable<string> {
  for (let at: Frame | undefined = frame; at; at = at.parent) yield* at.own().keys();
  yield* frame.run.scope.names();
  for (const name of GLOBALS.keys()) if (name.length > 1) yield name;
}

/** The copy of a variable that a template may change. */
function copied(frame: Frame, name: string, value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  const { run } = frame;
  run.copies ??= new Map();
  const before = run.copies.get(name);
  if (before !== undefined) return before;
  const copy = deepCopy(value);
  run.copies.set(name, copy);
  return copy;
}

function deepCopy(value: Value): Value {
  if (value instanceof Tuple) return Tuple.make(value.map(deepCopy));
  if (Array.isArray(value)) return value.map(deepCopy);
  // A Map of another kind makes its values on demand (hostvars): it cannot be changed and is not read through.
  return value instanceof Map && Object.getPrototypeOf(value) === Map.prototype
    ? new Map([...value].map(([k, v]) => [k, deepCopy(v)]))
    : value;
}

/** Whether a template's text may change a value in place. */
export function mayMutate(text: string): boolean {
  return Array.from(text.matchAll(/\.\s*([a-z]+)\s*\(/g)).some(found => MUTATORS.has(found[1] as string));
}
