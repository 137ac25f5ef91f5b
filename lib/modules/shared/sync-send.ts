import { feed, type LocalFile, type Sh, sh } from '../../module.ts';
import { isFile, type SyncTree, word } from './sync.ts';
import { byIds, byMode } from './sync-groups.ts';
import { type TarEntry, tarStream } from './tar.ts';
import { chunked } from './tree.ts';

/** Sends files as one archive and, when all have arrived, does what is to be done first and puts them in place together. */
export function send(t: SyncTree, files: readonly LocalFile[], { root, first }: Place): readonly Sh[] {
  const paths = files.map(f => (isFile(t) ? t.name : f.path));
  const folders = new Set(
    paths.flatMap(p =>
      p
        .split('/')
        .slice(0, -1)
        .map((_, i, all) => all.slice(0, i + 1).join('/')),
    ),
  );
  // arrives last, when all that was read is known to be whole
  const end = endName(paths);
  const tar: readonly TarEntry[] = [
    ...[...folders].sort().map(path => ({ path, type: 'directory' as const, mode: 0o700 })),
    ...files.map((f, i) => ({
      path: paths[i] as string,
      type: 'file' as const,
      mode: f.mode & (t.perms ? 0o7777 : 0o777),
      mtime: f.mtime ?? 0,
      ...(f.large === undefined ? { bytes: f.bytes } : { stream: f.large }),
    })),
    { path: end, type: 'directory', mode: 0o700 },
  ];
  const inside = (f: LocalFile) => (isFile(t) ? t.name : f.path);
  const from = sh`"$tp_from"`;
  const owned = byIds(t, files).flatMap(([ids, some]) =>
    chunked(some).map(part => sh`tp_sync_own ${ids} ${from} ${part.map(inside)} || exit`),
  );
  const modes = t.perms
    ? byMode(files).flatMap(([mode, some]) =>
        chunked(some).map(part => sh`tp_sync_each ${`chmod ${mode} --`} ${from} ${part.map(inside)} || exit`),
      )
    : files.map(f => sh`tp_sync_mode ${root}/${word(t, f)} ${from}/${inside(f)} || exit`);
  const moves = isFile(t)
    ? [sh`mv -f -- ${from}/${t.name} "$tp_sr/$tp_sn"`]
    : chunked(files).map(part => sh`tp_sync_move ${from} ${root} ${part.map(f => f.path)} || exit`);
  // the mode last: chown drops setuid
  const code = sh.lines(sh`set -e`, ...first, ...owned, ...modes, ...moves);
  return [
    sh`tp_sync_unpack ${!t.times && '-m'} ${feed(tarStream(tar, t.contents?.(files)))} ${[root, end]} ${sh.quoted(code)}`,
  ];
}

interface Place {
  readonly root: Sh;
  readonly first: readonly Sh[];
}

/** A name in the archive that none of these paths has. */
function endName(paths: readonly string[]): string {
  const taken = new Set(paths.map(p => p.split('/')[0]));
  let name = '.tplay-end';
  while (taken.has(name)) name += '_';
  return name;
}
