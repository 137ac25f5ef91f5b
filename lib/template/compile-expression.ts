import type { Diagnostic, DiagnosticCode } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import { attribute, slice, subscript } from './access.ts';
import { bindProblem, type Given, invoke, type Spec } from './call.ts';
import { truth } from './compare.ts';
import { type At, Failure, Missing, Nothing, spanOf, TemplateError, UndefinedUsed } from './error.ts';
import type { Frame, Library } from './frame.ts';
import { GLOBALS } from './globals.ts';
import { MUTATORS, methodSpec } from './methods/index.ts';
import type { Arguments, Expression } from './nodes.ts';
import { binary, compare, concat, dictKey, signed } from './operators.ts';
import { typeName } from './print.ts';
import { Callable, type Item } from './special.ts';
import { OMIT, plain, taint } from './taint.ts';
import { Tuple } from './tuple.ts';
import { type Dict, Secret, Undefined, Unknown, type Value } from './values.ts';

/** A compiled expression. */
export type Code = (frame: Frame) => Item;

/** Names of collections that hold the same filters and tests as ours. */
const COLLECTION = /^(?:ansible\.(?:builtin|legacy|posix|utils|netcommon)|community\.(?:general|crypto))\./;
const NOTHING = new Nothing('the condition is false and there is no "else"');
const NO_GIVEN: Given = { positional: [], named: [] };

/** Compiles expressions to closures and collects what is wrong with the names of filters, tests and lookups. */
export class ExpressionCompiler {
  readonly errors: Diagnostic[] = [];
  protected readonly library: Library;
  /** The names the template sets itself; undefined when it may see those of the template that includes it. */
  protected readonly locals: ReadonlySet<string> | undefined;
  /** Whether a value of a variable may be changed in place, so that it must be copied first. */
  readonly #mutates: boolean;

  constructor(library: Library, names: { locals: ReadonlySet<string> | undefined; mutates: boolean }) {
    this.library = library;
    this.locals = names.locals;
    this.#mutates = names.mutates;
  }

  protected error(code: DiagnosticCode, message: string, at: At, suggestion?: string): void {
    this.errors.push({
      code,
      severity: 'error',
      message,
      span: spanOf(at),
      ...(suggestion !== undefined && { suggestion }),
    });
  }

