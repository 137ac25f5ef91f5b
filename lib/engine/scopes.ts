import type { Play, Role, Task } from '../playbook/program.ts';
import { type LayersByLevel, layersInOrder } from '../vars/levels.ts';
import { LayeredScope, type VarLayer } from '../vars/scope.ts';
import type { PlayRun } from './context.ts';
import { hostLayers } from './host-layers.ts';
import type { HostRun } from './host-run.ts';
import { servicesAt } from './local-services.ts';
import { MAGIC_NAMES, magicValue } from './magic.ts';

/** What a scope is for: a task (or none: the host in the play), and what surrounds it. */
export interface ScopeFor {
  readonly task?: Task | undefined;
  /** The role whose variables are seen from inside; the task's unless given. */
  readonly role?: Role | undefined;
  /** Include parameters, with the loop variables of the includes. */
  readonly layers?: readonly VarLayer[] | undefined;
  /** Variables of the task's own loop. */
  readonly loop?: VarLayer | undefined;
}

/** The variables of a host for a task. */
export function scopeFor(at: PlayRun, host: HostRun, what: ScopeFor = {}): LayeredScope {
  const { play } = at;
  const { task, role = task?.role } = what;
  const about = { at, on: host, role };
  return new LayeredScope({
    layers: layersInOrder(layersFor(at, host, what)),
    magic: name => magicValue(name, about),
    magicNames: MAGIC_NAMES,
    services: servicesAt(at, { role, dir: task?.dir ?? play.dir }, host),
  });
}

/** What sets variables for a host and a task, by level. The levels of connections are in `connection.ts`. */
export function layersFor(
  at: PlayRun,
  host: HostRun,
  { task, role = task?.role, layers, loop }: ScopeFor = {},
): LayersByLevel {
  const { play, run } = at;
  const { all: known } = hostLayers(at, host);
  const roles = rolesSeen(play, host, role);
  // Each level by its name: a spread of these is slow, and every task of every host comes here.
  return {
    settings: [run.settings.variables, host.reached],
    roleDefaults: roles.map(r => r.defaults),
    inventoryGroups: known.inventoryGroups,
    besideAll: known.besideAll,
    playbookAll: known.playbookAll,
    besideGroups: known.besideGroups,
    playbookGroups: known.playbookGroups,
    inventoryHost: known.inventoryHost,
    besideHost: known.besideHost,
    playbookHost: known.playbookHost,
    facts: known.facts,
    playVars: [play.vars],
    prompts: [play.prompted],
    varsFiles: at.varsFiles.get(host.name),
    roleVars: roles.map(r => r.vars),
    taskVars: task?.directives.vars,
    included: known.included,
    set: known.set,
    roleParams: role === undefined ? [] : [role.params],
    includeParams: layers,
    extraVars: known.extraVars,
    loop: loop && [loop],
  };
}

/** As Ansible: a role sees its own variables; those of the play's other roles are there too, weaker. */
function rolesSeen(play: Play, host: HostRun, role: Role | undefined): readonly Role[] {
  const others = [...play.roles, ...host.publicRoles.values()].filter(r => r !== role);
  return role === undefined ? others : [...others, role];
}
