import type { Call, Signature } from './call.ts';
import type { Key, Value } from './values.ts';

/**
 * What lives only inside a template: functions, macros, `loop`, namespaces, dates. It has no JavaScript properties a
 * template could reach: `attribute` names the few it has.
 */
export abstract class Special {
  /** What `type_debug` and error messages call it, as Python does. */
  abstract readonly type: string;
  /** The value of `x.name`, or undefined when it has none. */
  attribute(_name: string): Item | undefined {
    return undefined;
  }
  /** What printing it gives. */
  abstract text(): string;
}

/** Everything an expression can be while a template runs. */
export type Item = Value | Special;

/** A function: a global such as `range`, a method bound to its value, or a macro. */
export class Callable extends Special {
  override readonly type: string = 'function';
  readonly name: string;
  readonly signature: Signature;
  readonly self: Item;
  readonly run: (call: Call) => Item;

  constructor(name: string, signature: Signature, run: (call: Call) => Item, self: Item = null) {
    super();
    this.name = name;
    this.signature = signature;
    this.run = run;
    this.self = self;
  }

  override text(): string {
    return `<function ${this.name}>`;
  }
}

/** What `namespace()` makes: the one thing a template may assign into from an inner scope. */
export class Namespace extends Special {
  override readonly type = 'Namespace';
  readonly items = new Map<Key, Item>();

  override attribute(name: string): Item | undefined {
    return this.items.get(name);
  }

  override text(): string {
    return '<Namespace>';
  }
}
