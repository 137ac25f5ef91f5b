import type { Syntax } from './lex.ts';
import { Secret, type Value } from './values.ts';

/** The line breaks a template ends with, which its output keeps. */
export interface Ending {
  readonly count: number;
  readonly newline: string;
}

/** How a template ends; undefined where nothing is to be kept. */
export function endingOf(text: string, syntax: Syntax): Ending | undefined {
  const count = /\n*$/.exec(text)?.[0].length ?? 0;
  return count === 0 || !syntax.keepTrailingNewline ? undefined : { count, newline: syntax.newline };
}

/** As Ansible: a text ends with at least as many line breaks as its template; other values stay as they are. */
export function ended(value: Value, ending: Ending): Value {
  if (value instanceof Secret) {
    const inner = ended(value.reveal(), ending);
    return inner === value.reveal() ? value : new Secret(inner);
  }
  if (typeof value !== 'string') return value;
  const missing = ending.count - (/\n*$/.exec(value)?.[0].length ?? 0);
  return missing > 0 ? value + ending.newline.repeat(missing) : value;
}
