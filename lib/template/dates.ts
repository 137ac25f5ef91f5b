import { signature } from './call.ts';
import { Failure } from './error.ts';
import { reprFloat } from './print.ts';
import { Callable, type Item, Special } from './special.ts';
import { strftime } from './strftime.ts';
import { Float } from './values.ts';

/** A moment without a time zone, as Python's naive datetime: milliseconds of its fields read as UTC, and microseconds. */
export class DateTime extends Special {
  override readonly type = 'datetime';
  readonly ms: number;
  constructor(ms: number) {
    super();
    this.ms = ms;
  }

  override attribute(name: string): Item | undefined {
    const date = new Date(this.ms);
    switch (name) {
      case '__order__':
        return this.ms;
      case 'year':
        return date.getUTCFullYear();
      case 'month':
        return date.getUTCMonth() + 1;
      case 'day':
        return date.getUTCDate();
      case 'hour':
        return date.getUTCHours();
      case 'minute':
        return date.getUTCMinutes();
      case 'second':
        return date.getUTCSeconds();
      case 'microsecond':
        return date.getUTCMilliseconds() * 1000;
      case 'strftime':
        return method('strftime', 'format', call => strftime(call.text(0), date, { utc: true }));
      case 'isoformat':
        return method('isoformat', 'sep?', call => this.text(call.text(0, 'T')));
      case 'date':
        return method('date', '', () => new DateTime(Math.floor(this.ms / DAY) * DAY));
      case 'weekday':
        return method('weekday', '', () => (date.getUTCDay() + 6) % 7);
      case 'isoweekday':
        return method('isoweekday', '', () => date.getUTCDay() || 7);
      case 'timestamp':
        // As Python: a moment without a zone is local time.
        return method('timestamp', '', () => new Float(localTime(date) / 1000));
    }
    return undefined;
  }

  override text(separator = ' '): string {
    const iso = new Date(this.ms).toISOString();
    const fraction = this.ms % 1000 === 0 ? '' : `.${iso.slice(20, 23)}000`;
    return iso.slice(0, 10) + separator + iso.slice(11, 19) + fraction;
  }
}

/** The difference of two moments. */
export class TimeDelta extends Special {
  override readonly type = 'timedelta';
  readonly ms: number;
  constructor(ms: number) {
    super();
    this.ms = ms;
  }

  override attribute(name: string): Item | undefined {
    const days = Math.floor(this.ms / DAY);
    switch (name) {
      case '__order__':
        return this.ms;
      case 'days':
        return days;
      case 'seconds':
        return Math.floor((this.ms - days * DAY) / 1000);
      case 'microseconds':
        return (((this.ms % 1000) + 1000) % 1000) * 1000;
      case 'total_seconds':
        return method('total_seconds', '', () => new Float(this.ms / 1000));
    }
    return undefined;
  }

  override text(): string {
    const days = Math.floor(this.ms / DAY);
    const rest = this.ms - days * DAY;
    const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
    const time = `${Math.floor(rest / 3_600_000)}:${two((rest / 60_000) % 60)}:${two((rest / 1000) % 60)}`;
    const fraction =
      rest % 1000 === 0
        ? ''
        : reprFloat((rest % 1000) / 1000)
            .slice(1)
            .padEnd(7, '0');
    return `${days === 0 ? '' : `${days} day${Math.abs(days) === 1 ? '' : 's'}, `}${time}${fraction}`;
  }
}

const DAY = 86_400_000;

function method(name: string, params: string, run: (call: import('./call.ts').Call) => Item): Callable {
  return new Callable(name, signature(params, 'content'), run);
}

/** The epoch milliseconds of fields kept as UTC, read as local time. */
export function localTime(date: Date): number {
  return new Date(
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    date.getUTCMilliseconds(),
  ).getTime();
}

/** Dates and differences added and subtracted; undefined for other operators. */
export function dateArithmetic(operator: string, left: Special, right: Special): Special | undefined {
  const minus = operator === '-';
  if (!minus && operator !== '+') return undefined;
  if (left instanceof DateTime && right instanceof DateTime)
    return minus ? new TimeDelta(left.ms - right.ms) : undefined;
  if (left instanceof DateTime && right instanceof TimeDelta)
    return new DateTime(minus ? left.ms - right.ms : left.ms + right.ms);
  if (left instanceof TimeDelta && right instanceof TimeDelta)
    return new TimeDelta(minus ? left.ms - right.ms : left.ms + right.ms);
  if (left instanceof TimeDelta && right instanceof DateTime && !minus) return new DateTime(left.ms + right.ms);
  return undefined;
}

/** A date that cannot be: its message says what strptime wanted. */
export function badDate(text: string, format: string): Failure {
  return new Failure(`"${text}" does not have the format "${format}"`);
}
