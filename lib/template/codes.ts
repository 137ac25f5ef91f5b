CODES
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
    for (const [keyCode, valueCode] of codes) {
      const key = keyCode(frame);
      if (key instanceof Unknown) return key;
      frame.run.at = at;
      dict.set(dictKey(key), kept(valueCode(frame), frame, at));
    }
    return dict;
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
export function binaryCode(node: Extract<Expression, { type: 'binary' }>, at: At): Code {
  const { operator } = node;
  const left = this.compile(node.left);
  const right = this.compile(node.right);
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
export function compareCode(node: Extract<Expression, { type: 'compare' }>, at: At): Code {
  const first = this.compile(node.first);
  const rest = node.rest.map(({ operator, value }) => ({ operator, value: this.compile(value) }));
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
export function ifCode(node: Extract<Expression, { type: 'if' }>, at: At): Code {
  const test = this.compile(node.test);
  const then = this.compile(node.then);
  const otherwise = node.otherwise && this.compile(node.otherwise);
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
