import type { Raw, Template } from './values.ts';

/** Whether a piece of a raw tree is a template. */
export function isTemplateObject(raw: Raw): raw is Template {
  return typeof raw === 'object' && raw !== null && 'kind' in raw && raw.kind === 'template';
}

/** Whether a raw tree holds a template anywhere, so that its value depends on a scope. */
export function holdsTemplate(raw: Raw): boolean {
  if (typeof raw !== 'object' || raw === null) return false;
  if (Array.isArray(raw)) return raw.some(holdsTemplate);
  if (raw instanceof Map) return [...raw.values()].some(holdsTemplate);
  return isTemplateObject(raw);
}
