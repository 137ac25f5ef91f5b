import { dirname, resolve } from 'node:path';
import type { Host } from '../inventory/hosts.ts';
import type { Value } from '../template/values.ts';
import type { PlayRun } from './context.ts';
import type { HostRun } from './host-run.ts';

/** A host, in a play. */
export interface HostAt {
  readonly at: PlayRun;
  readonly on: HostRun;
}

/** Variables by name that nobody sets, made when they are asked for: they change while a run goes on. */
export type MagicTable<About> = readonly (readonly [string, (about: About) => Value | undefined])[];

/** What is so of a host whatever the play, role and task: `hostvars` has it too. */
export const HOST_MAGIC: MagicTable<HostAt> = [
  ['inventory_hostname', ({ on }) => on.name],
  ['inventory_hostname_short', ({ on }) => on.name.split('.')[0] ?? on.name],
  ['inventory_dir', ({ on }) => (on.host.source === undefined ? undefined : dirname(resolve(on.host.source)))],
  ['inventory_file', ({ on }) => (on.host.source === undefined ? undefined : resolve(on.host.source))],
  ['group_names', ({ at, on }) => groupNames(on.host, at.run.inventory)],
  ['groups', ({ at }) => groupsOf(at)],
  ['playbook_dir', ({ at }) => at.play.dir],
  ['ansible_facts', ({ on }) => factsOf(on)],
  ['ansible_check_mode', ({ at }) => at.run.settings.check],
  ['ansible_diff_mode', ({ at }) => at.run.settings.diff],
  ['ansible_verbosity', ({ at }) => at.run.settings.verbosity],
  ['ansible_forks', ({ at }) => at.run.settings.forks],
  ['ansible_run_tags', ({ at }) => tagsOr(at.run.settings.only, ['all'])],
  ['ansible_skip_tags', ({ at }) => [...at.run.settings.skip]],
  ['ansible_limit', ({ at }) => at.run.settings.limit],
  ['ansible_version', () => languageVersion()],
];

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
