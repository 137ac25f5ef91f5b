import { lineText, positionAt } from '../text/source.ts';
import type { Finding } from './rule.ts';

/**
 * Whether a comment silences a rule here: on the finding's line, on a line of its own above it, or on the task's first line.
 * `# noqa` is ansible-lint's word; without names it silences all.
 */
export function silenced(rule: string, { span, task }: Finding): boolean {
  return [span, ...(task === undefined ? [] : [task])].some(place => {
    const { line } = positionAt(place.file, place.start);
    const above = lineText(place.file, line - 1);
    return names(lineText(place.file, line), rule) || (/^\s*#/.test(above) && names(above, rule));
  });
}

function names(line: string, rule: string): boolean {
  const comment = /(?:^|\s)#\s*(?:tplay:ignore|noqa)\b:?(.*)$/.exec(line)?.[1];
  if (comment === undefined) return false;
  // What follows a dash is the reason.
  const words = (comment.split(/\s-+\s/)[0] ?? '').split(/[\s,]+/).filter(word => word !== '');
  return words.length === 0 || words.includes(rule);
}
