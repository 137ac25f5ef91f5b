import { attribute, slice, subscript } from './access.ts';
import { setKey, truth } from './compare.ts';
import { type At, Failure, Nothing, TemplateError } from './error.ts';
import type { Frame } from './frame.ts';
import type { Expression } from './nodes.ts';
import { binary, compare, concat, dictKey, signed } from './operators.ts';
import type { Item } from './special.ts';
import { plain, taint } from './taint.ts';
import { Tuple } from './tuple.ts';
import { type Dict, Secret, Unknown, type Value } from './values.ts';

/** A compiled expression. */
export type Code = (frame: Frame) => Item;
/** What compiles the expressions inside an expression. */
export type Compile = (node: Expression) => Code;

const NOTHING = new Nothing('the condition is false and there is no "else"');

/** A list or tuple. */
export function listCode(codes: readonly Code[], tuple: boolean, at: At): Code {
  return frame => {
    const items: Value[] = [];
    for (const code of codes) items.push(kept(code(frame), frame, at));
    return tuple ? Tuple.make(items) : items;
  };
}

/** A dict. */
export function dictCode(codes: readonly (readonly [Code, Code])[], at: At): Code {
  return frame => {
    const dict: Dict = new Map();
    let secret = false;
    for (const [keyCode, valueCode] of codes) {
      const key = keyCode(frame);
      if (key instanceof Unknown) return key;
      if (key instanceof Secret) secret = true;
      frame.run.at = at;
      setKey(dict, dictKey(key), kept(valueCode(frame), frame, at));
    }
    return secret ? new Secret(dict) : dict; // a key cannot be secret by itself
  };
}

/** `of.name`. */
export function attributeCode(of: Code, name: string, at: At): Code {
  return frame => {
    const item = of(frame);
    frame.run.at = at;
    return attribute(item, name, at);
  };
}

/** `of[key]`. */
export function subscriptCode(of: Code, keyCode: Code, at: At): Code {
  return frame => {
    const item = of(frame);
    const key = keyCode(frame);
    frame.run.at = at;
    return subscript(item, key, at);
  };
}

/** `of[start:stop:step]`. */
export function sliceCode(of: Code, bounds: readonly (Code | undefined)[], at: At): Code {
  return frame => {
    const item = of(frame);
    const values = bounds.map(bound => bound?.(frame));
    frame.run.at = at;
    return slice(item, values);
  };
}

/** `-x` or `+x`. */
export function signedCode(sign: 1 | -1, of: Code, at: At): Code {
  return frame => {
    const item = of(frame);
    frame.run.at = at;
    return signed(sign, item);
  };
}

/** `not x`. */
export function notCode(of: Code, at: At): Code {
  return frame => {
    const item = of(frame);
    frame.run.at = at;
    if (typeof item === 'boolean') return !item;
    const known = truth(item);
    return known === undefined ? item : taint(!known, item instanceof Secret);
  };
}

/** `a and b` or `a or b`: gives one of its sides, as Python. */
export function logicCode(and: boolean, left: Code, right: Code, at: At): Code {
  return frame => {
    const first = left(frame);
    frame.run.at = at;
    const known = typeof first === 'boolean' ? first : truth(first);
    if (known === undefined) return decided(first, right, and, frame);
    return known === and ? right(frame) : first;
  };
}

/** `a + b` and its like. */
export function binaryCode(node: Extract<Expression, { type: 'binary' }>, inner: Compile): Code {
  const { at } = node;
  const { operator } = node;
  const left = inner(node.left);
  const right = inner(node.right);
  return frame => {
    const a = left(frame);
    const b = right(frame);
    frame.run.at = at;
    return binary(operator, a, b);
  };
}

/** `a ~ b`. */
export function concatCode(parts: readonly Code[], at: At): Code {
  return frame => {
    const items = parts.map(part => part(frame));
    frame.run.at = at;
    return concat(items);
  };
}

/** `a < b <= c`: every two neighbours are compared. */
export function compareCode(node: Extract<Expression, { type: 'compare' }>, inner: Compile): Code {
  const { at } = node;
  const first = inner(node.first);
  const rest = node.rest.map(({ operator, value }) => ({ operator, value: inner(value) }));
  const [only] = rest;
  if (rest.length === 1 && only) {
    const { operator, value } = only;
    return frame => {
      const a = first(frame);
      const b = value(frame);
      frame.run.at = at;
      return compare(operator, a, b);
    };
  }
  return frame => {
    let left = first(frame);
    let result: Item = true;
    for (const { operator, value } of rest) {
      const right = value(frame);
      frame.run.at = at;
      result = compare(operator, left, right);
      if (result instanceof Unknown || truth(result) === false) return result;
      left = right;
    }
    return result;
  };
}

/** `a if test else b`. */
export function ifCode(node: Extract<Expression, { type: 'if' }>, inner: Compile): Code {
  const { at } = node;
  const test = inner(node.test);
  const then = inner(node.then);
  const otherwise = node.otherwise && inner(node.otherwise);
  return frame => {
    const item = test(frame);
    frame.run.at = at;
    const known = truth(item);
    if (known === undefined) return item;
    if (known) return then(frame);
    return otherwise ? otherwise(frame) : NOTHING;
  };
}

/** With an unknown left side the right one may still decide: `unknown and false` is false. */
function decided(first: Item, right: Code, and: boolean, frame: Frame): Item {
  try {
    const second = right(frame);
    return second === !and ? second : first;
  } catch (error) {
    // The right side may rest on what the left one would have ruled out.
    if (error instanceof Failure || error instanceof TemplateError) return first;
    throw error;
  }
}

function kept(item: Item, frame: Frame, at: At): Value {
  if (typeof item === 'object') frame.run.at = at;
  return plain(item);
}
