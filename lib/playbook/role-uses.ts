import { join } from 'node:path';
import type { Layer } from '../inventory/layer.ts';
import type { Span } from '../text/source.ts';
import { layerOf, toRaw } from '../vars/raw.ts';
import { kindName, type MapNode, type Node, stringOf, valueOf } from '../yaml/node.ts';
import { plainOf } from '../yaml/plain.ts';
import { checkGiven } from './argument-specs.ts';
import type { Compiler } from './compiler.ts';
import { directivesOf } from './directives.ts';
import { staticText } from './imports.ts';
import { keywordsOf } from './keywords.ts';
import type { Directives, Item, Role, RoleFrom, Task } from './program.ts';
import { compileRoleHandlers, compileRoleTasks, findRole, loadRole, NOTHING } from './roles.ts';
import { checkKeywords } from './syntax.ts';
import type { Around } from './tasks.ts';

/** Roles of a play, and the handlers they bring. */
export interface Brought {
  readonly roles: Role[];
  readonly handlers: Task[];
  /** Uses whose tasks stand in the play already. */
  readonly done: Set<string>;
}

export function nothingBrought(): Brought {
  return { roles: [], handlers: [], done: new Set() };
}

/** A role as a play or `meta` names it: a name, or a mapping with keywords and parameters. */
interface RoleEntry {
  readonly name: string;
  readonly span: Span;
  readonly params: Layer;
  readonly map: MapNode | undefined;
}

function readEntry(node: Node, c: Compiler): RoleEntry | undefined {
  if (stringOf(node) !== undefined) {
    const name = roleName(node, c);
    return name === undefined ? undefined : { name, span: node.span, params: NOTHING, map: undefined };
  }
  if (node.kind !== 'map') {
    c.found.error('wrong-shape', `a role is a name or a mapping, this is ${kindName(node)}`, { span: node.span });
    return undefined;
  }
  const nameNode = valueOf(node, 'role') ?? valueOf(node, 'name');
  if (nameNode === undefined || stringOf(nameNode) === undefined) {
    c.found.error('missing-argument', 'a role needs "role: NAME"', { span: node.span });
    return undefined;
  }
  const name = roleName(nameNode, c);
  if (name === undefined) return undefined;
  const keywords = keywordsOf('role');
  checkKeywords(node, 'role', { found: c.found, others: () => true });
  // As Ansible: what is not a keyword is a parameter of the role.
  const extra = { ...node, entries: node.entries.filter(e => !keywords.has(e.key.source)) };
  return { name, span: nameNode.span, params: layerOf(extra, c.found), map: node };
}

/** As Ansible: a role's name may be a template of what is known before anything runs. */
function roleName(node: Node, c: Compiler): string | undefined {
  const around = { role: undefined, dir: c.playbookDir };
  return staticText(toRaw(node, c.found), node.span, { around, c, word: 'a role' });
}

/** The tasks of a play's roles, each behind its dependencies. */
export async function compileRoles(node: Node | undefined, around: Around, c: Compiler): Promise<readonly Item[]> {
  if (node === undefined || node.kind !== 'seq') return [];
  const items: Item[] = [];
  for (const item of node.items) {
    const entry = readEntry(item, c);
    if (entry !== undefined) items.push(...(await compileUse(entry, { around, trail: [] }, c)));
  }
  return items;
}

/** How import_role or include_role uses a role. */
export interface Imported {
  /** Which of the role's files. */
  readonly from: RoleFrom;
  /** False where it does not run behind the same use (`allow_duplicates`). */
  readonly again: boolean;
  /** What tells this use from others of the same role and files. */
  readonly use: string;
  /** Variables of an import_role. */
  readonly vars?: Node | undefined;
}

/** The tasks of a role named by import_role or include_role, behind its dependencies. */
export function compileImported(
  name: string,
  at: { span: Span; imported: Imported; around: Around },
  c: Compiler,
): Promise<readonly Item[]> {
  const entry: RoleEntry = { name, span: at.span, params: NOTHING, map: undefined };
  return compileUse(entry, { around: at.around, trail: [], imported: at.imported }, c);
}

