import { didYouMean } from '../text/near.ts';

/**
 * `did you mean "x"?` for a misspelt host or group; undefined when nothing is near. Such names are short: two swapped
 * letters (`wbe1`) are looked for first, since by counting edits they would be too far away.
 */
export function meantName(name: string, known: readonly string[]): string | undefined {
  const swapped = known.find(k => isSwapped(name, k));
  return swapped === undefined ? didYouMean(name, known) : `did you mean "${swapped}"?`;
}

function isSwapped(name: string, known: string): boolean {
  if (name.length !== known.length) return false;
  const at = [...name].findIndex((char, i) => char !== known[i]);
  if (at < 0 || name[at] !== known[at + 1] || name[at + 1] !== known[at]) return false;
  return name.slice(at + 2) === known.slice(at + 2);
}
