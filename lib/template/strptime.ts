import { Failure } from './error.ts';
import { DAYS, MONTHS } from './strftime.ts';

const PARTS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  y: '(?<y>\\d\\d)',
  m: '(?<m>1[0-2]|0?[1-9])',
  d: '(?<d>3[01]|[12]\\d|0?[1-9]| [1-9])',
  e: '(?<d>3[01]|[12]\\d|0?[1-9]| [1-9])',
  H: '(?<H>2[0-3]|[01]?\\d)',
  I: '(?<I>1[0-2]|0?[1-9])',
  M: '(?<M>[0-5]?\\d)',
  S: '(?<S>6[01]|[0-5]?\\d)',
  f: '(?<f>\\d{1,6})',
  j: '(?<j>\\d{1,3})',
  p: '(?<p>[AaPp][Mm])',
  z: '(?<z>[+-]\\d\\d:?\\d\\d(?::?\\d\\d)?|Z)',
  Z: '(?<Z>UTC|GMT|[A-Z]{3,4})?',
  s: '(?<s>\\d+)',
  U: '(?<U>5[0-3]|[0-4]?\\d)',
  W: '(?<W>5[0-3]|[0-4]?\\d)',
  w: '(?<w>[0-6])',
  u: '(?<u>[1-7])',
  '%': '%',
  b: `(?<b>${MONTHS.map(m => m.slice(0, 3)).join('|')})`,
  h: `(?<b>${MONTHS.map(m => m.slice(0, 3)).join('|')})`,
  B: `(?<B>${MONTHS.join('|')})`,
  a: `(?:${DAYS.map(d => d.slice(0, 3)).join('|')})`,
  A: `(?:${DAYS.join('|')})`,
};
const WHOLE: Readonly<Record<string, string>> = {
  D: '%m/%d/%y',
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
  x: '%m/%d/%y',
  X: '%H:%M:%S',
  c: '%a %b %d %H:%M:%S %Y',
};

/** What a text says of a moment: microseconds of its fields read as UTC, and the minutes its zone is ahead of UTC. */
export interface Read {
  readonly us: number;
  readonly ahead: number | undefined;
}

/** Python's strptime; undefined when the text has another form or the date does not exist. */
export function strptime(text: string, format: string): Read | undefined {
  const spelled = format.replace(/%([DFTRxXc])/g, (_all, letter: string) => WHOLE[letter] as string);
  const source = spelled.replace(/%([\s\S])|\s+|[\s\S]/g, (piece, letter?: string) => {
    if (letter === undefined) return /^\s/.test(piece) ? '\\s+' : piece.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
    const part = PARTS[letter];
    if (part === undefined) throw new Failure(`"%${letter}" is not a part of a date`);
    return part;
  });
  const found = new RegExp(`^${source}$`, 'i').exec(text);
  if (!found) return undefined;
  const groups = found.groups ?? {};
  const number = (name: string, otherwise: number) => (groups[name] === undefined ? otherwise : Number(groups[name]));
  const us = Number((groups['f'] ?? '').padEnd(6, '0'));
  const ms = groups['s'] === undefined ? fieldsOf(groups, number) : number('s', 0) * 1000;
  return ms === undefined ? undefined : { us: ms * 1000 + us, ahead: zoneOf(groups['z']) };
}

type Groups = Readonly<Record<string, string | undefined>>;

function fieldsOf(groups: Groups, number: (name: string, otherwise: number) => number): number | undefined {
  const short = number('y', 0);
  const year = groups['y'] === undefined ? number('Y', 1900) : short + (short < 69 ? 2000 : 1900);
  const name = (groups['b'] ?? groups['B'])?.toLowerCase().slice(0, 3);
  const month = name === undefined ? number('m', 1) - 1 : MONTHS.findIndex(m => m.toLowerCase().startsWith(name));
  const half = groups['p']?.toLowerCase();
  const hour = groups['I'] === undefined ? number('H', 0) : (number('I', 0) % 12) + (half === 'pm' ? 12 : 0);
  const time = [hour, number('M', 0), number('S', 0)] as const;
  if (groups['j'] !== undefined) return Date.UTC(year, 0, number('j', 1), ...time);
  const ofWeek = dayOfWeek(groups, number, year);
  if (ofWeek !== undefined) return Date.UTC(year, 0, ofWeek, ...time);
  const day = number('d', 1);
  const date = Date.UTC(year, month, day, ...time);
  return new Date(date).getUTCDate() === day ? date : undefined;
}

/** The day of the year of a week and a weekday; undefined where the text does not give both. */
function dayOfWeek(
  groups: Groups,
  number: (name: string, otherwise: number) => number,
  year: number,
): number | undefined {
  const monday = groups['W'] !== undefined;
  if (!monday && groups['U'] === undefined) return undefined;
  if (groups['w'] === undefined && groups['u'] === undefined) return undefined;
  const weekday = groups['w'] === undefined ? number('u', 0) % 7 : number('w', 0);
  const first = new Date(Date.UTC(year, 0, 1)).getUTCDay();
  const shift = (day: number) => (monday ? (day + 6) % 7 : day);
  const week = number(monday ? 'W' : 'U', 0);
  const untilWeek1 = (7 - shift(first)) % 7;
  return week === 0 ? 1 + shift(weekday) - shift(first) : 1 + untilWeek1 + 7 * (week - 1) + shift(weekday);
}

function zoneOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const found = /^([+-])(\d\d):?(\d\d)/.exec(text);
  if (!found) return 0;
  return (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3]));
}
