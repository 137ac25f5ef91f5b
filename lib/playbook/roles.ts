import { basename, isAbsolute, join, resolve } from 'node:path';
import type { Layer } from '../inventory/layer.ts';
import { didYouMean } from '../text/near.ts';
import type { Span } from '../text/source.ts';
import { layerOf } from '../vars/raw.ts';
import { kindName, type MapNode, type Node, stringOf, valueOf } from '../yaml/node.ts';
import { plainOf } from '../yaml/plain.ts';
import { type Compiler, MAIN, type RoleText } from './compiler.ts';
import { directivesOf, NO_DIRECTIVES } from './directives.ts';
import { importFile } from './imports.ts';
import { keywordsOf } from './keywords.ts';
import type { Directives, Item, Role, RoleFrom, RoleSchema, Task } from './program.ts';
import { checkKeywords } from './syntax.ts';
import type { Around } from './tasks.ts';

const NOTHING: Layer = new Map();

/** Finds a role's folder: the playbook's `roles/`, the roles path, a path as given. */
export function findRole(name: string, c: Compiler): RoleText | undefined {
  const places = [join(c.playbookDir, 'roles'), ...c.rolesPath].map(dir => join(dir, name));
  const direct = isAbsolute(name) || name.includes('/') ? [resolve(c.playbookDir, name)] : [];
  const path = [...direct, ...places].find(p => c.files.isDirectory(p));
  return path === undefined ? undefined : { name: basename(name), path };
}

/** Reads what a role brings besides its tasks. A missing role is reported with the names that are there. */
export async function loadRole(
  name: string,
  at: { span: Span; from?: RoleFrom; params: Layer; parents?: readonly string[]; c: Compiler },
): Promise<Role | undefined> {
  const { c } = at;
  const found = findRole(name, c);
  if (found === undefined) {
    const dirs = [join(c.playbookDir, 'roles'), ...c.rolesPath];
    const suggestion = didYouMean(
      name,
      dirs.flatMap(d => c.files.list(d)),
    );
    const message = `there is no role "${name}" in ${[...new Set(dirs.map(d => c.files.shown(d)))].join(', ')}`;
    c.found.error('missing-role', message, { span: at.span, ...(suggestion && { suggestion }) });
    return undefined;
  }
  const from = at.from ?? MAIN;
  return {
    ...found,
    defaults: readVars(join(found.path, 'defaults', from.defaults), c),
    vars: readVars(join(found.path, 'vars', from.vars), c),
    params: at.params,
    schema: readSchema(found.path, c),
    parents: at.parents ?? [],
  };
}

/** Variables of `base.yml` and its like, or of every file in the folder `base`. */
function readVars(base: string, c: Compiler): Layer {
  if (c.files.isDirectory(base)) return new Map(c.files.list(base).flatMap(f => [...readVarsFile(join(base, f), c)]));
  const path = c.files.variant(base);
  return path === undefined ? NOTHING : readVarsFile(path, c);
}

/** Variables of one file: a mapping or nothing. */
export function readVarsFile(path: string, c: Compiler): Layer {
  const tree = c.files.yaml(path);
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
  const file = c.files.variant(join(path, 'meta', 'schema'));
  const tree = file === undefined ? undefined : c.files.yaml(file);
  if (file === undefined || tree === undefined) return undefined;
  if (!tree.ok) {
    for (const e of tree.errors) c.found.add(e);
    return undefined;
  }
  return { file, schema: plainOf(tree.value) as object };
}

/** Directives around a role's tasks, its tasks' place in files, and the compilation. */
export interface RolePlace {
  readonly from?: RoleFrom;
  readonly around: Around;
  readonly c: Compiler;
}

