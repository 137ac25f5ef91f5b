import type { Inventory } from '../inventory/hosts.ts';
import type { LayersByLevel } from '../vars/levels.ts';
import type { PlayRun } from './context.ts';

/** What was found for one host, and in which inventory: an inventory never changes, but a run may get another one. */
export interface KnownLayers {
  readonly inventory: Inventory;
  readonly levels: LayersByLevel;
}

/**
 * A host's variables of the inventory and the files beside it and beside the playbook: levels 3 to 10 of Ansible's order.
 * Found once a play and host: a template over the hostvars of a thousand hosts asks a million times.
 */
export function inventoryLayers(at: PlayRun, host: string): LayersByLevel {
  const { inventory } = at.run;
  const known = at.inventoryLayers.get(host);
  if (known?.inventory === inventory) return known.levels;
  const levels = find(at, host);
  at.inventoryLayers.set(host, { inventory, levels });
  return levels;
}

function find(at: PlayRun, host: string): LayersByLevel {
  const { inventory } = at.run;
  const source = inventory.layersOf(host);
  const beside = inventory.varsFiles.layersOf(host);
  const playbook = at.run.playbookVars(at.play.dir).layersOf(host);
  return {
    inventoryGroups: [...source.all, ...source.groups],
    besideAll: beside.all,
    playbookAll: playbook.all,
    besideGroups: beside.groups,
    playbookGroups: playbook.groups,
    inventoryHost: source.host,
    besideHost: beside.host,
    playbookHost: playbook.host,
  };
}
