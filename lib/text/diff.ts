import { createTwoFilesPatch } from 'diff';
import { printable } from './frame.ts';

/** A unified diff of two texts with three lines around each change; empty when they are equal. */
export function unifiedDiff(before: string, after: string, names: { before: string; after: string }): string {
  if (before === after) return '';
  const patch = createTwoFilesPatch(names.before, names.after, before, after, undefined, undefined, { context: 3 });
  // The first line is the library's own rule; the file names follow.
  return patch.slice(patch.indexOf('---')).split('\n').map(printable).join('\n');
}
