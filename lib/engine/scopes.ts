import { dirname, resolve } from 'node:path';
import type { Host } from '../inventory/hosts.ts';
import { selectHosts } from '../inventory/select.ts';
import type { Play, Role, Task } from '../playbook/program.ts';
import { Failure } from '../template/index.ts';
import type { Value } from '../template/values.ts';
import { type LayersByLevel, layersInOrder } from '../vars/levels.ts';
import { LazyDict } from '../vars/magic.ts';
import { LayeredScope, type VarLayer } from '../vars/scope.ts';
import type { PlayRun } from './context.ts';
import { HostRun } from './host-run.ts';
import { inventoryLayers } from './inventory-layers.ts';
import { makeServices, type RunServices, type Secrets } from './local-files.ts';

/** What a scope is for: a task (or none: the host in the play), and what surrounds it. */
export interface ScopeFor {
  readonly task?: Task | undefined;
  /** The role whose variables are seen from inside; the task's unless given. */
  readonly role?: Role | undefined;
  /** Include parameters, with the loop variables of the includes. */
  readonly layers?: readonly VarLayer[] | undefined;
  /** Variables of the task's own loop. */
  readonly loop?: VarLayer | undefined;
}

/** The variables of a host for a task. */
export function scopeFor(at: PlayRun, host: HostRun, what: ScopeFor = {}): LayeredScope {
  const { play } = at;
  const { task, role = task?.role } = what;
  const places = { role, dir: task?.dir ?? play.dir, playbookDir: play.dir };
  return new LayeredScope({
    layers: layersInOrder(layersFor(at, host, what)),
    ...magicOf(at, host, role),
    services: makeServices(places, secretsOf(at.run), runServices(at.run)),
  });
}

/** What sets variables for a host and a task, by level. The levels of connections are in `connection.ts`. */
export function layersFor(
  at: PlayRun,
  host: HostRun,
  { task, role = task?.role, layers, loop }: ScopeFor = {},
): LayersByLevel {
  const { play, run } = at;
  return {
    settings: [run.settings.variables, host.reached],
    roleDefaults: roleDefaults(play, host, role),
    ...inventoryLayers(at, host.name),
    facts: [run.settings.injectFacts ? host.facts : notInjected(host)],
    playVars: [play.vars],
    prompts: [play.prompted],
    varsFiles: at.varsFiles.get(host.name),
    roleVars: roleVars(play, host, role),
    taskVars: task?.directives.vars,
    included: [host.included],
    set: [host.set],
    roleParams: role === undefined ? [] : [role.params],
    includeParams: layers,
    extraVars: [run.extraVars],
    loop: loop && [loop],
  };
}

/** As Ansible: `ansible_local` is a variable even where facts are not. */
function notInjected({ facts }: HostRun): VarLayer {
  const local = facts.get('ansible_local');
  return new Map(local === undefined ? [] : [['ansible_local', local]]);
}

/** Who opens encrypted files in a run, and who is told what must not be shown. */
export function secretsOf({ vault, redactor }: PlayRun['run']): Secrets {
  return { vault, hide: text => redactor.add(text) };
}

function runServices({ inventory, settings }: PlayRun['run']): RunServices {
  return {
    hostNames(patterns) {
      const texts = patterns.map(text => ({ text }));
      const found = selectHosts(inventory, texts, { where: 'the lookup', unknownNames: 'warning' });
      if (found.ok) return found.value.map(host => host.name);
      const [error] = found.errors;
      throw new Failure(error?.message ?? 'the pattern cannot be read', error?.suggestion);
    },
    setting: settings.named,
  };
}

/** As Ansible: a role sees its own defaults last; those of the play's other roles are there too, weaker. */
function roleDefaults(play: Play, host: HostRun, role: Role | undefined): readonly VarLayer[] {
  const others = [...play.roles, ...host.publicRoles.values()].filter(r => r !== role).map(r => r.defaults);
  return role === undefined ? others : [...others, role.defaults];
}

function roleVars(play: Play, host: HostRun, role: Role | undefined): readonly VarLayer[] {
  const others = [...play.roles, ...host.publicRoles.values()].filter(r => r !== role).map(r => r.vars);
  return role === undefined ? others : [...others, role.vars];
}

/** What a magic variable is about. */
interface Magic {
  readonly at: PlayRun;
  readonly on: HostRun;
  readonly role: Role | undefined;
}

const names = (hosts: readonly HostRun[]) => hosts.map(h => h.name);
const inPlay = (hosts: readonly HostRun[]) => names(hosts.filter(h => h.inPlay));

/** Variables that nobody sets, made when they are asked for: they change while a run goes on. */
const MAGIC: ReadonlyMap<string, (about: Magic) => Value | undefined> = new Map<
  string,
  (about: Magic) => Value | undefined
