import { nearest } from '../text/near.ts';
import type { Token } from './lex-expression.ts';
import type { Body, Expression, FilterCall, Statement, Target } from './nodes.ts';
import { type Node, TagParser } from './parse-tags.ts';
import { SyntaxProblem } from './syntax-error.ts';

const TAGS = [
  'set',
  'for',
  'if',
  'macro',
  'call',
  'filter',
  'with',
  'do',
  'break',
  'continue',
  'include',
  'import',
  'from',
  'extends',
  'block',
  'autoescape',
  'raw',
] as const;
const ENDS = new Set([
  'endfor',
  'endif',
  'endset',
  'endmacro',
  'endcall',
  'endfilter',
  'endwith',
  'endblock',
  'endautoescape',
  'else',
  'elif',
]);

/** Reads a whole template: text, `{{ }}` and `{% %}` tags. */
export class TemplateParser extends TagParser {
  #loops = 0;

  parseTemplate(): Body {
    const body = this.#body([], undefined);
    return body;
  }

  /** Statements up to one of the ending tags, which stays the current tag (after its name). */
  #body(ends: readonly string[], opened: Token | undefined): Statement[] {
    return this.deeper(() => {
      const body: Statement[] = [];
      for (;;) {
        const token = this.next();
        if (token.kind === 'end') {
          if (!opened) return body;
          throw new SyntaxProblem(`"${opened.value}" is never closed`, opened, `"{% ${ends.at(-1)} %}" is missing`);
        }
        if (token.kind === 'text') body.push({ type: 'text', text: token.value, at: this.at(token.start) });
        else if (token.kind === 'variable-begin') body.push(this.#print(token));
        else {
          const name = this.token;
          if (name.kind === 'name' && ends.includes(name.value)) return body;
          body.push({ ...this.#statement(opened), at: this.#tagAt(token) } as Statement);
        }
      }
    });
  }

  #tagAt(begin: Token): Statement['at'] {
    return {
      origin: this.options.origin,
      start: begin.start,
      end: Math.max(begin.end, this.tokens[this.index - 1]?.end ?? 0),
    };
  }

  #print(begin: Token): Statement {
    this.escapes = this.options.escapes.variables;
    if (this.token.kind === 'variable-end')
      throw new SyntaxProblem('there is no expression in the braces', { start: begin.start, end: this.token.end });
    const value = this.parseTuple({ conditional: true });
    if (!this.kindIs('variable-end')) this.unexpected('an operator or "}}"');
    this.next();
    this.escapes = this.options.escapes.blocks;
    return { type: 'print', value, at: this.at(begin.start) };
  }

