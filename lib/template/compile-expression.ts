import type { Diagnostic, DiagnosticCode } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import { attribute } from './access.ts';
import { bindProblem, type Given, invoke, type Spec } from './call.ts';
import type { Code, Compile } from './codes.ts';
import * as codes from './codes.ts';
import { type At, Failure, spanOf } from './error.ts';
import type { Frame, Library } from './frame.ts';
import { called, spread, spreadNamed } from './given-code.ts';
import { methodSpec } from './methods/index.ts';
import { type Names, nameCode } from './name-code.ts';
import type { Arguments, Expression } from './nodes.ts';
import { REFUSED } from './refused.ts';
import type { Item } from './special.ts';
import { OMIT } from './taint.ts';
import { Secret, Undefined, Unknown } from './values.ts';

/** Names of collections that hold the same filters and tests as ours. */
const COLLECTION = /^(?:ansible\.(?:builtin|legacy|posix|utils|netcommon)|community\.(?:general|crypto))\./;
const NO_GIVEN: Given = { positional: [], named: [] };

/** Compiles expressions to closures and collects what is wrong with the names of filters, tests and lookups. */
export class ExpressionCompiler {
  readonly errors: Diagnostic[] = [];
  protected readonly library: Library;
  protected readonly names: Names;

  constructor(library: Library, names: Names) {
    this.library = library;
    this.names = names;
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
    const inner: Compile = part => this.compile(part);
    switch (node.type) {
      case 'constant': {
        const { value } = node;
        return () => value;
      }
      case 'name':
        return nameCode(node.name, at, this.names);
      case 'list':
      case 'tuple':
        return codes.listCode(
          node.items.map(item => this.compile(item)),
          node.type === 'tuple',
          at,
        );
      case 'dict':
        return codes.dictCode(
          node.pairs.map(([k, v]) => [this.compile(k), this.compile(v)] as const),
          at,
        );
      case 'attribute':
        return codes.attributeCode(this.compile(node.of), node.name, at);
      case 'subscript':
        return codes.subscriptCode(this.compile(node.of), this.compile(node.key), at);
      case 'slice':
        return codes.sliceCode(
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
        return codes.notCode(this.compile(node.of), at);
      case 'negative':
      case 'positive':
        return codes.signedCode(node.type === 'negative' ? -1 : 1, this.compile(node.of), at);
      case 'and':
      case 'or':
        return codes.logicCode(node.type === 'and', this.compile(node.left), this.compile(node.right), at);
      case 'binary':
        return codes.binaryCode(node, inner);
      case 'concat':
        return codes.concatCode(
          node.parts.map(part => this.compile(part)),
          at,
        );
      case 'compare':
        return codes.compareCode(node, inner);
      case 'if':
        return codes.ifCode(node, inner);
    }
  }

  /** The filter of a name, its arguments checked as far as they are written out. */
  filterSpec(written: string, args: Arguments, at: At): Named {
    const name = written.replace(COLLECTION, '');
    const spec = this.library.filters.get(name);
    if (!spec) this.#unknown('filter', { name, written }, at);
    else this.#checkArguments(`the filter "${name}"`, spec, args, at);
    return { what: `the filter "${name}"`, spec: spec ?? UNKNOWN_SPEC };
  }

  #unknown(kind: 'filter' | 'test' | 'lookup', { name, written }: { name: string; written: string }, at: At): void {
    const table = kind === 'filter' ? 'filters' : kind === 'test' ? 'tests' : 'lookups';
    const why = Object.hasOwn(REFUSED[table], name) ? REFUSED[table][name] : undefined;
    if (why !== undefined) this.error('unsupported', `the ${kind} "${written}" is not supported`, at, why);
    else
      this.error(
        `unknown-${kind}`,
        `there is no ${kind} "${written}"`,
        at,
        didYouMean(name, this.library[table].keys()),
      );
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
      this.#unknown('test', { name, written: node.name }, node.nameAt);
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
    this.#unknown('lookup', { name: wanted, written: first.value }, first.at);
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

/** Whether `is defined` says no; `omit` is a value. */
function isMissing(item: Item): boolean {
  return item instanceof Undefined && item !== OMIT;
}
