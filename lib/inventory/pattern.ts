import type { Span } from '../text/source.ts';
import type { ScalarNode } from '../yaml/node.ts';

/** A text of patterns and where it stands, if it stands in a file. */
export interface PatternText {
  readonly text: string;
  readonly span?: Span | undefined;
  /** It is one pattern: nothing in it separates. */
  readonly whole?: true;
  /** The file's offset of an index of the text; without it the whole span is pointed at. */
  offsetAt?(index: number): number;
}

/** The pattern text of a scalar under `hosts:`, or of an option (`textNode`). */
export function patternOf(node: ScalarNode): PatternText {
  return { text: node.source, span: node.span, offsetAt: i => node.offsetAt(i) };
}

/** One of the patterns of a text: what it does to the hosts so far, and the place to point at. */
export interface Term {
  readonly sign: 'add' | 'intersect' | 'exclude';
  /** Without its sign. */
  readonly text: string;
  readonly span: Span | undefined;
  /** What would have separated in another text but does not in this: worth a hint where the term is unknown. */
  readonly uncut: 'colons' | 'all' | undefined;
}

/** A subscript as written: `[0]`, `[-1]`, `[1:3]` with both ends included, `[2:]`. */
export interface Subscript {
  readonly first: number;
  /** Undefined for one host; -1 for "to the last". */
  readonly last: number | undefined;
  /** `[1-3]`, which Ansible takes with a warning. */
  readonly dash: boolean;
}

/**
 * Cuts a text into its terms. As Ansible: where there is a comma only commas separate; else colons and blanks outside
 * of brackets do, but not those of an IPv6 address.
 */
export function splitPattern(pattern: PatternText): readonly Term[] {
  const { text } = pattern;
  const commas = text.includes(',');
  const words = commas ? /[^\s,](?:[^,]*[^\s,])?/g : /(?:[^\s:[\]]|\[[^\]]*\])+/g;
  const whole = text.trim();
  const found =
    pattern.whole || (!commas && isAddress(whole))
      ? [{ word: whole, at: text.indexOf(whole) }]
      : [...text.matchAll(words)].map(m => ({ word: m[0], at: m.index }));
  return found.map(({ word, at }) => ({
    sign: word.startsWith('!') ? 'exclude' : word.startsWith('&') ? 'intersect' : 'add',
    text: word.replace(/^[!&]/, ''),
    span: spanOf(pattern, at, at + word.length),
    uncut: pattern.whole ? 'all' : commas ? 'colons' : undefined,
  }));
}

/** Whether this is an IPv6 address, or a wildcard for some: Ansible takes a sign before it for a part of it. */
function isAddress(text: string): boolean {
  return /^[!&]?[0-9a-f:.*?[\]]+(%\w+)?$/i.test(text) && (/::/.test(text) || text.split(':').length === 8);
}

function spanOf(pattern: PatternText, start: number, end: number): Span | undefined {
  const { span } = pattern;
  if (span === undefined || pattern.offsetAt === undefined) return span;
  return { file: span.file, start: pattern.offsetAt(start), end: pattern.offsetAt(end) };
}

/** Takes the subscript off a term; a regular expression has none. */
export function splitSubscript(text: string): { readonly base: string; readonly subscript?: Subscript } {
  if (text.startsWith('~')) return { base: text };
  const [, base, index, first, sign, last] = /^(.+)\[(?:(-?\d+)|(\d+)([:-])(\d*))\]$/.exec(text) ?? [];
  if (base === undefined) return { base: text };
  if (index !== undefined) return { base, subscript: { first: Number(index), last: undefined, dash: false } };
  // As Ansible: `[2:0]` is `[2]`.
  const end = last === '' ? -1 : Number(last) || undefined;
  return { base, subscript: { first: Number(first), last: end, dash: sign === '-' } };
}

/** A matcher of names for a wildcard (`*`, `?`, `[abc]`, `[!abc]`, all of the name) or `~regex` (its beginning). */
export function nameMatcher(
  text: string,
): { readonly ok: true; test(name: string): boolean } | { readonly ok: false; readonly why: string } {
  const regex = text.startsWith('~') ? `^(?:${fromPython(text.slice(1))})` : `^(?:${fromGlob(text)})$`;
  const ignoreCase = text.startsWith('~(?i)');
  try {
    const compiled = new RegExp(regex, ignoreCase ? 'is' : 's');
    return { ok: true, test: name => compiled.test(name) };
  } catch (error) {
    return { ok: false, why: (error as Error).message.replace(/^Invalid regular expression: .*: /, '') };
  }
}

/** Python's spelling of what JavaScript spells otherwise. */
function fromPython(regex: string): string {
  return regex
    .replace(/^\(\?i\)/, '')
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/\{,(\d+)\}/g, '{0,$1}')
    .replace(/\\A/g, '^')
    .replace(/\\Z/g, '$');
}

function fromGlob(text: string): string {
  let regex = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    // As fnmatch: a "]" right after "[" or "[!" is one of the characters.
    const set = char === '[' ? /^\[(!?)(\]?[^\]]*)\]/.exec(text.slice(i)) : null;
    if (char === '*') regex += '.*';
    else if (char === '?') regex += '.';
    else if (set?.[2] !== undefined && set[2] !== '') {
      regex += `[${set[1] ? '^' : ''}${set[2].replace(/[\\\]^[]/g, '\\$&')}]`;
      i += set[0].length - 1;
    } else regex += char.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  }
  return regex;
}

/** Whether a term can match more than the name it is. */
export function isWild(text: string): boolean {
  return text.startsWith('~') || /[*?[]/.test(text);
}
