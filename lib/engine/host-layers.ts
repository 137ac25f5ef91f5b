import { type LayersByLevel, layersInOrder } from '../vars/levels.ts';
import type { VarLayer } from '../vars/scope.ts';
import type { PlayRun } from './context.ts';
import type { HostRun } from './host-run.ts';

/** What sets variables of a host, whatever the role and task. */
export interface HostLayers {
  /** Of which version of the inventory. */
  readonly version: number;
  /** The inventory and the files beside it and beside the playbook: levels 3 to 10 of Ansible's order. */
  readonly inventory: LayersByLevel;
  /** With what became known since, and -e. */
  readonly all: LayersByLevel;
  /** All of them, from the weakest to the strongest. */
  readonly inOrder: readonly VarLayer[];
}

/**
 * Found once a play and host: a template over the hostvars of a thousand hosts asks a million times. What tasks set is in
 * maps of the host's, which stay the same.
 */
export function hostLayers(at: PlayRun, host: HostRun): HostLayers {
  const known = at.hostLayers.get(host);
  if (known?.version === at.run.inventory.version) return known;
  const found = find(at, host);
  at.hostLayers.set(host, found);
  return found;
}

function find({ run, play }: PlayRun, host: HostRun): HostLayers {
  const { version } = run.inventory;
  const source = run.inventory.layersOf(host.name);
  const beside = run.inventory.varsFiles.layersOf(host.name);
  const playbook = run.inventory.playbookVars(play.dir).layersOf(host.name);
  const inventory = {
    inventoryGroups: [...source.all, ...source.groups],
    besideAll: beside.all,
    playbookAll: playbook.all,
    besideGroups: beside.groups,
    playbookGroups: playbook.groups,
    inventoryHost: source.host,
    besideHost: beside.host,
    playbookHost: playbook.host,
  };
  const all = {
    ...inventory,
    facts: [run.settings.injectFacts ? host.facts : host.localFacts],
    included: [host.included],
    set: [host.set],
    extraVars: [run.extraVars],
  };
  return { version, inventory, all, inOrder: layersInOrder(all) };
}
