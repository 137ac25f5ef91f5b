import { isTemplateObject } from './raw.ts';
import { OMIT } from './taint.ts';
import { Tuple } from './tuple.ts';
import type { Key, Raw, Scope, Value } from './values.ts';

/**
 * Renders a tree as the user wrote it. Entries and items whose value is `omit` are dropped; a whole value that is
 * `omit` is returned as OMIT. Keys are not templates, as in Ansible. Throws TemplateError.
 */
export function render(raw: Raw, scope: Scope): Value {
  if (typeof raw !== 'object' || raw === null) return raw;
  if (isTemplateObject(raw)) return raw.render(scope);
  if (Array.isArray(raw)) {
    const items = renderItems(raw, scope);
    return raw instanceof Tuple ? Tuple.make(items) : items;
  }
  if (raw instanceof Map) return renderDict(raw, scope);
  return raw;
}

function renderItems(raw: readonly Raw[], scope: Scope): Value[] {
  const items: Value[] = [];
  for (const item of raw) {
    const value = render(item, scope);
    if (value !== OMIT) items.push(value);
  }
  return items;
}

function renderDict(raw: ReadonlyMap<Key, Raw>, scope: Scope): Map<Key, Value> {
  const dict = new Map<Key, Value>();
  for (const [key, item] of raw) {
    const value = render(item, scope);
    if (value !== OMIT) dict.set(key, value);
  }
  return dict;
}