/** The tasks of a role. A role without tasks has none. */
export async function compileRoleTasks(role: Role, { from = MAIN, around, c }: RolePlace): Promise<readonly Item[]> {
  const path =
    c.files.variant(join(role.path, 'tasks', from.tasks)) ??
    (c.files.isFile(join(role.path, 'tasks', from.tasks)) ? join(role.path, 'tasks', from.tasks) : undefined);
  if (path === undefined) return [];
  const span = { file: { path: c.files.shown(role.path), text: '', lineStarts: [0] }, start: 0, end: 0 };
  return importFile(path, span, { around: { ...around, role }, c });
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

/** A role as a play or `meta` names it: a name, or a mapping with keywords and parameters. */
interface RoleEntry {
  readonly name: string;
  readonly span: Span;
  readonly params: Layer;
  readonly map: MapNode | undefined;
}

function readEntry(node: Node, c: Compiler): RoleEntry | undefined {
  const plain = stringOf(node);
  if (plain !== undefined) return { name: plain, span: node.span, params: NOTHING, map: undefined };
  if (node.kind !== 'map') {
    c.found.error('wrong-shape', `a role is a name or a mapping, this is ${kindName(node)}`, { span: node.span });
    return undefined;
  }
  const nameNode = valueOf(node, 'role') ?? valueOf(node, 'name');
  const name = stringOf(nameNode);
  if (nameNode === undefined || name === undefined) {
    c.found.error('missing-argument', 'a role needs "role: NAME"', { span: node.span });
    return undefined;
  }
  const keywords = keywordsOf('role');
  checkKeywords(node, 'role', { found: c.found, others: () => true });
  // As Ansible: what is not a keyword is a parameter of the role.
  const extra = { ...node, entries: node.entries.filter(e => !keywords.has(e.key.source)) };
  return { name, span: nameNode.span, params: layerOf(extra, c.found), map: node };
}

/** The roles of a play, each behind its dependencies; a role without other parameters runs once, as Ansible has it. */
export async function compileRoles(
  node: Node | undefined,
  base: { directives: Directives; dir: string },
  c: Compiler,
): Promise<{ roles: readonly Role[]; items: readonly Item[]; handlers: readonly Task[] }> {
  const state: RoleRun = { roles: [], items: [], handlers: [], done: new Set(), c };
  if (node === undefined || node.kind !== 'seq') return state;
  for (const item of node.items) {
    const entry = readEntry(item, c);
    if (entry !== undefined) await addRole(entry, { directives: base.directives, dir: base.dir, trail: [] }, state);
  }
  return state;
}

interface RoleRun {
  readonly roles: Role[];
  readonly items: Item[];
  readonly handlers: Task[];
  readonly done: Set<string>;
  readonly c: Compiler;
}

async function addRole(
  entry: RoleEntry,
  base: { directives: Directives; dir: string; trail: readonly string[] },
  run: RoleRun,
): Promise<void> {
  const { c } = run;
  if (base.trail.includes(entry.name)) {
    const way = [...base.trail, entry.name].join(' -> ');
    c.found.error('recursion', `this role depends on itself: ${way}`, { span: entry.span });
    return;
  }
  const role = await loadRole(entry.name, {
    span: entry.span,
    params: entry.params,
    parents: [...base.trail].reverse(),
    c,
  });
  if (role === undefined) return;
  const directives = entry.map === undefined ? base.directives : directivesOf(entry.map, base.directives, c.found);
  const meta = readMeta(role, c);
  const trail = [...base.trail, entry.name];
  for (const dependency of meta.dependencies) await addRole(dependency, { directives, dir: base.dir, trail }, run);
  const vars = entry.map === undefined ? undefined : valueOf(entry.map, 'vars');
  const key = `${role.path} ${paramsKey(entry.params)} ${vars === undefined ? '' : vars.span.start}`;
  if (run.done.has(key) && !meta.allowDuplicates) return;
  run.done.add(key);
  run.roles.push(role);
  const around: Around = {
    directives: directives,
    role,
    dir: join(role.path, 'tasks'),
    handler: false,
    trail: [],
  };
  run.items.push(...(await compileRoleTasks(role, { around, c })));
  const handlers = { ...around, directives: { ...NO_DIRECTIVES, become: directives.become, vars: directives.vars } };
  run.handlers.push(...(await compileRoleHandlers(role, { around: handlers, c })));
}

/** Where a parameter was written tells it apart: two uses with the same text of parameters stand at two places. */
function paramsKey(params: Layer): string {
  return [...params].map(([name, entry]) => `${name}@${entry.span.start}`).join(' ');
}

function readMeta(role: Role, c: Compiler): { dependencies: readonly RoleEntry[]; allowDuplicates: boolean } {
  const none = { dependencies: [], allowDuplicates: false };
  const path = c.files.variant(join(role.path, 'meta', 'main'));
  const tree = path === undefined ? undefined : c.files.yaml(path);
  if (tree === undefined) return none;
  if (!tree.ok) {
    for (const e of tree.errors) c.found.add(e);
    return none;
  }
  if (tree.value.kind !== 'map') return none;
  const list = valueOf(tree.value, 'dependencies');
  const allow = valueOf(tree.value, 'allow_duplicates');
  const dependencies = list?.kind === 'seq' ? list.items.flatMap(item => readEntry(item, c) ?? []) : [];
  return { dependencies, allowDuplicates: allow?.kind === 'scalar' && allow.value === true };
}
