import { numeric } from './compare.ts';
import { Failure } from './error.ts';
import { repr, reprFloat, str, typeName } from './print.ts';
import { Tuple } from './tuple.ts';
import { Float, type Value } from './values.ts';

const PERCENT = /%(?:\(([^)]*)\))?([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+)?)?[hlL]?([\s\S]?)/g;
const WIDEST = 1_000_000;

/** Python's `text % values`. */
export function formatPercent(text: string, values: Value): string {
  const list = values instanceof Tuple ? [...values] : undefined;
  let used = 0;
  const take = (): Value => {
    const all = list ?? [values];
    if (used >= all.length) throw new Failure('"%" has not enough values for its text');
    return all[used++] as Value;
  };
  const result = text.replace(PERCENT, (...found: (string | undefined)[]) => {
    const [all = '', name, flags = '', width, precision, type = ''] = found;
    if (type === '%') return '%';
    const wide = width === '*' ? Number(take()) : Number(width ?? 0);
    const precise =
      precision === '*'
        ? Number(take())
        : precision === undefined
          ? all.includes('.')
            ? 0
            : undefined
          : Number(precision);
    if (name !== undefined && !(values instanceof Map))
      throw new Failure('"%(name)s" needs a dict on the right of "%"');
    const value = name === undefined ? take() : (values as ReadonlyMap<string, Value>).get(name);
    if (value === undefined) throw new Failure(`the dict on the right of "%" has no key "${name}"`);
    return percent(type, value, { flags, width: wide, precision: precise });
  });
  const leftover = list ? used < list.length : used === 0 && !(values instanceof Map) && !Array.isArray(values);
  if (leftover) throw new Failure('"%" has more values than its text uses');
  return result;
}

function percent(
  type: string,
  value: Value,
  options: { flags: string; width: number; precision: number | undefined },
): string {
  const { flags, width, precision } = options;
  if ('sra'.includes(type) && type !== '') {
    const text = type === 's' ? str(value) : type === 'a' ? ascii(value) : repr(value);
    return pad(precision === undefined ? text : text.slice(0, precision), width, flags.includes('-') ? '<' : '>', ' ');
  }
  if (type === 'c')
    return pad(
      typeof value === 'number' ? String.fromCodePoint(value) : str(value),
      width,
      flags.includes('-') ? '<' : '>',
      ' ',
    );
  const number = numeric(value);
  if (!'diuoxXeEfFgG'.includes(type) || type === '') throw new Failure(`"%${type}" is not a format`);
  if (number === undefined)
    throw new Failure(
      `"%${type}" needs a number, not ${typeName(value)}`,
      typeof value === 'string' ? 'use "%s", or turn the text into a number with "| int"' : undefined,
    );
  const whole = 'diuoxX'.includes(type);
  if ('oxX'.includes(type) && value instanceof Float)
    throw new Failure(`"%${type}" needs an integer, not a float`, 'turn it into an integer with "| int"');
  const spec: FormatSpec = {
    fill: ' ',
    align: '>',
    sign: flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '-',
    alternate: flags.includes('#'),
    zero: flags.includes('0') && !flags.includes('-'),
    width,
    comma: '',
    precision: whole ? undefined : precision,
    digits: whole ? precision : undefined,
    type: type === 'i' || type === 'u' ? 'd' : type,
  };
  if (flags.includes('-'))
    return pad(formatNumber(whole ? Math.trunc(number) : number, { ...spec, width: 0 }), width, '<', ' ');
  return formatNumber(whole ? Math.trunc(number) : number, spec);
}

