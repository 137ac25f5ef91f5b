import { didYouMean } from '../text/near.ts';
import { numeric } from './compare.ts';
import { Failure, Missing, Nothing, UndefinedUsed } from './error.ts';
import type { Frame } from './frame.ts';
import { str, typeName } from './print.ts';
import type { Item } from './special.ts';
import { OMIT, revealAll, taint, taintOf } from './taint.ts';
import { Float, Secret, Undefined, Unknown, type Value } from './values.ts';

/**
 * What a function does with secrets and unknowns: `content` reads into its values, so that one secret inside makes the
 * result secret; `structure` only moves values around, so that each keeps its own secrecy; `anything` sees all itself.
 */
export type Takes = 'content' | 'structure' | 'anything';

/** The parameters of a filter, test, method or function, as Python would have them. */
export interface Signature {
  readonly params: readonly string[];
  /** How many of them must be given. */
  readonly required: number;
  readonly rest: boolean;
  readonly extra: boolean;
  readonly takes: Takes;
}

/** A named function of the engine. */
export interface Spec {
  readonly signature: Signature;
  readonly run: (call: Call) => Item;
}
export type SpecTable = Readonly<Record<string, Spec>>;

/** Reads `old new count? *rest **extra`: names, `?` after what may be left out. */
export function signature(text: string, takes: Takes): Signature {
  const words = text.split(' ').filter(word => word !== '');
  const names = words.filter(word => !word.startsWith('*'));
  return {
    params: names.map(name => name.replace('?', '')),
    required: names.filter(name => !name.endsWith('?')).length,
    rest: words.some(word => /^\*[^*]/.test(word)),
    extra: words.some(word => word.startsWith('**')),
    takes,
  };
}

/** A function that reads into its values. */
export function content(params: string, run: (call: Call) => Item): Spec {
  return { signature: signature(params, 'content'), run };
}

/** A function that moves values around without reading them. */
export function structure(params: string, run: (call: Call) => Item): Spec {
  return { signature: signature(params, 'structure'), run };
}

/** A function that also takes what is undefined, unknown or secret. */
export function anything(params: string, run: (call: Call) => Item): Spec {
  return { signature: signature(params, 'anything'), run };
}

/** The arguments of one call before they are given to parameters. */
export interface Given {
  readonly positional: readonly Item[];
  readonly named: readonly (readonly [string, Item])[];
}

/** What is wrong with arguments of this number and these names; the same at compile time and at run time. */
export function bindProblem(
  sig: Signature,
  count: number,
  names: readonly string[],
): { message: string; suggestion?: string } | undefined {
  if (count > sig.params.length && !sig.rest)
    return {
      message: `takes at most ${sig.params.length} argument${sig.params.length === 1 ? '' : 's'}, not ${count}`,
    };
  for (const name of names) {
    const at = sig.params.indexOf(name);
    if (at >= 0 && at < count) return { message: `got its argument "${name}" twice` };
    if (at >= 0 || sig.extra) continue;
    const suggestion = didYouMean(name, sig.params);
    return { message: `has no argument "${name}"`, ...(suggestion !== undefined && { suggestion }) };
  }
  const missing = sig.params.slice(0, sig.required).find((name, i) => i >= count && !names.includes(name));
  return missing === undefined ? undefined : { message: `needs its argument "${missing}"` };
}

/** One call of a filter, test, method or function: its arguments by parameter, read with the type the callee wants. */
export class Call {
  readonly what: string;
  readonly input: Item;
  readonly values: readonly (Item | undefined)[];
  readonly rest: readonly Item[];
  readonly extra: readonly (readonly [string, Item])[];
  readonly signature: Signature;
  readonly frame: Frame;

  constructor(what: string, sig: Signature, input: Item, given: Given, frame: Frame) {
    const { params } = sig;
    const count = given.positional.length;
    this.what = what;
    this.signature = sig;
    this.input = input;
    this.frame = frame;
    this.rest = count > params.length ? given.positional.slice(params.length) : NONE;
    if (given.named.length === 0) {
      this.values = count > params.length ? given.positional.slice(0, params.length) : given.positional;
      this.extra = NONE;
      return;
    }
    const values: (Item | undefined)[] = given.positional.slice(0, params.length);
    const extra: (readonly [string, Item])[] = [];
    for (const pair of given.named) {
      const at = params.indexOf(pair[0]);
      if (at >= 0) values[at] = pair[1];
      else extra.push(pair);
    }
    this.values = values;
    this.extra = extra;
  }

