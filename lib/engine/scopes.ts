import { dirname, resolve } from 'node:path';
import type { Host } from '../inventory/hosts.ts';
import type { Play, Role, Task } from '../playbook/program.ts';
import type { Value } from '../template/values.ts';
import { LazyDict, magicLookup } from '../vars/magic.ts';
import { LayeredScope, type VarLayer } from '../vars/scope.ts';
import type { PlayRun } from './context.ts';
import { HostRun } from './host-run.ts';
import { inventoryLayers } from './inventory-layers.ts';
import { makeServices, type Secrets } from './local-files.ts';

/** What a scope is for: a task (or none: the host in the play), and what surrounds it. */
export interface ScopeFor {
  readonly task?: Task | undefined;
  /** Include parameters, loop variables. */
  readonly layers?: readonly VarLayer[] | undefined;
}

/**
 * The variables of a host for a task: Ansible's order of precedence ("Variable precedence", 22 levels), from weak to
 * strong. The levels of the command line that are no variables are in `connection.ts`.
 */
export function scopeFor(at: PlayRun, host: HostRun, { task, layers = [] }: ScopeFor = {}): LayeredScope {
  const { play } = at;
  const role = task?.role;
  const all: VarLayer[] = [
    at.run.settings.variables,
    ...roleDefaults(play, role), // 2
    ...inventoryLayers(at, host.name), // 3 to 10
    at.run.settings.injectFacts ? host.facts : notInjected(host), // 11
    play.vars, // 12
    play.prompted, // 13
    ...(at.varsFiles.get(host.name) ?? []), // 14
    ...roleVars(play, role), // 15
    ...(task?.directives.vars ?? []), // 16, 17
    ...host.made, // 18, 19
    ...(role === undefined ? [] : [role.params]), // 20
    ...layers, // 21, and loop variables
    at.run.extraVars, // 22
  ];
  const places = { role, dir: task?.dir ?? play.dir, playbookDir: play.dir };
  return new LayeredScope({
    layers: all,
    ...magicOf(at, host, task),
    services: makeServices(places, secretsOf(at.run)),
  });
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

const MAGIC_NAMES = [
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

function magicOf(at: PlayRun, on: HostRun, task: Task | undefined) {
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
  if (task?.role !== undefined) {
    values.set('role_path', task.role.path);
    values.set('role_name', task.role.name).set('ansible_role_name', task.role.name);
  }
  if (on.host.source !== undefined) {
    const file = resolve(on.host.source);
    values.set('inventory_file', file).set('inventory_dir', dirname(file));
  }
  const lazy = new Map<string, () => Value>([
    ['group_names', () => groupNames(on.host, inventory)],
    ['groups', () => groupsOf(at)],
    ['hostvars', () => hostVars(at)],
    ['play_hosts', () => names(at.batch.filter(h => h.alive))],
    ['ansible_play_batch', () => names(at.batch.filter(h => h.alive))],
    ['ansible_play_hosts', () => names(at.hosts.filter(h => h.alive))],
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
