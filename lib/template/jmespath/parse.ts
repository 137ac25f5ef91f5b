import type { Value } from '../values.ts';
import { lexPath, syntax, type Token } from './lex.ts';

/** An expression as a tree; `&expression` is only an argument of a function. */
export type Path =
  | { readonly type: 'current' }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'literal'; readonly value: Value }
  | { readonly type: 'then'; readonly left: Path; readonly right: Path }
  | { readonly type: 'index'; readonly index: number }
  | { readonly type: 'slice'; readonly parts: readonly (number | undefined)[] }
  | { readonly type: 'flatten'; readonly of: Path }
  | {
      readonly type: 'project';
      readonly of: 'list' | 'dict';
      readonly left: Path;
      readonly right: Path;
      readonly only?: Path;
    }
  | { readonly type: 'not' | 'reference'; readonly of: Path }
  | { readonly type: 'and' | 'or'; readonly left: Path; readonly right: Path }
  | { readonly type: 'compare'; readonly operator: string; readonly left: Path; readonly right: Path }
  | { readonly type: 'list'; readonly items: readonly Path[] }
  | { readonly type: 'dict'; readonly entries: readonly (readonly [string, Path])[] }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Path[] };

const CURRENT: Path = { type: 'current' };

/** How strongly a sign binds what is left of it; all others end an expression. */
const BINDS: Readonly<Record<string, number>> = {
  '|': 1,
  '||': 2,
  '&&': 3,
  '==': 5,
  '!=': 5,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '[]': 9,
  '*': 20,
  '[?': 21,
  '.': 40,
  '!': 45,
  '{': 50,
  '[': 55,
  '(': 60,
};
/** What binds less ends a projection: the rest is about the list as a whole. */
const PROJECTION = 10;

/** Reads a JMESPath expression; throws Failure. */
export function parsePath(text: string): Path {
  return new PathParser(text).whole();
}

