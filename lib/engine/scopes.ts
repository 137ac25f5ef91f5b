import { dirname, resolve } from 'node:path';
import type { Host } from '../inventory/hosts.ts';
import type { Play, Role, Task } from '../playbook/program.ts';
import type { Value } from '../template/values.ts';
import { type LayersByLevel, layersInOrder } from '../vars/levels.ts';
import { LazyDict, magicLookup } from '../vars/magic.ts';
import { LayeredScope, type VarLayer } from '../vars/scope.ts';
import type { PlayRun } from './context.ts';
import { HostRun } from './host-run.ts';
import { inventoryLayers } from './inventory-layers.ts';
import { makeServices, type Secrets } from './local-files.ts';

/** What a scope is for: a task (or none: the host in the play), and what surrounds it. */
export interface ScopeFor {
  readonly task?: Task | undefined;
  /** The role whose variables are seen from inside; the task's unless given. */
  readonly role?: Role | undefined;
  /** Include parameters, loop variables. */
  readonly layers?: readonly VarLayer[] | undefined;
}

/** The variables of a host for a task. */
export function scopeFor(at: PlayRun, host: HostRun, what: ScopeFor = {}): LayeredScope {
  const { play } = at;
  const { task, role = task?.role } = what;
  const places = { role, dir: task?.dir ?? play.dir, playbookDir: play.dir };
  return new LayeredScope({
    layers: layersInOrder(layersFor(at, host, what)),
    ...magicOf(at, host, role),
    services: makeServices(places, secretsOf(at.run)),
  });
}

/** What sets variables for a host and a task, by level. The levels of connections are in `connection.ts`. */
export function layersFor(
  at: PlayRun,
  host: HostRun,
  { task, role = task?.role, layers }: ScopeFor = {},
): LayersByLevel {
  const { play, run } = at;
  return {
    settings: [run.settings.variables],
    roleDefaults: roleDefaults(play, role),
    ...inventoryLayers(at, host.name),
    facts: [run.settings.injectFacts ? host.facts : notInjected(host)],
    playVars: [play.vars],
    prompts: [play.prompted],
    varsFiles: at.varsFiles.get(host.name),
    roleVars: roleVars(play, role),
    taskVars: task?.directives.vars,
    included: [host.included],
    set: [host.set],
    roleParams: role === undefined ? [] : [role.params],
    includeParams: layers,
    extraVars: [run.extraVars],
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

/** As Ansible: a role sees its own defaults last; those of the play's other roles are there too, weaker. */
function roleDefaults(play: Play, role: Role | undefined): readonly VarLayer[] {
  const others = play.roles.filter(r => r !== role).map(r => r.defaults);
  return role === undefined ? others : [...others, role.defaults];
}

function roleVars(play: Play, role: Role | undefined): readonly VarLayer[] {
  const others = play.roles.filter(r => r !== role).map(r => r.vars);
  return role === undefined ? others : [...others, role.vars];
}

/** Variables that nobody sets: they are stronger than all that somebody does. */
export const MAGIC_NAMES = [
  'inventory_hostname',
  'inventory_hostname_short',
  'group_names',
  'groups',
  'hostvars',
  'play_hosts',
  'ansible_play_hosts',
  'ansible_play_hosts_all',
  'ansible_play_batch',
  'ansible_play_name',
  'ansible_check_mode',
  'ansible_diff_mode',
  'ansible_verbosity',
  'ansible_forks',
  'ansible_run_tags',
  'ansible_skip_tags',
  'inventory_dir',
  'inventory_file',
  'playbook_dir',
  'role_path',
  'role_name',
  'ansible_role_name',
  'ansible_facts',
];

function magicOf(at: PlayRun, on: HostRun, role: Role | undefined) {
  const { run, play } = at;
  const { settings, inventory } = run;
  const names = (hosts: readonly HostRun[]) => hosts.map(h => h.name);
  const values = new Map<string, Value>([
    ['inventory_hostname', on.name],
    ['inventory_hostname_short', on.name.split('.')[0] ?? on.name],
    ['ansible_play_name', play.name],
    ['ansible_check_mode', settings.check],
    ['ansible_diff_mode', settings.diff],
    ['ansible_verbosity', settings.verbosity],
    ['ansible_forks', settings.forks],
    ['playbook_dir', play.dir],
  ]);
  if (role !== undefined) {
    values.set('role_path', role.path);
    values.set('role_name', role.name).set('ansible_role_name', role.name);
  }
  if (on.host.source !== undefined) {
    const file = resolve(on.host.source);
    values.set('inventory_file', file).set('inventory_dir', dirname(file));
  }
  const lazy = new Map<string, () => Value>([
    ['group_names', () => groupNames(on.host, inventory)],
    ['groups', () => groupsOf(at)],
    ['hostvars', () => hostVars(at)],
    ['play_hosts', () => names(at.batch.filter(h => h.inPlay))],
    ['ansible_play_batch', () => names(at.batch.filter(h => h.inPlay))],
    ['ansible_play_hosts', () => names(at.hosts.filter(h => h.inPlay))],
    ['ansible_play_hosts_all', () => names(at.hosts)],
    ['ansible_run_tags', () => [...(settings.only.length === 0 ? ['all'] : settings.only)]],
    ['ansible_skip_tags', () => [...settings.skip]],
    ['ansible_facts', () => factsOf(on)],
  ]);
  return { magic: magicLookup({ values, lazy }), magicNames: MAGIC_NAMES };
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

/** Facts without their prefix, as `ansible_facts.distribution`. */
function factsOf(on: HostRun): Value {
  return new Map([...on.facts].map(([name, entry]) => [name.replace(/^ansible_/, ''), entry.value as Value] as const));
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