interface UsePlace {
  readonly around: Around;
  /** Names of the roles that depend on this one, outermost first. */
  readonly trail: readonly string[];
  /** Set for import_role and include_role. */
  readonly imported?: Imported;
  /** Folder of the role that depends on this one. */
  readonly dependent?: string;
}

async function compileUse(entry: RoleEntry, at: UsePlace, c: Compiler): Promise<readonly Item[]> {
  const { around, imported } = at;
  const from = imported?.from;
  if (at.trail.includes(entry.name)) {
    const way = [...at.trail, entry.name].join(' -> ');
    c.found.error('recursion', `this role depends on itself: ${way}`, { span: entry.span });
    return [];
  }
  const directives = entry.map === undefined ? around.directives : directivesOf(entry.map, around.directives, c.found);
  const path = findRole(entry.name, c, at.dependent)?.path ?? '';
  const meta = readMeta(path, c);
  const loaded = await loadRole(entry.name, {
    span: entry.span,
    params: entry.params,
    parents: [...at.trail].reverse(),
    includedBy: imported === undefined || around.role === undefined ? [] : [around.role, ...around.role.includedBy],
    use: imported === undefined ? useKey(entry, path) : `${path} imported ${imported.use}`,
    again: imported?.again ?? meta.allowDuplicates,
    dependent: at.dependent,
    c,
    ...(from !== undefined && { from }),
  });
  if (loaded === undefined) return [];
  // As Ansible: `vars` beside a role are seen by the whole play, as the role's own.
  const own = entry.map === undefined ? imported?.vars : valueOf(entry.map, 'vars');
  const role = own?.kind === 'map' ? { ...loaded, vars: new Map([...loaded.vars, ...layerOf(own, c.found)]) } : loaded;
  if (entry.map !== undefined) checkGiven({ path: role.path, entryPoint: 'main' }, entry.map, c);
  const items: Item[] = [];
  const trail = [...at.trail, entry.name];
  for (const dependency of meta.dependencies)
    items.push(...(await compileUse(dependency, { around: { ...around, directives }, trail, dependent: path }, c)));
  const before = usedBefore(role, directives, around);
  // Among tasks, what the same conditions say may have changed since.
  if (before === 'same' && imported === undefined) return items;
  around.brought.roles.push(role);
  const inside = { ...around, role, directives, dir: join(role.path, 'tasks') };
  const place = { c, ...(from !== undefined && { from }) };
  items.push(...(await compileRoleTasks(role, { around: inside, ...place })));
  if (before === 'first') around.brought.handlers.push(...(await handlersOf(role, { around: inside, ...place })));
  return items;
}

/** A role's handlers: as Ansible, its conditions and other keywords hold for them, its tags do not. */
function handlersOf(role: Role, at: { around: Around; from?: RoleFrom; c: Compiler }): Promise<readonly Task[]> {
  const around = { ...at.around, directives: { ...at.around.directives, tags: [] } };
  return compileRoleHandlers(role, { ...at, around });
}

/**
 * Whether the tasks of this use stand in the play already. Under another condition they may not have run there: then they
 * stand twice, and each host runs them once (`Role.again`).
 */
function usedBefore(role: Role, directives: Directives, { brought }: Around): 'first' | 'other' | 'same' {
  if (role.again) return 'first';
  const conditions = directives.when.map(w => w.text).join(' and ');
  const same = `${role.use} when ${conditions} tags ${directives.tags.join(',')}`;
  const before = brought.done.has(same) ? 'same' : brought.done.has(role.use) ? 'other' : 'first';
  brought.done.add(role.use).add(same);
  return before;
}

/** What tells uses of a role apart, as Ansible: parameters, variables, conditions and tags as written. */
function useKey({ map }: RoleEntry, path: string): string {
  if (map === undefined) return `${path} {}`;
  const entries = map.entries.filter(e => e.key.source !== 'role' && e.key.source !== 'name');
  return `${path} ${JSON.stringify(plainOf({ ...map, entries }))}`;
}

function readMeta(
  path: string,
  c: Compiler,
): { readonly dependencies: readonly RoleEntry[]; readonly allowDuplicates: boolean } {
  const none = { dependencies: [], allowDuplicates: false };
  const file = c.files.variant(join(path, 'meta', 'main'));
  const tree = file === undefined ? undefined : c.files.yaml(file);
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
