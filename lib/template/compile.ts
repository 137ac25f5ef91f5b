import { assigner, CALLER, deeper } from './assign.ts';
import type { Code } from './codes.ts';
import { truth } from './compare.ts';
import { ExpressionCompiler } from './compile-expression.ts';
import { type At, UnknownFound } from './error.ts';
import type { Frame } from './frame.ts';
import { blockCode, extendsCode, fromCode, importCode, includeCode, type LoadTemplate } from './include.ts';
import { iterate, Loop } from './loop.ts';
import { makeMacro } from './macro.ts';
import type { Names } from './name-code.ts';
import type { Body, FilterCall, Statement, Target } from './nodes.ts';
import { Output } from './output.ts';
import type { Item } from './special.ts';
import type { Unknown } from './values.ts';

/** How a statement ended: went on, or a `break` or `continue` is looking for its loop. */
export type Flow = 0 | 1 | 2;
export type Exec = (frame: Frame, out: Output) => Flow;
const BREAK = 1;
const CONTINUE = 2;

/** Compiles statements to closures. */
export class StatementCompiler extends ExpressionCompiler {
  /** The blocks of this template by name. */
  readonly blocks = new Map<string, Exec>();
  readonly #load: LoadTemplate;

  constructor(library: ExpressionCompiler['library'], names: Names, load: LoadTemplate) {
    super(library, names);
    this.#load = load;
  }

  body(body: Body): Exec {
    const codes = body.map(statement => this.statement(statement));
    const [only] = codes;
    if (codes.length === 1 && only) return only;
    return (frame, out) => {
      for (const code of codes) {
        const flow = code(frame, out);
        if (flow !== 0) return flow;
      }
      return 0;
    };
  }

  statement(node: Statement): Exec {
    switch (node.type) {
      case 'text':
        return (_frame, out) => {
          out.write(node.text);
          return 0;
        };
      case 'print':
        return this.#print(this.compile(node.value), node.value.at);
      case 'do': {
        const code = this.compile(node.value);
        return frame => {
          code(frame);
          return 0;
        };
      }
      case 'set':
        return this.#set(node.target, this.compile(node.value));
      case 'set-block':
        return this.#setBlock(node);
      case 'for':
        return this.#for(node);
      case 'if':
        return this.#if(node);
      case 'break':
        return () => BREAK;
      case 'continue':
        return () => CONTINUE;
      case 'macro': {
        const make = makeMacro(this, node);
        return frame => {
          frame.set(node.name, make(frame));
          return 0;
        };
      }
      case 'call':
        return this.#call(node);
      case 'filter':
        return this.#filterBlock(node);
      case 'with':
        return this.#with(node);
      case 'include':
        return includeCode(this.compile(node.file), node, this.#load);
      case 'import':
        return importCode(this.compile(node.file), node, this.#load);
      case 'from':
        return fromCode(this.compile(node.file), node, this.#load);
      case 'extends':
        return extendsCode(this.compile(node.file), node.at, this.#load);
      case 'block': {
        if (this.blocks.has(node.name)) this.error('template-syntax', `there are two blocks "${node.name}"`, node.at);
        this.blocks.set(node.name, this.body(node.body));
        return blockCode(node);
      }
    }
  }

  #print(code: Code, at: At): Exec {
    return (frame, out) => {
      const item = code(frame);
      frame.run.at = at;
      out.print(item);
      return 0;
    };
  }

  /** Runs a body and gives its text. */
  capture(body: Body): (frame: Frame) => Item {
    const code = this.body(body);
    return frame => {
      const out = new Output(false);
      code(frame, out);
      return out.textResult();
    };
  }

  #set(target: Target, code: Code): Exec {
    const assign = assigner(target);
    return frame => {
      assign(frame, code(frame));
      return 0;
    };
  }

  #filters(filters: readonly FilterCall[], at: At): (item: Item, frame: Frame) => Item {
    const codes = filters.map(filter =>
      this.filterCode(this.filterSpec(filter.name, filter.arguments, filter.nameAt), filter.arguments, at),
    );
    return (item, frame) => codes.reduce((value, code) => code(value, frame), item);
  }

  #setBlock(node: Extract<Statement, { type: 'set-block' }>): Exec {
    const assign = assigner(node.target);
    const capture = this.capture(node.body);
    const filter = this.#filters(node.filters, node.at);
    return frame => {
      assign(frame, filter(capture(frame.inner()), frame));
      return 0;
    };
  }

