import { render, TemplateError } from '../template/index.ts';
import type { Raw, Scope, Services, Value } from '../template/values.ts';
import type { Span } from '../text/source.ts';
import { rememberSecrets } from './remember.ts';

/** A variable as set somewhere. `data` came from a host or a task: it is taken as it is, never rendered. */
export interface VarEntry {
  readonly value: Raw | Value;
  readonly span?: Span | undefined;
  readonly data?: true;
}

export type VarLayer = ReadonlyMap<string, VarEntry>;

/** What scopes need besides their layers. */
export interface ScopeParts {
  /** From the weakest to the strongest. */
  readonly layers: readonly VarLayer[];
  /** Variables that nobody sets (`inventory_hostname`, `hostvars`): stronger than all layers. */
  readonly magic: (name: string) => Value | undefined;
  readonly magicNames: readonly string[];
  readonly services: Services;
}

/** The variables of one host for one task: looked up in ordered layers, rendered when asked for, each once. */
export class LayeredScope implements Scope {
  readonly services: Services;
  readonly #parts: ScopeParts;
  readonly #done = new Map<string, Value>();
  readonly #under = new Set<string>();

  constructor(parts: ScopeParts) {
    this.#parts = parts;
    this.services = parts.services;
  }

  get(name: string): Value | undefined {
    const known = this.#done.get(name);
    if (known !== undefined) return known;
    const magic = this.#parts.magic(name);
    if (magic !== undefined) return magic;
    const entry = this.entry(name);
    if (entry === undefined) return undefined;
    const value = entry.data ? (entry.value as Value) : this.#render(name, entry);
    this.#done.set(name, value);
    return value;
  }

  /** Whether there is such a variable; it is not rendered for that. */
  has(name: string): boolean {
    return this.entry(name) !== undefined || this.isMagic(name);
  }

  /** Whether it is one that nobody sets, and nothing can. */
  isMagic(name: string): boolean {
    return this.#parts.magicNames.includes(name) && this.#parts.magic(name) !== undefined;
  }

  /** Where the winning value of a variable comes from. */
  entry(name: string): VarEntry | undefined {
    const { layers } = this.#parts;
    for (let i = layers.length - 1; i >= 0; i--) {
      const entry = layers[i]?.get(name);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  #render(name: string, entry: VarEntry): Value {
    if (this.#under.has(name)) throw recursion([...this.#under, name], entry);
    this.#under.add(name);
    try {
      const value = render(entry.value as Raw, this);
      if (typeof value === 'object') rememberSecrets(value, text => this.services.hide(text));
      return value;
    } finally {
      this.#under.delete(name);
    }
  }

  *names(): Iterable<string> {
    yield* this.#parts.magicNames;
    for (const layer of this.#parts.layers) yield* layer.keys();
  }

  where(name: string): Span | undefined {
    return this.entry(name)?.span;
  }

  /** The same with further, stronger layers. */
  with(...layers: VarLayer[]): LayeredScope {
    return new LayeredScope({ ...this.#parts, layers: [...this.#parts.layers, ...layers] });
  }
}

function recursion(names: readonly string[], entry: VarEntry): TemplateError {
  const way = names.slice(names.indexOf(names.at(-1) ?? '')).join(' -> ');
  return new TemplateError({
    code: 'recursion',
    severity: 'error',
    message: `the variable refers to itself: ${way}`,
    ...(entry.span && { span: entry.span }),
  });
}

/** A layer of values that came from hosts or tasks. */
export function dataLayer(values: Iterable<readonly [string, Value]>, span?: Span): VarLayer {
  return new Map([...values].map(([name, value]) => [name, { value, span, data: true }] as const));
}