function pad(text: string, width: number, align: string, fill: string): string {
  if (width > WIDEST) throw new Failure(`the width ${width} of a format is too large`);
  const missing = width - Array.from(text).length;
  if (missing <= 0) return text;
  if (align === '<') return text + fill.repeat(missing);
  if (align === '>') return fill.repeat(missing) + text;
  const left = Math.floor(missing / 2);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

interface FormatSpec {
  readonly fill: string;
  readonly align: string | undefined;
  readonly sign: string;
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly width: number;
  readonly comma: string;
  readonly precision: number | undefined;
  /** At least so many digits of a whole number (`%.3d`). */
  readonly digits?: number | undefined;
  readonly type: string;
}

const SPEC = /^(?:([\s\S])?([<>=^]))?([-+ ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([bcdeEfFgGnosxX%])?$/u;

/** Python's `format(value, spec)`, as `'{:>10}'.format(value)` uses it. */
export function formatValue(value: Value, spec: string): string {
  if (spec === '') return str(value);
  const found = SPEC.exec(spec);
  if (!found) throw new Failure(`"${spec}" is not a format`);
  const [, fill = ' ', align, sign = '-', alternate, zero, width = '0', comma = '', precision, type = ''] = found;
  const parsed: FormatSpec = {
    fill,
    align,
    sign,
    alternate: alternate !== undefined,
    zero: zero !== undefined && align === undefined,
    width: Number(width),
    comma,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
  const number = numeric(value);
  if (number !== undefined) {
    if ('bcdoxX'.includes(type) && type !== '' && value instanceof Float)
      throw new Failure(`the format "${type}" needs an integer, not a float`, 'turn it into an integer with "| int"');
    if (type === 's') throw new Failure(`the format "${spec}" needs a text, not ${typeName(value)}`);
    return formatNumber(number, { ...parsed, type: type === '' && value instanceof Float ? 'repr' : type });
  }
  if (type !== '' && type !== 's') throw new Failure(`the format "${spec}" needs a number, not ${typeName(value)}`);
  if (typeof value !== 'string' && typeof value !== 'boolean')
    throw new Failure(`the format "${spec}" cannot be used for ${typeName(value)}`);
  const text = str(value);
  const cut = parsed.precision === undefined ? text : Array.from(text).slice(0, parsed.precision).join('');
  return pad(cut, parsed.width, align ?? '<', zero !== undefined && found[1] === undefined ? '0' : fill);
}

function formatNumber(number: number, spec: FormatSpec): string {
  const negative = number < 0 || Object.is(number, -0);
  const sign = negative ? '-' : spec.sign === '-' ? '' : spec.sign;
  let [prefix, body] = digits(Math.abs(number), spec);
  if (spec.digits !== undefined) body = body.padStart(Math.min(spec.digits, 1000), '0');
  if (spec.comma !== '') body = body.replace(/^\d+/, whole => whole.replace(/\B(?=(\d{3})+$)/g, spec.comma));
  const inner = spec.width - sign.length - prefix.length;
  if (spec.zero || spec.align === '=') body = pad(body, inner, '>', spec.zero ? '0' : spec.fill);
  return pad(sign + prefix + body, spec.width, spec.align === '=' ? '>' : (spec.align ?? '>'), spec.fill);
}

const BASES: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16 };

function digits(size: number, spec: FormatSpec): [prefix: string, body: string] {
  const { type, precision } = spec;
  const base = BASES[type];
  if (base !== undefined) {
    const text = size.toString(base);
    return [spec.alternate ? `0${type}` : '', type === 'X' ? text.toUpperCase() : text];
  }
  if (!Number.isFinite(size)) return ['', Number.isNaN(size) ? 'nan' : 'inf'];
  switch (type) {
    case 'd':
    case 'n':
      if (!Number.isInteger(size))
        throw new Failure('the format "d" needs an integer, not a float', 'turn it into an integer with "| int"');
      return ['', String(size)];
    case 'c':
      return ['', String.fromCodePoint(size)];
    case 'e':
    case 'E':
      return ['', exponent(size, precision ?? 6, type)];
    case 'f':
    case 'F':
      return ['', fixed(size, precision ?? 6)];
    case '%':
      return ['', `${fixed(size * 100, precision ?? 6)}%`];
    case 'g':
    case 'G':
      return ['', general(size, precision ?? 6, { type, alternate: spec.alternate })];
    case 'repr':
      return [
        '',
        precision === undefined ? reprFloat(size) : general(size, precision, { type: 'g', alternate: false }),
      ];
    default:
      return ['', precision === undefined ? String(size) : general(size, precision, { type: 'g', alternate: false })];
  }
}

function exponent(size: number, precision: number, type: string): string {
  const text = size.toExponential(Math.min(precision, 100)).replace(/e([+-])(\d)$/, 'e$10$2');
  return type === 'E' ? text.toUpperCase() : text;
}

/** Rounded half to even on the exact binary value, as C does. */
export function fixed(size: number, precision: number): string {
  const places = Math.min(precision, 100);
  if (size >= 1e21) return BigInt(size).toString() + (places > 0 ? `.${'0'.repeat(places)}` : '');
  const rounded = size.toFixed(places);
  // toFixed rounds an exact half up; the longest text of a double shows whether it is one.
  const exact = size.toFixed(100);
  const point = exact.indexOf('.');
  const kept = exact.slice(0, places === 0 ? point : point + 1 + places);
  const rest = exact.slice(point + 1 + places);
  return /^50*$/.test(rest) && /[02468]$/.test(kept) ? kept : rounded;
}

function general(size: number, precision: number, options: { type: string; alternate: boolean }): string {
  const wanted = Math.max(1, precision);
  if (size === 0) return '0';
  const power = Number(size.toExponential(wanted - 1).split('e')[1]);
  let text =
    power < -4 || power >= wanted ? exponent(size, wanted - 1, 'e') : size.toFixed(Math.max(0, wanted - 1 - power));
  if (!options.alternate && text.includes('.')) text = text.replace(/\.?0+(?=e|$)/, '');
  return options.type === 'G' ? text.toUpperCase() : text;
}

const FIELD = /\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]/g;

/** Python's `text.format(...)`. Fields reach into dicts and lists only: there is no attribute of a value to be read. */
export function formatBraces(text: string, positional: readonly Value[], named: ReadonlyMap<string, Value>): string {
  let next = 0;
  let numbered = false;
  const field = (name: string): Value => {
    const [first = '', ...path] = name.split(/(?=[.[])/);
    if (/^\d+$/.test(first)) numbered = true;
    if (numbered && (first === '' || next > 0))
      throw new Failure('format takes either "{}" or "{0}", not both in one text');
    const base = first === '' ? positional[next++] : /^\d+$/.test(first) ? positional[Number(first)] : named.get(first);
    if (base === undefined) throw new Failure(`format has no value for "{${name}}"`);
    return path.reduce((value, step) => fieldStep(value, step, name), base);
  };
  return text.replace(FIELD, (all: string, name?: string, conversion?: string, spec?: string) => {
    if (all === '{{') return '{';
    if (all === '}}') return '}';
    if (name === undefined)
      throw new Failure(`a single "${all}" in the text of format`, `write "${all}${all}" for the character`);
    const value = field(name);
    const inner = (spec ?? '').replace(/\{([^{}]*)\}/g, (_, nested: string) => str(field(nested)));
    return formatValue(
      conversion === undefined
        ? value
        : conversion === 's'
          ? str(value)
          : conversion === 'a'
            ? ascii(value)
            : repr(value),
      inner,
    );
  });
}

/** Python's `ascii(value)`. */
function ascii(value: Value): string {
  return repr(value).replace(/[^\x00-\x7f]/gu, char => {
    const code = char.codePointAt(0) as number;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
  });
}

function fieldStep(value: Value, step: string, name: string): Value {
  const key = /^\[([^\]]+)\]$/.exec(step)?.[1];
  const found =
    key === undefined
      ? undefined
      : Array.isArray(value)
        ? value[Number(key)]
        : value instanceof Map
          ? (value.get(key) ?? (/^\d+$/.test(key) ? value.get(Number(key)) : undefined))
          : undefined;
  if (found === undefined)
    throw new Failure(
      `format cannot read "{${name}}"`,
      'only keys of dicts and indexes of lists can be read, as "{x[key]}"',
    );
  return found;
}
