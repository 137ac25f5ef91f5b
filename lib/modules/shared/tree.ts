import {
  type Attributes,
  type FileWishes,
  feed,
  type Goal,
  type LocalFile,
  type Sh,
  type State,
  type Stream,
  sh,
} from '../../module.ts';
import { attributeGoal, hasMarks, normalMode, setAttributes, statFlags } from './attributes.ts';
import { packedEntries } from './packed-files.ts';
import { checksum } from './sums.ts';

/** How the files and folders below a folder of the host shall be. */
export interface TreeWishes extends FileWishes {
  readonly directory_mode?: string | undefined;
  /** A symbolic mode starts from the mode that a new file has here, not from what umask leaves. */
  readonly fromModes?: boolean | undefined;
}

/** Paths in one call of a prelude function: one command line has room for them whatever the host's limit. */
const CHUNK = 200;

/** Bytes of a tar that are worth a gzip on the host. */
const WORTH_PACKING = 4 * 1024;

/** The goal of a tree: a line for each path, and one for the checksum of each file; `now` all of them are known. */
export function treeGoal(wishes: TreeWishes, files: readonly LocalFile[], now = false): Goal {
  const goal: Record<string, Goal[string]> = {};
  for (const group of groups(wishes, files)) {
    for (const file of group.files)
      goal[keyOf(file)] =
        file.type === 'link' ? `link ${file.link}` : [file.type, ...Object.values(wanted(group, file))].join(' ');
    if (group.sums)
      for (const file of group.files)
        goal[sumOf(file)] =
          (now ? file.large?.sumNow('sha256') : file.large?.sum('sha256')) ?? checksum('sha256', file.bytes);
  }
  return goal;
}

/** Prints the lines that treeGoal asks for. */
export function treeProbe(wishes: TreeWishes, files: readonly LocalFile[], root: Sh): Sh {
  const calls = groups(wishes, files).flatMap(group => {
    const fields = group.files[0] === undefined ? '' : Object.keys(wanted(group, group.files[0])).join(' ');
    const name = group.odd && group.files[0] !== undefined && ['-k', keyOf(group.files[0])];
    const spec = group.attributes.mode !== 'preserve' && statFlags(group.attributes);
    const flags = [group.sums && '-s', name, spec];
    return sh`tp_tree ${flags} ${fields} ${root} ${group.files.map(f => f.path)} || exit`;
  });
  return sh.lines(...calls);
}

/** The key of a file's checksum. */
function sumOf(file: LocalFile): string {
  return `sha256 of ${keyOf(file)}`;
}

/** Where a tree goes to, and what is there, where that was looked at. */
export interface TreePlace {
  readonly root: Sh;
  readonly before?: State | undefined;
  /** An archive with all of it: sent as it is where large files are, which would have to be unpacked here first. */
  readonly whole?: { readonly kind: string; readonly content: Uint8Array | Stream } | undefined;
}

/** Whether the host has the content of a file. */
function isThere(file: LocalFile, before: State | undefined): boolean {
  const sum = before?.[sumOf(file)];
  if (!sum) return false;
  return sum === (file.large === undefined ? checksum('sha256', file.bytes) : file.large.sum('sha256').known);
}

/** Sets the attributes of files whose content is there. */
function setFiles(wishes: TreeWishes, files: readonly LocalFile[], root: Sh): Sh | undefined {
  const { owner, group, mode } = wishes;
  if (mode !== 'preserve') {
    const set = setAttributes({ owner, group, mode });
    return set && sh.lines(...chunked(files).map(some => sh`${set} ${some.map(f => below(root, f))}`));
  }
  const modes = new Map(files.map(f => [f.mode, files.filter(other => other.mode === f.mode)]));
  const each = [...modes].flatMap(([bits, all]) =>
    chunked(all).map(
      some =>
        sh`tp_set ${[owner ?? '', group ?? '', (bits & 0o7777).toString(8).padStart(4, '0')]} ${some.map(f => below(root, f))}`,
    ),
  );
  return sh.lines(...each);
}

