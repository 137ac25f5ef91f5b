import type { VarLayer } from '../vars/scope.ts';
import type { PlayRun } from './context.ts';

/** A host's variables of the inventory and the files beside it and beside the playbook: levels 3 to 10 of Ansible's order. */
export function inventoryLayers(at: PlayRun, host: string): readonly VarLayer[] {
  const { inventory } = at.run;
  const source = inventory.layersOf(host);
  const beside = inventory.varsFiles.layersOf(host);
  const playbook = at.run.playbookVars(at.play.dir).layersOf(host);
  return [
    ...source.all,
    ...source.groups,
    ...beside.all,
    ...playbook.all,
    ...beside.groups,
    ...playbook.groups,
    ...source.host,
    ...beside.host,
    ...playbook.host,
  ];
}
