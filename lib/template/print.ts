import { Failure, Nothing, UndefinedUsed } from './error.ts';
import { type Item, Special } from './special.ts';
import { taint, taintOf } from './taint.ts';
import { Tuple } from './tuple.ts';
import { Float, Secret, Undefined, Unknown, type Value } from './values.ts';

/** Python's `str(value)`; secrets are revealed, so the caller must know the value holds none or keep the result secret. */
export function str(value: Item): string {
  if (typeof value === 'string') return value;
  if (value instanceof Nothing) return '';
  if (value instanceof Secret) return str(value.reveal());
  return repr(value);
}

/** Python's `repr(value)`. */
export function repr(value: Item, depth = 0): string {
  switch (typeof value) {
    case 'string':
      return reprText(value);
    case 'number':
      return String(value);
    case 'boolean':
      return value ? 'True' : 'False';
    default:
      return value === null ? 'None' : reprObject(value, depth);
  }
}

function reprObject(value: Exclude<Item, string | number | boolean | null>, depth: number): string {
  if (value instanceof Float) return reprFloat(value.value);
  if (value instanceof Special) return value.text();
  if (value instanceof Undefined) throw new UndefinedUsed(value);
  if (value instanceof Unknown) throw new Failure(`internal: an unknown value was printed (${value.why})`);
  if (depth > 1000) throw new Failure('the value is nested too deep to be printed');
  if (value instanceof Secret) return repr(value.reveal(), depth);
  if (Array.isArray(value)) {
    const items = value.map(item => repr(item, depth + 1));
    if (!(value instanceof Tuple)) return `[${items.join(', ')}]`;
    return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
  }
  return `{${[...value].map(([k, v]) => `${repr(k)}: ${repr(v, depth + 1)}`).join(', ')}}`;
}

const UNPRINTABLE = /[\x00-\x1f\x7f\\]|[^\x20-\x7e]/gu;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function reprText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(UNPRINTABLE, c => {
    const known = ESCAPES[c];
    if (known !== undefined) return known;
    // As Python: separators but the space, controls, formats, surrogates, private and unassigned ones are escaped.
    if (c > '\x7e' && !/[\p{Z}\p{C}]/u.test(c)) return c;
    const code = c.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
  });
  return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote;
}

/** Python's shortest text of a float: `1.0`, `0.1`, `1e+16`, `1e-05`, `inf`. */
export function reprFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e16 || size < 1e-4) {
    const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
    const power = Number(exponent);
    return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  const text = String(value); // JavaScript turns to exponents only below 1e-6 and from 1e21
  if (text.includes('e')) return value.toFixed(20).replace(/0+$/, '');
  return text.includes('.') ? text : `${text}.0`;
}

/** `str(value)` that stays secret or unknown when something in the value is. */
export function printed(value: Item): Value {
  if (typeof value === 'string') return value;
  const held = taintOf(value);
  if (held instanceof Unknown) return held;
  return taint(str(value), held) as Value;
}

/** Python's name of a value's type, as error messages and `type_debug` say it. */
export function typeName(value: Item): string {
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'number':
      return 'int';
    case 'boolean':
      return 'bool';
    default:
      if (value === null) return 'NoneType';
      if (value instanceof Float) return 'float';
      if (value instanceof Special) return value.type;
      if (value instanceof Tuple) return 'tuple';
      if (Array.isArray(value)) return 'list';
      if (value instanceof Map) return 'dict';
      if (value instanceof Secret) return typeName(value.reveal());
      return value instanceof Undefined ? 'undefined' : 'unknown';
  }
}
