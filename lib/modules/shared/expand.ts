import { type Sh, sh } from '../../shell/sh.ts';

/**
 * A word in which the host replaces `$NAME`, `${NAME}` (when that variable exists) and a leading `~` or `~user`: what
 * Ansible does with Python's expandvars and expanduser. Only a name is ever code; all other text is quoted.
 */
export function expandedWord(text: string): Sh {
  const home = /^~([A-Za-z_][A-Za-z0-9_.-]*)?(?=\/|$)/.exec(text);
  const parts: Sh[] = [];
  if (home !== null) parts.push(home[1] === undefined ? sh`"$HOME"` : sh.code(home[0]));
  const rest = text.slice(home?.[0].length ?? 0);
  let at = 0;
  for (const match of rest.matchAll(/\$(?:([A-Za-z_][A-Za-z0-9_]*)|\{([A-Za-z_][A-Za-z0-9_]*)\})/g)) {
    const name = match[1] ?? match[2];
    if (match.index > at) parts.push(sh`${rest.slice(at, match.index)}`);
    const literal = match[0].replace('}', String.raw`\}`);
    parts.push(sh.code(`"\${${name}-\\${literal}}"`));
    at = match.index + match[0].length;
  }
  if (at < rest.length) parts.push(sh`${rest.slice(at)}`);
  return parts.length === 0 ? sh`${''}` : joinWords(parts);
}

/** A path in which the host expands `*`, `?` and `[…]`: unquoted where they stand, all else quoted. */
export function globWord(text: string): Sh {
  if (!/[*?[]/.test(text)) return sh`${text}`;
  const parts = text.match(/[*?[\]!-]+|[^*?[\]!-]+/g) ?? [];
  return joinWords(parts.map(part => (/^[*?[\]!-]/.test(part) ? sh.code(part) : sh`${part}`)));
}

function joinWords(parts: readonly Sh[]): Sh {
  return parts.reduce((all, part) => sh`${all}${part}`);
}
