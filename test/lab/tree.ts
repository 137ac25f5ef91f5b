import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { hostRoot, type Lab } from '../../lab/lab.ts';

/** What the system itself writes while nobody does anything: logs, leases, clocks, caches of logins. */
const LIVING = [
  '/proc',
  '/sys',
  '/dev',
  '/run',
  '/tmp',
  '/var/log',
  '/var/lib/systemd',
  '/var/cache',
  '/var/tmp',
  '/root/.cache',
];

/** A host's file tree as lines: path, kind, mode, owner and what it holds; of some folders, or of everything that lasts. */
export function treeOf(lab: Lab, host: string, folders: readonly string[] = ['/']): readonly string[] {
  const root = hostRoot(lab, host);
  return folders.flatMap(folder => [...walk(root, folder === '/' ? '' : folder)]);
}

function* walk(root: string, path: string): Iterable<string> {
  if (LIVING.includes(path)) return;
  const full = join(root, path);
  const info = lstatSync(full, { throwIfNoEntry: false });
  if (info === undefined) return;
  const head = `${path || '/'} ${(info.mode & 0o7777).toString(8)} ${info.uid}:${info.gid}`;
  if (info.isDirectory()) {
    yield `${head} directory`;
    for (const name of readdirSync(full).sort()) yield* walk(root, `${path}/${name}`);
  } else if (info.isSymbolicLink()) yield `${head} -> ${readlinkSync(full)}`;
  else if (info.isFile()) yield `${head} ${createHash('sha256').update(readFileSync(full)).digest('hex')}`;
  else yield `${head} other`;
}
