import type { Inventory } from '../inventory/hosts.ts';
import { TemplateError } from '../template/index.ts';
import type { Services, Value } from '../template/values.ts';
import { LazyDict } from '../vars/lazy-dict.ts';
import { LayeredScope } from '../vars/scope.ts';
import type { PlayRun } from './context.ts';
import { hostLayers } from './host-layers.ts';
import { HOST_MAGIC } from './host-magic.ts';
import { type HostRun, hostRunOf } from './host-run.ts';
import { servicesAt } from './local-services.ts';

const MAGIC = new Map(HOST_MAGIC);
const MAGIC_NAMES = [...MAGIC.keys()];

/**
 * The value of `hostvars`. As Ansible: it has nothing that a play, a role, a block or a task brings, nor have the templates
 * of its variables, whoever asks; there is no `hostvars` in them either.
 */
export function hostVars(at: PlayRun): Value {
  const { inventory } = at.run;
  const services = servicesAt(at, { role: undefined, dir: at.play.dir });
  const made = new Map<string, LazyDict>();
  const make = (name: string) => {
    const host = hostRunOf(at.run, name);
    if (host === undefined) return undefined;
    const dict = varsOf(at, host, services);
    made.set(name, dict);
    return dict;
  };
  return new LazyDict({
    get: name => made.get(name) ?? make(name),
    has: name => inventory.host(name) !== undefined,
    keys: () => namesIn(inventory),
  });
}

function varsOf(at: PlayRun, on: HostRun, services: Services): LazyDict {
  const about = { at, on };
  const scope = new LayeredScope({
    layers: hostLayers(at, on).inOrder,
    magic: name => MAGIC.get(name)?.(about),
    magicNames: MAGIC_NAMES,
    services,
  });
  const has = (name: string) => scope.has(name);
  return new LazyDict({
    get: name => explained(() => scope.get(name)),
    has,
    keys: () => [...scope.names()].filter(has),
  });
}

const NOT_THERE = 'it was read through hostvars, which has no variables of plays, roles and tasks';

/** A variable that needs what is only in the play is an error: who wrote it sees it defined everywhere else. */
function explained(get: () => Value | undefined): Value | undefined {
  try {
    return get();
  } catch (error) {
    if (!(error instanceof TemplateError) || error.diagnostic.code !== 'undefined-variable') throw error;
    const { notes = [] } = error.diagnostic;
    throw new TemplateError({ ...error.diagnostic, notes: [...notes, { message: NOT_THERE }] });
  }
}

/** As Ansible: the controller is there too, also where no source names it. */
function namesIn(inventory: Inventory): readonly string[] {
  const names = inventory.hosts.map(host => host.name);
  return inventory.host('localhost')?.implicit ? [...names, 'localhost'] : names;
}
