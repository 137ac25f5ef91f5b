import type { Values } from '../outcome.ts';
import { condition, Failure, fromPlain, OMIT, render, TemplateError } from '../template/index.ts';
import { type Raw, type Scope, Secret, type Template, Unknown, type Value } from '../template/values.ts';

/** Whether all conditions hold; the first that is unknown or false decides. */
export function holds(conditions: readonly Template[], scope: Scope): boolean | Unknown {
  for (const each of conditions) {
    const result = conditionAt(each, scope);
    if (result !== true) return result;
  }
  return true;
}

function conditionAt(template: Template, scope: Scope): boolean | Unknown {
  const value = template.render(scope);
  try {
    return condition(value);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, suggestion } = error;
    const { span } = template.origin;
    throw new TemplateError({
      code,
      severity: 'error',
      message,
      span,
      ...(suggestion !== undefined && { suggestion }),
    });
  }
}

/** The first Unknown in a value, however deep. */
export function unknownIn(value: Value | undefined): Unknown | undefined {
  if (value instanceof Unknown) return value;
  if (Array.isArray(value)) return firstOf(value);
  if (value instanceof Map) return firstOf(value.values());
  return undefined;
}

function firstOf(values: Iterable<Value>): Unknown | undefined {
  for (const value of values) {
    const found = unknownIn(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A keyword's value as true or false; undefined where the keyword is not given. An unknown one counts as given false. */
export function flagOf(raw: Raw | undefined, scope: Scope): boolean | undefined {
  if (raw === undefined || raw === null) return undefined;
  const value = plain(render(raw, scope));
  if (value === OMIT) return undefined;
  if (typeof value === 'string') return ['yes', 'true', 'on', '1'].includes(value.toLowerCase());
  return value === true || value === 1;
}

/** A keyword's value as text; undefined where it is not given or empty. */
export function textOf(raw: Raw | undefined, scope: Scope): string | undefined {
  if (raw === undefined || raw === null) return undefined;
  const value = plain(render(raw, scope));
  return value === null || value === '' || value === OMIT || value instanceof Unknown ? undefined : String(value);
}

/** A keyword's value as a number. */
export function numberOf(raw: Raw | undefined, scope: Scope): number | undefined {
  const text = textOf(raw, scope);
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isNaN(number) ? undefined : number;
}

/** A secret's value where it is needed to act, never to show. */
export function plain(value: Value): Value {
  return value instanceof Secret ? value.reveal() : value;
}

/** Values of an outcome as a dict for templates. */
export function dictOf(values: Values): Map<string, Value> {
  const dict = new Map<string, Value>();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) dict.set(name, fromPlain(value));
  return dict;
}
