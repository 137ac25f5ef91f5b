import type { Group, Inventory } from '../inventory/hosts.ts';
import type { LiveInventory } from '../inventory/live.ts';
import type { Key, Value } from '../template/values.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import type { VarLayer } from '../vars/scope.ts';
import { ClosedLayer } from '../vars/sealed.ts';
import { masked } from './value-text.ts';
import { writtenOf } from './vars-seen.ts';

/** An inventory as `tplay inventory` shows it: as Ansible, variables as they are written, and their secrets as stars. */
export interface Shown {
  readonly groups: Inventory['groups'];
  /** The hosts that `--limit` leaves. */
  has(host: string): boolean;
  /** A group's own hosts that are left. */
  hostsOf(group: Group): readonly string[];
  varsOf(host: string): Map<Key, Value>;
  /** The group's own; with the priority that it has, as Ansible. */
  groupVars(group: Group): Map<Key, Value>;
}

export interface ShownOptions {
  /** Where the variables beside a playbook are looked for. */
  readonly folder: string;
  readonly extraVars: VarLayer;
  /** Undefined: all hosts are left. */
  readonly limit: ReadonlySet<string> | undefined;
  /** Hosts have their own variables only: those of their groups stand with the groups. */
  readonly export: boolean;
  /** Files that no vault password opens. */
  readonly found: Diagnostics;
}

/** What is shown of an inventory. */
export function shownOf(inventory: LiveInventory, options: ShownOptions): Shown {
  const { limit, found } = options;
  const has = (host: string) => limit === undefined || limit.has(host);
  const own = new Map<string, string[]>();
  for (const host of inventory.named)
    for (const group of host.groups) own.set(group, [...(own.get(group) ?? []), host.name]);
  return {
    groups: inventory.groups,
    has,
    // "all" holds every host by its children: what stands in it alone is in "ungrouped".
    hostsOf: ({ name }) => (name === 'all' ? [] : inOrder(inventory, name, own.get(name) ?? []).filter(has)),
    varsOf: host => merged(hostLayers(inventory, host, options), found),
    groupVars: group => {
      const vars = merged(groupLayers(inventory, group.name, options), found);
      return group.priority === 1 ? vars : vars.set('ansible_group_priority', group.priority);
    },
  };
}

/** The order of the group, in which hosts that it names itself come first. */
function inOrder(inventory: Inventory, group: string, own: readonly string[]): readonly string[] {
  const names = new Set(own);
  return (inventory.groups.get(group)?.hosts ?? []).filter(name => names.has(name));
}

function hostLayers(inventory: LiveInventory, host: string, options: ShownOptions): readonly VarLayer[] {
  const source = inventory.layersOf(host);
  const beside = inventory.varsFiles.layersOf(host);
  const playbook = inventory.playbookVars(options.folder).layersOf(host);
  const own = [...source.host, ...beside.host, ...playbook.host];
  if (options.export) return own;
  const groups = [
    ...source.all,
    ...source.groups,
    ...beside.all,
    ...playbook.all,
    ...beside.groups,
    ...playbook.groups,
  ];
  return [...groups, ...own, options.extraVars];
}

function groupLayers(inventory: LiveInventory, group: string, options: ShownOptions): readonly VarLayer[] {
  const files = [inventory.varsFiles, inventory.playbookVars(options.folder)];
  return [...(inventory.groups.get(group)?.layers ?? []), ...files.flatMap(f => f.ofGroup(group))];
}

function merged(layers: readonly VarLayer[], found: Diagnostics): Map<Key, Value> {
  const vars = new Map<Key, Value>();
  for (const layer of layers) {
    if (layer instanceof ClosedLayer) found.add(layer.why);
    else for (const [name, entry] of layer) vars.set(name, masked(writtenOf(name, entry)));
  }
  return vars;
}