  #filterBlock(node: Extract<Statement, { type: 'filter' }>): Exec {
    const capture = this.capture(node.body);
    const filter = this.#filters(node.filters, node.at);
    return (frame, out) => {
      out.print(filter(capture(frame.inner()), frame));
      return 0;
    };
  }

  #with(node: Extract<Statement, { type: 'with' }>): Exec {
    const assignments = node.assignments.map(({ target, value }) => ({
      assign: assigner(target),
      code: this.compile(value),
    }));
    const body = this.body(node.body);
    return (frame, out) => {
      const inner = frame.inner();
      // As Jinja: the values cannot see each other's names.
      for (const { assign, code } of assignments) assign(inner, code(frame));
      return body(inner, out);
    };
  }

  #if(node: Extract<Statement, { type: 'if' }>): Exec {
    const branches = node.branches.map(({ test, body }) => ({
      test: this.compile(test),
      body: this.body(body),
      at: test.at,
    }));
    const otherwise = this.body(node.otherwise);
    return (frame, out) => {
      for (const { test, body, at } of branches) {
        const item = test(frame);
        frame.run.at = at;
        const known = typeof item === 'boolean' ? item : truth(item);
        if (known === undefined) throw new UnknownFound(item as Unknown);
        if (known) return body(frame, out);
      }
      return otherwise(frame, out);
    };
  }

  #for(node: Extract<Statement, { type: 'for' }>): Exec {
    const iterable = this.compile(node.iterable);
    const assign = assigner(node.target);
    const condition = node.condition && this.compile(node.condition);
    const body = this.body(node.body);
    const otherwise = this.body(node.otherwise);
    const { at } = node;
    const kept = (frame: Frame, items: readonly Item[]) =>
      condition
        ? items.filter(item => {
            const inner = frame.inner();
            assign(inner, item);
            const test = condition(inner);
            const known = truth(test);
            if (known === undefined) throw new UnknownFound(test as Unknown);
            return known;
          })
        : items;
    const go = (from: Item, frame: Frame, out: Output, depth: number): Flow => {
      frame.run.at = node.iterable.at;
      const items = kept(frame, iterate(from)) as ReturnType<typeof iterate>;
      if (items.length === 0) return otherwise(frame.inner(), out);
      const recurse = !node.recursive
        ? undefined
        : (inner: Item, caller: Frame): Item => {
            deeper(caller, at, depth);
            const text = new Output(false);
            go(inner, frame, text, depth + 1);
            return text.textResult();
          };
      const loop = new Loop(items, { depth, at, recurse });
      for (const item of items) {
        loop.index0++;
        const inner = frame.inner();
        inner.set('loop', loop);
        assign(inner, item);
        if (body(inner, out) === BREAK) break;
      }
      return 0;
    };
    return (frame, out) => {
      out.enterLoop();
      const flow = go(iterable(frame), frame, out, 0);
      out.leaveLoop();
      return flow;
    };
  }

  #call(node: Extract<Statement, { type: 'call' }>): Exec {
    const make = makeMacro(this, { name: 'caller', parameters: node.parameters, body: node.body, at: node.at });
    if (node.call.type !== 'call') throw new Error('internal: a call block without a call');
    const { callee, arguments: args, at } = node.call;
    // The body is one more named argument, which the macro knows as `caller`.
    const hidden = { name: CALLER, value: { type: 'name', name: CALLER, at } as const, at };
    const code = this.inner(CALLER).compile({
      type: 'call',
      callee,
      arguments: { ...args, named: [...args.named, hidden] },
      at,
    });
    return (frame, out) => {
      const inner = frame.inner();
      inner.set(CALLER, make(frame));
      const item = code(inner);
      out.print(item);
      return 0;
    };
  }

  /** A compiler that also takes this name for one of the template's own; its errors are ours. */
  private inner(name: string): ExpressionCompiler {
    const { locals } = this.names;
    const compiler = new ExpressionCompiler(this.library, {
      locals: locals && new Set([...locals, name]),
      mutates: false,
    });
    Object.defineProperty(compiler, 'errors', { value: this.errors });
    return compiler;
  }
}
