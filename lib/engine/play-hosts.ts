import { type SelectOptions, selectHosts } from '../inventory/select.ts';
import { type Checked, Diagnostics } from '../text/diagnostic.ts';
import type { Span } from '../text/source.ts';
import type { PlayRun, RunContext } from './context.ts';
import { HostRun } from './host-run.ts';
import { checkRoles } from './role-check.ts';
import { checkVault } from './vault-check.ts';

type Unknown = NonNullable<SelectOptions['unknownNames']>;

/** The hosts that a play's pattern names in the inventory as it is now, and that `--limit` leaves. */
export function hostsOf(
  run: RunContext,
  pattern: { readonly text: string; readonly span: Span },
  unknownNames: Unknown,
): Checked<readonly HostRun[]> {
  const selected = selectHosts(run.inventory, [pattern], { unknownNames });
  if (!selected.ok) return selected;
  const limit = limited(run, 'warning'); // what is unknown in it was said once for all plays
  if (!limit.ok) return limit;
  const hosts = selected.value.filter(h => limit.value === undefined || limit.value.has(h.name));
  return { ...selected, value: hosts.map(host => hostRunFor(run, host)) };
}

/** The names that `--limit` leaves; undefined where all are. As Ansible it is asked anew for each play. */
export function limited(run: RunContext, unknownNames: Unknown): Checked<ReadonlySet<string> | undefined> {
  if (run.limit === undefined) return { ok: true, value: undefined, warnings: [] };
  const hosts = selectHosts(run.inventory, run.limit, { where: 'limit', unknownNames });
  return hosts.ok ? { ...hosts, value: new Set(hosts.value.map(h => h.name)) } : hosts;
}

function hostRunFor(run: RunContext, host: HostRun['host']): HostRun {
  const known = run.hosts.get(host.name) ?? new HostRun(host);
  run.hosts.set(host.name, known);
  return known;
}

/**
 * Selects the hosts of a play again where the inventory is another one since: tasks added to it, or it was read again. What
 * is checked before a run is checked for hosts that are new; one with a fault fails.
 */
export async function selectAgain(at: PlayRun): Promise<void> {
  const { run, play } = at;
  if (at.version === run.inventory.version) return;
  at.version = run.inventory.version;
  const selected = hostsOf(run, { text: at.settings.pattern, span: play.hostsSpan }, 'warning');
  for (const diagnostic of selected.ok ? selected.warnings : selected.errors)
    run.emit({ type: 'diagnostic', diagnostic });
  const before = new Set(at.hosts);
  at.hosts = selected.ok ? selected.value : [];
  for (const host of at.hosts) if (!before.has(host)) await checkLate(at, host);
}

async function checkLate(at: PlayRun, host: HostRun): Promise<void> {
  const found = new Diagnostics();
  const alone = [{ ...at, hosts: [host] }];
  checkVault(alone, found);
  if (!found.failed) await checkRoles(alone, found);
  for (const diagnostic of found.sorted) at.run.emit({ type: 'diagnostic', diagnostic });
  if (!found.failed) return;
  host.failed = true;
  host.counts.failed++;
}

/** Hosts that are no longer in the inventory leave the play, as in Ansible. */
export function leaveGone(at: PlayRun): void {
  const gone = new Set(at.hosts.filter(h => at.run.inventory.host(h.name) === undefined));
  if (gone.size === 0) return;
  for (const host of gone) host.cursor.end();
  at.hosts = at.hosts.filter(h => !gone.has(h));
  at.batch = at.batch.filter(h => !gone.has(h));
}
