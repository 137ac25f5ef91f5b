import type { At } from './error.ts';
import { stringValue, type Token, type TokenKind } from './lex-expression.ts';
import type { Arguments, BinaryOperator, CompareOperator, Expression } from './nodes.ts';
import { SyntaxProblem } from './syntax-error.ts';
import { Float, type Origin } from './values.ts';

export interface ParseOptions {
  readonly origin: Origin;
  /** Whether backslashes in texts are escapes: in `{{ }}`, and elsewhere. */
  readonly escapes: { readonly variables: boolean; readonly blocks: boolean };
}

const DEEPEST = 250; // brackets in brackets; every level is a dozen calls on the stack
const LONGEST = 1500; // links of one chain (`a + b + c`), which nest to the left

const NO_ARGUMENTS: Arguments = { positional: [], named: [], rest: undefined, extra: undefined };
const COMPARE: Readonly<Record<string, CompareOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const CONSTANTS: Readonly<Record<string, boolean | null>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};

/** Reads expressions from tokens, with Jinja's precedence: `-x|f` is `(-x)|f`, `a ** b` groups to the left. */
export class ExpressionParser {
  protected readonly tokens: readonly Token[];
  protected readonly options: ParseOptions;
  protected index = 0;
  protected escapes: boolean;
  #depth = 0;

  constructor(tokens: readonly Token[], options: ParseOptions) {
    this.tokens = tokens;
    this.options = options;
    this.escapes = options.escapes.blocks;
  }

  protected get token(): Token {
    return this.tokens[this.index] as Token;
  }

  /** Whether the current token is of this kind (asked by a call, as reading on changes the token). */
  protected kindIs(kind: TokenKind): boolean {
    return this.token.kind === kind;
  }

  protected next(): Token {
    const token = this.token;
    if (token.kind !== 'end') this.index++;
    return token;
  }

  /** Whether the next token is this operator or keyword. */
  protected is(value: string): boolean {
    const token = this.token;
    return token.value === value && (token.kind === 'operator' || token.kind === 'name');
  }

  protected accept(value: string): Token | undefined {
    return this.is(value) ? this.next() : undefined;
  }

  protected expect(value: string, where: string): Token {
    return this.accept(value) ?? this.unexpected(`"${value}" ${where}`);
  }

  protected expectName(what: string): Token {
    return this.token.kind === 'name' ? this.next() : this.unexpected(what);
  }

  protected unexpected(wanted: string): never {
    const { token } = this;
    const ends = token.kind.endsWith('-end') || token.kind === 'end';
    const found = ends ? 'the end of the expression' : JSON.stringify(token.value);
    const single = token.value === '=' ? 'compare with "=="' : undefined;
    throw new SyntaxProblem(
      `expected ${wanted}, found ${found}`,
      { start: token.start, end: ends ? token.start + 1 : token.end },
      single,
    );
  }

  /** The place from `start` to the token read last. */
  protected at(start: number): At {
    return { origin: this.options.origin, start, end: this.tokens[Math.max(0, this.index - 1)]?.end ?? start };
  }

  protected deeper<T>(read: () => T): T {
    if (++this.#depth > DEEPEST) throw new SyntaxProblem(`nested more than ${DEEPEST} levels deep`, this.token);
    const result = read();
    this.#depth--;
    return result;
  }

  #link(count: number): void {
    if (count > LONGEST) throw new SyntaxProblem(`more than ${LONGEST} operators in a row`, this.token);
  }

