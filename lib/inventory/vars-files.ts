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
  return maskSecrets(found.checked(readVarsFiles([folder], inventory, { services, found })));
}

interface Context {
  readonly services: InventoryServices;
  readonly found: Diagnostics;
}

type ByName = ReadonlyMap<string, readonly Layer[]>;

/** The same for several folders; all of a later folder wins over all of an earlier one, as Ansible. */
export function readVarsFiles(folders: readonly string[], inventory: Core, c: Context): VarsFiles {
  const last = folders.filter((folder, i) => folders.lastIndexOf(folder) === i);
  const files: string[] = [];
  const hosts = [...new Set([...inventory.named.map(h => h.name), ...LOCAL_NAMES])];
  const read = last.map(folder => ({
    groups: readFolder(join(folder, 'group_vars'), inventory.groups.keys(), { ...c, files }),
    hosts: readFolder(join(folder, 'host_vars'), hosts, { ...c, files }),
  }));
  return {
    files,
    layersOf: name => {
      const groups = inventory.groupsOf(name);
      // A name of the controller may mean another host of the inventory.
      const host = inventory.host(name)?.name ?? name;
      const each = read.map(f => levels(groups, g => f.groups.get(g.name) ?? [], f.hosts.get(host) ?? []));
      return {
        all: each.flatMap(l => l.all),
        groups: each.flatMap(l => l.groups),
        host: each.flatMap(l => l.host),
      };
    },
  };
}

interface FolderContext extends Context {
  readonly files: string[];
}

const ENDINGS = ['', '.yml', '.yaml', '.json']; // as Ansible: only the first that is there is read

function readFolder(folder: string, names: Iterable<string>, c: FolderContext): ByName {
  const kind = c.services.kindOf(folder);
  if (kind === 'missing') return new Map();
  if (kind === 'file') {
    const span = { file: sourceFile(folder, ''), start: 0, end: 0 };
    c.found.warning('wrong-shape', 'this is not a folder: nothing is read from it', { span });
    return new Map();
  }
  const there = new Set(listed(folder, c));
  const layers = new Map<string, readonly Layer[]>();
  for (const name of names) {
    const [first, ...others] = ENDINGS.map(ending => name + ending).filter(file => there.has(file));
    if (first === undefined) continue;
    for (const other of others) warnHidden(join(folder, other), join(folder, first), c);
    layers.set(name, readEntry(join(folder, first), c));
  }
  return layers;
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