/** Makes a tree of the host as the local one is; what is there besides stays, and what is right is not sent. */
export function treeApply(wishes: TreeWishes, files: readonly LocalFile[], at: TreePlace): Sh {
  return sh.lines(unlockTree(wishes, files, at.root), treeWork(wishes, files, at), markTree(wishes, files, at.root));
}

/** Before work on a tree that shall have flags: those there may forbid it. None is set until markTree. */
export function unlockTree(wishes: TreeWishes, files: readonly LocalFile[], root: Sh): Sh | undefined {
  if (!hasMarks(wishes)) return undefined;
  return sh.lines(forEachPath(sh`tp_mark unlock`, markable(files), root), sh`tp_marking=''`);
}

/** After the work: flags and SELinux contexts. */
export function markTree(wishes: TreeWishes, files: readonly LocalFile[], root: Sh): Sh | undefined {
  if (!hasMarks(wishes)) return undefined;
  return sh.lines(sh`tp_marking=tp_mark`, forEachPath(sh`tp_mark put`, markable(files), root));
}

function markable(files: readonly LocalFile[]): readonly LocalFile[] {
  return files.filter(f => f.type !== 'link');
}

/** What treeApply does, but for flags and SELinux contexts. */
export function treeWork(wishes: TreeWishes, files: readonly LocalFile[], { root, before, whole }: TreePlace): Sh {
  const all = groups(wishes, files);
  const there = files.filter(f => f.type === 'file' && isThere(f, before));
  const sent = files.filter(f => f.type !== 'file' || !there.includes(f));
  const regular = groups(wishes, sent).filter(g => g.type === 'file');
  const flags = [
    wishes.mode === 'preserve' ? '-p' : wishes.mode && ['-m', normalMode(wishes.mode)],
    wishes.owner && ['-o', wishes.owner],
    wishes.group && ['-g', wishes.group],
    wishes.fromModes && '-x',
    wishes.backup && '-b',
    wishes.unsafe_writes && '-u',
  ];
  const install = regular.map(g => sh`tp_tree_install ${flags} "$tp_from" ${root} ${g.files.map(f => f.path)} || exit`);
  const preserve = wishes.mode === 'preserve' || wishes.fromModes === true;
  const asItIs = sent.some(f => f.large !== undefined) ? whole : undefined;
  const archive = regular.length === 0 ? undefined : (asItIs ?? packed(sent, preserve));
  return sh.lines(
    sh`tp_mkdir ${['', '', wishes.directory_mode === 'preserve' ? '' : (normalMode(wishes.directory_mode) ?? '')]} ${root}`,
    ...all.filter(g => g.type === 'directory').map(g => makeFolders(g, root)),
    ...missingFolders(files).map(path => sh`tp_mkdir '' '' '' ${root}/${path}`),
    ...all.filter(g => g.type === 'link').flatMap(g => g.files.map(f => sh`ln -sfn -- ${f.link} ${below(root, f)}`)),
    there.length > 0 && setFiles(wishes, there, root),
    // nothing of it shall belong to whom it belonged to, nor be closed to this user
    asItIs && sh`tp_unpack_words=-o`,
    archive &&
      sh`tp_unpacked ${[archive.kind, feed(archive.content)]} ${root} ${sh.quoted(sh.lines(asItIs && sh`tp_open_folders "$tp_from" || exit`, ...install))}`,
    asItIs && sh`tp_unpack_words=`,
  );
}

/** Folders that files are in and that are not listed themselves: archives may have such. */
function missingFolders(files: readonly LocalFile[]): readonly string[] {
  const folders = new Set(
    files
      .filter(f => f.type !== 'directory' && f.path.includes('/'))
      .map(f => f.path.slice(0, f.path.lastIndexOf('/'))),
  );
  for (const file of files) folders.delete(file.path);
  return [...folders];
}

function makeFolders({ attributes, files }: Group, root: Sh): Sh {
  // folders of an archive may forbid writing to them: their modes are set by setFolders at the end
  const mode = attributes.mode === 'preserve' ? undefined : attributes.mode;
  const set = setAttributes({ ...attributes, mode });
  const words = [attributes.owner ?? '', attributes.group ?? '', normalMode(mode) ?? ''];
  return sh.lines(
    ...files.map(f => sh`tp_mkdir ${words} ${below(root, f)}`),
    set && sh`${set} ${files.map(f => below(root, f))}`,
  );
}