>([
  ['inventory_hostname', ({ on }) => on.name],
  ['inventory_hostname_short', ({ on }) => on.name.split('.')[0] ?? on.name],
  ['group_names', ({ at, on }) => groupNames(on.host, at.run.inventory)],
  ['groups', ({ at }) => groupsOf(at)],
  ['hostvars', ({ at }) => hostVars(at)],
  ['play_hosts', ({ at }) => inPlay(at.batch)],
  ['ansible_play_hosts', ({ at }) => inPlay(at.hosts)],
  ['ansible_play_hosts_all', ({ at }) => names(at.hosts)],
  ['ansible_play_batch', ({ at }) => inPlay(at.batch)],
  ['ansible_play_name', ({ at }) => at.play.name],
  ['ansible_check_mode', ({ at }) => at.run.settings.check],
  ['ansible_diff_mode', ({ at }) => at.run.settings.diff],
  ['ansible_verbosity', ({ at }) => at.run.settings.verbosity],
  ['ansible_forks', ({ at }) => at.run.settings.forks],
  ['ansible_run_tags', ({ at }) => tagsOr(at.run.settings.only, ['all'])],
  ['ansible_skip_tags', ({ at }) => [...at.run.settings.skip]],
  ['ansible_limit', ({ at }) => at.run.settings.limit],
  ['ansible_version', () => languageVersion()],
  ['inventory_dir', ({ on }) => (on.host.source === undefined ? undefined : dirname(resolve(on.host.source)))],
  ['inventory_file', ({ on }) => (on.host.source === undefined ? undefined : resolve(on.host.source))],
  ['playbook_dir', ({ at }) => at.play.dir],
  ['role_path', ({ role }) => role?.path],
  ['role_name', ({ role }) => role?.name],
  ['ansible_role_name', ({ role }) => role?.name],
  ['ansible_parent_role_names', ({ role }) => includersOf(role)?.map(r => r.name)],
  ['ansible_parent_role_paths', ({ role }) => includersOf(role)?.map(r => r.path)],
  ['ansible_play_role_names', about => rolesOf(about, r => r.parents.length === 0)],
  ['ansible_dependent_role_names', about => [...new Set(rolesOf(about, r => r.parents.length > 0))]],
  ['ansible_role_names', about => [...new Set(rolesOf(about, () => true))]],
  ['ansible_facts', ({ on }) => factsOf(on)],
]);

const includersOf = (role: Role | undefined) => (role?.includedBy.length ? role.includedBy : undefined);

/** As Ansible: names of the roles that the play names, imports, or included publicly. */
function rolesOf({ at, on }: Magic, wanted: (role: Role) => boolean): string[] {
  return [...at.play.roles, ...on.publicRoles.keys()].filter(wanted).map(r => r.name);
}

/** They are stronger than all that somebody sets. */
export const MAGIC_NAMES: readonly string[] = [...MAGIC.keys()];

function magicOf(at: PlayRun, on: HostRun, role: Role | undefined) {
  return { magic: (name: string) => MAGIC.get(name)?.({ at, on, role }), magicNames: MAGIC_NAMES };
}

function tagsOr(tags: readonly string[], none: readonly string[]): Value {
  return [...(tags.length === 0 ? none : tags)];
}

function groupNames(host: Host, inventory: PlayRun['run']['inventory']): Value {
  return inventory
    .groupsOf(host.name)
    .map(g => g.name)
    .filter(n => n !== 'all')
    .sort();
}

function groupsOf(at: PlayRun): Value {
  const { inventory } = at.run;
  return new Map([...inventory.groups.values()].map(g => [g.name, [...g.hosts]] as const));
}

/** The Ansible whose language this is, for roles that ask for a version. */
function languageVersion(): Value {
  const [major, minor, revision] = [2, 14, 0];
  const full = `${major}.${minor}.${revision}`;
  return new Map<string, Value>(Object.entries({ full, string: full, major, minor, revision }));
}

/** Facts without their prefix, as `ansible_facts.distribution`; as Ansible: but those of the host's own making. */
function factsOf(on: HostRun): Value {
  const named = (name: string) => (name === 'ansible_local' ? name : name.replace(/^ansible_/, ''));
  return new Map([...on.facts].map(([name, entry]) => [named(name), entry.value as Value] as const));
}

function hostVars(at: PlayRun): Value {
  const { inventory } = at.run;
  const names = () => inventory.hosts.map(h => h.name);
  const made = new Map<string, LazyDict>();
  const get = (key: unknown) => {
    const name = String(key);
    const host = hostRunOf(at, name);
    if (host === undefined) return undefined;
    const known = made.get(name);
    if (known !== undefined) return known;
    const scope = scopeFor(at, host);
    const dict = new LazyDict(
      key => scope.get(String(key)),
      () => [...scope.names()].filter(n => n !== 'hostvars'),
    );
    made.set(name, dict);
    return dict;
  };
  return new LazyDict(get, names);
}

/** The state of a host of the inventory, in the play or not. */
export function hostRunOf(at: PlayRun, name: string): HostRun | undefined {
  const known = at.run.hosts.get(name);
  if (known !== undefined) return known;
  const host = at.run.inventory.host(name);
  if (host === undefined) return undefined;
  const made = new HostRun(host);
  at.run.hosts.set(name, made);
  return made;
}
