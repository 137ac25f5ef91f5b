import { CALLER, deeper } from './assign.ts';
import type { Call, Signature } from './call.ts';
import type { StatementCompiler } from './compile.ts';
import { type At, Failure, Missing } from './error.ts';
import type { Frame } from './frame.ts';
import type { Body, Parameter } from './nodes.ts';
import { Callable, type Item } from './special.ts';
import { plain } from './taint.ts';
import { Tuple } from './tuple.ts';
import type { Value } from './values.ts';

/** A macro: a function that prints. */
export class Macro extends Callable {
  override readonly type = 'macro';
  readonly #properties: ReadonlyMap<string, Value>;

  constructor(
    name: string,
    options: { signature: Signature; run: (call: Call) => Item; properties: ReadonlyMap<string, Value> },
  ) {
    super(name, options.signature, options.run);
    this.#properties = options.properties;
  }

  override attribute(name: string): Item | undefined {
    return this.#properties.get(name);
  }
}

/** Compiles a macro (or the body of a call block); the result makes it in the frame where it is defined. */
export function makeMacro(
  compiler: StatementCompiler,
  node: { name: string; parameters: readonly Parameter[]; body: Body; at: At },
): (frame: Frame) => Macro {
  const parameters = node.parameters.map(({ name, otherwise }) => ({
    name,
    otherwise: otherwise && compiler.compile(otherwise),
  }));
  const capture = compiler.capture(node.body);
  const uses = new Set(usedNames(node));
  const signature: Signature = {
    params: parameters.map(p => p.name),
    required: 0,
    rest: uses.has('varargs'),
    extra: true,
    takes: 'anything',
  };
  const { at } = node;
  const properties = new Map<string, Value>([
    ['name', node.name],
    ['arguments', Tuple.make(parameters.map(p => p.name))],
    ['caller', uses.has('caller')],
    ['catch_varargs', uses.has('varargs')],
    ['catch_kwargs', uses.has('kwargs')],
  ]);
  return outer => {
    const run = (call: Call): Item => {
      const { run: rendering } = call.frame;
      deeper(call.frame, rendering.at, rendering.depth);
      const inner = outer.inner();
      parameters.forEach(({ name, otherwise }, i) => {
        const given = call.values[i];
        inner.set(
          name,
          given !== undefined
            ? given
            : otherwise
              ? otherwise(inner)
              : new Missing(`the macro "${node.name}" got no argument "${name}"`, at),
        );
      });
      spill(call, inner, uses);
      rendering.depth++;
      const text = capture(inner);
      rendering.depth--;
      return text;
    };
    return new Macro(node.name, { signature, run, properties });
  };
}

/** Gives a macro what its parameters did not take, as far as its body asks for it. */
function spill(call: Call, inner: Frame, uses: ReadonlySet<string>): void {
  const caller = call.extra.find(([name]) => name === CALLER)?.[1];
  const kwargs = call.extra.filter(([name]) => name !== CALLER);
  if (caller !== undefined && !uses.has('caller'))
    throw new Failure(`the macro "${call.what}" never calls "caller()": the text of the call block would be lost`);
  if (caller !== undefined) inner.set('caller', caller);
  if (uses.has('varargs')) inner.set('varargs', Tuple.make(call.rest.map(plain)));
  if (uses.has('kwargs')) inner.set('kwargs', new Map(kwargs.map(([name, item]) => [name, plain(item)])));
  else if (kwargs.length > 0) throw new Failure(`the macro "${call.what}" has no parameter "${kwargs[0]?.[0]}"`);
}

/** The names a macro's text mentions: only these of `caller`, `varargs` and `kwargs` are given to it. */
function usedNames(node: { body: Body; at: At }): string[] {
  const found: string[] = [];
  JSON.stringify(node.body, (key, value) => {
    if (key === 'at' || key === 'nameAt') return undefined;
    if (value !== null && typeof value === 'object' && value.type === 'name' && typeof value.name === 'string')
      found.push(value.name);
    return value;
  });
  return found;
}
