import type { Value } from './values.ts';

/** A Python tuple: a list to everyone but printing and comparing (`(1, 2) == [1, 2]` is false, as in Python). */
export class Tuple extends Array<Value> {
  // What is made from a tuple by slice() or map() is a plain list, unless it is made a tuple again.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** A tuple of the given items (`new Array(n)` would read one number as a length). */
  static make(items: readonly Value[]): Tuple {
    const tuple = new Tuple();
    for (const item of items) tuple.push(item);
    return tuple;
  }
}

/** A group of `groupby`: a pair whose items also go by `.grouper` and `.list`. */
export class Group extends Tuple {
  static pair(grouper: Value, list: Value[]): Group {
    const group = new Group();
    group.push(grouper, list);
    return group;
  }
}
