import type { Raw, Template } from '../template/values.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import { toRaw } from '../vars/raw.ts';
import { headOf } from '../yaml/check.ts';
import { entryOf, kindName, type MapEntry, type MapNode, type Node, stringOf, valueOf } from '../yaml/node.ts';
import { plainForm } from './action-form.ts';
import { compileArgs, readArgs } from './args.ts';
import { withVariables } from './argument-specs.ts';
import { backgroundOf, checkBackground, refuseBackground } from './background.ts';
import { checkFiles } from './check-files.ts';
import type { Compiler } from './compiler.ts';
import { conditionsOf, directivesOf, wordsOf } from './directives.ts';
import { compileAction } from './imports.ts';
import { loopOf } from './loops.ts';
import { withDefaults } from './module-defaults.ts';
import { loadModule, shortName } from './modules.ts';
import type { Action, Block, Directives, Item, Role, Task } from './program.ts';
import type { Brought } from './role-uses.ts';
import { ACTIONS, actionEntry, checkKeywords } from './syntax.ts';

/** What surrounds a list of tasks. */
export interface Around {
  readonly directives: Directives;
  readonly role: Role | undefined;
  /** Folder of the file the tasks stand in. */
  readonly dir: string;
  readonly handler: boolean;
  /** Files being imported around these, outermost first: finds recursion and names the way. */
  readonly trail: readonly string[];
  /** Where roles of import_role and their handlers go: they are the play's. */
  readonly brought: Brought;
}

/**
 * Compiles a list of tasks and blocks; everything wrong with them is reported, the others are still compiled. What is no
 * list gives nothing: whoever holds it says so.
 */
export async function compileTasks(node: Node | undefined, around: Around, c: Compiler): Promise<readonly Item[]> {
  if (node?.kind !== 'seq') return [];
  const items: Item[] = [];
  for (const item of node.items) {
    if (item.kind !== 'map')
      c.found.error('wrong-shape', `a task is a mapping, this is ${kindName(item)}`, { span: item.span });
    else if (entryOf(item, 'block') !== undefined) items.push(await compileBlock(item, around, c));
    else items.push(...(await compileTask(item, around, c)));
  }
  return items;
}

async function compileBlock(map: MapNode, around: Around, c: Compiler): Promise<Block> {
  checkKeywords(map, 'block', c);
  const id = c.nextId();
  const inner = { ...around, directives: directivesOf(map, around.directives, c.found) };
  return {
    kind: 'block',
    id,
    span: headOf(map),
    name: stringOf(valueOf(map, 'name')),
    tasks: await compileTasks(valueOf(map, 'block'), inner, c),
    rescue: await compileTasks(valueOf(map, 'rescue'), inner, c),
    always: await compileTasks(valueOf(map, 'always'), inner, c),
  };
}

/** A task, or the tasks that an import stands for. */
async function compileTask(written: MapNode, around: Around, c: Compiler): Promise<readonly Item[]> {
  const map = plainForm(written, c.found);
  if (map === undefined) return [];
  const place = around.handler ? 'handler' : 'task';
  const entry = actionEntry(map, place, c.found);
  const others = (e: MapEntry) => {
    const name = shortName(e.key.source);
    return e === entry || ACTIONS.includes(name) || c.isModule(name);
  };
  checkKeywords(map, place, { found: c.found, others });
  if (entry === undefined) return [];
  const directives = directivesOf(map, around.directives, c.found);
  const name = shortName(entry.key.source);
  if (ACTIONS.includes(name)) {
    refuseBackground(map, name, c);
    const made = await compileAction({ name, map, entry, directives }, around, c);
    return made.kind === 'items' ? made.items : [taskOf(map, made.action, { directives, entry, around, c })];
  }
  const action = await moduleAction(map, entry, { directives, around, c });
  return action === undefined ? [] : [taskOf(map, action, { directives, entry, around, c })];
}

async function moduleAction(
  map: MapNode,
  entry: MapEntry,
  at: { directives: Directives; around: Around; c: Compiler },
): Promise<Action | undefined> {
  const { c } = at;
  const name = shortName(entry.key.source);
  const module = await loadModule(name);
  if (module === undefined) return undefined;
  const written = readArgs(module, { value: entry.value, args: valueOf(map, 'args') }, c.found);
  const complete = name === 'validate_argument_spec' ? withVariables(written, c) : written;
  const given = withDefaults(module.name, at.directives.moduleDefaults, complete);
  const { sources, known } = compileArgs(module, given, { span: entry.key.span, found: c.found });
  checkBackground(map, module, c);
  if (known !== undefined) checkFiles(module, { args: known, given, span: entry.key.span, ...at }, c);
  return { kind: 'module', name, module, args: sources, span: entry.key.span };
}

interface TaskParts {
  readonly directives: Directives;
  readonly entry: MapEntry;
  readonly around: Around;
  readonly c: Compiler;
}

function taskOf(map: MapNode, action: Action, { directives, entry, around, c }: TaskParts): Task {
  const raw = (key: string): Raw | undefined => {
    const node = valueOf(map, key);
    return node === undefined ? undefined : toRaw(node, c.found);
  };
  const conditions = (key: string): readonly Template[] | undefined => {
    const node = valueOf(map, key);
    return node === undefined ? undefined : conditionsOf(node, c.found);
  };
  return {
    kind: 'task',
    written: map,
    id: c.nextId(),
    span: headOf(map),
    name: raw('name') ?? ownName(action, shortName(entry.key.source)),
    role: around.role,
    dir: around.dir,
    action,
    directives,
    loop: loopOf(map, c.found),
    register: stringOf(valueOf(map, 'register')),
    until: conditions('until') ?? [],
    retries: raw('retries'),
    delay: raw('delay'),
    background: backgroundOf(map, c.found),
    changedWhen: conditions('changed_when'),
    failedWhen: conditions('failed_when'),
    listen: wordsOf(valueOf(map, 'listen')),
    handler: around.handler,
  };
}

/** What a task without a name is called: as Ansible by its module, an include of a role by the role too. */
function ownName(action: Action, word: string): string {
  return action.kind === 'include_role' && typeof action.role === 'string' ? `${word} : ${action.role}` : word;
}
