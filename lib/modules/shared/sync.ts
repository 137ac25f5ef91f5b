import { type LocalData, type LocalFile, type Sh, sh } from '../../module.ts';
import { homeWord } from './path.ts';
import type { Rule, Scoped } from './rsync-rules.ts';
import { keyOf } from './tree.ts';

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
  /** Those of the folders' own files of rules, the innermost first. */
  readonly folderRules: readonly Scoped[];
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
export function entries(t: SyncTree): readonly LocalFile[] {
  if (isFile(t)) return t.files;
  return t.itself === undefined ? [] : [{ ...t.itself, path: '' }, ...t.files];
}

/** The folder on the host in which paths stand; of a single file `$tp_sr`, and its name is `$tp_sn`. */
export function rootOf(t: SyncTree): Sh {
  if (isFile(t)) return sh`"$tp_sr"`;
  const dest = homeWord(destOf(t));
  if (t.inside) return dest;
  return destOf(t) === '/' ? sh`/${t.name}` : sh`${dest}/${t.name}`;
}

/** dest without slashes at its end. */
export function destOf(t: SyncTree): string {
  return t.dest.replace(/(?!^)\/+$/, '');
}

/** Finds where a single file goes. */
export function place(t: SyncTree): Sh | undefined {
  if (!isFile(t)) return undefined;
  return sh.lines(
    sh`tp_into ${homeWord(t.dest)} ${t.name}`,
    sh`case $tp_dest in */*) tp_sr=${sh.code('${tp_dest%/*}')} tp_sn=${sh.code('${tp_dest##*/}')} ;; *) tp_sr=. tp_sn=$tp_dest ;; esac`,
    sh`[ -n "$tp_sr" ] || tp_sr=/`,
  );
}

export function word(t: SyncTree, file: LocalFile): Sh {
  return isFile(t) ? sh`"$tp_sn"` : sh`${file.path}`;
}

/** Owner and group by name and number, as tp_sync_ids takes them. */
export function idsOf(t: SyncTree, file: LocalFile): readonly string[] {
  if (file.type === 'link') return ['', '', '', ''];
  const owner = t.owner ? [file.owner ?? '', String(file.uid ?? '')] : ['', ''];
  return [...owner, ...(t.group ? [file.group ?? '', String(file.gid ?? '')] : ['', ''])];
}

/** What is looked at beside the kind. */
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

/** How a path shall be, as tp_tree prints it. */
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

export function modeOf(file: LocalFile): string {
  return (file.mode & 0o7777).toString(8).padStart(4, '0');
}

/** The key of a file's checksum. */
export const sumKey = (file: LocalFile) => `sha256 of ${keyOf(file)}`;
