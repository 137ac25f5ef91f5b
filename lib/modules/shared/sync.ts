import { feed, type Goal, type LocalData, type LocalFile, type Sh, type State, sh } from '../../module.ts';
import { homeWord } from './path.ts';
import { findWords, type Rule, rulesBelow } from './rsync-rules.ts';
import { type TarEntry, tarStream } from './tar.ts';
import { chunked, keyOf } from './tree.ts';

/** What `synchronize` makes a folder of the host into. */
export interface SyncTree {
  readonly dest: string;
  /** The last name of src, and whether src means what is in it. */
  readonly name: string;
  readonly inside: boolean;
  readonly files: readonly LocalFile[];
  /** The folder itself; undefined where src is a file, or folders are passed over. */
  readonly itself: LocalFile | undefined;
  readonly rules: readonly Rule[];
  readonly perms: boolean;
  readonly times: boolean;
  readonly owner: boolean;
  readonly group: boolean;
  /** Files are the same by their checksum. */
  readonly checksum: boolean;
  readonly remove: boolean;
  readonly existing: boolean;
  /** How files of a host are read, all at once. */
  readonly contents: LocalData['contents'];
}

export const isFile = (t: SyncTree) => t.files[0]?.path === '' && t.files[0].type !== 'directory';

/** All that is wanted below the root, the root itself first where it is wanted. */
function entries(t: SyncTree): readonly LocalFile[] {
  if (isFile(t)) return t.files;
  return t.itself === undefined ? [] : [{ ...t.itself, path: '' }, ...t.files];
}

/** The folder on the host in which paths stand; of a single file `$tp_sr`, and its name is `$tp_sn`. */
function rootOf(t: SyncTree): Sh {
  if (isFile(t)) return sh`"$tp_sr"`;
  const dest = homeWord(destOf(t));
  if (t.inside) return dest;
  return destOf(t) === '/' ? sh`/${t.name}` : sh`${dest}/${t.name}`;
}

/** dest without slashes at its end. */
function destOf(t: SyncTree): string {
  return t.dest.replace(/(?!^)\/+$/, '');
}

/** Finds where a single file goes. */
function place(t: SyncTree): Sh | undefined {
  if (!isFile(t)) return undefined;
  return sh.lines(
    sh`tp_into ${homeWord(t.dest)} ${t.name}`,
    sh`case $tp_dest in */*) tp_sr=${sh.code('${tp_dest%/*}')} tp_sn=${sh.code('${tp_dest##*/}')} ;; *) tp_sr=. tp_sn=$tp_dest ;; esac`,
    sh`[ -n "$tp_sr" ] || tp_sr=/`,
  );
}

function word(t: SyncTree, file: LocalFile): Sh {
  return isFile(t) ? sh`"$tp_sn"` : sh`${file.path}`;
}

/** Files of one kind and owner: they are looked at by one call. */
interface Alike {
  readonly files: readonly LocalFile[];
  readonly fields: readonly string[];
  readonly ids: readonly string[];
}

function alike(t: SyncTree): readonly Alike[] {
  const groups = new Map<string, LocalFile[]>();
  for (const file of entries(t)) {
    const odd = t.existing || isFile(t) || keyOf(file) !== `./${file.path}`;
    const key = JSON.stringify([file.type, odd ? file.path : '', idsOf(t, file)]);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()].flatMap(files => {
    const [first] = files as [LocalFile];
    return chunked(files).map(chunk => ({ files: chunk, fields: fieldsOf(t, first), ids: idsOf(t, first) }));
  });
}

function idsOf(t: SyncTree, file: LocalFile): readonly string[] {
  if (file.type === 'link') return ['', '', '', ''];
  const owner = t.owner ? [file.owner ?? '', String(file.uid ?? '')] : ['', ''];
  return [...owner, ...(t.group ? [file.group ?? '', String(file.gid ?? '')] : ['', ''])];
}

export function fieldsOf(t: SyncTree, { type }: LocalFile): readonly string[] {
  if (type === 'link') return [];
  const file = type === 'file';
  return [
    ...(t.perms ? ['mode'] : []),
    ...(t.owner ? ['owner'] : []),
    ...(t.group ? ['group'] : []),
    ...(file ? ['size'] : []),
    ...(t.times ? ['mtime'] : []),
  ];
}

/** How a path shall be, as tp_sync_look prints it. */
export function wanted(t: SyncTree, file: LocalFile): string {
  if (file.type === 'link') return `link ${file.link}`;
  const [owner, uid, group, gid] = idsOf(t, file);
  const values: Readonly<Record<string, string | number | undefined>> = {
    mode: modeOf(file),
    owner: owner || uid,
    group: group || gid,
    size: file.large?.size ?? file.bytes.length,
    mtime: file.mtime,
  };
  return [file.type, ...fieldsOf(t, file).map(field => values[field])].join(' ');
}

function modeOf(file: LocalFile): string {
  return (file.mode & 0o7777).toString(8).padStart(4, '0');
}

const sumKey = (file: LocalFile) => `sha256 of ${keyOf(file)}`;

