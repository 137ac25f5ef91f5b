/**
 * Whether a pattern names a member of an archive, as tar's patterns do: it may match the whole path, what follows any
 * slash, or a folder above.
 */
export function namesMember(pattern: string, path: string): boolean {
  const regexp = new RegExp(`(?:^|/)${glob(pattern.replace(/^\.\//, '').replace(/\/+$/, ''))}(?:/|$)`, 's');
  return regexp.test(path);
}

/** A shell pattern as part of a regular expression; as tar's, `*` matches slashes. */
function glob(pattern: string): string {
  return pattern.replace(/\[(!?)([^\]]+)\]|[*?]|[^]/g, (all, not: string | undefined, set: string | undefined) => {
    if (set !== undefined) return `[${not ? '^' : ''}${set.replace(/[\\\]^[]/g, '\\$&')}]`;
    if (all === '*') return '.*';
    if (all === '?') return '.';
    return all.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  });
}
