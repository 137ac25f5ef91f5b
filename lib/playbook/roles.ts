import { dirname, join, resolve } from 'node:path';
import type { Layer } from '../inventory/layer.ts';
import { didYouMean } from '../text/near.ts';
import type { Span } from '../text/source.ts';
import { layerOf } from '../vars/raw.ts';
import { kindName } from '../yaml/node.ts';
import { plainOf } from '../yaml/plain.ts';
import { validatingTask } from './argument-specs.ts';
import { type Compiler, MAIN, type RoleText } from './compiler.ts';
import { importFile } from './imports.ts';
import type { Item, Role, RoleFrom, RoleSchema, Task } from './program.ts';
import { type Around, compileTasks } from './tasks.ts';

/** No variables. */
export const NOTHING: Layer = new Map();

/** Finds a role's folder in the roles path; as Ansible, a role of `meta` also beside the role that depends on it. */
export function findRole(name: string, c: Compiler, dependent?: string): RoleText | undefined {
  const path = placesOf(c, dependent)
    .map(dir => resolve(dir, name))
    .find(p => c.files.isDirectory(p));
  return path === undefined ? undefined : { name, path };
}

function placesOf(c: Compiler, dependent: string | undefined): readonly string[] {
  return [...c.rolesPath, ...(dependent === undefined ? [] : [dirname(dependent)])];
}

const OF_A_COLLECTION = /^[a-z_]\w*\.[a-z_]\w*\.(?:\w+\.)*(\w+)$/;

function missingRole(name: string, { span, dependent, c }: RoleAt): void {
  const [, short] = OF_A_COLLECTION.exec(name) ?? [];
  if (short !== undefined) {
    const message = `"${name}" is a role of a collection, and there are no collections`;
    const suggestion = `copy the role into roles/ and call it "${short}"`;
    c.found.error('unsupported', message, { span, suggestion });
    return;
  }
  const dirs = placesOf(c, dependent);
  const near = didYouMean(
    name,
    dirs.flatMap(d => c.files.list(d).filter(n => c.files.isDirectory(join(d, n)))),
  );
  const message = `there is no role "${name}" in ${[...new Set(dirs.map(d => c.files.shown(d)))].join(', ')}`;
  c.found.error('missing-role', message, { span, ...(near && { suggestion: near }) });
}

/** Where a role is named, and as what it is used. */
interface RoleAt {
  readonly span: Span;
  readonly from?: RoleFrom;
  readonly params: Layer;
  readonly parents: readonly string[];
  readonly includedBy: readonly Role[];
  readonly use: string;
  readonly again: boolean;
  /** Folder of the role whose `meta` names it. */
  readonly dependent?: string | undefined;
  readonly c: Compiler;
}

/** Reads what a role brings besides its tasks. A missing role is reported with the names that are there. */
export async function loadRole(name: string, at: RoleAt): Promise<Role | undefined> {
  const { c } = at;
  const found = findRole(name, c, at.dependent);
  if (found === undefined) {
    missingRole(name, at);
    return undefined;
  }
  const from = at.from ?? MAIN;
  for (const folder of ['tasks', 'vars', 'defaults', 'handlers'] as const)
    if (from[folder] !== 'main') checkFrom(found, { folder, name: from[folder] }, at);
  return {
    ...found,
    use: at.use,
    again: at.again,
    defaults: readVars(join(found.path, 'defaults', from.defaults), c),
    vars: readVars(join(found.path, 'vars', from.vars), c),
    params: at.params,
    schema: readSchema(found.path, c),
    parents: at.parents,
    includedBy: at.includedBy,
  };
}

/** A file that `tasks_from` and the like name must be there; a main file need not. */
function checkFrom(
  role: RoleText,
  { folder, name }: { folder: string; name: string },
  { span, c }: { span: Span; c: Compiler },
): void {
  const dir = join(role.path, folder);
  if (c.files.variant(join(dir, name)) !== undefined || c.files.isDirectory(join(dir, name))) return;
  const near = didYouMean(
    name,
    c.files.list(dir).map(f => f.replace(/\.(ya?ml|json)$/, '')),
  );
  const message = `there is no file "${name}" in ${c.files.shown(dir)}, as ${folder}_from says`;
  c.found.error('missing-file', message, { span, ...(near && { suggestion: near }) });
}