/** A line for each path, with checksums where they decide; none left that is not in src where those are removed. */
export function syncGoal(t: SyncTree): Goal {
  const goal: Record<string, Goal[string]> = {};
  for (const { files } of alike(t)) for (const file of files) goal[keyOf(file)] = wanted(t, file);
  if (t.checksum) for (const file of summed(t)) goal[sumKey(file)] = file.large?.sum('sha256') ?? '';
  if (t.remove && t.itself !== undefined) goal['extra'] = 0;
  return goal;
}

/** Files whose checksum is looked at: not of those that need not be there. */
function summed(t: SyncTree): readonly LocalFile[] {
  return t.existing ? [] : entries(t).filter(f => f.type === 'file');
}

/** Prints the lines that syncGoal asks for, and what is there besides. */
export function syncProbe(t: SyncTree): Sh {
  const root = rootOf(t);
  const looks = alike(t).map(({ files, fields, ids }) => {
    const [first] = files as [LocalFile];
    const name = (isFile(t) || keyOf(first) !== `./${first.path}`) && ['-k', keyOf(first)];
    const flags = [name, t.existing && ['-w', wanted(t, first)]];
    return sh`tp_sync_look ${flags} ${[fields.join(' '), ...ids]} ${root} ${files.map(f => word(t, f))} || exit`;
  });
  const sums = t.checksum ? summed(t).map(f => sh`tp_sync_sum ${sumKey(f)} ${root}/${word(t, f)} || exit`) : [];
  return sh.lines(place(t), sh`tp_known=$(tp_temp) || exit`, ...looks, ...sums, extras(t, root));
}

function extras(t: SyncTree, root: Sh): Sh | undefined {
  if (!t.remove || t.itself === undefined) return undefined;
  const rules = rulesBelow(t.rules, t.inside ? '' : t.name);
  return sh`tp_sync_extra ${root} ${findWords(rules, sh`-exec sh -c "$tp_sync_keys" sh {} +`)} || exit`;
}

/** What differs from the state before: by kind of work. */
export function work(t: SyncTree, before: State) {
  const all = entries(t);
  const is = (f: LocalFile) => before[keyOf(f)] ?? 'absent';
  const kind = (f: LocalFile) => is(f).split(' ')[0];
  const other = all.filter(f => is(f) !== wanted(t, f) || (t.checksum && f.type === 'file' && !sameSum(f, before)));
  const content = (f: LocalFile) => {
    if (kind(f) !== 'file') return true;
    if (t.checksum) return !sameSum(f, before);
    const fields = fieldsOf(t, f);
    const [have, want] = [is(f).split(' ').slice(1), wanted(t, f).split(' ').slice(1)];
    return fields.some((name, i) => (name === 'size' || name === 'mtime') && have[i] !== want[i]);
  };
  const files = other.filter(f => f.type === 'file');
  return {
    is,
    kind,
    other,
    sent: files.filter(content),
    attributes: files.filter(f => !content(f)),
    folders: all.filter(f => f.type === 'directory'),
    links: other.filter(f => f.type === 'link'),
    gone: Object.keys(before)
      .filter(k => k.startsWith('gone '))
      .map(k => decode(k.slice(7))),
  };
}

function sameSum(file: LocalFile, before: State): boolean {
  const have = before[sumKey(file)];
  return have !== undefined && have !== '' && have === file.large?.sum('sha256').known;
}

/** The path of a key. */
function decode(key: string): string {
  return key.replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

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
  return sh.lines(
    place(t),
    ...(isFile(t) ? [] : [parents(t)]),
    ...each(t.remove ? sh`tp_sync_clear -r` : sh`tp_sync_clear`, blocked),
    ...each(sh`tp_sync_each 'mkdir --'`, missing),
    ...w.links.map(f => sh`ln -sfn -- ${f.link} ${root}/${word(t, f)}`),
    ...send(t, w.sent, root),
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
  return t.inside || destOf(t) === '/' ? undefined : sh`[ -d ${dest} ] || mkdir -- ${dest}`;
}

function send(t: SyncTree, files: readonly LocalFile[], root: Sh): readonly Sh[] {
  if (files.length === 0) return [];
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
  const code = sh.lines(...owned, ...modes, ...moves);
  return [
    sh`tp_sync_unpack ${!t.times && '-m'} ${feed(tarStream(tar, t.contents?.(files)))} ${[root, end]} ${sh.quoted(code)}`,
  ];
}

/** A name in the archive that none of these paths has. */
function endName(paths: readonly string[]): string {
  const taken = new Set(paths.map(p => p.split('/')[0]));
  let name = '.tplay-end';
  while (taken.has(name)) name += '_';
  return name;
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

type Groups<K> = readonly (readonly [K, readonly LocalFile[]])[];

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

function byIds(t: SyncTree, files: readonly LocalFile[]): Groups<readonly string[]> {
  return t.owner || t.group ? grouped(files, f => idsOf(t, f)) : [];
}

// a fifth digit: or chmod would leave a directory's set-id bits
const byMode = (files: readonly LocalFile[]) => grouped(files, f => `0${modeOf(f)}`);
const byTime = (files: readonly LocalFile[]) => grouped(files, f => f.mtime ?? 0);
