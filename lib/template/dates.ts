import { type Call, signature } from './call.ts';
import { Failure } from './error.ts';
import { Callable, type Item, Special } from './special.ts';
import { strftime } from './strftime.ts';
import { TimeDelta } from './time-delta.ts';
import { Tuple } from './tuple.ts';
import { Float } from './values.ts';

const DAY = 86_400_000_000;
const ORDINAL_OF_1970 = 719_163; // days since the first of January of year 1, as Python counts them

/** What a method of a date may be called with. */
export function dateMethod(name: string, params: string, run: (call: Call) => Item): Callable {
  return new Callable(name, signature(params, 'content'), run);
}

/** A day: what the method `date()` of a moment gives. Microseconds since 1970 of its midnight. */
export class Day extends Special {
  override readonly type: string = 'date';
  readonly us: number;
  constructor(us: number) {
    super();
    this.us = us;
  }

  protected get fields(): Date {
    return new Date(Math.floor(this.us / 1000));
  }

  override attribute(name: string): Item | undefined {
    const date = this.fields;
    switch (name) {
      case '__order__':
        return this.us;
      case 'year':
        return date.getUTCFullYear();
      case 'month':
        return date.getUTCMonth() + 1;
      case 'day':
        return date.getUTCDate();
      case 'isoformat':
        return dateMethod('isoformat', '', () => this.text());
      case 'strftime':
        return dateMethod('strftime', 'format', call => this.formatted(call.text(0)));
      case 'weekday':
        return dateMethod('weekday', '', () => (date.getUTCDay() + 6) % 7);
      case 'isoweekday':
        return dateMethod('isoweekday', '', () => date.getUTCDay() || 7);
      case 'toordinal':
        return dateMethod('toordinal', '', () => Math.floor(this.us / DAY) + ORDINAL_OF_1970);
      case 'ctime':
        return dateMethod('ctime', '', () => this.formatted('%c'));
      case 'isocalendar':
        return dateMethod('isocalendar', '', () => Tuple.make(this.formatted('%G %V %u').split(' ').map(Number)));
    }
    return undefined;
  }

  protected formatted(format: string): string {
    const microseconds = ((this.us % 1_000_000) + 1_000_000) % 1_000_000;
    return strftime(format, this.fields, { utc: true, microseconds, zone: '' });
  }

  override text(): string {
    return this.fields.toISOString().slice(0, 10);
  }
}

/** A moment, as Python's datetime: microseconds of its fields read as UTC, and the minutes its zone is ahead of UTC. */
export class DateTime extends Day {
  override readonly type = 'datetime';
  readonly ahead: number | undefined;
  constructor(us: number, ahead?: number) {
    super(us);
    this.ahead = ahead;
  }

  /** Microseconds since 1970; as Python a moment without a zone is local time. */
  get instant(): number {
    if (this.ahead !== undefined) return this.us - this.ahead * 60_000_000;
    return localTime(this.fields) * 1000 + (((this.us % 1000) + 1000) % 1000);
  }

  override attribute(name: string): Item | undefined {
    const date = this.fields;
    switch (name) {
      case '__order__':
        return this.ahead === undefined ? this.us : this.instant;
      case 'hour':
        return date.getUTCHours();
      case 'minute':
        return date.getUTCMinutes();
      case 'second':
        return date.getUTCSeconds();
      case 'microsecond':
        return ((this.us % 1_000_000) + 1_000_000) % 1_000_000;
      case 'tzinfo':
        return this.ahead === undefined ? null : zoneName(this.ahead, ':');
      case 'isoformat':
        return dateMethod('isoformat', 'sep?', call => this.text(call.text(0, 'T')));
      case 'date':
        return dateMethod('date', '', () => new Day(Math.floor(this.us / DAY) * DAY));
      case 'time':
        return dateMethod('time', '', () => this.#time());
      case 'timestamp':
        return dateMethod('timestamp', '', () => new Float(this.instant / 1_000_000));
      case 'replace':
        return dateMethod('replace', 'year? month? day? hour? minute? second? microsecond?', call => this.#with(call));
    }
    return super.attribute(name);
  }

  protected override formatted(format: string): string {
    const microseconds = ((this.us % 1_000_000) + 1_000_000) % 1_000_000;
    const zone = this.ahead === undefined ? '' : zoneName(this.ahead, '');
    return strftime(format, this.fields, { utc: true, microseconds, zone });
  }

  #time(): string {
    const microseconds = ((this.us % 1_000_000) + 1_000_000) % 1_000_000;
    const fraction = microseconds === 0 ? '' : `.${String(microseconds).padStart(6, '0')}`;
    return this.fields.toISOString().slice(11, 19) + fraction;
  }

  #with(call: Call): DateTime {
    const names = ['year', 'month', 'day', 'hour', 'minute', 'second', 'microsecond'];
    const parts = names.map((name, i) => call.int(i, this.attribute(name) as number));
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, microsecond = 0] = parts;
    const ms = Date.UTC(year, month - 1, day, hour, minute, second);
    const made = new DateTime(ms * 1000 + microsecond, this.ahead);
    if (names.some((name, i) => made.attribute(name) !== parts[i])) call.fail('makes a date that does not exist');
    return made;
  }

  override text(separator = ' '): string {
    const zone = this.ahead === undefined ? '' : zoneName(this.ahead, ':');
    return super.text() + separator + this.#time() + zone;
  }
}

function zoneName(ahead: number, colon: string): string {
  const size = Math.abs(ahead);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${ahead < 0 ? '-' : '+'}${two(size / 60)}${colon}${two(size % 60)}`;
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
  if (left instanceof Day && right instanceof Day) return minus ? between(left, right) : undefined;
  if (left instanceof TimeDelta && right instanceof TimeDelta)
    return new TimeDelta(minus ? left.us - right.us : left.us + right.us);
  if (left instanceof Day && right instanceof TimeDelta) return moved(left, minus ? -right.us : right.us);
  return left instanceof TimeDelta && right instanceof Day && !minus ? moved(right, left.us) : undefined;
}

function moved(from: Day, us: number): Day {
  if (from instanceof DateTime) return new DateTime(from.us + us, from.ahead);
  return new Day(from.us + Math.floor(us / DAY) * DAY);
}

function between(left: Day, right: Day): TimeDelta {
  const zones = [left, right].map(one => one instanceof DateTime && one.ahead !== undefined);
  if (zones[0] !== zones[1] || left.type !== right.type)
    throw new Failure('"-" needs two dates that both have a time zone, or both none');
  if (left instanceof DateTime && right instanceof DateTime && zones[0])
    return new TimeDelta(left.instant - right.instant);
  return new TimeDelta(left.us - right.us);
}

/** A date that cannot be: its message says what strptime wanted. */
export function badDate(text: string, format: string): Failure {
  return new Failure(`"${text}" does not have the format "${format}"`);
}