/** Variables of `base.yml` and its like, or of every file in the folder `base`. */
function readVars(base: string, c: Compiler): Layer {
  if (c.files.isDirectory(base)) return new Map(c.files.list(base).flatMap(f => [...readVarsFile(join(base, f), c)]));
  const path = c.files.variant(base);
  return path === undefined ? NOTHING : readVarsFile(path, c);
}

/** Variables of one file: a mapping or nothing. */
export function readVarsFile(path: string, c: Compiler): Layer {
  const known = c.shared.layers.get(path);
  if (known !== undefined) return known;
  const layer = readFresh(path, c);
  // What is wrong must be said again to whoever comes next.
  if (!c.found.failed) c.shared.layers.set(path, layer);
  return layer;
}

function readFresh(path: string, c: Compiler): Layer {
  return layerOfTree(c.files.yaml(path), c);
}

/** The same as the file is now, for what tasks read while a run goes on. */
export function readVarsNow(path: string, c: Compiler): Layer {
  return layerOfTree(c.files.yamlNow(path), c);
}

function layerOfTree(tree: ReturnType<Compiler['files']['yaml']>, c: Compiler): Layer {
  if (tree === undefined) return NOTHING;
  if (!tree.ok) {
    for (const e of tree.errors) c.found.add(e);
    return NOTHING;
  }
  if (tree.value.kind === 'map') return layerOf(tree.value, c.found);
  if (!(tree.value.kind === 'scalar' && tree.value.value === null))
    c.found.error('wrong-shape', `a file of variables holds a mapping, not ${kindName(tree.value)}`, {
      span: tree.value.span,
    });
  return NOTHING;
}

function readSchema(path: string, c: Compiler): RoleSchema | undefined {
  const known = c.shared.schemas.get(path);
  if (known !== undefined) return known;
  const file = c.files.variant(join(path, 'meta', 'schema'));
  const tree = file === undefined ? undefined : c.files.yaml(file);
  if (file === undefined || tree === undefined) return undefined;
  if (!tree.ok) {
    for (const e of tree.errors) c.found.add(e);
    return undefined;
  }
  const made = { file, schema: plainOf(tree.value) as object };
  c.shared.schemas.set(path, made);
  return made;
}

/** Directives around a role's tasks, its tasks' place in files, and the compilation. */
export interface RolePlace {
  readonly from?: RoleFrom;
  readonly around: Around;
  readonly c: Compiler;
}

/** The tasks of a role, behind the check of its arguments. A role without tasks has none. */
export async function compileRoleTasks(role: Role, { from = MAIN, around, c }: RolePlace): Promise<readonly Item[]> {
  const path = c.files.variant(join(role.path, 'tasks', from.tasks));
  const check = from.validate === false ? undefined : validatingTask(role.path, from.tasks, c);
  const first =
    check === undefined ? [] : await compileTasks({ kind: 'seq', span: check.span, items: [check] }, around, c);
  const checks = first.map(item => (item.kind === 'task' ? { ...item, checksRole: true as const } : item));
  if (path === undefined) return checks;
  const span = { file: { path: c.files.shown(role.path), text: '', lineStarts: [0] }, start: 0, end: 0 };
  return [...checks, ...(await importFile(path, span, { around: { ...around, role }, c }))];
}

/** The handlers of a role. */
export async function compileRoleHandlers(role: Role, { from = MAIN, around, c }: RolePlace): Promise<readonly Task[]> {
  const path = c.files.variant(join(role.path, 'handlers', from.handlers));
  if (path === undefined) return [];
  const span = { file: { path: c.files.shown(role.path), text: '', lineStarts: [0] }, start: 0, end: 0 };
  const items = await importFile(path, span, { around: { ...around, role, handler: true }, c });
  return items.flatMap(flattenTasks);
}

/** Handlers of a block are handlers. */
export function flattenTasks(item: Item): readonly Task[] {
  if (item.kind === 'task') return [item];
  return item.kind === 'block' ? item.tasks.flatMap(flattenTasks) : [];
}
