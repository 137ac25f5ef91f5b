import type { Goal, State } from '../../module.ts';

/** A goal as the lines a probe prints: `key=value`, backslash and line break escaped as `tp_kv` does. */
export function goalText(goal: Goal): string {
  return Object.entries(goal)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${String(value).replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`)
    .join('\n');
}

/** The keys a goal asks for. */
export function goalKeys(goal: Goal): readonly string[] {
  return Object.keys(goal).filter(key => goal[key] !== undefined);
}

/** Reads the lines of a probe. */
export function parseState(text: string): State {
  const state: Record<string, string> = Object.create(null);
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) state[line.slice(0, equals)] = unescape(line.slice(equals + 1));
  }
  return state;
}

function unescape(value: string): string {
  return value.includes('\\') ? value.replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c)) : value;
}

/** The keys that differ, each with its value before and after. */
export function changedKeys(before: State, after: Goal): Record<string, readonly [string, string]> {
  const changed: Record<string, readonly [string, string]> = {};
  for (const key of goalKeys(after)) {
    const old = before[key] ?? '';
    if (old !== String(after[key])) changed[key] = [old, String(after[key])];
  }
  return changed;
}
