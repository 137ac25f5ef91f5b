import type { Goal, Later, State } from '../../module.ts';

/** A goal as the lines a probe prints: `key=value`, backslash and line break escaped as `tp_kv` does. */
export function goalText(goal: Goal): string {
  return goalKeys(goal)
    .map(key => [key, wanted(goal, key)] as const)
    .map(([key, value]) => `${key}=${String(value).replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`)
    .join('\n');
}

/** What a goal wants of a key it asks for; undefined where that is not known yet. */
function wanted(goal: Goal, key: string): string | undefined {
  const value = goal[key];
  return typeof value === 'object' ? value.known : String(value);
}

/** Finds out what is not known yet of a goal, where a state has something to compare it with. */
export async function settleGoal(goal: Goal, state?: State): Promise<void> {
  for (const key of goalKeys(goal)) {
    const value = goal[key];
    if (typeof value === 'object' && (state === undefined || state[key])) await (value as Later).wait();
  }
}

/** Whether a state is already known to be another one. */
export function differs(state: State, goal: Goal): boolean {
  return goalKeys(goal).some(key => {
    const want = wanted(goal, key);
    return want !== undefined && (state[key] ?? '') !== want;
  });
}

/** A state with what the goal wants in it. */
export function reached(state: State, goal: Goal): State {
  return { ...state, ...Object.fromEntries(goalKeys(goal).map(key => [key, wanted(goal, key) ?? ''])) };
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
    const want = wanted(after, key) ?? '';
    if (old !== want) changed[key] = [old, want];
  }
  return changed;
}
