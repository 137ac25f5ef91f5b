import { dirname, join, resolve } from 'node:path';
import type { Raw, Scope } from '../template/values.ts';
import { type Checked, Diagnostics } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import { layerOf, toRaw } from '../vars/raw.ts';
import { headOf } from '../yaml/check.ts';
import { entryOf, kindName, type MapNode, type Node, stringOf, valueOf } from '../yaml/node.ts';
import { compileArgs } from './args.ts';
import { checkNotify } from './check-notify.ts';
import { checkStrategy } from './check-strategy.ts';
import { Compiler, type CompilerOptions, type Shared } from './compiler.ts';
import { directivesOf, NO_DIRECTIVES } from './directives.ts';
import { aroundPlay, checkImport, importedPath, playbookImport } from './import-playbook.ts';
import { nearFile } from './imports.ts';
import type { FileStore } from './load.ts';
import { withDefaults } from './module-defaults.ts';
import { loadModule } from './modules.ts';
import type { Directives, Item, Play, Program, Role, VarsFile } from './program.ts';
import { promptsOf } from './prompts.ts';
import { compileRoles, nothingBrought } from './role-uses.ts';
import { flattenTasks, readVarsFile } from './roles.ts';
import { checkKeywords } from './syntax.ts';
import { type Around, compileTasks } from './tasks.ts';

export interface CompileOptions {
  readonly files: FileStore;
  readonly rolesPath: CompilerOptions['rolesPath'];
  /** The scope of names that must be known before anything runs. */
  readonly statics: (at: { role: Role | undefined; dir: string }) => Scope;
  /** What holds around all plays. */
  readonly outermost: Directives;
  readonly shared: Shared;
}

/** Compiles playbooks and all they import to one program: every fault of every file at once. */
export async function compilePlaybooks(paths: readonly string[], options: CompileOptions): Promise<Checked<Program>> {
  const found = new Diagnostics();
  const compilation = { ...options, found };
  const plays: Play[] = [];
  for (const path of paths)
    plays.push(...(await compilePlaybook(resolve(options.files.cwd, path), { compilation, trail: [] })));
  options.shared.filesMayAppear = true; // while a play runs, anything may
  return found.checked({ plays });
}

/** Compiles one play that stands in no file (of a command line); `dir` is what the folder of its playbook would be. */
export async function compileLonePlay(
  make: (found: Diagnostics) => Promise<MapNode>,
  dir: string,
  options: CompileOptions,
): Promise<Checked<Program>> {
  const found = new Diagnostics();
  const map = await make(found);
  if (found.failed) return found.checked({ plays: [] }); // what would be said of the play might be its arguments' fault
  const play = await compilePlay(map, new Compiler({ ...options, found, playbookDir: dir }));
  options.shared.filesMayAppear = true;
  return found.checked({ plays: [play] });
}

interface Compilation extends CompileOptions {
  readonly found: Diagnostics;
}

async function compilePlaybook(
  path: string,
  at: { compilation: Compilation; trail: readonly string[] },
): Promise<readonly Play[]> {
  const { files, found } = at.compilation;
  const tree = files.yaml(path);
  if (tree === undefined) {
    const suggestion = didYouMean(
      path,
      files.list(dirname(path)).map(n => join(dirname(path), n)),
    );
    found.error('missing-file', `there is no playbook ${files.shown(path)}`, suggestion ? { suggestion } : {});
    return [];
  }
  if (!tree.ok) {
    for (const e of tree.errors) found.add(e);
    return [];
  }
  const c = new Compiler({ ...at.compilation, playbookDir: dirname(path) });
  if (tree.value.kind !== 'seq') {
    found.error('wrong-shape', `a playbook is a list of plays, this is ${kindName(tree.value)}`, {
      span: headOf(tree.value),
      suggestion: 'start each play with "- hosts: ..."',
    });
    return [];
  }
  const plays: Play[] = [];
  for (const item of tree.value.items) plays.push(...(await compileEntry(item, { ...at, path, c })));
  return plays;
}

async function compileEntry(
  item: Node,
  at: { compilation: Compilation; trail: readonly string[]; path: string; c: Compiler },
): Promise<readonly Play[]> {
  const { c } = at;
  if (item.kind !== 'map') {
    c.found.error('wrong-shape', `a play is a mapping, this is ${kindName(item)}`, { span: item.span });
    return [];
  }
  const imported = playbookImport(item);
  if (imported === undefined) return [await compilePlay(item, c)];
  checkImport(item, c);
  const trail = [...at.trail, at.path];
  const path = importedPath(imported, c, trail);
  if (path === undefined) return [];
  const plays = await compilePlaybook(path, { compilation: at.compilation, trail });
  return plays.map(play => aroundPlay(play, item, c));
}