  /** An expression, perhaps a tuple without parentheses (`1, 2`). */
  parseTuple(options: { conditional: boolean; stop?: string }): Expression {
    const start = this.token.start;
    const read = () => (options.conditional ? this.parse() : this.deeper(() => this.#or()));
    const first = read();
    if (!this.is(',')) return first;
    const items = [first];
    while (this.accept(',')) {
      if (this.#endsTuple(options.stop)) break;
      items.push(read());
    }
    return { type: 'tuple', items, at: this.at(start) };
  }

  #endsTuple(stop: string | undefined): boolean {
    const { kind } = this.token;
    return (
      kind === 'end' ||
      kind === 'variable-end' ||
      kind === 'block-end' ||
      this.is(')') ||
      (stop !== undefined && this.is(stop))
    );
  }

  parse(): Expression {
    return this.deeper(() => this.#conditional());
  }

  /** An expression without a trailing `if`, for the iterable of a loop. */
  #conditional(): Expression {
    const start = this.token.start;
    let value = this.#or();
    for (let count = 0; this.accept('if'); count++) {
      this.#link(count);
      const test = this.#or();
      const otherwise = this.accept('else') ? this.parse() : undefined;
      value = { type: 'if', test, then: value, otherwise, at: this.at(start) };
    }
    return value;
  }

  #or(): Expression {
    const start = this.token.start;
    let left = this.#and();
    for (let count = 0; this.accept('or'); count++) {
      this.#link(count);
      left = { type: 'or', left, right: this.#and(), at: this.at(start) };
    }
    return left;
  }

  #and(): Expression {
    const start = this.token.start;
    let left = this.#not();
    for (let count = 0; this.accept('and'); count++) {
      this.#link(count);
      left = { type: 'and', left, right: this.#not(), at: this.at(start) };
    }
    return left;
  }

  #not(): Expression {
    const start = this.token.start;
    if (!this.accept('not')) return this.#compare();
    return this.deeper(() => ({ type: 'not', of: this.#not(), at: this.at(start) }));
  }

  #compare(): Expression {
    const start = this.token.start;
    const first = this.#sum();
    const rest: { operator: CompareOperator; value: Expression }[] = [];
    for (;;) {
      const operator = this.#compareOperator();
      if (operator === undefined) break;
      rest.push({ operator, value: this.#sum() });
    }
    return rest.length === 0 ? first : { type: 'compare', first, rest, at: this.at(start) };
  }

  #compareOperator(): CompareOperator | undefined {
    const { token } = this;
    const operator = token.kind === 'operator' ? COMPARE[token.value] : undefined;
    if (operator !== undefined) {
      this.next();
      return operator;
    }
    if (this.accept('in')) return 'in';
    const following = this.tokens[this.index + 1];
    if (!this.is('not') || following?.kind !== 'name' || following.value !== 'in') return undefined;
    this.index += 2;
    return 'not in';
  }

  #sum(): Expression {
    return this.#leftChain(['+', '-'], () => this.#concat());
  }

  #concat(): Expression {
    const start = this.token.start;
    const parts = [this.#product()];
    while (this.accept('~')) parts.push(this.#product());
    return parts.length === 1 ? (parts[0] as Expression) : { type: 'concat', parts, at: this.at(start) };
  }

  #product(): Expression {
    return this.#leftChain(['*', '/', '//', '%'], () => this.#leftChain(['**'], () => this.#unary(true)));
  }

  #leftChain(operators: readonly BinaryOperator[], operand: () => Expression): Expression {
    const start = this.token.start;
    let left = operand();
    for (let count = 0; ; count++) {
      const operator = operators.find(op => this.token.kind === 'operator' && this.token.value === op);
      if (operator === undefined) return left;
      this.#link(count);
      this.next();
      left = { type: 'binary', operator, left, right: operand(), at: this.at(start) };
    }
  }

  #unary(filters: boolean): Expression {
    const start = this.token.start;
    const sign = this.token.kind === 'operator' && (this.is('-') || this.is('+')) ? this.next().value : undefined;
    let node: Expression;
    if (sign === undefined) node = this.#postfix(this.#primary(), start);
    else {
      const of = this.deeper(() => this.#unary(false));
      node = this.#postfix({ type: sign === '-' ? 'negative' : 'positive', of, at: this.at(start) }, start);
    }
    return filters ? this.#filters(node, start) : node;
  }

  #primary(): Expression {
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

  #postfix(of: Expression, start: number): Expression {
    let node = of;
    for (let count = 0; ; count++) {
      this.#link(count);
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

  #filters(of: Expression, start: number): Expression {
    let node = of;
    for (let count = 0; ; count++) {
      this.#link(count);
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
      args = { ...NO_ARGUMENTS, positional: [this.#postfix(this.#primary(), from)] };
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
