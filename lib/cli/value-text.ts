import { toJson } from '../template/filters/json.ts';
import { OMIT, toText } from '../template/index.ts';
import { Secret, Unknown, type Value } from '../template/values.ts';
import { printable } from '../text/frame.ts';
import type { Terminal } from './terminal.ts';

/** A value as JSON on several lines, floats as Python prints them; what is secret is `***`. */
export function jsonText(value: Value): string {
  return toJson(masked(value), { indent: '  ', sortKeys: false, ascii: false });
}

/** A value as a template prints it; a terminal is not written to past us by control characters in it. */
export function rawText(value: Value, terminal: Pick<Terminal, 'isTerminal'>): string {
  const text = toText(masked(value));
  if (typeof text !== 'string') throw new Error('internal: a masked value is still secret');
  return terminal.isTerminal ? printable(text) : text;
}

/** The value with `***` for what is secret in it, and in words what is unknown or omitted. */
export function masked(value: Value): Value {
  if (value instanceof Secret) return '***';
  if (value instanceof Unknown) return `unknown: ${value.why}`;
  if (value === OMIT) return '{{ omit }}';
  if (Array.isArray(value)) return value.map(masked);
  return value instanceof Map ? new Map([...value].map(([key, inner]) => [key, masked(inner)])) : value;
}
