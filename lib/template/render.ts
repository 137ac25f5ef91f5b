import { isTemplateObject } from './raw.ts';
import { OMIT } from './taint.ts';
import { Tuple } from './tuple.ts';
import { type Raw, type Scope, Secret, type Value } from './values.ts';

/**
 * Renders a tree as the user wrote it. What is `omit` stays OMIT, also inside: as Ansible, its key is there until the dict
 * is given to a module (`withoutOmitted`). Keys are not templates, as in Ansible. Throws TemplateError.
 */
export function render(raw: Raw, scope: Scope): Value {
  if (typeof raw !== 'object' || raw === null) return raw;
  if (isTemplateObject(raw)) return raw.render(scope);
  if (Array.isArray(raw)) {
    const items = raw.map(item => render(item, scope));
    return raw instanceof Tuple ? Tuple.make(items) : items;
  }
  if (raw instanceof Map) return new Map([...raw].map(([key, item]) => [key, render(item, scope)] as const));
  return raw;
}

/**
 * A value as a module is given it: without entries that are `omit`, however deep; the same object where there are none. Items
 * of lists are dropped too, where Ansible 2.14 writes a placeholder that nobody wants.
 */
export function withoutOmitted(value: Value): Value {
  if (value instanceof Secret) {
    const inner = value.reveal();
    const kept = withoutOmitted(inner);
    return kept === inner ? value : new Secret(kept);
  }
  if (Array.isArray(value)) {
    const kept = value.filter(item => item !== OMIT).map(withoutOmitted);
    if (kept.length === value.length && kept.every((item, i) => item === value[i])) return value;
    return value instanceof Tuple ? Tuple.make(kept) : kept;
  }
  if (!(value instanceof Map)) return value;
  const entries = [...value].filter(([, item]) => item !== OMIT);
  const kept = entries.map(([key, item]) => [key, withoutOmitted(item)] as const);
  const same = entries.length === value.size && kept.every(([, item], i) => item === entries[i]?.[1]);
  return same ? value : new Map(kept);
}
