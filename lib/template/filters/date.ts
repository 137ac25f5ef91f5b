import { content, type SpecTable } from '../call.ts';
import { numeric } from '../compare.ts';
import { badDate, DateTime } from '../dates.ts';
import { strftime } from '../strftime.ts';
import { strptime } from '../strptime.ts';
import { readFloat } from './types.ts';

/** Filters of dates. */
export const dateFilters: SpecTable = {
  to_datetime: content('format?', call => {
    const format = call.text(0, '%Y-%m-%d %H:%M:%S');
    const text = call.inputText();
    const read = strptime(text, format);
    if (read === undefined) throw badDate(text, format);
    return new DateTime(read.us, read.ahead);
  }),
  strftime: content('second? utc?', call => {
    const given = call.value(0);
    const seconds = given === null ? Date.now() / 1000 : typeof given === 'string' ? readFloat(given) : numeric(given);
    if (seconds === undefined || !Number.isFinite(seconds))
      return call.fail('needs the seconds since 1970 as a number');
    return strftime(call.inputText(), new Date(seconds * 1000), { utc: call.bool(1) });
  }),
};
