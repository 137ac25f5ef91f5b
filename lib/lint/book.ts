import type { Compiler } from '../playbook/compiler.ts';
import { compileIncluded } from '../playbook/included.ts';
import type { Item, Play, Program, Role, Task } from '../playbook/program.ts';
import type { MapNode } from '../yaml/node.ts';
import { readRoleTexts, readUses } from './uses.ts';

/** A task where it stands: in a play, itself or by an include. */
export interface Site {
  readonly task: Task;
  /** As written. */
  readonly map: MapNode;
  readonly play: Play;
  /** Of an include whose name is known: the tasks it brings. */
  readonly brings: readonly Site[] | undefined;
}

/** Playbooks with all that can be known of them without a host: what rules look at. */
export interface Book {
  readonly plays: readonly Play[];
  /** Tasks and handlers, with those that includes bring. */
  readonly sites: readonly Site[];
  readonly roles: readonly Role[];
  /** Whether an include stands somewhere whose name only a run knows: what it brings may use and notify anything. */
  readonly open: boolean;
  /** Every word of a template anywhere: a name that is not here is used nowhere. */
  readonly uses: ReadonlySet<string>;
  /** The text of the roles' files of tasks, also of those that these playbooks do not take. */
  readonly roleTexts: string;
}

/** Collects what the rules look at; includes whose names are known are compiled, their faults go to the compiler's. */
export async function makeBook(program: Program, compilerOf: (play: Play) => Compiler): Promise<Book> {
  const collector = new Collector();
  for (const play of program.plays) {
    const c = compilerOf(play);
    await collector.items(play.body, { play, c, trail: [] });
    await collector.items(play.handlers, { play, c, trail: [] });
    for (const role of play.roles) collector.roles.add(role);
  }
  const { sites, roles, open } = collector;
  const parts = { plays: program.plays, sites, roles: [...roles] };
  const [first] = program.plays;
  if (first === undefined) return { ...parts, open, uses: new Set(), roleTexts: '' };
  const { files } = compilerOf(first);
  return { ...parts, open, uses: readUses(parts, files), roleTexts: readRoleTexts(parts.roles, files) };
}

interface Where {
  readonly play: Play;
  readonly c: Compiler;
  /** Includes around these, by name: a file that includes itself is looked at once. */
  readonly trail: readonly string[];
}

class Collector {
  readonly sites: Site[] = [];
  readonly roles: Set<Role> = new Set();
  open = false;

  async items(items: readonly Item[], where: Where): Promise<readonly Site[]> {
    const all: Site[] = [];
    for (const item of items) {
      if (item.kind === 'block') {
        for (const part of [item.tasks, item.rescue, item.always]) all.push(...(await this.items(part, where)));
      } else if (item.kind === 'task') all.push(await this.#task(item, where));
    }
    return all.flatMap(site => [site, ...(site.brings ?? [])]);
  }

  async #task(task: Task, where: Where): Promise<Site> {
    if (task.role !== undefined) this.roles.add(task.role);
    const { written } = task;
    if (written === undefined) throw new Error('internal: a task of a file has no text');
    const brings = await this.#brought(task, where);
    const site = { task, map: written, play: where.play, brings };
    this.sites.push(site);
    return site;
  }

  async #brought(task: Task, where: Where): Promise<readonly Site[] | undefined> {
    const { action } = task;
    if (action.kind !== 'include_tasks' && action.kind !== 'include_role') return undefined;
    const name = action.kind === 'include_tasks' ? action.file : action.role;
    const key = `${task.dir} ${String(name)}`;
    if (typeof name !== 'string') this.open = true;
    if (typeof name !== 'string' || where.trail.includes(key)) return undefined;
    const { items, handlers } = await compileIncluded(task, name, where.c);
    const inner = { ...where, trail: [...where.trail, key] };
    return [...(await this.items(items, inner)), ...(await this.items(handlers, inner))];
  }
}
