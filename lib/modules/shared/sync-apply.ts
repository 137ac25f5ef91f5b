import { type LocalFile, type Sh, type State, sh } from '../../module.ts';
import { homeWord } from './path.ts';
import { destOf, isFile, place, rootOf, type SyncTree, word } from './sync.ts';
import { byIds, byMode, byTime } from './sync-groups.ts';
import { send } from './sync-send.ts';
import { work } from './sync-work.ts';
import { chunked } from './tree.ts';

/** Makes the host's folder the same: what is missing or other, then what is too much, then the folders' own attributes. */
export function syncApply(t: SyncTree, before: State): Sh {
  const root = rootOf(t);
  const w = work(t, before);
  const each = (call: Sh, files: readonly LocalFile[]) =>
    chunked(files).map(some => sh`${call} ${root} ${some.map(f => word(t, f))}`);
  const blocked = w.other.filter(f => w.kind(f) !== 'absent' && w.kind(f) !== f.type);
  const missing = w.folders.filter(f => w.kind(f) !== 'directory');
  const touched = w.sent.length + w.links.length + w.gone.length + missing.length > 0;
  // what changes in a folder changes its time: then all have theirs set again
  const folders = (touched ? w.folders : w.folders.filter(f => w.other.includes(f))).toReversed();
  const gone = w.gone.toReversed();
  const makeRoom = (some: (f: LocalFile) => boolean) => [
    ...each(t.remove ? sh`tp_sync_clear -r` : sh`tp_sync_clear`, blocked.filter(some)),
    ...each(sh`tp_sync_each 'mkdir --'`, missing.filter(some)),
  ];
  const isRoot = (f: LocalFile) => f.path === '' && !isFile(t);
  const first = [...makeRoom(f => !isRoot(f)), ...w.links.map(f => sh`ln -sfn -- ${f.link} ${root}/${word(t, f)}`)];
  return sh.lines(
    place(t),
    parents(t),
    ...(isFile(t) ? [] : makeRoom(isRoot)),
    ...(w.sent.length === 0 ? first : send(t, w.sent, { root, first })),
    ...attributes(t, w.attributes, root),
    ...Array.from({ length: Math.ceil(gone.length / 200) }, (_, i) => gone.slice(i * 200, i * 200 + 200)).map(
      some => sh`tp_sync_remove ${root} ${some}`,
    ),
    ...(t.existing ? folders.map(f => ifThere(t, f, root)) : attributes(t, folders, root)),
  );
}

/** Of a folder that need not be there its attributes are set where it is. */
function ifThere(t: SyncTree, folder: LocalFile, root: Sh): Sh {
  return sh.lines(sh`if [ -d ${root}/${word(t, folder)} ]; then :`, ...attributes(t, [folder], root), sh`fi`);
}

/** As rsync, which makes the last part of dest only. */
function parents(t: SyncTree): Sh | undefined {
  const dest = homeWord(destOf(t));
  const own = isFile(t) ? !t.dest.endsWith('/') : t.inside;
  return own || destOf(t) === '/' ? undefined : sh`[ -d ${dest} ] || mkdir -- ${dest}`;
}

function attributes(t: SyncTree, files: readonly LocalFile[], root: Sh): readonly Sh[] {
  const each = (call: Sh, some: readonly LocalFile[]) =>
    chunked(some).map(part => sh`${call} ${root} ${part.map(f => word(t, f))}`);
  return [
    ...byIds(t, files).flatMap(([ids, some]) => each(sh`tp_sync_own ${ids}`, some)),
    ...(t.perms ? byMode(files).flatMap(([mode, some]) => each(sh`tp_sync_each ${`chmod ${mode} --`}`, some)) : []),
    ...(t.times ? byTime(files).flatMap(([time, some]) => each(sh`tp_sync_time ${time}`, some)) : []),
  ];
}
