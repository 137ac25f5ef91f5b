import type { Reporter } from '../events.ts';
import { unreachable } from '../outcome.ts';
import makeJson from './json.ts';
import makeJunit from './junit.ts';
import makeLive from './live.ts';
import type { ReporterOptions } from './look.ts';
import makePlain from './plain.ts';
import makeTiming from './timing.ts';

export type { ReporterOptions } from './look.ts';

/** `live` draws on a terminal; the others write lines to anything. */
export type ReporterKind = 'live' | 'plain' | 'json' | 'junit';

/** The reporter of a kind; for people (live, plain) with the slowest tasks at the end if `timing` or -v asks for it. */
export function makeReporter(kind: ReporterKind, options: ReporterOptions): Reporter {
  const timing = options.timing || options.verbosity > 0;
  switch (kind) {
    case 'live':
      return timing ? both(makeLive(options), makeTiming(options)) : makeLive(options);
    case 'plain':
      return timing ? both(makePlain(options), makeTiming(options)) : makePlain(options);
    case 'json':
      return makeJson(options);
    case 'junit':
      return makeJunit(options);
    default:
      return unreachable(kind);
  }
}

/** Tells two reporters everything, the first one first. */
function both(first: Reporter, second: Reporter): Reporter {
  return {
    on(event) {
      first.on(event);
      second.on(event);
    },
    async close() {
      await first.close?.();
      await second.close?.();
    },
  };
}
