import { Failure } from './error.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAY = 86_400_000;

interface Fields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
  readonly weekday: number;
  /** Day of the year from 1. */
  readonly yearDay: number;
}

function fieldsOf(date: Date, utc: boolean): Fields {
  const year = utc ? date.getUTCFullYear() : date.getFullYear();
  const month = utc ? date.getUTCMonth() : date.getMonth();
  const day = utc ? date.getUTCDate() : date.getDate();
  return {
    year,
    month,
    day,
    hour: utc ? date.getUTCHours() : date.getHours(),
    minute: utc ? date.getUTCMinutes() : date.getMinutes(),
    second: utc ? date.getUTCSeconds() : date.getSeconds(),
    ms: utc ? date.getUTCMilliseconds() : date.getMilliseconds(),
    weekday: utc ? date.getUTCDay() : date.getDay(),
    yearDay: Math.round((Date.UTC(year, month, day) - Date.UTC(year, 0, 1)) / DAY) + 1,
  };
}

function two(value: number, fill = '0'): string {
  return String(value).padStart(2, fill);
}

/** ISO 8601's year and week. */
function isoWeek(f: Fields): { year: number; week: number } {
  const thursday = new Date(Date.UTC(f.year, f.month, f.day) + (4 - (f.weekday || 7)) * DAY);
  const year = thursday.getUTCFullYear();
  return { year, week: Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / DAY / 7) + 1 };
}

function zone(date: Date, utc: boolean, name: boolean): string {
  if (utc) return name ? 'UTC' : '+0000';
  if (name)
    return (
      new Intl.DateTimeFormat('en', { timeZoneName: 'short' })
        .formatToParts(date)
        .find(part => part.type === 'timeZoneName')?.value ?? ''
    );
  const offset = -date.getTimezoneOffset();
  const size = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}

/** C's strftime in the C locale; `utc` reads the date's fields as UTC, otherwise in the controller's time zone. */
export function strftime(format: string, date: Date, options: { utc: boolean }): string {
  const { utc } = options;
  const f = fieldsOf(date, utc);
  const hour12 = f.hour % 12 || 12;
  const one = (letter: string): string | undefined => {
    switch (letter) {
      case 'Y':
        return String(f.year);
      case 'C':
        return two(Math.floor(f.year / 100));
      case 'y':
        return two(f.year % 100);
      case 'm':
        return two(f.month + 1);
      case 'd':
        return two(f.day);
      case 'e':
        return two(f.day, ' ');
      case 'H':
        return two(f.hour);
      case 'I':
        return two(hour12);
      case 'k':
        return two(f.hour, ' ');
      case 'l':
        return two(hour12, ' ');
      case 'M':
        return two(f.minute);
      case 'S':
        return two(f.second);
      case 'f':
        return `${String(f.ms).padStart(3, '0')}000`;
      case 'p':
        return f.hour < 12 ? 'AM' : 'PM';
      case 'P':
        return f.hour < 12 ? 'am' : 'pm';
      case 'j':
        return String(f.yearDay).padStart(3, '0');
      case 'a':
        return (DAYS[f.weekday] as string).slice(0, 3);
      case 'A':
        return DAYS[f.weekday];
      case 'b':
      case 'h':
        return (MONTHS[f.month] as string).slice(0, 3);
      case 'B':
        return MONTHS[f.month];
      case 'u':
        return String(f.weekday || 7);
      case 'w':
        return String(f.weekday);
      case 'U':
        return two(Math.floor((f.yearDay + 6 - f.weekday) / 7));
      case 'W':
        return two(Math.floor((f.yearDay + 6 - ((f.weekday + 6) % 7)) / 7));
      case 'V':
        return two(isoWeek(f).week);
      case 'G':
        return String(isoWeek(f).year);
      case 'g':
        return two(isoWeek(f).year % 100);
      case 's':
        return String(Math.floor(date.getTime() / 1000));
      case 'z':
        return zone(date, utc, false);
      case 'Z':
        return zone(date, utc, true);
      case 'D':
      case 'x':
        return all('%m/%d/%y');
      case 'F':
        return all('%Y-%m-%d');
      case 'T':
      case 'X':
        return all('%H:%M:%S');
      case 'R':
        return all('%H:%M');
      case 'r':
        return all('%I:%M:%S %p');
      case 'c':
        return all('%a %b %e %H:%M:%S %Y');
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case '%':
        return '%';
      default:
        return undefined;
    }
  };
  const all = (text: string): string =>
    text.replace(/%([-_0^]?)([\s\S])/g, (whole, flag: string, letter: string) => {
      const value = one(letter);
      if (value === undefined) return whole;
      if (flag === '-') return value.replace(/^[0 ]+(?=\d)/, '');
      if (flag === '_') return value.replace(/^0+(?=\d)/, zeros => ' '.repeat(zeros.length));
      return flag === '^' ? value.toUpperCase() : value;
    });
  return all(format);
}

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
  z: '(?<z>[+-]\\d\\d:?\\d\\d|Z)',
  Z: '(?<Z>UTC|GMT|[A-Z]{3,4})?',
  s: '(?<s>\\d+)',
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

/** Python's strptime: the milliseconds of the fields read as UTC; undefined when the text has another form. */
export function strptime(text: string, format: string): number | undefined {
  const spelled = format.replace(/%([DFTRxXc])/g, (_all, letter: string) => WHOLE[letter] as string);
  const source = spelled.replace(/%([\s\S])|\s+|[\s\S]/g, (piece, letter?: string) => {
    if (letter === undefined) return /^\s/.test(piece) ? '\\s+' : piece.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
    const part = PARTS[letter];
    if (part === undefined) throw new Failure(`"%${letter}" is not a part of a date`);
    return part;
  });
  const g = new RegExp(`^${source}$`, 'i').exec(text)?.groups;
  if (!g) return new RegExp(`^${source}$`, 'i').test(text) ? Date.UTC(1900, 0, 1) : undefined;
  const number = (name: string, otherwise: number) => (g[name] === undefined ? otherwise : Number(g[name]));
  if (g['s'] !== undefined) return number('s', 0) * 1000;
  const short = number('y', 0);
  const year = g['y'] === undefined ? number('Y', 1900) : short + (short < 69 ? 2000 : 1900);
  const monthName = (g['b'] ?? g['B'])?.toLowerCase().slice(0, 3);
  const month =
    monthName === undefined ? number('m', 1) - 1 : MONTHS.findIndex(m => m.toLowerCase().startsWith(monthName));
  const half = g['p']?.toLowerCase();
  const hour = g['I'] === undefined ? number('H', 0) : (number('I', 0) % 12) + (half === 'pm' ? 12 : 0);
  const ms = Math.floor(Number((g['f'] ?? '0').padEnd(6, '0')) / 1000);
  const day = number('d', 1);
  const date = Date.UTC(
    year,
    g['j'] === undefined ? month : 0,
    g['j'] === undefined ? day : number('j', 1),
    hour,
    number('M', 0),
    number('S', 0),
    ms,
  );
  if (g['j'] === undefined && new Date(date).getUTCDate() !== day) return undefined;
  return date;
}
