import { closest, distance } from 'fastest-levenshtein';

/** The known name most like a misspelt one, or undefined when none is near enough to be what was meant. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const names = [...known];
  if (names.length === 0) return undefined;
  const lower = name.toLowerCase();
  const best = closest(lower, names);
  return distance(lower, best.toLowerCase()) <= Math.max(1, Math.floor(name.length / 3)) ? best : undefined;
}

/** `did you mean "x"?` for a misspelt name; undefined when nothing is near. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const best = nearest(name, known);
  return best === undefined ? undefined : `did you mean "${best}"?`;
}
