// Types only: the inventory never makes or renders a template, it is handed a function that does.
import type { Raw } from '../template/values.ts';
import type { Span } from '../text/source.ts';

/** A variable as the user wrote it and the place of its name. */
export interface Entry {
  readonly value: Raw;
  readonly span: Span;
}

/** Variables that were set at one place. */
export type Layer = ReadonlyMap<string, Entry>;

/** What a host gets from one kind of source; each list from the weakest layer to the strongest. */
export interface Levels {
  /** From the group `all`. */
  readonly all: readonly Layer[];
  /** From every other group of the host: parents before children, then by priority, then by name. */
  readonly groups: readonly Layer[];
  readonly host: readonly Layer[];
}

/** One layer of several: a variable of a later one takes the place of an earlier one's (mappings are not merged). */
export function mergeLayers(layers: readonly Layer[]): Layer {
  const [only] = layers;
  if (layers.length === 1 && only !== undefined) return only;
  return new Map(layers.flatMap(layer => [...layer]));
}
