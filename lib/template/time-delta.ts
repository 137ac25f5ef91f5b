import { signature } from './call.ts';
import { Callable, type Item, Special } from './special.ts';
import { Float } from './values.ts';

const DAY = 86_400_000_000;

/** The difference of two moments, in microseconds. */
export class TimeDelta extends Special {
  override readonly type = 'timedelta';
  readonly us: number;
  constructor(us: number) {
    super();
    this.us = us;
  }

  override attribute(name: string): Item | undefined {
    const days = Math.floor(this.us / DAY);
    switch (name) {
      case '__order__':
        return this.us;
      case 'days':
        return days;
      case 'seconds':
        return Math.floor((this.us - days * DAY) / 1_000_000);
      case 'microseconds':
        return ((this.us % 1_000_000) + 1_000_000) % 1_000_000;
      case 'total_seconds':
        return new Callable('total_seconds', signature('', 'content'), () => new Float(this.us / 1_000_000));
    }
    return undefined;
  }

  /** As Python: `-1 day, 23:59:59.750000`. */
  override text(): string {
    const days = Math.floor(this.us / DAY);
    const rest = this.us - days * DAY;
    const seconds = Math.floor(rest / 1_000_000);
    const two = (value: number) => String(value).padStart(2, '0');
    const time = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    const fraction = rest % 1_000_000 === 0 ? '' : `.${String(rest % 1_000_000).padStart(6, '0')}`;
    return `${days === 0 ? '' : `${days} day${Math.abs(days) === 1 ? '' : 's'}, `}${time}${fraction}`;
  }
}
