import { dirname, join, resolve } from 'node:path';
import { mayGrow } from '../engine/additions.ts';
import type { PlayRun, RunContext } from '../engine/context.ts';
import type { Secrets } from '../engine/local-files.ts';
import { ControllerServices } from '../engine/local-services.ts';
import { preparePlay, staticScope } from '../engine/play.ts';
import { limited } from '../engine/play-hosts.ts';
import { answered } from '../engine/prompts.ts';
import { checkRoles } from '../engine/role-check.ts';
import { isStart, startsIn } from '../engine/start-at.ts';
import { checkVault } from '../engine/vault-check.ts';
import { diskFiles } from '../inventory/files.ts';
import type { Layer } from '../inventory/layer.ts';
import { limitPatterns } from '../inventory/limit.ts';
import { LiveInventory } from '../inventory/live.ts';
import type { PatternText } from '../inventory/pattern.ts';
import type { InventoryServices } from '../inventory/services.ts';
import type { HostOptions, TaskChoice } from '../options.ts';
import { packageRoot } from '../package-root.ts';
import { type CompileOptions, compileLonePlay } from '../playbook/compile.ts';
import { Compiler, Shared } from '../playbook/compiler.ts';
import { NO_DIRECTIVES } from '../playbook/directives.ts';
import { readExtraVars } from '../playbook/extra-vars.ts';
import { FileStore } from '../playbook/load.ts';
import { type Directives, type Item, type Play, type Program, taskNames } from '../playbook/program.ts';
import { scriptRunner } from '../remote/run-script.ts';
import type { SettingValues } from '../settings/table.ts';
import type { Checked, Diagnostics } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import { toInventoryVariable } from '../vars/raw.ts';
import { LayeredScope } from '../vars/scope.ts';
import { ClosedLayer } from '../vars/sealed.ts';
import type { MapNode } from '../yaml/node.ts';

/** Where the plays of a run come from. */
export interface Source {
  /** What the run is called in events: the playbooks as typed. */
  readonly names: readonly string[];
  /** Files beside which roles are looked for. */
  readonly playbooks: readonly string[];
  program(compile: CompileOptions): Promise<Checked<Program>>;
}

/** A play of the command line as the plays of a run; the working directory stands for the playbook's folder. */
export function loneSource(name: string, play: (found: Diagnostics) => Promise<MapNode>, cwd: string): Source {
  return { names: [name], playbooks: [], program: compile => compileLonePlay(play, cwd, compile) };
}

/** Everything of a run that is known before any host is touched. */
export interface Prepared {
  readonly inventory: LiveInventory;
  readonly extraVars: Layer;
  readonly program: Program;
  readonly names: readonly string[];
  readonly compile: CompileOptions;
  /** The patterns of `--limit`. */
  readonly limit: readonly PatternText[] | undefined;
}

/** Where paths start, and where everything wrong goes. */
export interface At {
  readonly cwd: string;
  readonly found: Diagnostics;
}

/** The same, with what opens encrypted files and what is told their secrets. */
export interface SecretAt extends At {
  readonly secrets: Secrets;
}

/** Reads inventory, extra variables and plays; undefined when something is wrong: everything is in `found`. */
export async function prepare(
  options: HostOptions & TaskChoice,
  source: Source,
  { cwd, found, secrets }: SecretAt,
): Promise<Prepared | undefined> {
  const compile = compileOptions(options, source.playbooks, { cwd, found, secrets });
  const services: InventoryServices = {
    ...diskFiles(cwd, secrets.vault),
    runScript: scriptRunner(cwd),
    openText: text => secrets.vault.openText(text),
    compile: toInventoryVariable,
    closedLayer: why => new ClosedLayer(why),
  };
  const inventory = LiveInventory.open(options.inventories, services);
  for (const d of inventory.ok ? inventory.warnings : inventory.errors) found.add(d);
  const program = await source.program(compile);
  for (const d of program.ok ? program.warnings : program.errors) found.add(d);
  if (!inventory.ok || !program.ok) return undefined;
  for (const { dir } of program.value.plays)
    for (const d of inventory.value.readPlaybook(dir, compile.files.shown(dir))) found.add(d);
  const limit = limitOf(options, { cwd, found });
  warnUnknownTags(options, program.value, found);
  checkStart(options, program.value, found);
  if (found.failed) return undefined;
  const { extraVars } = compile;
  return { inventory: inventory.value, extraVars, program: program.value, names: source.names, compile, limit };
}

/** What compiling needs, with the extra variables that names of files may use. */
export function compileOptions(
  { extraVars: texts, settings }: Pick<HostOptions, 'extraVars' | 'settings'>,
  playbooks: readonly string[],
  { cwd, found, secrets }: SecretAt,
): CompileOptions & { readonly extraVars: Layer } {
  const files = new FileStore(cwd, secrets.vault);
  const extraVars = readExtraVars(texts, files, found);
  return {
    files,
    extraVars,
    rolesPath: rolesPath(settings.roles_path, playbooks, cwd),
    outermost: outermost(settings),
    shared: new Shared(),
    statics: ({ role, dir }) => {
      const places = { role, dir, playbookDir: dir };
      const magic = (name: string) => (name === 'role_path' ? role?.path : name === 'playbook_dir' ? dir : undefined);
      return new LayeredScope({
        layers: [extraVars],
        magic,
        magicNames: ['role_path', 'playbook_dir'],
        services: new ControllerServices(places, secrets),
      });
    },
  };
}

