import type { LayersByLevel } from '../vars/levels.ts';
import type { PlayRun } from './context.ts';

/** A host's variables of the inventory and the files beside it and beside the playbook: levels 3 to 10 of Ansible's order. */
export function inventoryLayers(at: PlayRun, host: string): LayersByLevel {
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