async function compilePlay(map: MapNode, c: Compiler): Promise<Play> {
  checkKeywords(map, 'play', c);
  const raw = (key: string): Raw | undefined => {
    const node = valueOf(map, key);
    return node === undefined ? undefined : toRaw(node, c.found);
  };
  const hosts = entryOf(map, 'hosts');
  if (hosts === undefined) c.found.error('missing-argument', 'a play needs "hosts"', { span: headOf(map) });
  // A play's variables are a level of their own, below those of vars_files and roles; the others are inherited by tasks.
  const directives = { ...directivesOf(map, c.outermost, c.found), vars: [] };
  const vars = valueOf(map, 'vars');
  const brought = nothingBrought();
  // A play on the controller itself may make files there.
  if (/localhost|127\.0\.0\.1/.test(stringOf(hosts?.value) ?? '')) c.shared.filesMayAppear = true;
  const around: Around = { directives, role: undefined, dir: c.playbookDir, handler: false, trail: [], brought };
  const part = (key: string) => compileTasks(valueOf(map, key), around, c);
  const flush = (): Item => ({ kind: 'flush', id: c.nextId() });
  const body = [
    ...(await part('pre_tasks')),
    flush(),
    ...(await compileRoles(valueOf(map, 'roles'), around, c)),
    ...(await part('tasks')),
    flush(),
    ...(await part('post_tasks')),
    flush(),
  ];
  const own = await compileTasks(
    valueOf(map, 'handlers'),
    { ...around, handler: true, directives: { ...directives, tags: [], when: [] } },
    c,
  );
  // As Ansible: the roles' handlers run before the play's own.
  const handlers = [...brought.handlers, ...own.flatMap(flattenTasks)];
  checkNotify({ body, handlers }, c);
  checkStrategy(map, { body, handlers }, c);
  return {
    name: stringOf(valueOf(map, 'name')) ?? stringOf(hosts?.value) ?? '',
    span: headOf(map),
    dir: c.playbookDir,
    hosts: raw('hosts') ?? '',
    hostsSpan: hosts?.value.span ?? headOf(map),
    gatherFacts: raw('gather_facts'),
    gatherSubset: raw('gather_subset'),
    gatherTimeout: raw('gather_timeout'),
    factPath: raw('fact_path'),
    gatherDefaults: await gatherDefaults(map, directives, c),
    serial: raw('serial'),
    strategy: raw('strategy'),
    order: raw('order'),
    anyErrorsFatal: directives.anyErrorsFatal,
    maxFailPercentage: raw('max_fail_percentage'),
    forceHandlers: raw('force_handlers'),
    vars: vars?.kind === 'map' ? layerOf(vars, c.found) : new Map(),
    prompts: promptsOf(valueOf(map, 'vars_prompt'), c.found),
    prompted: new Map(),
    varsFiles: varsFilesOf(valueOf(map, 'vars_files'), c),
    roles: brought.roles,
    body,
    handlers,
    tags: directives.tags,
    directives,
  };
}

/** As Ansible: the defaults of gather_facts and of setup hold for the play's own gathering too. */
async function gatherDefaults(
  play: MapNode,
  { moduleDefaults }: Directives,
  c: Compiler,
): Promise<Play['gatherDefaults']> {
  const given = withDefaults('gather_facts', moduleDefaults, new Map());
  const module = given.size === 0 ? undefined : await loadModule('gather_facts');
  return module === undefined ? new Map() : compileArgs(module, given, { span: headOf(play), found: c.found }).sources;
}

function varsFilesOf(node: Node | undefined, c: Compiler): readonly VarsFile[] {
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  return (node.kind === 'seq' ? node.items : [node]).map(item => {
    const names = (item.kind === 'seq' ? item.items : [item]).map(n => toRaw(n, c.found));
    const [only] = names;
    const path = names.length === 1 && typeof only === 'string' ? resolve(c.playbookDir, only) : undefined;
    if (path === undefined) return { kind: 'named', names, dir: c.playbookDir, span: item.span };
    if (!c.files.isFile(path)) {
      const near = nearFile(String(only), c.playbookDir, c);
      c.found.error('missing-file', `there is no file of variables "${only}"`, {
        span: item.span,
        ...(near && { suggestion: near }),
      });
    }
    return { kind: 'loaded', layer: readVarsFile(path, c) };
  });
}
