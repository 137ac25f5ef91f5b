import type { Block, Flush, Item, Role, Task } from '../playbook/program.ts';
import type { VarLayer } from '../vars/scope.ts';

type Section = 'tasks' | 'rescue' | 'always';

/** A list of items being run, and where in it the host stands. */
interface Frame {
  readonly items: readonly Item[];
  index: number;
  /** Of a block's section: the block, which section, and whether its tasks failed without having been rescued. */
  readonly block?: Block;
  readonly section?: Section;
  readonly failed?: boolean;
  /** Of what an include brought: its place and its variables. */
  readonly base: readonly number[];
  readonly layers: readonly VarLayer[];
  readonly use: RoleUse | undefined;
}

/** A turn of include_role: its role, and what tells this use from others (`Role.use`, with the loop's item). */
export interface RoleUse {
  readonly role: Role;
  readonly key: string;
}

/** What a host does next. */
export interface Position {
  readonly item: Task | Flush;
  /** Ids from the outermost include to the item: hosts are in step by comparing these. */
  readonly path: readonly number[];
  /** Variables of the includes around it. */
  readonly layers: readonly VarLayer[];
  /** The innermost include_role around it. */
  readonly use: RoleUse | undefined;
}

/** A list of tasks that an include brought, with the include's variables. */
export interface Included {
  readonly items: readonly Item[];
  readonly layers: readonly VarLayer[];
  /** Number of the turn: hosts that have the same turn have the same number. */
  readonly number: number;
  readonly use?: RoleUse | undefined;
}

/**
 * Where one host stands in a play: blocks, their rescue and always sections, and what includes brought. As Ansible: a
 * failed task of a block goes to its rescue, then always; a failure that no rescue took ends the host behind the always.
 */
export class Cursor {
  #frames: Frame[];
  #path: number[] = [];

  constructor(items: readonly Item[]) {
    this.#frames = [{ items, index: 0, base: [], layers: [], use: undefined }];
    this.#settle();
  }

  /** The next task or flush; undefined at the end. */
  peek(): Position | undefined {
    const frame = this.#frames.at(-1);
    const item = frame?.items[frame.index];
    if (frame === undefined || item === undefined || item.kind === 'block') return undefined;
    return { item, path: this.#path, layers: frame.layers, use: frame.use };
  }

  /** Goes on behind the current item. */
  advance(): void {
    const frame = this.#frames.at(-1);
    if (frame !== undefined) frame.index++;
    this.#settle();
  }

  /** How many includes the current item stands in, each in the one before. */
  get depth(): number {
    return (this.#frames.at(-1)?.base.length ?? 0) / 2;
  }

  /** The includes around the current item, outermost first. */
  get includes(): readonly Task[] {
    const before = this.#frames.slice(0, -1).map(frame => frame.items[frame.index - 1]);
    return before.filter(item => item?.kind === 'task');
  }

  /** Goes on with what an include brought, then behind the include. */
  include(lists: readonly Included[]): void {
    const frame = this.#frames.at(-1);
    const item = frame?.items[frame.index];
    if (frame === undefined || item === undefined) return;
    frame.index++;
    for (const list of [...lists].reverse())
      this.#frames.push({
        items: list.items,
        index: 0,
        base: [...frame.base, item.id, list.number],
        layers: [...frame.layers, ...list.layers],
        use: list.use ?? frame.use,
      });
    this.#settle();
  }

  /**
   * The current task failed: goes to the nearest rescue, through the always sections on the way. False when no block
   * around it has a rescue: the host has failed and runs only those always sections.
   */
  fail(): boolean {
    const rescued = this.#frames.some(f => f.section === 'tasks' && (f.block?.rescue.length ?? 0) > 0);
    for (let frame = this.#frames.pop(); frame !== undefined; frame = this.#frames.pop()) {
      const { block, section } = frame;
      if (block === undefined || section === 'always') continue;
      const next = section === 'tasks' && block.rescue.length > 0 ? 'rescue' : 'always';
      if (block[next].length === 0) continue;
      this.#push(block, next, { ...frame, failed: next === 'always' });
      this.#settle();
      break;
    }
    return rescued;
  }

  /** Goes on to the first task that is meant, past all others; to the end when there is none. */
  goTo(meant: (task: Task) => boolean): void {
    for (let at = this.peek(); at !== undefined; at = this.peek()) {
      if (at.item.kind === 'task' && meant(at.item)) return;
      this.advance();
    }
  }

  /** Ends here, without failure. */
  end(): void {
    this.#frames = [];
  }

  #push(block: Block, section: Section, from: Omit<Frame, 'items' | 'index'>): void {
    const { base, layers, use, failed = false } = from;
    this.#frames.push({ items: block[section], index: 0, block, section, failed, base, layers, use });
  }

  /** Leaves finished lists and enters blocks until a task or flush is next. */
  #settle(): void {
    for (;;) {
      const frame = this.#frames.at(-1);
      if (frame === undefined) return;
      const item = frame.items[frame.index];
      if (item === undefined) this.#leave(this.#frames.pop() as Frame);
      else if (item.kind === 'block') {
        frame.index++;
        this.#push(item, 'tasks', frame);
      } else {
        this.#path = [...frame.base, item.id];
        return;
      }
    }
  }

  #leave(frame: Frame): void {
    const { block, section, failed } = frame;
    if (block === undefined) return;
    if (section === 'always') {
      // An unrescued failure goes on outwards behind its always section.
      if (failed) this.fail();
      return;
    }
    if (block.always.length > 0) this.#push(block, 'always', { ...frame, failed: false });
  }
}

/** Orders places in a program; an include's tasks stand behind the include and before what follows it. */
export function comparePaths(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? -1) - (b[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
