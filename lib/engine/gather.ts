import { NO_DIRECTIVES } from '../playbook/directives.ts';
import { loadModule } from '../playbook/modules.ts';
import type { ArgSource, Task } from '../playbook/program.ts';
import { sourceFile } from '../text/source.ts';
import { textNode } from '../yaml/node.ts';
import type { PlayRun } from './context.ts';
import type { Handlers } from './handlers.ts';
import type { HostRun } from './host-run.ts';
import { runBeside } from './linear.ts';

/** Those of the hosts whose facts the play gathers. */
export function hostsToGather(at: PlayRun, hosts: readonly HostRun[]): readonly HostRun[] {
  const { gathering } = at.run.settings;
  if (!(at.settings.gatherFacts ?? gathering !== 'explicit')) return [];
  // As Ansible: once a host, also where a play says yes.
  return gathering === 'smart' ? hosts.filter(host => !host.gathered) : hosts;
}

/** The implicit task that gathers facts: like any other task, with the play's keywords. */
export async function gatherFacts(at: PlayRun, to: { hosts: readonly HostRun[]; handlers: Handlers }): Promise<void> {
  const { hosts } = to;
  if (hosts.length === 0) return;
  for (const host of hosts) host.gathered = true;
  const module = await loadModule('gather_facts');
  if (module === undefined) throw new Error('internal: there is no module gather_facts');
  const { play } = at;
  const { gatherSubset } = at.run.settings;
  const subset = play.gatherSubset ?? (gatherSubset.length === 0 ? undefined : [...gatherSubset]);
  const node = textNode(sourceFile('<gather_subset>', ''));
  const wanted = { gather_subset: subset, gather_timeout: play.gatherTimeout, fact_path: play.factPath };
  const own = Object.entries(wanted).flatMap(([name, raw]) =>
    raw === undefined ? [] : [[name, { node, raw }] as const],
  );
  const task: Task = {
    kind: 'task',
    id: -1,
    span: play.span,
    name: 'Gathering Facts',
    role: undefined,
    dir: play.dir,
    action: {
      kind: 'module',
      name: 'gather_facts',
      module,
      // As Ansible: the play's keywords are stronger than its module_defaults.
      args: new Map<string, ArgSource>([...play.gatherDefaults, ...own]),
      span: play.span,
    },
    // As Ansible: facts are gathered whatever the tags are, unless the play itself has tags.
    directives: { ...NO_DIRECTIVES, ...play.directives, tags: play.tags.length === 0 ? ['always'] : play.tags },
    loop: undefined,
    register: undefined,
    until: [],
    retries: undefined,
    delay: undefined,
    changedWhen: undefined,
    failedWhen: undefined,
    listen: [],
    handler: false,
  };
  await runBeside(at, task, to);
}
