import type { LayersByLevel } from '../vars/levels.ts';
import type { PlayRun } from './context.ts';

/** What was found for one host, and in which version of the inventory. */
export interface KnownLayers {
  readonly version: number;
  readonly levels: LayersByLevel;
}

/**
 * A host's variables of the inventory and the files beside it and beside the playbook: levels 3 to 10 of Ansible's order.
 * Found once a play and host: a template over the hostvars of a thousand hosts asks a million times.
 */
export function inventoryLayers(at: PlayRun, host: string): LayersByLevel {
  const { version } = at.run.inventory;
  const known = at.inventoryLayers.get(host);
  if (known?.version === version) return known.levels;
  const levels = find(at, host);
  at.inventoryLayers.set(host, { version, levels });
  return levels;
}

function find(at: PlayRun, host: string): LayersByLevel {
  const { inventory } = at.run;
  const source = inventory.layersOf(host);
  const beside = inventory.varsFiles.layersOf(host);
  const playbook = inventory.playbookVars(at.play.dir).layersOf(host);
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
