import type { Diagnostics } from '../text/diagnostic.ts';
import { layersInOrder } from '../vars/levels.ts';
import type { VarLayer } from '../vars/scope.ts';
import { vaultFaults } from '../vars/sealed.ts';
import type { PlayRun } from './context.ts';
import { hostLayers } from './host-layers.ts';

/**
 * Reports what no vault password opens among the inventory's variables of the hosts of all plays, before any host is touched.
 * What belongs to other hosts may stay closed, as in Ansible: their passwords need not be given.
 */
export function checkVault(plays: readonly PlayRun[], found: Diagnostics): void {
  const seen = new Set<VarLayer>();
  for (const at of plays)
    for (const host of at.hosts)
      for (const layer of layersInOrder(hostLayers(at, host).inventory)) {
        if (seen.has(layer)) continue;
        seen.add(layer);
        for (const fault of vaultFaults(layer)) found.add(fault);
      }
}
