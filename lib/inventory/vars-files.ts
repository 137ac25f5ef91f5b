import { extname, join } from 'node:path';
import { type Checked, Diagnostics } from '../text/diagnostic.ts';
import { sourceFile } from '../text/source.ts';
import { entryOf, kindName } from '../yaml/node.ts';
import { readYaml } from '../yaml/read.ts';
import { type Core, levels } from './build.ts';
import { LOCAL_NAMES, type VarsFiles } from './hosts.ts';
import type { Layer } from './layer.ts';
import { maskSecrets } from './mask.ts';
import type { InventoryServices } from './services.ts';
import { readVariables } from './variables.ts';

/** Reads `group_vars` and `host_vars` in a folder, the playbook's for one, for the groups and hosts of an inventory. */
export function loadVarsFiles(folder: string, inventory: Core, services: InventoryServices): Checked<VarsFiles> {
  const found = new Diagnostics();
  return maskSecrets(found.checked(readFolders([folder], inventory, { services, found })));
}

interface Context {
  readonly services: InventoryServices;
  readonly found: Diagnostics;
}

/** The same for several folders. */
export function readFolders(paths: readonly string[], inventory: Core, { services, found }: Context): VarsFiles {
  const folders = new VarsFolders(paths, services);
  folders.read(namesOf(inventory), found);
  return folders.of(inventory);
}

/** Groups and hosts whose files are read. */
export interface Names {
  readonly groups: Iterable<string>;
  readonly hosts: Iterable<string>;
}

type ByName = Map<string, readonly Layer[]>;

/** All names of an inventory that files may be for; those of the controller may be used without being in it. */
export function namesOf(inventory: Core): Names {
  return { groups: inventory.groups.keys(), hosts: [...inventory.named.map(h => h.name), ...LOCAL_NAMES] };
}

/** The `group_vars` and `host_vars` of several folders; all of a later folder wins over all of an earlier one, as Ansible. */
export class VarsFolders {
  readonly paths: readonly string[];
  readonly #folders: readonly { readonly path: string; readonly groups: ByName; readonly hosts: ByName }[];
  readonly #files: string[] = [];
  readonly #services: InventoryServices;

  constructor(folders: readonly string[], services: InventoryServices) {
    this.paths = folders.filter((folder, i) => folders.lastIndexOf(folder) === i);
    this.#folders = this.paths.map(path => ({ path, groups: new Map(), hosts: new Map() }));
    this.#services = services;
  }

  /** Reads the files of the names that were not asked for before. */
  read({ groups, hosts }: Names, found: Diagnostics): void {
    const [all, each] = [[...groups], [...hosts]];
    const c = { services: this.#services, found, files: this.#files };
    for (const folder of this.#folders) {
      readFolder(join(folder.path, 'group_vars'), all, { ...c, into: folder.groups });
      readFolder(join(folder.path, 'host_vars'), each, { ...c, into: folder.hosts });
    }
  }

  /** What the files that were read set for the hosts of an inventory. */
  of(inventory: Core): VarsFiles {
    return {
      files: this.#files,
      ofGroup: group => this.#folders.flatMap(f => f.groups.get(group) ?? []),
      layersOf: name => {
        const groups = inventory.groupsOf(name);
        // A name of the controller may mean another host of the inventory.
        const host = inventory.host(name)?.name ?? name;
        const each = this.#folders.map(f => levels(groups, g => f.groups.get(g.name) ?? [], f.hosts.get(host) ?? []));
        return {
          all: each.flatMap(l => l.all),
          groups: each.flatMap(l => l.groups),
          host: each.flatMap(l => l.host),
        };
      },
    };
  }
}

interface FolderContext extends Context {
  readonly files: string[];
}

const ENDINGS = ['', '.yml', '.yaml', '.json']; // as Ansible: only the first that is there is read

function readFolder(folder: string, names: Iterable<string>, c: FolderContext & { readonly into: ByName }): void {
  const wanted = [...names].filter(name => !c.into.has(name));
  if (wanted.length === 0) return;
  const there = new Set(filesIn(folder, c));
  for (const name of wanted) {
    const [first, ...others] = ENDINGS.map(ending => name + ending).filter(file => there.has(file));
    if (first !== undefined) for (const other of others) warnHidden(join(folder, other), join(folder, first), c);
    c.into.set(name, first === undefined ? [] : readEntry(join(folder, first), c));
  }
}

function filesIn(folder: string, c: Context): readonly string[] {
  const kind = c.services.kindOf(folder);
  if (kind !== 'file') return kind === 'missing' ? [] : listed(folder, c);
  const span = { file: sourceFile(folder, ''), start: 0, end: 0 };
  c.found.warning('wrong-shape', 'this is not a folder: nothing is read from it', { span });
  return [];
}

function listed(folder: string, c: Context): readonly string[] {
  const names = c.services.listDir(folder);
  if (names.ok) return names.value;
  for (const e of names.errors) c.found.add(e);
  return [];
}

function warnHidden(path: string, by: string, c: Context): void {
  const span = { file: sourceFile(path, ''), start: 0, end: 0 };
  c.found.warning('bad-value', `this is not read, because ${by} is there`, {
    span,
    suggestion: 'put both into one folder of that name',
  });
}

const DEEPEST = 20; // folders in folders: a link to a folder above would never end

/** A file, or every file of a folder in sorted order. As Ansible: hidden files, backups and other endings are not read. */
function readEntry(path: string, c: FolderContext, depth = 0): readonly Layer[] {
  if (c.services.kindOf(path) === 'file') return readVarsFile(path, c);
  if (depth > DEEPEST) {
    c.found.error('recursion', `the folder ${path} is nested too deeply`);
    return [];
  }
  return listed(path, c).flatMap(name => {
    if (name.startsWith('.') || name.endsWith('~')) return [];
    const inner = join(path, name);
    const isFile = c.services.kindOf(inner) === 'file';
    if (isFile ? !ENDINGS.includes(extname(name)) : extname(name) !== '') return [];
    return readEntry(inner, c, depth + 1);
  });
}

function readVarsFile(path: string, c: FolderContext): readonly Layer[] {
  c.files.push(path);
  const read = c.services.readFile(path);
  // As Ansible: what no password opens is a fault only of hosts that it is for; others need not have its password.
  const closed = read.ok ? undefined : read.errors.find(e => e.code === 'vault-password');
  if (closed !== undefined) return [c.services.closedLayer(closed)];
  const tree = read.ok ? readYaml(read.value) : read;
  for (const d of tree.ok ? tree.warnings : tree.errors) c.found.add(d);
  if (!tree.ok) return [];
  const root = tree.value;
  if (root.kind === 'scalar' && root.value === null) return [];
  if (root.kind !== 'map') {
    c.found.error('wrong-shape', `a file of variables holds a mapping, not ${kindName(root)}`, { span: root.span });
    return [];
  }
  const priority = entryOf(root, 'ansible_group_priority');
  if (priority !== undefined)
    c.found.warning('bad-value', 'ansible_group_priority works only in the inventory itself', {
      span: priority.key.span,
    });
  return [readVariables(root, c.services.compile, c.found)];
}
