import { dirname, isAbsolute, join } from 'node:path';
import type { ArgsSchema } from '../module.ts';
import { render, TemplateError } from '../template/index.ts';
import type { Raw } from '../template/values.ts';
import { didYouMean } from '../text/near.ts';
import type { Span } from '../text/source.ts';
import { layerOf, toRaw } from '../vars/raw.ts';
import { headOf } from '../yaml/check.ts';
import { kindName, type MapEntry, type MapNode, type Node, stringOf, valueOf } from '../yaml/node.ts';
import { plainOf } from '../yaml/plain.ts';
import { type ArgNode, readArgs, reportFaults } from './args.ts';
import { checkGiven } from './argument-specs.ts';
import { coerceArgs } from './coerce.ts';
import type { Compiler } from './compiler.ts';
import { directivesOf } from './directives.ts';
import {
  type Action,
  type Brings,
  type Directives,
  type Item,
  META_ACTIONS,
  type MetaName,
  type RoleFrom,
} from './program.ts';
import { compileImported } from './role-uses.ts';
import { findRole } from './roles.ts';
import { type Around, compileTasks } from './tasks.ts';

const text = { type: 'string' } as const;
const APPLY = { apply: { type: 'object' } } as const;
const FROM = { tasks_from: text, vars_from: text, defaults_from: text, handlers_from: text } as const;
const ROLE = {
  name: { ...text, aliases: ['role'] },
  ...FROM,
  public: { type: 'boolean' },
  allow_duplicates: { type: 'boolean' },
  rolespec_validate: { type: 'boolean' },
} as const;

/** What the words of the language take as arguments. */
export const ACTION_ARGS: Readonly<Record<string, ArgsSchema>> = {
  meta: { properties: { action: { type: 'string', enum: META_ACTIONS } }, required: ['action'], freeForm: 'action' },
  import_tasks: { properties: { file: text }, required: ['file'], freeForm: 'file' },
  include_tasks: { properties: { file: text, ...APPLY }, required: ['file'], freeForm: 'file' },
  import_role: { properties: ROLE, required: ['name'] },
  include_role: { properties: { ...ROLE, ...APPLY }, required: ['name'] },
  import_playbook: { properties: { file: text }, freeForm: 'file' },
};

interface Written {
  readonly name: string;
  readonly map: MapNode;
  readonly entry: MapEntry;
  readonly directives: Directives;
}

type Made =
  | { readonly kind: 'items'; readonly items: readonly Item[] }
  | { readonly kind: 'action'; readonly action: Action };
const nothing: Made = { kind: 'items', items: [] };

/** Compiles a word of the language: an import to the tasks it stands for, an include or meta to an action. */
export async function compileAction(written: Written, around: Around, c: Compiler): Promise<Made> {
  const { name, entry } = written;
  const schema = ACTION_ARGS[name];
  if (schema === undefined) throw new Error(`internal: no schema for ${name}`);
  const given = readArgs({ name, args: schema }, { value: entry.value, args: valueOf(written.map, 'args') }, c.found);
  const args = checkAction(written, { schema, given, c });
  if (args === undefined) return nothing;
  const node = (arg: string): Node | undefined =>
    (given.get(arg) ?? (arg === 'name' ? given.get('role') : undefined))?.node;
  switch (name) {
    case 'meta':
      return action({ kind: 'meta', name: stringOf(node('action')) as MetaName });
    case 'import_tasks':
      return { kind: 'items', items: await importTasks(node('file') as Node, { written, around, c }) };
    case 'include_tasks':
      return action({
        kind: 'include_tasks',
        file: toRaw(node('file') as Node, c.found),
        fileSpan: (node('file') as Node).span,
        brings: bringsOf(written, around, { apply: node('apply'), c }),
      });
    case 'import_role':
      return { kind: 'items', items: await importRole(node, args, { written, around, c }) };
    case 'include_role':
      return action({
        kind: 'include_role',
        role: toRaw(node('name') as Node, c.found),
        roleSpan: (node('name') as Node).span,
        from: fromOf(node, args),
        use: useOf(node, written),
        brings: bringsOf(written, around, { apply: node('apply'), c }),
        public: args['public'] === true,
        again: args['allow_duplicates'] !== false,
      });
    default:
      c.found.error('wrong-shape', 'import_playbook stands among plays, not among tasks', { span: entry.key.span });
      return nothing;
  }
}

function action(made: Action): Made {
  return { kind: 'action', action: made };
}

type Args = Readonly<Record<string, unknown>>;

/** The arguments as they are without templates; undefined when something is wrong with them. */
function checkAction(
  written: Written,
  at: { schema: ArgsSchema; given: ReadonlyMap<string, ArgNode>; c: Compiler },
): Args | undefined {
  const plain = new Map(
    [...at.given].map(([k, v]) => [
      k,
      { value: v.node.kind === 'scalar' ? v.node.value : v.node.kind === 'map' ? {} : [] },
    ]),
  );
  const { args, faults } = coerceArgs(written.name, at.schema, plain);
  reportFaults(faults, at.given, { span: written.entry.key.span, found: at.c.found });
  return faults.length === 0 ? args : undefined;
}

interface Where {
  readonly written: Written;
  readonly around: Around;
  readonly c: Compiler;
}