  compile(node: Expression): Code {
    const { at } = node;
    switch (node.type) {
      case 'constant': {
        const { value } = node;
        return () => value;
      }
      case 'name':
        return this.#name(node.name, at);
      case 'list':
      case 'tuple':
        return this.#list(
          node.items.map(item => this.compile(item)),
          node.type === 'tuple',
          at,
        );
      case 'dict':
        return this.#dict(
          node.pairs.map(([k, v]) => [this.compile(k), this.compile(v)] as const),
          at,
        );
      case 'attribute':
        return this.#attribute(this.compile(node.of), node.name, at);
      case 'subscript':
        return this.#subscript(this.compile(node.of), this.compile(node.key), at);
      case 'slice':
        return this.#slice(
          this.compile(node.of),
          node.bounds.map(bound => bound && this.compile(bound)),
          at,
        );
      case 'call':
        return this.#call(node.callee, node.arguments, at);
      case 'filter':
        return this.#filter(
          this.compile(node.of),
          this.filterSpec(node.name, node.arguments, node.nameAt),
          node.arguments,
          at,
        );
      case 'test':
        return this.#test(node, at);
      case 'not':
        return this.#not(this.compile(node.of), at);
      case 'negative':
      case 'positive':
        return this.#signed(node.type === 'negative' ? -1 : 1, this.compile(node.of), at);
      case 'and':
      case 'or':
        return this.#logic(node.type === 'and', this.compile(node.left), this.compile(node.right), at);
      case 'binary':
        return this.#binary(node, at);
      case 'concat':
        return this.#concat(
          node.parts.map(part => this.compile(part)),
          at,
        );
      case 'compare':
        return this.#compare(node, at);
      case 'if':
        return this.#if(node, at);
    }
  }

  #name(name: string, at: At): Code {
    const { locals } = this;
    const local = locals === undefined || locals.has(name);
    const global = GLOBALS.get(name);
    const copies = this.#mutates;
    const fetch: Code = frame => {
      const { run } = frame;
      run.at = at;
      let value: Value | undefined;
      try {
        value = frame.isolated ? undefined : run.scope.get(name);
      } catch (error) {
        // As Ansible: a variable that needs an undefined one is undefined itself, so that `default` can replace it.
        if (error instanceof TemplateError && error.diagnostic.code === 'undefined-variable')
          return new Missing(error.message, at, { cause: error });
        throw error;
      }
      if (value !== undefined) return copies ? copied(frame, name, value) : value;
      if (global !== undefined) return global(frame);
      return new Missing(`"${name}" is not defined`, at, { advice: () => didYouMean(name, known(frame)) });
    };
    if (!local) return fetch;
    return frame => {
      const value = frame.find(name);
      return value === undefined ? fetch(frame) : value;
    };
  }

  #list(codes: readonly Code[], tuple: boolean, at: At): Code {
    return frame => {
      const items: Value[] = [];
      for (const code of codes) items.push(kept(code(frame), frame, at));
      return tuple ? Tuple.make(items) : items;
    };
  }

  #dict(codes: readonly (readonly [Code, Code])[], at: At): Code {
    return frame => {
      const dict: Dict = new Map();
      for (const [keyCode, valueCode] of codes) {
        const key = keyCode(frame);
        if (key instanceof Unknown) return key;
        frame.run.at = at;
        dict.set(dictKey(key), kept(valueCode(frame), frame, at));
      }
      return dict;
    };
  }

  #attribute(of: Code, name: string, at: At): Code {
    return frame => {
      const item = of(frame);
      frame.run.at = at;
      return attribute(item, name, at);
    };
  }

  #subscript(of: Code, keyCode: Code, at: At): Code {
    return frame => {
      const item = of(frame);
      const key = keyCode(frame);
      frame.run.at = at;
      return subscript(item, key, at);
    };
  }

  #slice(of: Code, bounds: readonly (Code | undefined)[], at: At): Code {
    return frame => {
      const item = of(frame);
      const values = bounds.map(bound => bound?.(frame));
      frame.run.at = at;
      return slice(item, values);
    };
  }

  #signed(sign: 1 | -1, of: Code, at: At): Code {
    return frame => {
      const item = of(frame);
      frame.run.at = at;
      return signed(sign, item);
    };
  }

  #not(of: Code, at: At): Code {
    return frame => {
      const item = of(frame);
      frame.run.at = at;
      if (typeof item === 'boolean') return !item;
      const known = truth(item);
      return known === undefined ? item : taint(!known, item instanceof Secret);
    };
  }

  #logic(and: boolean, left: Code, right: Code, at: At): Code {
    return frame => {
      const first = left(frame);
      frame.run.at = at;
      const known = typeof first === 'boolean' ? first : truth(first);
      if (known === undefined) return decided(first, right, and, frame);
      return known === and ? right(frame) : first;
    };
  }

  #binary(node: Extract<Expression, { type: 'binary' }>, at: At): Code {
    const { operator } = node;
    const left = this.compile(node.left);
    const right = this.compile(node.right);
    return frame => {
      const a = left(frame);
      const b = right(frame);
      frame.run.at = at;
      return binary(operator, a, b);
    };
  }

  #concat(parts: readonly Code[], at: At): Code {
    return frame => {
      const items = parts.map(part => part(frame));
      frame.run.at = at;
      return concat(items);
    };
  }

  #compare(node: Extract<Expression, { type: 'compare' }>, at: At): Code {
    const first = this.compile(node.first);
    const rest = node.rest.map(({ operator, value }) => ({ operator, value: this.compile(value) }));
    const [only] = rest;
    if (rest.length === 1 && only) {
      const { operator, value } = only;
      return frame => {
        const a = first(frame);
        const b = value(frame);
        frame.run.at = at;
        return compare(operator, a, b);
      };
    }
    return frame => {
      let left = first(frame);
      let result: Item = true;
      for (const { operator, value } of rest) {
        const right = value(frame);
        frame.run.at = at;
        result = compare(operator, left, right);
        if (result instanceof Unknown || truth(result) === false) return result;
        left = right;
      }
      return result;
    };
  }

  #if(node: Extract<Expression, { type: 'if' }>, at: At): Code {
    const test = this.compile(node.test);
    const then = this.compile(node.then);
    const otherwise = node.otherwise && this.compile(node.otherwise);
    return frame => {
      const item = test(frame);
      frame.run.at = at;
      const known = truth(item);
      if (known === undefined) return item;
      if (known) return then(frame);
      return otherwise ? otherwise(frame) : NOTHING;
    };
  }

  /** The filter of a name, its arguments checked as far as they are written out. */
  filterSpec(written: string, args: Arguments, at: At): Named {
    const name = written.replace(COLLECTION, '');
    const spec = this.library.filters.get(name);
    if (!spec)
      this.error(
        'unknown-filter',
        `there is no filter "${written}"`,
        at,
        didYouMean(name, this.library.filters.keys()),
      );
    else this.#checkArguments(`the filter "${name}"`, spec, args, at);
    return { what: `the filter "${name}"`, spec: spec ?? UNKNOWN_SPEC };
  }

  #filter(of: Code, named: Named, args: Arguments, at: At): Code {
    const apply = this.filterCode(named, args, at);
    return frame => apply(of(frame), frame);
  }

  /** A filter ready to be given its value. */
  filterCode({ what, spec }: Named, args: Arguments, at: At): (item: Item, frame: Frame) => Item {
    const given = this.#given(args, at);
    return (item, frame) => {
      const values = given(frame);
      frame.run.at = at;
      return invoke(what, spec, item, values, frame);
    };
  }

  #test(node: Extract<Expression, { type: 'test' }>, at: At): Code {
    const name = node.name.replace(COLLECTION, '');
    const spec = this.library.tests.get(name);
    if (!spec) {
      this.error(
        'unknown-test',
        `there is no test "${node.name}"`,
        node.nameAt,
        didYouMean(name, this.library.tests.keys()),
      );
      return () => false;
    }
    const what = `the test "${name}"`;
    this.#checkArguments(what, spec, node.arguments, node.nameAt);
    const of = this.compile(node.of);
    if (name === 'defined') return frame => !isMissing(of(frame));
    if (name === 'undefined') return frame => isMissing(of(frame));
    const given = this.#given(node.arguments, at);
    return frame => {
      const item = of(frame);
      const values = given(frame);
      frame.run.at = at;
      return invoke(what, spec, item, values, frame);
    };
  }

  #checkArguments(what: string, spec: Spec, args: Arguments, at: At): void {
    if (args.rest || args.extra) return;
    const problem = bindProblem(
      spec.signature,
      args.positional.length,
      args.named.map(arg => arg.name),
    );
    const culprit = args.named.find(arg => problem?.message.includes(`"${arg.name}"`));
    if (problem) this.error('template-error', `${what} ${problem.message}`, culprit?.at ?? at, problem.suggestion);
  }

  #given(args: Arguments, at: At): (frame: Frame) => Given {
    const positional = args.positional.map(arg => this.compile(arg));
    const named = args.named.map(arg => [arg.name, this.compile(arg.value)] as const);
    const rest = args.rest && this.compile(args.rest);
    const extra = args.extra && this.compile(args.extra);
    if (positional.length === 0 && named.length === 0 && !rest && !extra) return () => NO_GIVEN;
    if (named.length === 0 && !rest && !extra)
      return frame => ({ positional: positional.map(code => code(frame)), named: NO_GIVEN.named });
    return frame => {
      const given = {
        positional: positional.map(code => code(frame)),
        named: named.map(([name, code]) => [name, code(frame)] as const),
      };
      frame.run.at = at;
      if (rest) given.positional.push(...spread(rest(frame)));
      if (extra) given.named.push(...spreadNamed(extra(frame)));
      return given;
    };
  }

  #call(callee: Expression, args: Arguments, at: At): Code {
    if (callee.type === 'attribute') return this.#method(callee, args, at);
    if (callee.type === 'name') this.#checkLookup(callee.name, args);
    const code = this.compile(callee);
    const given = this.#given(args, at);
    return frame => {
      const item = code(frame);
      return called(item, given(frame), { frame, at });
    };
  }

  /** `lookup('name', ...)`: a lookup that is not there is found before anything runs. */
  #checkLookup(name: string, args: Arguments): void {
    if (name !== 'lookup' && name !== 'query' && name !== 'q') return;
    const [first] = args.positional;
    if (first?.type !== 'constant' || typeof first.value !== 'string') return;
    const wanted = first.value.replace(COLLECTION, '');
    if (this.library.lookups.has(wanted)) return;
    this.error(
      'unknown-lookup',
      `there is no lookup "${first.value}"`,
      first.at,
      didYouMean(wanted, this.library.lookups.keys()),
    );
  }

  #method(callee: Extract<Expression, { type: 'attribute' }>, args: Arguments, at: At): Code {
    const of = this.compile(callee.of);
    const given = this.#given(args, at);
    const { name } = callee;
    const what = `the method "${name}"`;
    return frame => {
      const item = of(frame);
      if (item instanceof Unknown) return item;
      const spec = methodSpec(item instanceof Secret ? item.reveal() : item, name);
      if (!spec) return called(attribute(item, name, callee.at), given(frame), { frame, at });
      const values = given(frame);
      frame.run.at = at;
      return invoke(what, spec, item, values, frame);
    };
  }
}

