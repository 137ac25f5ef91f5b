import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const GONE_WITHIN_MS = 15_000;

const folders = () => readdirSync('/tmp').filter(name => name.startsWith('.tplay-'));

/**
 * Watches for sessions' folders in /tmp: the answer names what came and stayed. Sessions of other tests on this machine
 * have folders there too, for as long as a frame lasts; only what is there to stay was left behind.
 */
export function watchLeftovers(): () => Promise<string[]> {
  const before = new Set(folders());
  return async () => {
    let left = folders().filter(name => !before.has(name));
    for (const until = Date.now() + GONE_WITHIN_MS; left.length > 0 && Date.now() < until; ) {
      await sleep(50);
      const now = new Set(folders());
      left = left.filter(name => now.has(name));
    }
    return left;
  };
}
