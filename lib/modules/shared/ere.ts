/**
 * A Python regular expression as an extended one of grep, as far as that has words for it, for looking whether there is a match; `{ error }` names what it has
 * none for.
 */
export function extendedRegex(
  source: string,
): { readonly regex: string; readonly anyCase: boolean } | { readonly error: string } {
  if (/\n/.test(source)) return { error: 'a regular expression for the host is one line' };
  // m is how lines are looked at in any case, a and u are about letters that C's locale does not know
  const flags = /^\(\?([aimu]+)\)/.exec(source);
  const python = source.slice(flags?.[0].length ?? 0);
  let regex = '';
  let inClass = false;
  for (let i = 0; i < python.length; i++) {
    const rest = python.slice(i);
    const escape = /^\\([\s\S])/.exec(rest)?.[1];
    if (escape !== undefined) {
      const known = inClass ? IN_CLASS.get(escape) : OUTSIDE.get(escape);
      if (known === undefined && /[A-Za-z0-9]/.test(escape)) return { error: unknown(`\\${escape}`) };
      regex += known ?? (inClass ? escape : `\\${escape}`);
      i++;
    } else if (!inClass && rest.startsWith('(?:')) {
      regex += '(';
      i += 2;
    } else if (!inClass && /^\(\?P<[A-Za-z_]\w*>/.test(rest)) {
      regex += '(';
      i += rest.indexOf('>');
    } else if (!inClass && /^\(\?/.test(rest)) return { error: unknown(/^\(\?[^)\w]*\w?/.exec(rest)?.[0] ?? '(?') };
    else if (!inClass && /^[*+?}]\?/.test(rest)) {
      // whether there is a match does not depend on how much of the text it takes
      regex += python[i++];
    } else if (!inClass && /^[*+?}]\+/.test(rest)) return { error: unknown(rest.slice(0, 2)) };
    else {
      if (rest.startsWith('[') && !inClass) inClass = true;
      else if (rest.startsWith(']')) inClass = false;
      regex += python[i];
    }
  }
  return { regex, anyCase: flags?.[1]?.includes('i') === true };
}

const OUTSIDE = new Map([
  ['d', '[0-9]'],
  ['D', '[^0-9]'],
  ['s', '[[:space:]]'],
  ['S', '[^[:space:]]'],
  ['w', '[[:alnum:]_]'],
  ['W', '[^[:alnum:]_]'],
  ['b', '\\b'],
  ['t', '\t'],
  ['A', '^'],
  ['Z', '$'],
]);
const IN_CLASS = new Map([
  ['d', '0-9'],
  ['s', '[:space:]'],
  ['w', '[:alnum:]_'],
  ['t', '\t'],
]);

function unknown(part: string): string {
  return `the tools of the host know no "${part}" in regular expressions; write it in another way`;
}