/** What the settings say of all tasks, as if it stood around the plays. */
function outermost(settings: SettingValues): Directives {
  return {
    ...NO_DIRECTIVES,
    // Only where they say something: what is set has to be looked at for each task.
    ...(settings.any_errors_fatal && { anyErrorsFatal: true }),
    ...(settings.no_log && { noLog: true }),
    ...(settings.task_timeout > 0 && { timeout: settings.task_timeout }),
  };
}

/** Asks for the plays' prompts (`asks`), selects each play's hosts and checks its roles' variables for them. */
export async function preparePlays(
  prepared: Prepared,
  at: {
    readonly found: Diagnostics;
    readonly run: RunContext;
    readonly asks: boolean;
    readonly checkRoles?: false | undefined;
  },
): Promise<readonly PlayRun[]> {
  const { found, run } = at;
  const { plays: written } = prepared.program;
  const limit = limited(run, written.some(mayGrow) ? 'warning' : 'error');
  for (const d of limit.ok ? limit.warnings : limit.errors) found.add(d);
  // As Ansible, also where tasks may add hosts later.
  if (limit.ok && limit.value?.size === 0) found.error('unknown-host', '--limit leaves no host');
  if (found.failed) return [];
  const ask = at.asks ? run.local.ask : undefined;
  const all: Play[] = [];
  for (const play of written)
    all.push(await answered(play, { run, found, ask, needed: at.asks, scope: staticScope(run, play) }));
  let grown = false; // hosts and groups that an earlier play may make are not unknown yet
  const plays = all.flatMap(play => {
    const made = preparePlay(run, play, grown ? 'warning' : 'error');
    grown ||= mayGrow(play);
    if ('hosts' in made) return [made];
    for (const d of made) found.add(d);
    return [];
  });
  if (!found.failed) checkVault(plays, found);
  if (!found.failed && at.checkRoles !== false) await checkRoles(plays, found);
  return plays;
}

/** A compiler for what includes bring while a play runs. */
export function includeCompiler(prepared: Prepared): RunContext['compiler'] {
  return (playbookDir, found) => new Compiler({ ...prepared.compile, playbookDir, found });
}

function limitOf({ limit }: HostOptions, { cwd, found }: At): readonly PatternText[] | undefined {
  const patterns = limit === undefined ? undefined : limitPatterns(limit, diskFiles(cwd));
  if (patterns === undefined || patterns.ok) return patterns?.value;
  for (const d of patterns.errors) found.add(d);
  return undefined;
}

/** As Ansible: beside the playbook, where roles_path says, the playbook's own folder; then where ours may lie. */
function rolesPath(set: readonly string[], playbooks: readonly string[], cwd: string): CompileOptions['rolesPath'] {
  const beside = playbooks.map(p => join(dirname(dirname(resolve(cwd, p))), 'roles'));
  return dir => [
    ...new Set([join(dir, 'roles'), ...set, dir, ...beside, join(cwd, 'roles'), join(packageRoot, 'roles')]),
  ];
}

const SPECIAL_TAGS = ['all', 'tagged', 'untagged', 'always', 'never'];

/** A tag nobody has is no error, as in Ansible, but it is said: nothing would run, or nothing be skipped. */
function warnUnknownTags(options: TaskChoice, program: Program, found: Diagnostics): void {
  const known = new Set([...SPECIAL_TAGS, ...program.plays.flatMap(p => [...p.tags, ...p.body.flatMap(tagsOf)])]);
  const includes = program.plays.some(p => p.body.some(hasInclude));
  const but = includes ? ' (a file that is included while it runs may have one)' : '';
  for (const [option, tags] of [['--tags', options.tags] as const, ['--skip-tags', options.skipTags] as const])
    for (const tag of tags) {
      if (known.has(tag)) continue;
      const others = [...known].filter(t => !SPECIAL_TAGS.includes(t)).sort();
      const suggestion = didYouMean(tag, known) ?? `there are ${others.join(', ')}`;
      found.warning('unknown-tag', `no task has the tag "${tag}" of ${option}${but}`, { suggestion });
    }
}

/** A run that starts nowhere would do nothing and look fine. */
function checkStart({ startAtTask, tags, skipTags }: TaskChoice, { plays }: Program, found: Diagnostics): void {
  if (startAtTask === undefined) return;
  const meant = isStart(startAtTask, { only: tags, skip: skipTags });
  if (plays.some(play => startsIn(play, meant))) return;
  const names = plays.flatMap(p => p.body.flatMap(namesIn));
  const suggestion =
    didYouMean(startAtTask, names) ?? '--list-tasks shows the tasks; those of includes cannot be named';
  found.error('bad-option', `no task is called "${startAtTask}", as --start-at-task says`, { suggestion });
}

function namesIn(item: Item): readonly string[] {
  if (item.kind === 'flush') return [];
  return item.kind === 'task' ? taskNames(item) : [...item.tasks, ...item.always].flatMap(namesIn);
}

/** All tags inside an item. */
function tagsOf(item: Item): readonly string[] {
  if (item.kind === 'flush') return [];
  if (item.kind === 'task') return item.directives.tags;
  return [...item.tasks, ...item.rescue, ...item.always].flatMap(tagsOf);
}

/** Tasks that an include brings are known only when it runs. */
function hasInclude(item: Item): boolean {
  if (item.kind === 'flush') return false;
  if (item.kind === 'task') return item.action.kind === 'include_tasks' || item.action.kind === 'include_role';
  return [...item.tasks, ...item.rescue, ...item.always].some(hasInclude);
}
