export const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
export const MONTHS = [
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

export interface Moment {
  /** Reads the date's fields as UTC, otherwise in the controller's time zone. */
  readonly utc: boolean;
  /** What `%f` is; without them it stays as it is written, as Python's time.strftime leaves it. */
  readonly microseconds?: number;
  /** What `%z` and `%Z` are, for a moment that is not of the controller's time zone. */
  readonly zone?: string;
}

/** C's strftime in the C locale. */
export function strftime(format: string, date: Date, options: Moment): string {
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
        return options.microseconds === undefined ? undefined : String(options.microseconds).padStart(6, '0');
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
        return options.zone ?? zone(date, utc, false);
      case 'Z':
        return options.zone === undefined ? zone(date, utc, true) : options.zone && `UTC${options.zone}`;
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
