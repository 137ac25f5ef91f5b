import { randomInt } from 'node:crypto';
import { type Call, content, type SpecTable, structure } from '../call.ts';
import { numeric } from '../compare.ts';
import { fixed } from '../format.ts';
import { iterate } from '../loop.ts';
import { Mersenne } from '../mersenne.ts';
import { binary, int } from '../operators.ts';
import { str } from '../print.ts';
import type { Item } from '../special.ts';
import { Float, type Value } from '../values.ts';
import { readFloat } from './types.ts';

function number(call: Call): number {
  return (
    numeric(call.input) ??
    call.wrongInput(
      'a number',
      typeof call.input === 'string' ? 'turn the text into a number with "| int" or "| float"' : undefined,
    )
  );
}

/** As Jinja: always a float; `common` rounds an exact half to the even digit, as Python. */
function round(call: Call): Value {
  const value = number(call);
  const precision = call.int(0, 0);
  const method = call.text(1, 'common');
  const scale = 10 ** precision;
  if (method === 'ceil') return new Float(Math.ceil(value * scale) / scale);
  if (method === 'floor') return new Float(Math.floor(value * scale) / scale);
  if (method !== 'common') return call.fail('rounds by common, ceil or floor');
  const rounded =
    precision >= 0 ? Number(fixed(Math.abs(value), precision)) : Number(fixed(Math.abs(value) * scale, 0)) / scale;
  const signed = Math.sign(value) < 0 ? -rounded : rounded;
  // As Python: round(int, 0) stays an int, and Jinja gives that back.
  return call.input instanceof Float ? new Float(signed) : int(signed);
}

function log(call: Call): Value {
  const value = number(call);
  if (value <= 0) return call.fail('needs a number above 0');
  const base = call.has(0) ? (numeric(call.value(0)) ?? Number.NaN) : undefined;
  if (base !== undefined && !(base > 0 && base !== 1)) return call.fail('needs a base above 0 that is not 1');
  if (base === undefined) return new Float(Math.log(value));
  return new Float(base === 10 ? Math.log10(value) : Math.log(value) / Math.log(base));
}

function root(call: Call): Value {
  const base = call.has(0) ? (numeric(call.value(0)) ?? Number.NaN) : 2;
  const value = number(call);
  if (value < 0) return call.fail('needs a number that is not below 0');
  return new Float(base === 2 ? Math.sqrt(value) : value ** (1 / base));
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];

/** As Ansible's `human_readable`: 1024 to 1.00 KB. */
function humanReadable(call: Call): string {
  const size = number(call);
  const bits = call.bool(0);
  const wanted = call.value(1);
  const rank =
    typeof wanted === 'string'
      ? UNITS.findIndex(unit => unit[0] === wanted.toUpperCase()[0])
      : Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, size)) / 10)));
  if (rank < 0) call.fail(`knows no unit "${String(wanted)}"`);
  const unit = bits
    ? rank === 0
      ? 'bits'
      : `${(UNITS[rank] as string)[0]}b`
    : rank === 0
      ? 'Bytes'
      : (UNITS[rank] as string);
  return `${fixed(size / 1024 ** rank, 2)} ${unit}`;
}

function humanToBytes(call: Call): number {
  const isbits = call.bool(1);
  const text = str(call.input);
  const found = /^\s*(\d*\.?\d*)\s*([A-Za-z]+)?/.exec(text);
  const value = Number.parseFloat(found?.[1] ?? '');
  if (!found || Number.isNaN(value)) return call.fail(`cannot read "${text}"`, 'write a number and a unit, as "10 MB"');
  const unit = found[2] ?? (call.value(0) === null ? undefined : call.text(0));
  if (unit === undefined) return Math.round(value);
  const rank = UNITS.findIndex(known => known[0] === unit[0]?.toUpperCase());
  const rest = unit.slice(1);
  const letter = isbits ? 'b' : 'B';
  const whole = isbits ? 'bit' : 'byte';
  const good =
    rank === 0
      ? unit === letter || ['byte', 'bytes', 'bit', 'bits'].includes(unit.toLowerCase())
      : rest === '' || rest === letter || rest.toLowerCase().startsWith(whole);
  if (rank < 0 || !good || (rest !== '' && rank > 0 && rest.length === 1 && rest !== letter))
    return call.fail(`cannot read the unit "${unit}"`);
  return int(Math.round(value * 1024 ** rank));
}

/** Python's generator for a seed, so that values stay what they were under Ansible; else one nobody can guess. */
function below(seed: Item): (limit: number) => number {
  if (seed === null) return limit => randomInt(limit);
  const generator = new Mersenne(typeof seed === 'number' ? seed : str(seed));
  return limit => generator.below(limit);
}

function random(call: Call): Value {
  const pick = below(call.value(2));
  if (typeof call.input === 'number') {
    const start = call.value(0) === null ? 0 : call.int(0);
    const step = call.value(1) === null ? 1 : call.int(1);
    const count = Math.ceil((call.input - start) / step);
    if (count < 1) return call.fail('needs an end above its start');
    return start + step * pick(count);
  }
  const items = iterate(call.input);
  if (items.length === 0) return call.fail('needs a list that is not empty');
  return items[pick(items.length)] as Value;
}

function shuffle(call: Call): Value {
  const items = Array.from(iterate(call.input));
  const pick = below(call.value(0));
  for (let i = items.length - 1; i > 0; i--) {
    const j = pick(i + 1);
    [items[i], items[j]] = [items[j] as Value, items[i] as Value];
  }
  return items;
}

/** Filters of numbers, and of chance. */
export const numberFilters: SpecTable = {
  abs: content('', call => (call.input instanceof Float ? new Float(Math.abs(number(call))) : Math.abs(number(call)))),
  round: content('precision? method?', round),
  pow: content('exponent', call => {
    const result = binary('**', call.input, call.value(0));
    return result instanceof Float ? result : new Float(result as number);
  }),
  root: content('base?', root),
  log: content('base?', log),
  human_readable: content('isbits? unit?', humanReadable),
  human_to_bytes: content('default_unit? isbits?', humanToBytes),
  filesizeformat: content('binary?', call => {
    const bytes = typeof call.input === 'string' ? (readFloat(call.input) ?? number(call)) : number(call);
    const base = call.bool(0) ? 1024 : 1000;
    if (bytes < base) return bytes === 1 ? '1 Byte' : `${Math.trunc(bytes)} Bytes`;
    const rank = Math.min(8, Math.floor(Math.log(bytes) / Math.log(base)));
    return `${fixed(bytes / base ** rank, 1)} ${base === 1024 ? `${'KMGTPEZY'[rank - 1]}iB` : `${'kMGTPEZY'[rank - 1]}B`}`;
  }),
  random: structure('start? step? seed?', random),
  shuffle: structure('seed?', shuffle),
};
