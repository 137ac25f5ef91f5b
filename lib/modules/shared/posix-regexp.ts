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
export function toExtended(
  source: string,
  where: 'start' | 'anywhere' = 'start',
): { readonly text: string } | { readonly error: string } {
  const odd = /\(\?[^:]|[*+?}][?+]|\\[0-9bBnxu]|\[[^\]]*\\[DWS]/.exec(source);
  if (odd !== null) return { error: `"${odd[0]}" is not known here: use what grep -E has` };
  const text = source.replace(/\(\?:|\\([^])|\[\^?\]?(?:\\[^]|[^\]\\])*\]/g, (all, escaped: string | undefined) => {
    if (all === '(?:') return '(';
    if (escaped !== undefined)
      return (
        CLASSES[escaped] ??
        (/[A-Za-z]/.test(escaped) ? escaped : `[${escaped}]`.replace('[^]', '\\^').replace('[\\]', '\\\\'))
      );
    return all.replace(/\\([^])/g, (_, c: string) => ({ d: '0-9', w: 'A-Za-z0-9_', s: '[:space:]', t: '\t' })[c] ?? c);
  });
  return { text: where === 'start' ? `^(${text})` : text };
}