/** A function and what errors call it. */
export interface Named {
  readonly what: string;
  readonly spec: Spec;
}

/** Stands for a name that is not there while the rest is compiled, so that all errors are found. */
const UNKNOWN_SPEC: Spec = {
  signature: { params: [], required: 0, rest: true, extra: true, takes: 'anything' },
  run: () => {
    throw new Failure('internal: an unknown filter was called');
  },
};

/** Calls a value. */
export function called(item: Item, given: Given, { frame, at }: { frame: Frame; at: At }): Item {
  if (item instanceof Unknown) return item;
  frame.run.at = at;
  if (item instanceof Undefined) throw new UndefinedUsed(item);
  if (!(item instanceof Callable)) throw new Failure(`a ${typeName(item)} cannot be called`);
  return invoke(item.name, item, item.self, given, frame);
}

/** Whether `is defined` says no; `omit` is a value. */
function isMissing(item: Item): boolean {
  return item instanceof Undefined && item !== OMIT;
}

/** With an unknown left side the right one may still decide: `unknown and false` is false. */
function decided(first: Item, right: Code, and: boolean, frame: Frame): Item {
  try {
    const second = right(frame);
    return second === !and ? second : first;
  } catch (error) {
    // The right side may rest on what the left one would have ruled out.
    if (error instanceof Failure || error instanceof TemplateError) return first;
    throw error;
  }
}

