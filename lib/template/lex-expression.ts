import { SyntaxProblem } from './syntax-error.ts';

export type TokenKind =
  | 'text'
  | 'variable-begin'
  | 'variable-end'
  | 'block-begin'
  | 'block-end'
  | 'name'
  | 'string'
  | 'int'
  | 'float'
  | 'operator'
  | 'end';

/** A piece of a template: `start` and `end` are indexes into its text. */
export interface Token {
  readonly kind: TokenKind;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

const SPACE = /\s+/y;
const NAME = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*/uy;
// As Jinja: `1.` is not a float, `1_000` is an int.
const FLOAT = /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy;
const INT = /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy;
const STRING = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y;
const OPERATOR = /\/\/|\*\*|==|!=|>=|<=|[+\-/*%~[\](){}><=.:|,;]/y;

const CLOSES: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Where the tokens of an expression stop, tried before any token while no bracket is open. */
export type EndOf = (at: number) => Token | undefined;

/** Reads the tokens of one expression from `at`; the last one is what `endOf` found, or `end` at the end of the text. */
export function lexExpression(text: string, at: number, tokens: Token[], endOf: EndOf): number {
  const open: Token[] = [];
  let position = at;
  for (;;) {
    SPACE.lastIndex = position;
    const end = open.length === 0 ? endOf(position) : undefined;
    if (end) {
      tokens.push(end);
      return end.end;
    }
    if (SPACE.test(text)) {
      position = SPACE.lastIndex;
      continue;
    }
    if (position >= text.length) {
      const bracket = open.at(-1);
      if (bracket) throw new SyntaxProblem(`"${bracket.value}" is never closed`, bracket);
      tokens.push({ kind: 'end', value: '', start: position, end: position });
      return position;
    }
    const token = lexToken(text, position);
    if (token.kind === 'operator') track(open, token);
    tokens.push(token);
    position = token.end;
  }
}

function track(open: Token[], token: Token): void {
  if (CLOSES[token.value] !== undefined) open.push(token);
  else if (token.value === ')' || token.value === ']' || token.value === '}') {
    const opening = open.pop();
    if (!opening) throw new SyntaxProblem(`"${token.value}" closes nothing`, token);
    const wanted = CLOSES[opening.value] as string;
    if (wanted !== token.value)
      throw new SyntaxProblem(`"${token.value}" cannot close "${opening.value}"`, token, `use "${wanted}"`);
  }
}

const SHAPES: readonly (readonly [TokenKind, RegExp])[] = [
  ['float', FLOAT],
  ['int', INT],
  ['name', NAME],
  ['string', STRING],
  ['operator', OPERATOR],
];

function lexToken(text: string, start: number): Token {
  for (const [kind, shape] of SHAPES) {
    // As Jinja: after a dot a number is an index (`x.0.1`), never a float.
    if (kind === 'float' && text[start - 1] === '.') continue;
    shape.lastIndex = start;
    const found = shape.exec(text);
    if (found) return { kind, value: found[0], start, end: start + found[0].length };
  }
  const char = text[start] as string;
  const range = { start, end: start + 1 };
  if (char === "'" || char === '"') throw new SyntaxProblem(`the text that starts with ${char} is never closed`, range);
  const instead: Readonly<Record<string, string>> = {
    '&': 'use "and"',
    '!': 'use "not"',
    '?': 'use "x if condition else y"',
  };
  throw new SyntaxProblem(`${JSON.stringify(char)} does not belong into an expression`, range, instead[char]);
}

const ESCAPE = /\\(?:([abfnrtv\\'"])|\n|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([xuUN]))/g;
const LETTERS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** The text of a string token; backslashes are Python's escapes, or stay as they are. */
export function stringValue(token: Token, escapes: boolean): string {
  const body = token.value.slice(1, -1).replace(/\r\n?/g, '\n');
  if (!escapes || !body.includes('\\')) return body;
  return body.replace(ESCAPE, (all, letter, x, u, long, octal, broken) => {
    if (broken !== undefined)
      throw new SyntaxProblem(`the escape "${all}" is not complete`, token, 'write it as "\\xe9" or "\\u00e9"');
    if (letter !== undefined) return LETTERS[letter] as string;
    const hex = x ?? u ?? long;
    if (hex === undefined) return octal === undefined ? '' : String.fromCharCode(Number.parseInt(octal, 8));
    const code = Number.parseInt(hex, 16);
    if (code > 0x10ffff) throw new SyntaxProblem('there is no such character', token);
    return String.fromCodePoint(code);
  });
}
