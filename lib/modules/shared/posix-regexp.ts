const CLASSES: Readonly<Record<string, string>> = {
  d: '[0-9]',
  w: '[A-Za-z0-9_]',
  s: '[[:space:]]',
  D: '[^0-9]',
  W: '[^A-Za-z0-9_]',
  S: '[^[:space:]]',
  t: '\t',
  Z: '$',
  A: '^',
};

/**
 * A Python regular expression as a POSIX extended one, for grep on a host; as Python's `match` it matches from the start
 * of a line, or as `search` anywhere. An error where POSIX has nothing like it.
 */
export function toExtended(source: string, where: Where = 'start'): Extended {
  return translate(source, where, CLASSES);
}

/** As toExtended for a line of a file, with the flags that Python knows at the start of a pattern. */
export function toExtendedLine(source: string): Extended {
  const { flags, rest } = flagsOf(source);
  // as Python reads a text, \r\n ends a line as well
  const made = translate(rest, 'start', { ...CLASSES, 'plain $': '\r?$' });
  return 'text' in made ? { ...made, ignoreCase: flags.includes('i') } : made;
}

function flagsOf(source: string): { readonly flags: string; readonly rest: string } {
  const flags = /^\(\?([ims]+)\)/.exec(source)?.[1] ?? '';
  return { flags, rest: source.slice(flags === '' ? 0 : flags.length + 3) };
}

/** Stands for the line breaks of a file that grep shall read as one line. */
export const BREAK = '\x01';

/** As toExtended for the whole of a file, searched anywhere, in which every line break was made BREAK. */
export function toExtendedWhole(source: string): Extended {
  const { flags, rest } = flagsOf(source);
  const lines = flags.includes('m');
  const dot = flags.includes('s') ? '.' : `[^${BREAK}]`;
  // as Python: $ is also before the line break that ends the text
  const whole = {
    ...CLASSES,
    n: BREAK,
    s: `[[:space:]${BREAK}]`,
    S: `[^[:space:]${BREAK}]`,
    'plain .': dot,
    'plain $': lines ? `(${BREAK}|$)` : `${BREAK}?$`,
    ...(lines && { 'plain ^': `(^|${BREAK})` }),
  };
  // of these a match would take the line break, which what stands beside them could not have any more
  const odd = lines
    ? /[^(|:]\^|\$[^)|]/.exec(rest.replace(/\\[^]|\[\^?\]?(?:\\[^]|[^\]\\])*\]/g, '.'))?.[0]
    : undefined;
  if (odd !== undefined) return { error: notKnown(odd) };
  const made = translate(rest, 'anywhere', whole);
  return 'text' in made ? { ...made, ignoreCase: flags.includes('i') } : made;
}

export type Extended = { readonly text: string; readonly ignoreCase?: boolean } | { readonly error: string };

type Where = 'start' | 'anywhere';

const TOKEN = /\\([^])|\(\?:?|[*+?}][?+]|(\[\^?\]?(?:\\[^]|[^\]\\])*\])|[.$^]/g;

function translate(source: string, where: Where, classes: Readonly<Record<string, string>>): Extended {
  let odd: string | undefined;
  const text = source.replace(TOKEN, (all, escaped: string | undefined, set: string | undefined) => {
    if (set !== undefined) return setOf(set, classes) ?? refuse(all);
    if (escaped !== undefined) return classes[escaped] ?? literal(escaped) ?? refuse(all);
    if (all === '(?:') return '(';
    // whether there is a match does not depend on how much a lazy repetition takes
    if (/^[*+?}]\?$/.test(all)) return all.charAt(0);
    return /^[.$^]$/.test(all) ? (classes[`plain ${all}`] ?? all) : refuse(all);
  });
  if (odd !== undefined) return { error: notKnown(odd) };
  return { text: where === 'start' ? `^(${text})` : text };

  function refuse(what: string): string {
    odd ??= what;
    return '';
  }
}

const notKnown = (what: string) => `"${what}" is not known here: use what grep -E has`;

/** An escaped character that stands for itself. */
function literal(c: string): string | undefined {
  if (/[A-Za-z0-9]/.test(c)) return undefined;
  if (c === '^') return '\\^';
  return c === '\\' ? '\\\\' : `[${c}]`;
}

/** A set of characters; undefined where it holds what the host's tools have no name for in one. */
function setOf(set: string, classes: Readonly<Record<string, string>>): string | undefined {
  const names: Readonly<Record<string, string | undefined>> = {
    d: '0-9',
    w: 'A-Za-z0-9_',
    s: `[:space:]${classes['n'] ?? ''}`,
    t: '\t',
    n: classes['n'],
  };
  let fits = true;
  const text = set.replace(/\\([^])/g, (_, c: string) => {
    const known = /[A-Za-z0-9]/.test(c) ? names[c] : c;
    fits &&= known !== undefined;
    return known ?? '';
  });
  return fits ? text : undefined;
}