/** Gives the folders the modes they have in the archive, deepest first. */
export function setFolderModes(files: readonly LocalFile[], root: Sh): Sh {
  const folders = files.filter(f => f.type === 'directory');
  const modes = [...new Set(folders.map(f => f.mode))];
  const calls = modes.flatMap(mode =>
    chunked(folders.filter(f => f.mode === mode).reverse()).map(
      chunk => sh`tp_set '' '' ${mode.toString(8).padStart(4, '0')} ${chunk.map(f => below(root, f))}`,
    ),
  );
  return sh.lines(...calls);
}

/** Calls a function of the prelude with all paths, in chunks. */
export function forEachPath(call: Sh, files: readonly LocalFile[], root: Sh): Sh {
  return sh.lines(...chunked(files).map(chunk => sh`${call} ${chunk.map(f => below(root, f))}`));
}

/** What is sent: gzipped where that pays and fits into memory. */
function packed(
  files: readonly LocalFile[],
  preserve: boolean,
): { readonly kind: 'tar' | 'tgz'; readonly content: Uint8Array | Stream } {
  const entries = files.flatMap(f =>
    f.type === 'link' || f.path === ''
      ? []
      : // private while it is unpacked; tp_tree_install gives the mode
        [
          {
            path: f.path,
            type: f.type,
            mode: f.type === 'directory' ? 0o700 : preserve ? f.mode : 0o600,
            ...(f.large === undefined ? { bytes: f.bytes } : { stream: f.large }),
          },
        ],
  );
  return packedEntries(entries, WORTH_PACKING);
}

interface Group {
  readonly type: LocalFile['type'];
  readonly files: readonly LocalFile[];
  readonly attributes: Attributes;
  readonly sums: boolean;
  readonly odd: boolean;
}

function groups(wishes: TreeWishes, files: readonly LocalFile[]): readonly Group[] {
  const { mode: _, directory_mode, ...others } = wishes;
  return (['directory', 'file', 'link'] as const).flatMap(type => {
    const attributes = { ...others, mode: type === 'directory' ? directory_mode : wishes.mode };
    const one = type === 'file' ? byFolder(files.filter(f => f.type === type)) : files.filter(f => f.type === type);
    const chunks = [...chunked(one.filter(f => !isOdd(f))), ...one.filter(isOdd).map(f => [f])];
    return chunks.map(chunk => ({
      type,
      files: chunk,
      attributes: type === 'link' ? {} : attributes,
      sums: type === 'file',
      odd: chunk.some(isOdd),
    }));
  });
}

/** Files of one folder together: they are moved by one command. */
function byFolder(files: readonly LocalFile[]): readonly LocalFile[] {
  const folder = (f: LocalFile) => f.path.slice(0, f.path.lastIndexOf('/') + 1);
  return [...files].sort((a, b) => (folder(a) === folder(b) ? compare(a.path, b.path) : compare(folder(a), folder(b))));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function wanted(group: Group, file: LocalFile): Goal {
  const { attributes } = group;
  const mode = attributes.mode === 'preserve' ? (file.mode & 0o7777).toString(8).padStart(4, '0') : attributes.mode;
  return Object.fromEntries(Object.entries(attributeGoal({ ...attributes, mode })).filter(([, v]) => v !== undefined));
}

/** The path as a key of the state: `=` ends a key and a line break a line. */
export function keyOf(file: LocalFile): string {
  return `./${file.path.replace(/[=%\n\\]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)}`;
}

function isOdd(file: LocalFile): boolean {
  return keyOf(file) !== `./${file.path}`;
}

function below(root: Sh, file: LocalFile): Sh {
  return file.path === '' ? root : sh`${root}/${file.path}`;
}

export function chunked<T>(list: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / CHUNK) }, (_, i) => list.slice(i * CHUNK, (i + 1) * CHUNK));
}