function kept(item: Item, frame: Frame, at: At): Value {
  if (typeof item === 'object') frame.run.at = at;
  return plain(item);
}

function* known(frame: Frame): Iterable<string> {
  for (let at: Frame | undefined = frame; at; at = at.parent) yield* at.own().keys();
  yield* frame.run.scope.names();
  for (const name of GLOBALS.keys()) if (name.length > 1) yield name;
}

function spread(item: Item): readonly Item[] {
  const value = item instanceof Secret ? item.reveal() : item;
  if (Array.isArray(value)) return item instanceof Secret ? value.map(inner => new Secret(inner)) : value;
  if (value instanceof Undefined) throw new UndefinedUsed(value);
  if (value instanceof Unknown) return [value];
  throw new Failure(`"*" needs a list, not ${typeName(value)}`);
}

function spreadNamed(item: Item): (readonly [string, Item])[] {
  const value = item instanceof Secret ? item.reveal() : item;
  if (value instanceof Undefined) throw new UndefinedUsed(value);
  if (!(value instanceof Map)) throw new Failure(`"**" needs a dict, not ${typeName(value)}`);
  return [...value].map(([key, inner]) => [String(key), item instanceof Secret ? new Secret(inner) : inner] as const);
}

/** The copy of a variable that a template may change. */
function copied(frame: Frame, name: string, value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  const { run } = frame;
  run.copies ??= new Map();
  const before = run.copies.get(name);
  if (before !== undefined) return before;
  const copy = deepCopy(value);
  run.copies.set(name, copy);
  return copy;
}

function deepCopy(value: Value): Value {
  if (value instanceof Tuple) return Tuple.make(value.map(deepCopy));
  if (Array.isArray(value)) return value.map(deepCopy);
  // A Map of another kind makes its values on demand (hostvars): it cannot be changed and is not read through.
  return value instanceof Map && Object.getPrototypeOf(value) === Map.prototype
    ? new Map([...value].map(([k, v]) => [k, deepCopy(v)]))
    : value;
}

/** Whether a template's text may change a value in place. */
export function mayMutate(text: string): boolean {
  return Array.from(text.matchAll(/\.\s*([a-z]+)\s*\(/g)).some(found => MUTATORS.has(found[1] as string));
}
