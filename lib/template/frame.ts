import type { Checked } from '../text/diagnostic.ts';
import type { SourceFile } from '../text/source.ts';
import type { Spec, SpecTable } from './call.ts';
import type { At } from './error.ts';
import type { Item } from './special.ts';
import type { Scope, Template, Value } from './values.ts';

/** The filters and tests there are, by every name they go by. */
export interface Library {
  readonly filters: ReadonlyMap<string, Spec>;
  readonly tests: ReadonlyMap<string, Spec>;
  readonly lookups: ReadonlyMap<string, Spec>;
  /** For the lookup `template`, which reads a template file of the user's. */
  readonly compileFile: (file: SourceFile, options: Readonly<Record<string, unknown>>) => Checked<Template>;
}

/** One table of tables of functions. */
export function table(...tables: readonly SpecTable[]): ReadonlyMap<string, Spec> {
  return new Map(tables.flatMap(entries => Object.entries(entries)));
}

const NO_BLOCKS: ReadonlyMap<string, readonly unknown[]> = new Map();

/** One rendering of one template: what it can see, and the piece being evaluated, for errors. */
export class Run {
  readonly scope: Scope;
  readonly library: Library;
  at: At;
  /** Calls of macros and recursive loops under way. */
  depth = 0;
  /** Tags that include or import a template, each in the file that the one before named. */
  readonly includes: At[] = [];
  /** Characters printed so far, over all captures. */
  printed = 0;
  /** The blocks of the template being extended, the innermost version of each first. */
  blocks: ReadonlyMap<string, readonly unknown[]> = NO_BLOCKS;
  /** Copies of variables, made when the template may change them in place: the change must not leave the template. */
  copies: Map<string, Value> | undefined;

  constructor(scope: Scope, library: Library, at: At) {
    this.scope = scope;
    this.library = library;
    this.at = at;
  }
}

/** The names set by the template itself: a loop, macro or `with` opens a frame of its own. */
export class Frame {
  readonly run: Run;
  readonly parent: Frame | undefined;
  /** What was imported without context sees no variables. */
  readonly isolated: boolean;
  #names: Map<string, Item> | undefined;

  constructor(run: Run, parent?: Frame, isolated = parent?.isolated ?? false) {
    this.run = run;
    this.parent = parent;
    this.isolated = isolated;
  }

  /** A frame inside this one. */
  inner(): Frame {
    return new Frame(this.run, this, this.isolated);
  }

  /** The outermost frame of this template. */
  root(): Frame {
    let frame: Frame = this;
    while (frame.parent !== undefined) frame = frame.parent;
    return frame;
  }

  set(name: string, value: Item): void {
    this.#names ??= new Map();
    this.#names.set(name, value);
  }

  find(name: string): Item | undefined {
    let frame: Frame | undefined = this;
    while (frame !== undefined) {
      const value = frame.#names?.get(name);
      if (value !== undefined) return value;
      frame = frame.parent;
    }
    return undefined;
  }

  /** What this frame itself set: what `import` takes of a template. */
  own(): ReadonlyMap<string, Item> {
    return this.#names ?? new Map();
  }
}
