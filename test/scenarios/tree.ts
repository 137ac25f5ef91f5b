import { lstatSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../lab/lab.ts';
import { hostPaths } from '../../lab/state.ts';

/** What the system and running services write while nobody does anything. */
const LIVING = [
  '/dev',
  '/proc',
  '/run',
  '/sys',
  '/tmp',
  '/var/cache',
  '/var/lib/mysql',
  '/var/lib/private',
  '/var/lib/systemd',
  '/var/log',
  '/var/tmp',
];

/**
 * What differs from the base on each host, by path: mode, owner, size and time of the last write. Enough to see that a
 * dry run wrote nothing, and far quicker than to read the files: only the overlay's upper layer is looked at.
 */
export function marksOf(lab: Lab, living: readonly string[]): ReadonlyMap<string, string> {
  const marks = new Map<string, string>();
  for (const { name } of lab.hosts)
    for (const [path, mark] of walk(hostPaths(lab.name, name).upper, '', [...LIVING, ...living]))
      marks.set(`${name}:${path}`, mark);
  return marks;
}

/** The paths whose marks differ. */
export function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter(path => before.get(path) !== after.get(path)).sort();
}

function* walk(root: string, path: string, living: readonly string[]): Iterable<readonly [string, string]> {
  if (living.includes(path) || /\.(log|pid)$/.test(path)) return;
  const info = lstatSync(join(root, path), { throwIfNoEntry: false });
  if (info === undefined) return;
  const owned = `${info.mode.toString(8)} ${info.uid}:${info.gid}`;
  if (info.isDirectory()) {
    yield [path, owned];
    for (const name of readdirSync(join(root, path)).sort()) yield* walk(root, `${path}/${name}`, living);
  } else if (info.isSymbolicLink()) yield [path, `${owned} -> ${readlinkSync(join(root, path))}`];
  else if (info.isFile()) yield [path, `${owned} ${info.size} ${info.mtimeMs}`];
  else yield [path, owned];
}
