import type { Recap } from '../events.ts';
import type { Host } from '../inventory/hosts.ts';
import type { Role } from '../playbook/program.ts';
import type { Value } from '../template/values.ts';
import { dataLayer, type VarEntry, type VarLayer } from '../vars/scope.ts';
import type { RunContext } from './context.ts';
import { Cursor } from './cursor.ts';

/** What a run knows of one host: facts and variables that tasks set last for the whole run. */
export class HostRun {
  readonly host: Host;
  readonly facts: Map<string, VarEntry> = new Map();
  /** As Ansible: those that are variables even where facts are not, `ansible_local`. */
  readonly localFacts: Map<string, VarEntry> = new Map();
  /** set_fact and register, as one level: the later one wins. */
  readonly set: Map<string, VarEntry> = new Map();
  readonly included: Map<string, VarEntry> = new Map();
  readonly counts: Recap = {
    ok: 0,
    changed: 0,
    unreachable: 0,
    failed: 0,
    skipped: 0,
    rescued: 0,
    ignored: 0,
    unknown: 0,
  };
  /** Out of this play: failed without rescue, ended, or unreachable. */
  failed = false;
  unreachable = false;
  /** It ended (meta: end_host), or had failed before its errors were cleared: for the rest of the play it counts no more. */
  left = false;
  /** Whether the play's own gathering of facts was done here. */
  gathered = false;
  /** Ids of the handlers that wait to run. */
  readonly notified: Set<number> = new Set();
  /** Where it stands in the play, or in what runs beside the play's body. */
  cursor: Cursor = new Cursor([]);
  /** Included roles whose variables the play sees from then on, as those of the roles it names; with those given to them. */
  readonly publicRoles: Map<Role, Role> = new Map();
  /** Where in the program (`Position.path` without its last id) each role began here the last time. */
  readonly roleBegan: Map<Role, readonly number[]> = new Map();
  /** Which uses of roles ran here, by `Role.use`: the last of each. */
  readonly rolesRun: Map<string, Role> = new Map();

  /** As Ansible: where nobody says how a host is reached, by its name; weaker than all that is set. */
  readonly reached: VarLayer;

  constructor(host: Host) {
    this.host = host;
    this.reached = dataLayer([['ansible_host', host.name]]);
  }

  /** As Ansible: they may be gathered again, also where that is done once a host. */
  clearFacts(): void {
    this.facts.clear();
    this.localFacts.clear();
    this.gathered = false;
  }

  get name(): string {
    return this.host.name;
  }

  /** Whether it takes part in what comes next. */
  get alive(): boolean {
    return !this.failed && !this.unreachable;
  }

  /** Whether the play still has it, as `ansible_play_hosts` says. */
  get inPlay(): boolean {
    return this.alive && !this.left;
  }

  setFacts(values: Iterable<readonly [string, Value]>): void {
    for (const [name, value] of values) {
      const entry: VarEntry = { value, data: true };
      this.facts.set(name, entry);
      if (name === 'ansible_local') this.localFacts.set(name, entry);
    }
  }

  setVars(values: Iterable<readonly [string, Value]>, span?: VarEntry['span']): void {
    for (const [name, value] of values) this.set.set(name, { value, data: true, span });
  }
}

/** The state of a host of the inventory, in the play or not. */
export function hostRunOf(run: RunContext, name: string): HostRun | undefined {
  return run.inventory.host(name) && anyHostRun(run, name);
}

/** The state of a host that need not be in the play, nor in the inventory: then it is reached by its name. */
export function anyHostRun({ hosts, inventory }: RunContext, name: string): HostRun {
  const known = hosts.get(name);
  if (known !== undefined) return known;
  const made = new HostRun(inventory.host(name) ?? strangerHost(name));
  hosts.set(name, made);
  return made;
}

/** A host that no inventory names: it has no variables, and its name is its address. */
function strangerHost(name: string): Host {
  const nothing = new Map();
  return { name, vars: nothing, layers: [], groups: [], source: undefined, span: undefined, implicit: true };
}