async function importTasks(node: Node, { written, around, c }: Where): Promise<readonly Item[]> {
  const file = staticText(toRaw(node, c.found), node.span, { around, c, word: 'import_tasks' });
  if (file === undefined) return [];
  const path = tasksFile(file, around, c);
  if (path === undefined) return missingTasks(file, node.span, { around, c });
  return importFile(path, node.span, { around: { ...around, directives: written.directives }, c });
}

/** Compiles a file of tasks standing where `around` says; used by imports and, at run time, by includes. */
export async function importFile(
  path: string,
  span: Span,
  { around, c }: { around: Around; c: Compiler },
): Promise<readonly Item[]> {
  if (around.trail.includes(path)) {
    const way = [...around.trail.slice(around.trail.indexOf(path)), path].map(p => c.files.shown(p)).join(' -> ');
    c.found.error('recursion', `this file imports itself: ${way}`, { span });
    return [];
  }
  const tree = c.files.yaml(path);
  if (tree === undefined) return [];
  if (!tree.ok) {
    for (const e of tree.errors) c.found.add({ ...e, notes: [...(e.notes ?? []), { message: 'imported', span }] });
    return [];
  }
  const { value } = tree;
  if (value.kind !== 'seq' && !(value.kind === 'scalar' && value.value === null))
    c.found.error('wrong-shape', `expected a list of tasks, found ${kindName(value)}`, { span: headOf(value) });
  return compileTasks(value, { ...around, dir: dirname(path), trail: [...around.trail, path] }, c);
}

/** Where a file of tasks is, as Ansible looks: beside the importing file, then the role's tasks, then the playbook. */
export function tasksFile(file: string, around: Pick<Around, 'dir' | 'role'>, c: Compiler): string | undefined {
  const places = isAbsolute(file)
    ? [file]
    : [
        join(around.dir, file),
        ...(around.role ? [join(around.role.path, 'tasks', file)] : []),
        join(c.playbookDir, file),
      ];
  return places.find(p => c.files.isFile(p));
}

/** Reports a missing file of tasks, with what is there instead. */
export function missingTasks(
  file: string,
  span: Span,
  { around, c }: { around: Pick<Around, 'dir' | 'role'>; c: Compiler },
): readonly [] {
  const near = nearFile(file, around.dir, c);
  const message = `there is no file "${file}" in ${c.files.shown(around.dir)}`;
  c.found.error('missing-file', message, { span, ...(near && { suggestion: near }) });
  return [];
}

/** `did you mean "x"?` of a file that is not there. */
export function nearFile(file: string, dir: string, c: Compiler): string | undefined {
  const folder = dirname(file);
  const names = c.files.list(join(dir, folder)).map(name => (folder === '.' ? name : `${folder}/${name}`));
  return didYouMean(file, names);
}

async function importRole(
  node: (arg: string) => Node | undefined,
  args: Args,
  { written, around, c }: Where,
): Promise<readonly Item[]> {
  const nameNode = node('name') as Node;
  const name = staticText(toRaw(nameNode, c.found), nameNode.span, { around, c, word: 'import_role' });
  if (name === undefined) return [];
  const use = useOf(node, written);
  const vars = valueOf(written.map, 'vars');
  const imported = { from: fromOf(node, args), again: args['allow_duplicates'] !== false, use, vars };
  const path = findRole(name, c)?.path;
  if (path !== undefined) checkGiven({ path, entryPoint: imported.from.tasks }, written.map, c);
  const inside = { ...around, directives: written.directives };
  return compileImported(name, { span: nameNode.span, imported, around: inside }, c);
}

function bringsOf(written: Written, around: Around, at: { apply: Node | undefined; c: Compiler }): Brings {
  const vars = valueOf(written.map, 'vars');
  return {
    around: around.directives,
    apply: at.apply,
    vars: vars?.kind === 'map' ? layerOf(vars, at.c.found) : undefined,
  };
}

/** Which files of a role an import or include names. */
function fromOf(node: (arg: string) => Node | undefined, args: Args): RoleFrom {
  return {
    tasks: stringOf(node('tasks_from')) ?? 'main',
    vars: stringOf(node('vars_from')) ?? 'main',
    defaults: stringOf(node('defaults_from')) ?? 'main',
    handlers: stringOf(node('handlers_from')) ?? 'main',
    ...(args['rolespec_validate'] === false && { validate: false as const }),
  };
}

/** What tells a use of a role from others, as Ansible: which files it names, and its own variables as written. */
function useOf(node: (arg: string) => Node | undefined, { map }: Written): string {
  const files = Object.keys(FROM).map(arg => stringOf(node(arg)));
  const vars = valueOf(map, 'vars');
  return JSON.stringify([files, vars === undefined ? {} : plainOf(vars)]);
}

/** A name that must be known before anything runs. */
export function staticText(
  raw: Raw,
  span: Span,
  at: { around: Pick<Around, 'dir' | 'role'>; c: Compiler; word: string },
): string | undefined {
  try {
    const value = render(raw, at.c.statics(at.around));
    if (typeof value === 'string') return value;
    at.c.found.error('wrong-type', `${at.word} takes a name`, { span });
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    const later = at.word.replace('import', 'include');
    const suggestion = later === at.word ? 'give the variable with -e' : `use ${later}, or give the variable with -e`;
    at.c.found.add({ ...error.diagnostic, suggestion });
  }
  return undefined;
}

/** What an include's `apply` adds to the directives of what it brings. */
export function appliedDirectives(apply: Node | undefined, base: Directives, c: Compiler): Directives {
  return apply?.kind === 'map' ? directivesOf(apply, base, c.found) : base;
}