  /** Whether the parameter was given a value (None counts as one). */
  has(index: number): boolean {
    return this.values[index] !== undefined;
  }

  value(index: number, otherwise: Item = null): Item {
    const value = this.values[index];
    return value === undefined ? otherwise : value;
  }

  /** A text; a number or bool is not taken for one, as Python would not. */
  text(index: number, otherwise?: string): string {
    const value = this.values[index];
    if (value === undefined && otherwise !== undefined) return otherwise;
    if (typeof value === 'string') return value;
    if (value instanceof Secret) return str(value);
    return this.wrong(index, 'a text');
  }

  int(index: number, otherwise?: number): number {
    const value = this.values[index];
    if (value === undefined && otherwise !== undefined) return otherwise;
    const number = value === undefined || value instanceof Float ? undefined : numeric(value);
    return number ?? this.wrong(index, 'an integer');
  }

  bool(index: number, otherwise = false): boolean {
    const value = this.values[index];
    if (value === undefined) return otherwise;
    if (typeof value === 'boolean') return value;
    if (value === null) return false;
    if (typeof value === 'number') return value !== 0;
    return typeof value === 'string' ? value !== '' : this.wrong(index, 'true or false');
  }

  list(index: number): readonly Value[] {
    const value = this.values[index];
    if (Array.isArray(value)) return value;
    return this.wrong(index, 'a list');
  }

  /** The value the function works on, as text. */
  inputText(): string {
    return typeof this.input === 'string'
      ? this.input
      : this.wrongInput('a text', typeof this.input === 'number' ? 'put "| string" before it' : undefined);
  }

  fail(message: string, suggestion?: string): never {
    throw new Failure(`${this.what} ${message}`, suggestion);
  }

  wrongInput(wanted: string, suggestion?: string): never {
    return this.fail(`works on ${wanted}, not ${typeName(this.input)}`, suggestion);
  }

  wrong(index: number, wanted: string): never {
    const value = this.values[index];
    return this.fail(
      `needs ${wanted} as "${this.signature.params[index]}"${value === undefined ? '' : `, not ${typeName(value)}`}`,
    );
  }
}

const NONE: readonly never[] = [];

/** Calls a function, keeping what is unknown unknown and what is secret secret. */
export function invoke(what: string, spec: Spec, input: Item, given: Given, frame: Frame): Item {
  const sig = spec.signature;
  const problem =
    given.positional.length > sig.params.length || given.named.length > 0 || given.positional.length < sig.required
      ? bindProblem(
          sig,
          given.positional.length,
          given.named.map(pair => pair[0]),
        )
      : undefined;
  if (problem) throw new Failure(`${what} ${problem.message}`, problem.suggestion);
  if (sig.takes === 'anything') return spec.run(new Call(what, sig, input, given, frame));
  if (input instanceof Nothing) return invoke(what, spec, '', given, frame);
  let secret = false;
  const examine = (item: Item): boolean | Unknown => {
    if (typeof item !== 'object' || item === null || item === OMIT) return false;
    if (item instanceof Undefined) throw new UndefinedUsed(item);
    return sig.takes === 'content' ? taintOf(item) : item instanceof Unknown ? item : item instanceof Secret;
  };
  const all = [input, ...given.positional, ...given.named.map(pair => pair[1])];
  for (const item of all) {
    const held = examine(item);
    if (held instanceof Unknown) return held;
    if (held) secret = true;
  }
  if (!secret) return spec.run(new Call(what, sig, input, given, frame));
  const reveal = (item: Item): Item => {
    if (sig.takes === 'content') return revealAll(item as Value);
    return item instanceof Secret ? item.reveal() : item;
  };
  const revealed: Given = {
    positional: given.positional.map(reveal),
    named: given.named.map(([name, item]) => [name, reveal(item)] as const),
  };
  try {
    const result = spec.run(new Call(what, sig, reveal(input), revealed, frame));
    // What is missing may be named after the secret.
    if (result instanceof Undefined && result !== OMIT)
      return new Missing(`${what} found nothing for a secret value`, frame.run.at);
    return taint(result, true);
  } catch (error) {
    // The message may quote the value: with a secret involved it says only what failed.
    if (error instanceof Failure) throw new Failure(`${what} failed on a secret value`, undefined, error.code);
    throw error;
  }
}
