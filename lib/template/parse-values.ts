import type { At } from './error.ts';
import { stringValue } from './lex-expression.ts';
import type { Arguments, Expression } from './nodes.ts';
import { SyntaxProblem } from './syntax-error.ts';
import { TokenReader } from './token-reader.ts';
import { Float } from './values.ts';

const NO_ARGUMENTS: Arguments = { positional: [], named: [], rest: undefined, extra: undefined };
const CONSTANTS: Readonly<Record<string, boolean | null>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

/** Reads single values, and what may follow them: attributes, indexes, calls, filters and tests. */
export abstract class ValueParser extends TokenReader {
  /** Reads a whole expression. */
  abstract parse(): Expression;
  /** Reads an expression, perhaps a tuple without parentheses. */
  abstract parseTuple(options: { conditional: boolean; stop?: string }): Expression;

  protected primary(): Expression {
    const { token } = this;
    switch (token.kind) {
      case 'name':
        return this.#name();
      case 'string':
        return this.#strings();
      case 'int':
      case 'float':
        return this.#number();
      case 'operator':
        if (token.value === '(') return this.#parentheses();
        if (token.value === '[') return this.#list();
        if (token.value === '{') return this.#dict();
    }
    return this.unexpected('a value');
  }

  #name(): Expression {
    const token = this.next();
    const at = this.at(token.start);
    const constant = Object.hasOwn(CONSTANTS, token.value) ? CONSTANTS[token.value] : undefined;
    return constant === undefined ? { type: 'name', name: token.value, at } : { type: 'constant', value: constant, at };
  }

  #strings(): Expression {
    const start = this.token.start;
    let value = '';
    while (this.token.kind === 'string') value += stringValue(this.next(), this.escapes);
    return { type: 'constant', value, at: this.at(start) };
  }

  #number(): Expression {
    const token = this.next();
    const text = token.value.replaceAll('_', '');
    const value = Number(text);
    const at = this.at(token.start);
    if (token.kind === 'float') return { type: 'constant', value: new Float(value), at };
    if (!Number.isSafeInteger(value))
      throw new SyntaxProblem('the number is too large to be exact', token, 'write it as a text in quotes');
    return { type: 'constant', value, at };
  }

  #parentheses(): Expression {
    const { start } = this.next();
    if (this.accept(')')) return { type: 'tuple', items: [], at: this.at(start) };
    const value = this.deeper(() => this.parseTuple({ conditional: true }));
    this.expect(')', 'after the value');
    // The place of an expression in parentheses includes them, of a tuple too.
    return { ...value, at: this.at(start) };
  }

  #list(): Expression {
    const { start } = this.next();
    const items: Expression[] = [];
    while (!this.is(']')) {
      items.push(this.parse());
      if (!this.is(']')) this.expect(',', 'or "]" in the list');
    }
    this.next();
    return { type: 'list', items, at: this.at(start) };
  }

  #dict(): Expression {
    const { start } = this.next();
    const pairs: [Expression, Expression][] = [];
    while (!this.is('}')) {
      const key = this.parse();
      this.expect(':', 'after the key');
      pairs.push([key, this.parse()]);
      if (!this.is('}')) this.expect(',', 'or "}" in the dict');
    }
    this.next();
    return { type: 'dict', pairs, at: this.at(start) };
  }

  protected postfix(of: Expression, start: number): Expression {
    let node = of;
    for (let count = 0; ; count++) {
      this.link(count);
      if (this.accept('.')) node = this.#attribute(node, start);
      else if (this.accept('[')) node = this.#subscript(node, start);
      else if (this.is('(')) node = { type: 'call', callee: node, arguments: this.#arguments(), at: this.at(start) };
      else return node;
    }
  }

  #attribute(of: Expression, start: number): Expression {
    const token = this.next();
    if (token.kind === 'name') return { type: 'attribute', of, name: token.value, at: this.at(start) };
    if (token.kind !== 'int') {
      this.index--;
      return this.unexpected('a name after "."');
    }
    const key: Expression = { type: 'constant', value: Number(token.value), at: this.at(token.start) };
    return { type: 'subscript', of, key, at: this.at(start) };
  }

  #subscript(of: Expression, start: number): Expression {
    const bounds: (Expression | undefined)[] = [undefined];
    let slice = false;
    while (!this.is(']')) {
      if (this.accept(':')) {
        slice = true;
        bounds.push(undefined);
        if (bounds.length > 3) this.unexpected('"]"');
        continue;
      }
      bounds[bounds.length - 1] = this.parse();
      if (!this.is(']') && !this.is(':')) this.unexpected('"]"');
    }
    if (!slice && bounds[0] === undefined) this.unexpected('an index');
    this.next();
    if (!slice) return { type: 'subscript', of, key: bounds[0] as Expression, at: this.at(start) };
    return { type: 'slice', of, bounds, at: this.at(start) };
  }

  #arguments(): Arguments {
    this.expect('(', 'before the arguments');
    const positional: Expression[] = [];
    const named: { name: string; value: Expression; at: At }[] = [];
    let rest: Expression | undefined;
    let extra: Expression | undefined;
    while (!this.is(')')) {
      const { token } = this;
      const following = this.tokens[this.index + 1];
      if (this.accept('**')) extra = this.parse();
      else if (this.accept('*')) rest = this.parse();
      else if (token.kind === 'name' && following?.value === '=' && following.kind === 'operator') {
        this.index += 2;
        named.push({
          name: token.value,
          value: this.parse(),
          at: { origin: this.options.origin, start: token.start, end: token.end },
        });
      } else {
        if (named.length > 0 || extra)
          throw new SyntaxProblem('an argument without a name cannot follow one with a name', token);
        positional.push(this.parse());
      }
      if (!this.is(')')) this.expect(',', 'or ")" after the argument');
    }
    this.next();
    return { positional, named, rest, extra };
  }

  protected filters(of: Expression, start: number): Expression {
    let node = of;
    for (let count = 0; ; count++) {
      this.link(count);
      if (this.accept('|')) node = { type: 'filter', of: node, ...this.filterCall(), at: this.at(start) };
      else if (this.accept('is')) node = this.#test(node, start);
      else if (this.is('(')) node = { type: 'call', callee: node, arguments: this.#arguments(), at: this.at(start) };
      else return node;
    }
  }

  /** `name` or `name(arguments)` after a `|`; names may have dots (`ansible.builtin.bool`). */
  protected filterCall(): { name: string; nameAt: At; arguments: Arguments } {
    const { name, nameAt } = this.#dottedName('the name of a filter');
    return { name, nameAt, arguments: this.is('(') ? this.#arguments() : NO_ARGUMENTS };
  }

  #dottedName(what: string): { name: string; nameAt: At } {
    const first = this.expectName(what);
    let name = first.value;
    while (this.accept('.')) name += `.${this.expectName('a name after "."').value}`;
    return { name, nameAt: this.at(first.start) };
  }

  #test(of: Expression, start: number): Expression {
    const negated = this.accept('not') !== undefined;
    const { name, nameAt } = this.#dottedName('the name of a test');
    let args = NO_ARGUMENTS;
    if (this.is('(')) args = this.#arguments();
    else if (this.#startsTestArgument()) {
      if (this.is('is'))
        throw new SyntaxProblem('tests cannot follow each other', this.token, 'write "x is a and x is b"');
      const from = this.token.start;
      args = { ...NO_ARGUMENTS, positional: [this.postfix(this.primary(), from)] };
    }
    const test: Expression = { type: 'test', of, name, nameAt, arguments: args, at: this.at(start) };
    return negated ? { type: 'not', of: test, at: test.at } : test;
  }

  #startsTestArgument(): boolean {
    const { kind, value } = this.token;
    if (kind === 'name')
      return (
        value !== 'else' && value !== 'or' && value !== 'and' && value !== 'if' && value !== 'in' && value !== 'not'
      );
    return (
      kind === 'string' ||
      kind === 'int' ||
      kind === 'float' ||
      (kind === 'operator' && (value === '[' || value === '{'))
    );
  }
}
