import { type Goal, type LocalFile, put, type Sh, sh } from '../../module.ts';
import { type Attributes, attributeGoal, normalMode, setAttributes, statFlags, type Writing } from './attributes.ts';
import { checksum } from './sums.ts';
import { makeTar } from './tar.ts';

/** How the files and folders below a folder of the host shall be. */
export interface TreeWishes extends Writing {
  readonly directory_mode?: string | undefined;
}

/** Paths in one call of a prelude function: one command line has room for them whatever the host's limit. */
const CHUNK = 200;

/** The goal of a tree: a line for each path, and one for the checksum of each file. */
export function treeGoal(wishes: TreeWishes, files: readonly LocalFile[]): Goal {
  const goal: Record<string, string> = {};
  for (const group of groups(wishes, files)) {
    for (const file of group.files)
      goal[keyOf(file)] =
        file.type === 'link' ? `link ${file.link}` : [file.type, ...Object.values(wanted(group, file))].join(' ');
    if (group.sums) for (const file of group.files) goal[`sha256 of ${keyOf(file)}`] = checksum('sha256', file.bytes);
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

/** Makes a tree of the host as the local one is; what is there besides stays. */
export function treeApply(wishes: TreeWishes, files: readonly LocalFile[], root: Sh): Sh {
  const folder = { owner: wishes.owner, group: wishes.group, mode: wishes.directory_mode };
  const owned = [folder.owner ?? '', folder.group ?? '', normalMode(folder.mode) ?? ''];
  const set = setAttributes(folder);
  const all = groups(wishes, files);
  const folders = all.filter(g => g.type === 'directory');
  const regular = all.filter(g => g.type === 'file');
  const preserve = wishes.mode === 'preserve';
  const flags = [
    preserve ? '-p' : wishes.mode && ['-m', normalMode(wishes.mode)],
    wishes.owner && ['-o', wishes.owner],
    wishes.group && ['-g', wishes.group],
    wishes.backup && '-b',
    wishes.unsafe_writes && '-u',
  ];
  const install = regular.map(g => sh`tp_tree_install ${flags} "$tp_from" ${root} ${g.files.map(f => f.path)} || exit`);
  return sh.lines(
    sh`tp_mkdir ${owned} ${root}`,
    ...folders.flatMap(g => g.files.map(f => sh`tp_mkdir ${owned} ${below(root, f)}`)),
    ...folders.map(g => set && sh`${set} ${g.files.map(f => below(root, f))}`),
    ...all.filter(g => g.type === 'link').flatMap(g => g.files.map(f => sh`ln -sfn -- ${f.link} ${below(root, f)}`)),
    regular.length > 0 && sh`tp_unpacked ${put(tarOf(files, preserve))} ${root} ${sh.quoted(sh.lines(...install))}`,
  );
}

function tarOf(files: readonly LocalFile[], preserve: boolean): Uint8Array {
  const wanted = files.filter(f => f.type !== 'link');
  return makeTar(
    wanted
      .filter(f => f.path !== '')
      .map(f => ({
        path: f.path,
        type: f.type,
        // private while it is unpacked; tp_tree_install gives the mode
        mode: f.type === 'directory' ? 0o700 : preserve ? f.mode : 0o600,
        bytes: f.bytes,
      })),
  );
}

interface Group {
  readonly type: LocalFile['type'];
  readonly files: readonly LocalFile[];
  readonly attributes: Attributes;
  readonly sums: boolean;
  readonly odd: boolean;
}

function groups(wishes: TreeWishes, files: readonly LocalFile[]): readonly Group[] {
  const { owner, group } = wishes;
  return (['directory', 'file', 'link'] as const).flatMap(type => {
    const attributes = { owner, group, mode: type === 'directory' ? wishes.directory_mode : wishes.mode };
    const one = files.filter(f => f.type === type);
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

function wanted(group: Group, file: LocalFile): Goal {
  const { attributes } = group;
  const mode = attributes.mode === 'preserve' ? (file.mode & 0o7777).toString(8).padStart(4, '0') : attributes.mode;
  return Object.fromEntries(Object.entries(attributeGoal({ ...attributes, mode })).filter(([, v]) => v !== undefined));
}

/** The path as a key of the state: `=` ends a key and a line break a line. */
function keyOf(file: LocalFile): string {
  return `./${file.path.replace(/[=%\n\\]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)}`;
}

function isOdd(file: LocalFile): boolean {
  return keyOf(file) !== `./${file.path}`;
}

function below(root: Sh, file: LocalFile): Sh {
  return file.path === '' ? root : sh`${root}/${file.path}`;
}

function chunked<T>(list: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / CHUNK) }, (_, i) => list.slice(i * CHUNK, (i + 1) * CHUNK));
}
