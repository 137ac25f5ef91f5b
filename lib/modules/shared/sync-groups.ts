import type { LocalFile } from '../../module.ts';
import { idsOf, modeOf, type SyncTree } from './sync.ts';

/** Files that are given the same by one command. */
export type Groups<K> = readonly (readonly [K, readonly LocalFile[]])[];

function grouped<K>(files: readonly LocalFile[], key: (f: LocalFile) => K): Groups<K> {
  const groups = new Map<string, [K, LocalFile[]]>();
  for (const file of files) {
    const id = JSON.stringify(key(file));
    const group = groups.get(id) ?? [key(file), []];
    group[1].push(file);
    groups.set(id, group);
  }
  return [...groups.values()];
}

/** By whose they shall be. */
export function byIds(t: SyncTree, files: readonly LocalFile[]): Groups<readonly string[]> {
  return t.owner || t.group ? grouped(files, f => idsOf(t, f)) : [];
}

/** With a fifth digit: or chmod would leave a directory's set-id bits. */
export const byMode = (files: readonly LocalFile[]) => grouped(files, f => `0${modeOf(f)}`);
/** By modification time. */
export const byTime = (files: readonly LocalFile[]) => grouped(files, f => f.mtime ?? 0);
