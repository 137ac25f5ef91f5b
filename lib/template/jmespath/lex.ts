import { Failure } from '../error.ts';
import { parseJson } from '../filters/json.ts';
import type { Value } from '../values.ts';

/** One token: signs and names of kinds are their own `type`; `at` counts characters. */
export interface Token {
  readonly type: 'name' | 'quoted' | 'number' | 'literal' | 'sign' | 'end';
  readonly text: string;
  readonly value?: Value;
  readonly at: number;
}

const TOKEN =
  /\s*(?:([A-Za-z_]\w*)|("(?:\\.|[^"\\])*")|(-?\d+)|('(?:\\.|[^'\\])*')|`((?:\\`|[^`])*)`|(\[\?|\[\]|\|\||&&|[<>=!]=|[.*@[\](){},:|&<>!]))/sy;

/** The tokens of a JMESPath expression (https://jmespath.org/specification.html), the last one of type `end`. */
export function lexPath(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  let last = 0;
  while (last < end) {
    TOKEN.lastIndex = last;
    const found = TOKEN.exec(text);
    if (found === null) throw syntax(text, last);
    tokens.push(tokenOf(found, text));
    last = TOKEN.lastIndex;
  }
  return [...tokens, { type: 'end', text: 'its end', at: end }];
}

/** What is wrong with an expression, and where. */
export function syntax(text: string, at: number): Failure {
  const where = at >= text.trimEnd().length ? 'at its end' : `at character ${at + 1}`;
  return new Failure(`the JMESPath expression "${text}" cannot be read ${where}`);
}

function tokenOf(found: RegExpExecArray, text: string): Token {
  const [all, name, quoted, number, raw, literal, sign = ''] = found;
  const at = found.index + all.length - all.trimStart().length;
  const word = all.trim();
  if (name !== undefined) return { type: 'name', text: name, at };
  if (quoted !== undefined) return { type: 'quoted', text: String(json(quoted, { text, at })), at };
  if (number !== undefined) return { type: 'number', text: number, at };
  if (raw !== undefined) return { type: 'literal', text: word, value: raw.slice(1, -1).replaceAll("\\'", "'"), at };
  if (literal === undefined) return { type: 'sign', text: sign, at };
  return {
    type: 'literal',
    text: word,
    value: literalValue(literal.replaceAll('\\`', '`').trimStart(), { text, at }),
    at,
  };
}

interface Place {
  readonly text: string;
  readonly at: number;
}

/** As the Python library: what is no JSON is taken as a text without its quotes. */
function literalValue(source: string, place: Place): Value {
  try {
    return parseJson(source);
  } catch {
    return json(`"${source}"`, place);
  }
}

function json(source: string, { text, at }: Place): Value {
  try {
    return parseJson(source);
  } catch {
    throw syntax(text, at);
  }
}