  /** Reads the name of an ending tag that `#body` stopped at, and its end. */
  #close(): string {
    const { value } = this.next();
    return value;
  }

  #statement(opened: Token | undefined): Node {
    const name = this.expectName('the name of a tag');
    switch (name.value) {
      case 'set':
        return this.#set(name);
      case 'for':
        return this.#for(name);
      case 'if':
        return this.#if(name);
      case 'macro':
        return this.#macro(name);
      case 'call':
        return this.#call(name);
      case 'filter':
        return this.#filter(name);
      case 'with':
        return this.#with(name);
      case 'do':
        return this.finish({ type: 'do', value: this.parseTuple({ conditional: true }) });
      case 'break':
      case 'continue':
        if (this.#loops === 0) throw new SyntaxProblem(`"${name.value}" outside of a loop`, name);
        return this.finish({ type: name.value });
      case 'include':
        return this.includeTag();
      case 'import':
        return this.importTag();
      case 'from':
        return this.fromTag();
      case 'extends':
        return this.finish({ type: 'extends', file: this.parse() });
      case 'block':
        return this.#block(name);
      case 'autoescape':
        return this.#autoescape(name);
    }
    throw this.#unknownTag(name, opened);
  }

  #unknownTag(name: Token, opened: Token | undefined): SyntaxProblem {
    if (ENDS.has(name.value)) {
      const within = opened ? `, "${opened.value}" is still open` : '';
      return new SyntaxProblem(`"${name.value}" closes nothing here${within}`, name);
    }
    const near = nearest(name.value, TAGS);
    return new SyntaxProblem(
      `there is no tag "${name.value}"`,
      name,
      near === undefined ? undefined : `did you mean "${near}"?`,
    );
  }

  #set(opened: Token): Node {
    const target = this.target({ attribute: true });
    if (this.accept('=')) return this.finish({ type: 'set', target, value: this.parseTuple({ conditional: true }) });
    const filters: FilterCall[] = [];
    while (this.accept('|')) filters.push(this.filterCall());
    this.endTag();
    const body = this.#body(['endset'], opened);
    this.#close();
    return this.finish({ type: 'set-block', target, filters, body });
  }

  #for(opened: Token): Node {
    const target = this.target({ attribute: false, loop: true });
    this.expect('in', 'after the name of the loop');
    const iterable = this.parseTuple({ conditional: false, stop: 'recursive' });
    const condition = this.accept('if') ? this.parse() : undefined;
    const recursive = this.accept('recursive') !== undefined;
    this.endTag();
    this.#loops++;
    const body = this.#body(['else', 'endfor'], opened);
    this.#loops--;
    let otherwise: Body = [];
    if (this.#close() === 'else') {
      this.endTag();
      otherwise = this.#body(['endfor'], opened);
      this.#close();
    }
    return this.finish({ type: 'for', target, iterable, condition, recursive, body, otherwise });
  }

  #if(opened: Token): Node {
    const branches: { test: Expression; body: Body }[] = [];
    let otherwise: Body = [];
    for (;;) {
      const test = this.parseTuple({ conditional: false });
      this.endTag();
      branches.push({ test, body: this.#body(['elif', 'else', 'endif'], opened) });
      const end = this.#close();
      if (end === 'elif') continue;
      if (end === 'else') {
        this.endTag();
        otherwise = this.#body(['endif'], opened);
        this.#close();
      }
      return this.finish({ type: 'if', branches, otherwise });
    }
  }

  /** The inside of a macro or call block: `break` cannot reach a loop around it. */
  #apart(ends: readonly string[], opened: Token): Body {
    const loops = this.#loops;
    this.#loops = 0;
    const body = this.#body(ends, opened);
    this.#loops = loops;
    this.#close();
    return body;
  }

  #macro(opened: Token): Node {
    const name = this.expectName('the name of the macro').value;
    if (!this.is('(')) this.unexpected('"(" after the name of the macro');
    const parameters = this.parameters();
    this.endTag();
    return this.finish({ type: 'macro', name, parameters, body: this.#apart(['endmacro'], opened) });
  }

  #call(opened: Token): Node {
    const parameters = this.parameters();
    const { token } = this;
    const call = this.parse();
    if (call.type !== 'call') throw new SyntaxProblem('"call" needs the call of a macro', token);
    this.endTag();
    return this.finish({ type: 'call', call, parameters, body: this.#apart(['endcall'], opened) });
  }

  #filter(opened: Token): Node {
    const filters = [this.filterCall()];
    while (this.accept('|')) filters.push(this.filterCall());
    this.endTag();
    const body = this.#body(['endfilter'], opened);
    this.#close();
    return this.finish({ type: 'filter', filters, body });
  }

  #with(opened: Token): Node {
    const assignments: { target: Target; value: Expression }[] = [];
    while (!this.kindIs('block-end')) {
      if (assignments.length > 0) this.expect(',', 'between the assignments');
      const target = this.targetItem({ attribute: false });
      this.expect('=', 'after the name');
      assignments.push({ target, value: this.parse() });
    }
    this.endTag();
    const body = this.#body(['endwith'], opened);
    this.#close();
    return this.finish({ type: 'with', assignments, body });
  }

  /** As Ansible: nothing is escaped either way; only the names set inside stay inside. */
  #autoescape(opened: Token): Node {
    this.parse();
    this.endTag();
    const body = this.#body(['endautoescape'], opened);
    this.#close();
    return this.finish({ type: 'with', assignments: [], body });
  }

  #block(opened: Token): Node {
    const name = this.expectName('the name of the block').value;
    const scoped = this.accept('scoped') !== undefined;
    const required = this.accept('required') !== undefined;
    this.endTag();
    return this.named(name, {
      type: 'block',
      name,
      scoped,
      required,
      body: this.#apart(['endblock'], opened),
    });
  }
}
