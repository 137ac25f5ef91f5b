import { order } from '../compare.ts';
import { repr, typeName } from '../print.ts';
import { Tuple } from '../tuple.ts';
import { type Key, Undefined, type Value } from '../values.ts';

const WIDTH = 80;

/** Python's `pprint.pformat`: lines of 80 characters, keys sorted. */
export function pformat(value: Value): string {
  return format(value, { indent: 0, allowance: 0, top: true });
}

interface Place {
  /** The column the text starts at, and how many characters must still fit behind it. */
  readonly indent: number;
  readonly allowance: number;
  readonly top?: boolean;
}

function format(value: Value, place: Place): string {
  const whole = repr(sortedDeep(value));
  if (whole.length <= WIDTH - place.indent - place.allowance) return whole;
  if (typeof value === 'string') return longText(value, place);
  if (value instanceof Map && value.size > 0) {
    const inner = place.indent + 1;
    return `{${joined([...sortedPairs(value)], inner, ([key, item], last) => {
      const name = `${repr(key)}: `;
      return name + format(item, { indent: inner + name.length, allowance: last ? place.allowance + 1 : 1 });
    })}}`;
  }
  if (!Array.isArray(value) || value.length === 0) return whole;
  const [open, close] = !(value instanceof Tuple) ? '[]' : value.length === 1 ? ['(', ',)'] : '()';
  const inner = place.indent + 1;
  const items = joined(Array.from(value), inner, (item, last) =>
    format(item, { indent: inner, allowance: last ? place.allowance + (close as string).length : 1 }),
  );
  return open + items + close;
}

function joined<T>(items: readonly T[], indent: number, write: (item: T, last: boolean) => string): string {
  return items.map((item, i) => write(item, i === items.length - 1)).join(`,\n${' '.repeat(indent)}`);
}

function sortedPairs(dict: ReadonlyMap<Key, Value>): readonly (readonly [Key, Value])[] {
  return [...dict].sort(([a], [b]) => {
    const [left, right] = [typeName(a), typeName(b)];
    const mixed = left !== right && [left, right].some(name => name === 'str' || name === 'NoneType');
    return mixed ? (left < right ? -1 : 1) : a === null ? 0 : order(a, b);
  });
}

function sortedDeep(value: Value): Value {
  if (value instanceof Undefined) return value;
  if (value instanceof Tuple) return Tuple.make(value.map(sortedDeep));
  if (Array.isArray(value)) return value.map(sortedDeep);
  return value instanceof Map ? new Map(sortedPairs(value).map(([k, v]) => [k, sortedDeep(v)])) : value;
}

/** A text too long for its line: several literals under each other, broken behind white space. */
function longText(text: string, place: Place): string {
  const indent = place.indent + (place.top ? 1 : 0);
  const allowance = place.allowance + (place.top ? 1 : 0);
  const room = WIDTH - indent;
  const chunks: string[] = [];
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  lines.forEach((line, i) => {
    const lastLine = i === lines.length - 1;
    if (repr(line).length <= room - (lastLine ? allowance : 0)) {
      chunks.push(repr(line));
      return;
    }
    const parts = line.match(/\S+\s*|\s+/g) ?? [];
    let current = '';
    parts.forEach((part, j) => {
      const width = room - (lastLine && j === parts.length - 1 ? allowance : 0);
      if (repr(current + part).length > width && current !== '') {
        chunks.push(repr(current));
        current = part;
      } else current += part;
    });
    if (current !== '') chunks.push(repr(current));
  });
  if (chunks.length <= 1) return chunks[0] ?? "''";
  const made = chunks.join(`\n${' '.repeat(indent)}`);
  return place.top ? `(${made})` : made;
}
