import { Float } from '../template/values.ts';
import type { Node } from './node.ts';

/** The tree as plain JavaScript data, for ajv: mappings as objects without a prototype, floats as numbers. */
export function plainOf(node: Node): unknown {
  if (node.kind === 'seq') return node.items.map(plainOf);
  if (node.kind === 'scalar') return node.value instanceof Float ? node.value.value : node.value;
  const object: Record<string, unknown> = Object.create(null);
  for (const { key, value } of node.entries) object[String(key.source)] = plainOf(value);
  return object;
}
