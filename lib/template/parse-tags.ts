import type { Parameter, Statement, Target } from './nodes.ts';
import { ExpressionParser } from './parse-expression.ts';
import { SyntaxProblem } from './syntax-error.ts';

/** A statement before its place is known. */
export type Node = Statement extends infer S ? (S extends { at: unknown } ? Omit<S, 'at'> : never) : never;

/** Reads the parts of tags that hold no other text: names, parameters, and the tags about other files. */
export abstract class TagParser extends ExpressionParser {
  protected endTag(): void {
    this.accept(':'); // as Jinja: `{% if x: %}` is read too
    if (this.token.kind !== 'block-end') this.unexpected('"%}"');
    this.next();
  }

  protected finish(node: Node): Node {
    this.endTag();
    return node;
  }

  protected target(options: { attribute: boolean; loop?: boolean }): Target {
    const start = this.token.start;
    const items: Target[] = [];
    let tuple = false;
    do {
      if (this.is('=') || this.is('in') || this.is(')')) break;
      items.push(this.targetItem(options));
      tuple = tuple || this.is(',');
    } while (this.accept(','));
    if (items.length === 0) this.unexpected('a name');
    return tuple ? { type: 'tuple', items, at: this.at(start) } : (items[0] as Target);
  }

  protected targetItem(options: { attribute: boolean; loop?: boolean }): Target {
    const start = this.token.start;
    if (this.accept('(')) {
      const inner = this.deeper(() => this.target(options));
      this.expect(')', 'after the names');
      return inner;
    }
    const name = this.expectName('a name');
    if (options.attribute && this.accept('.')) {
      const attribute = this.expectName('a name after "."').value;
      return { type: 'attribute', object: name.value, name: attribute, at: this.at(start) };
    }
    if (['true', 'false', 'none', 'True', 'False', 'None'].includes(name.value))
      throw new SyntaxProblem(`"${name.value}" cannot be assigned to`, name);
    if (options.loop && name.value === 'loop')
      throw new SyntaxProblem('"loop" is what tells about the loop: its items need another name', name);
    return { type: 'name', name: name.value, at: this.at(start) };
  }

  protected parameters(): Parameter[] {
    const parameters: Parameter[] = [];
    if (!this.accept('(')) return parameters;
    while (!this.is(')')) {
      const name = this.expectName('the name of a parameter');
      const otherwise = this.accept('=') ? this.parse() : undefined;
      if (!otherwise && parameters.at(-1)?.otherwise)
        throw new SyntaxProblem('a parameter without a default cannot follow one with a default', name);
      parameters.push({ name: name.value, otherwise });
      if (!this.is(')')) this.expect(',', 'or ")" after the parameter');
    }
    this.next();
    return parameters;
  }

  #context(otherwise: boolean): boolean {
    if (!this.is('with') && !this.is('without')) return otherwise;
    const value = this.next().value === 'with';
    this.expect('context', 'after "with" or "without"');
    return value;
  }

  protected includeTag(): Node {
    const file = this.parse();
    let ignoreMissing = false;
    if (this.accept('ignore')) {
      this.expect('missing', 'after "ignore"');
      ignoreMissing = true;
    }
    return this.finish({ type: 'include', file, ignoreMissing, withContext: this.#context(true) });
  }

  protected importTag(): Node {
    const file = this.parse();
    this.expect('as', 'after the file');
    const as = this.expectName('a name after "as"').value;
    return this.finish({ type: 'import', file, as, withContext: this.#context(false) });
  }

  protected fromTag(): Node {
    const file = this.parse();
    this.expect('import', 'after the file');
    const names: { name: string; as: string; at: Target['at'] }[] = [];
    while (!this.kindIs('block-end') && !this.#atContext()) {
      if (names.length > 0) {
        this.expect(',', 'between the names');
        if (this.kindIs('block-end') || this.#atContext()) break;
      }
      const name = this.expectName('a name');
      const as = this.accept('as') ? this.expectName('a name after "as"').value : name.value;
      names.push({ name: name.value, as, at: this.at(name.start) });
    }
    if (names.length === 0) this.unexpected('a name');
    return this.finish({ type: 'from', file, names, withContext: this.#context(false) });
  }

  #atContext(): boolean {
    const following = this.tokens[this.index + 1];
    return (this.is('with') || this.is('without')) && following?.value === 'context';
  }

  /** The end of a tag that may repeat the name it closes: `{% endblock title %}`. */
  protected named(name: string, node: Node): Node {
    const token = this.token;
    if (token.kind === 'name') {
      this.next();
      if (token.value !== name)
        throw new SyntaxProblem(`this closes the block "${name}"`, token, `write "${name}" or leave the name out`);
    }
    return this.finish(node);
  }
}
