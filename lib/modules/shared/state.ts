import type { State } from '../../module.ts';

/** Reads `key=value` lines as tp_kv prints them. */
export function parseState(text: string): State {
  const state: Record<string, string> = Object.create(null);
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at < 0) continue;
    state[line.slice(0, at)] = line.slice(at + 1).replace(/\\([\\n])/g, (_, c) => (c === 'n' ? '\n' : c));
  }
  return state;
}
