import { closest, distance } from 'fastest-levenshtein';

/** The known name most like a misspelt one, or undefined when none is near enough to be what was meant. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  if (names.length === 0) return undefined;
  const lower = name.toLowerCase();
  // By counting edits two swapped letters (`wbe1`) would be too far away in a short name.
  const swapped = names.find(known => isSwapped(lower, known.toLowerCase()));
  if (swapped !== undefined) return swapped;
  const best = closest(lower, names);
  return distance(lower, best.toLowerCase()) <= Math.max(1, Math.floor(name.length / 3)) ? best : undefined;
}

function isSwapped(name: string, known: string): boolean {
  if (name.length !== known.length) return false;
  const at = [...name].findIndex((char, i) => char !== known[i]);
  if (at < 0 || name[at] !== known[at + 1] || name[at + 1] !== known[at]) return false;
  return name.slice(at + 2) === known.slice(at + 2);
}

/** `did you mean "x"?` for a misspelt name; undefined when nothing is near. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const best = nearest(name, known);
  return best === undefined ? undefined : `did you mean "${best}"?`;
}