class PathParser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = lexPath(text);
  }

  whole(): Path {
    const path = this.#expression(0);
    return this.#next.type === 'end' ? path : this.#fail();
  }

  get #next(): Token {
    return this.#tokens[this.#at] as Token;
  }

  #fail(token = this.#next): never {
    throw syntax(this.#text, token.at);
  }

  #take(): Token {
    const token = this.#next;
    if (token.type === 'end') this.#fail();
    this.#at++;
    return token;
  }

  #sees(sign: string, ahead = 0): boolean {
    const token = this.#tokens[this.#at + ahead];
    return token?.type === 'sign' && token.text === sign;
  }

  #skips(sign: string): boolean {
    const sees = this.#sees(sign);
    if (sees) this.#at++;
    return sees;
  }

  #want(sign: string): void {
    if (!this.#skips(sign)) this.#fail();
  }

  #binding(): number {
    return this.#next.type === 'sign' ? (BINDS[this.#next.text] ?? 0) : 0;
  }

  #expression(binding: number): Path {
    let left = this.#first();
    while (binding < this.#binding()) left = this.#more(left);
    return left;
  }

  #first(): Path {
    const token = this.#take();
    if (token.type === 'name') return { type: 'field', name: token.text };
    if (token.type === 'literal') return { type: 'literal', value: token.value ?? null };
    if (token.type === 'quoted') return this.#sees('(') ? this.#fail() : { type: 'field', name: token.text };
    switch (token.type === 'sign' ? token.text : '') {
      case '@':
        return CURRENT;
      case '*':
        return { type: 'project', of: 'dict', left: CURRENT, right: this.#sees(']') ? CURRENT : this.#rest('*') };
      case '[?':
        return this.#filter(CURRENT);
      case '[]':
        return { type: 'project', of: 'list', left: { type: 'flatten', of: CURRENT }, right: this.#rest('[]') };
      case '!':
        return { type: 'not', of: this.#expression(BINDS['!'] as number) };
      case '&':
        return { type: 'reference', of: this.#expression(0) };
      case '{':
        return this.#dict();
      case '(': {
        const inner = this.#expression(0);
        this.#want(')');
        return inner;
      }
      case '[':
        return this.#bracket(CURRENT) ?? this.#list();
      default:
        return this.#fail(token);
    }
  }

  #more(left: Path): Path {
    const token = this.#take();
    const sign = token.text;
    switch (sign) {
      case '.':
        if (this.#skips('*')) return { type: 'project', of: 'dict', left, right: this.#rest('.') };
        return { type: 'then', left, right: this.#afterDot(BINDS['.'] as number) };
      case '|':
        return { type: 'then', left, right: this.#expression(BINDS['|'] as number) };
      case '||':
      case '&&':
        return { type: sign === '||' ? 'or' : 'and', left, right: this.#expression(BINDS[sign] as number) };
      case '(':
        return left.type === 'field' ? { type: 'call', name: left.name, args: this.#arguments() } : this.#fail(token);
      case '[?':
        return this.#filter(left);
      case '[]':
        return { type: 'project', of: 'list', left: { type: 'flatten', of: left }, right: this.#rest('[]') };
      case '[':
        return this.#bracket(left) ?? this.#fail();
      default:
        if (BINDS[sign] !== 5) this.#fail(token);
        return { type: 'compare', operator: sign, left, right: this.#expression(5) };
    }
  }

  /** What is done with each item of a projection. */
  #rest(sign: string): Path {
    if (this.#binding() < PROJECTION) return CURRENT;
    const binding = BINDS[sign] as number;
    if (this.#sees('[') || this.#sees('[?')) return this.#expression(binding);
    this.#want('.');
    return this.#afterDot(binding);
  }

  #afterDot(binding: number): Path {
    if (this.#skips('[')) return this.#list();
    if (this.#skips('{')) return this.#dict();
    return this.#next.type === 'name' || this.#next.type === 'quoted' || this.#sees('*')
      ? this.#expression(binding)
      : this.#fail();
  }

  #filter(left: Path): Path {
    const only = this.#expression(0);
    this.#want(']');
    return { type: 'project', of: 'list', left, right: this.#sees('[]') ? CURRENT : this.#rest('[?'), only };
  }

  /** `[0]`, `[1:2]` or `[*]` behind its bracket; undefined for anything else. */
  #bracket(left: Path): Path | undefined {
    if (this.#sees('*') && this.#sees(']', 1)) {
      this.#at += 2;
      return { type: 'project', of: 'list', left, right: this.#rest('*') };
    }
    if (this.#next.type !== 'number' && !this.#sees(':')) return undefined;
    const parts: (number | undefined)[] = [undefined];
    while (!this.#skips(']')) {
      if (this.#skips(':')) parts.push(undefined);
      else if (this.#next.type === 'number' && parts.at(-1) === undefined)
        parts[parts.length - 1] = Number(this.#take().text);
      else this.#fail();
    }
    if (parts.length === 1) return { type: 'then', left, right: { type: 'index', index: parts[0] as number } };
    if (parts.length > 3) this.#fail();
    const sliced: Path = { type: 'then', left, right: { type: 'slice', parts } };
    return { type: 'project', of: 'list', left: sliced, right: this.#rest('*') };
  }

  #list(): Path {
    const items: Path[] = [];
    do items.push(this.#expression(0));
    while (this.#skips(','));
    this.#want(']');
    return { type: 'list', items };
  }

  #dict(): Path {
    const entries: (readonly [string, Path])[] = [];
    do {
      const key = this.#take();
      if (key.type !== 'name' && key.type !== 'quoted') this.#fail(key);
      this.#want(':');
      entries.push([key.text, this.#expression(0)]);
    } while (this.#skips(','));
    this.#want('}');
    return { type: 'dict', entries };
  }

  #arguments(): Path[] {
    const args: Path[] = [];
    if (this.#skips(')')) return args;
    do args.push(this.#expression(0));
    while (this.#skips(','));
    this.#want(')');
    return args;
  }
}
