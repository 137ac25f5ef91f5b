import type { At } from './error.ts';
import type { Token, TokenKind } from './lex-expression.ts';
import { SyntaxProblem } from './syntax-error.ts';
import type { Origin } from './values.ts';

export interface ParseOptions {
  readonly origin: Origin;
  /** Whether backslashes in texts are escapes: in `{{ }}`, and elsewhere. */
  readonly escapes: { readonly variables: boolean; readonly blocks: boolean };
}

const DEEPEST = 250; // brackets in brackets; every level is a dozen calls on the stack
const LONGEST = 1500; // links of one chain (`a + b + c`), which nest to the left

/** Goes through tokens, and counts how deep what is read nests: every level is calls on the stack, then and later. */
export class TokenReader {
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

  /** Counts the links of a chain that nests to the left. */
  protected link(count: number): void {
    if (count > LONGEST) throw new SyntaxProblem(`more than ${LONGEST} operators in a row`, this.token);
  }
}
