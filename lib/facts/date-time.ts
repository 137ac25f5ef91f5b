import { sh } from '../shell/sh.ts';
import type { Fact } from './fact.ts';

const FORMAT = '+%Y|%m|%d|%H|%M|%S|%s|%Z|%z|%A|%w|%W';

/** The host's clock. */
export const dateTime: Fact = {
  name: 'date_time',
  subset: 'min',
  // The last line of a time zone file is its rule as in TZ: it names daylight saving time too.
  probe: sh`date ${FORMAT}
[ ! -r /etc/localtime ] || tail -n 1 /etc/localtime`,
  parse(seen) {
    const [line = '', rule = ''] = seen.out.split('\n');
    const [year, month, day, hour, minute, second, epoch = '0', tz = '', offset, weekday, weekdayNumber, week] =
      line.split('|');
    const utc = new Date(Number(epoch) * 1000).toISOString().slice(0, 19);
    return {
      date_time: {
        year,
        month,
        day,
        hour,
        minute,
        second,
        weekday,
        weekday_number: weekdayNumber,
        weeknumber: week,
        epoch,
        epoch_int: epoch,
        date: `${year}-${month}-${day}`,
        time: `${hour}:${minute}:${second}`,
        iso8601: `${utc}Z`,
        iso8601_micro: `${utc}.000000Z`,
        iso8601_basic: `${year}${month}${day}T${hour}${minute}${second}000000`,
        iso8601_basic_short: `${year}${month}${day}T${hour}${minute}${second}`,
        tz,
        tz_dst: daylightName(rule) ?? tz,
        tz_offset: offset,
      },
    };
  },
};

function daylightName(rule: string): string | undefined {
  return /^(?:[A-Za-z]{3,}|<[^>]*>)[-+\d:]+([A-Za-z]{3,}|<[^>]*>)/.exec(rule)?.[1]?.replace(/[<>]/g, '');
}
