import type { BinaryOperator, CompareOperator, Expression } from './nodes.ts';
import { ValueParser } from './parse-values.ts';

const COMPARE: Readonly<Record<string, CompareOperator>> = {
  '==': '==',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

/** Reads expressions from tokens, with Jinja's precedence: `-x|f` is `(-x)|f`, `a ** b` groups to the left. */
export class ExpressionParser extends ValueParser {
  /** An expression, perhaps a tuple without parentheses (`1, 2`). */
  override parseTuple(options: { conditional: boolean; stop?: string }): Expression {
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

  override parse(): Expression {
    return this.deeper(() => this.#conditional());
  }

  /** An expression without a trailing `if`, for the iterable of a loop. */
  #conditional(): Expression {
    const start = this.token.start;
    let value = this.#or();
    for (let count = 0; this.accept('if'); count++) {
      this.link(count);
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
      this.link(count);
      left = { type: 'or', left, right: this.#and(), at: this.at(start) };
    }
    return left;
  }

  #and(): Expression {
    const start = this.token.start;
    let left = this.#not();
    for (let count = 0; this.accept('and'); count++) {
      this.link(count);
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
      this.link(count);
      this.next();
      left = { type: 'binary', operator, left, right: operand(), at: this.at(start) };
    }
  }

  #unary(filters: boolean): Expression {
    const start = this.token.start;
    const sign = this.token.kind === 'operator' && (this.is('-') || this.is('+')) ? this.next().value : undefined;
    let node: Expression;
    if (sign === undefined) node = this.postfix(this.primary(), start);
    else {
      const of = this.deeper(() => this.#unary(false));
      node = this.postfix({ type: sign === '-' ? 'negative' : 'positive', of, at: this.at(start) }, start);
    }
    return filters ? this.filters(node, start) : node;
  }
}
