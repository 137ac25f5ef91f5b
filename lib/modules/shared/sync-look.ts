import { type Goal, type LocalFile, type Sh, sh } from '../../module.ts';
import { findWords, rulesBelow } from './rsync-rules.ts';
import { entries, fieldsOf, idsOf, isFile, place, rootOf, type SyncTree, sumKey, wanted, word } from './sync.ts';
import { chunked, keyOf } from './tree.ts';

/** Files of one kind and owner: they are looked at by one call. */
interface Alike {
  readonly files: readonly LocalFile[];
  readonly fields: readonly string[];
  readonly ids: readonly string[];
  readonly sums: boolean;
}

function alike(t: SyncTree): readonly Alike[] {
  const groups = new Map<string, LocalFile[]>();
  for (const file of entries(t)) {
    const odd = t.existing || isFile(t) || keyOf(file) !== `./${file.path}`;
    const key = JSON.stringify([file.type, odd ? file.path : '', idsOf(t, file)]);
    const group = groups.get(key) ?? [];
    group.push(file);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(files => {
    const [first] = files as [LocalFile];
    const same = { fields: fieldsOf(t, first), ids: idsOf(t, first), sums: t.checksum && first.type === 'file' };
    return chunked(files).map(chunk => ({ files: chunk, ...same }));
  });
}

/** A line for each path, with checksums where they decide; none left that is not in src where those are removed. */
export function syncGoal(t: SyncTree): Goal {
  const goal: Record<string, Goal[string]> = {};
  for (const { files, sums } of alike(t)) {
    for (const file of files) goal[keyOf(file)] = wanted(t, file);
    if (sums) for (const file of files) goal[sumKey(file)] = file.large?.sum('sha256') ?? '';
  }
  if (t.remove && t.itself !== undefined) goal['extra'] = 0;
  return goal;
}

/** Prints the lines that syncGoal asks for, and what is there besides. */
export function syncProbe(t: SyncTree): Sh {
  const root = rootOf(t);
  const looks = alike(t).map(({ files, fields, ids, sums }) => {
    const [first] = files as [LocalFile];
    const name = (isFile(t) || keyOf(first) !== `./${first.path}`) && ['-k', keyOf(first)];
    const owners = ids.some(id => id !== '') && ['-i', ...ids];
    // what need not be there is as it shall be where nothing is
    const unmade = t.existing && ['-w', wanted(t, first), sums && ['-S', first.large?.sumNow('sha256') ?? '']];
    const flags = ['-n', sums && '-s', name, unmade, owners];
    return sh`tp_tree ${flags} ${fields.join(' ')} ${root} ${files.map(f => word(t, f))} || exit`;
  });
  return sh.lines(place(t), sh`tp_known=$(tp_temp) || exit`, ...looks, extras(t, root));
}

function extras(t: SyncTree, root: Sh): Sh | undefined {
  if (!t.remove || t.itself === undefined) return undefined;
  const rules = [...t.folderRules, ...rulesBelow(t.rules, t.inside ? '' : t.name)];
  const print = (mark: string) => sh`-exec sh -c "$tp_sync_keys" ${mark} {} +`;
  return sh`tp_sync_extra ${root} ${findWords(rules, { found: print(''), left: print('!') })} || exit`;
}
