import type { ArgsSchema } from '../module.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import type { ScalarNode } from '../yaml/node.ts';
import type { ArgNode } from './args.ts';
import { canonicalArg } from './coerce.ts';
import { namedCharacter, withoutEscapes } from './escapes.ts';

/** Part of a scalar's text as a scalar of its own, pointing at its place. */
export function partOf(node: ScalarNode, start: number, end: number): ScalarNode {
  const source = node.source.slice(start, end);
  const span = { file: node.span.file, start: node.offsetAt(start), end: node.offsetAt(end) };
  return { kind: 'scalar', value: source, source, style: 'quoted', span, offsetAt: i => node.offsetAt(start + i) };
}

/**
 * Arguments written as text behind the module's name: `file: path=/x state=directory`, `command: ls -l creates=/y`.
 * For a module with a free form only its own argument names are taken out; the rest is the free text, as written.
 */
export function readFreeForm(
  node: ScalarNode,
  schema: ArgsSchema,
  found: Diagnostics,
): ReadonlyMap<string, ArgNode> | { readonly stray: ScalarNode } {
  const args = new Map<string, ArgNode>();
  const rest: { start: number; end: number }[] = [];
  for (const word of words(node.source)) {
    const equals = /^([A-Za-z_][\w]*)=/.exec(node.source.slice(word.start, word.end));
    const name = equals?.[1];
    const known = name !== undefined && (schema.freeForm === undefined || canonicalArg(schema, name) !== undefined);
    if (name !== undefined && known) args.set(name, argOf(node, { ...word, name }, found));
    else if (schema.freeForm === undefined) return { stray: partOf(node, word.start, word.end) };
    else rest.push(word);
  }
  if (schema.freeForm !== undefined && rest.length > 0)
    args.set(schema.freeForm, { key: node.span, node: freeText(node, rest) });
  return args;
}

/** The free text with its own spacing; arguments may stand before, after or between. */
function freeText(node: ScalarNode, rest: readonly { start: number; end: number }[]): ScalarNode {
  const [first] = rest;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return node;
  const together = rest.every((w, i) => i === 0 || /^\s*$/.test(node.source.slice(rest[i - 1]?.end, w.start)));
  if (together) return partOf(node, first.start, last.end);
  const source = rest.map(w => node.source.slice(w.start, w.end)).join(' ');
  return { ...partOf(node, first.start, last.end), value: source, source };
}

function argOf(
  node: ScalarNode,
  { name, start, end }: { name: string; start: number; end: number },
  found: Diagnostics,
): ArgNode {
  const key = partOf(node, start, start + name.length).span;
  const value = unquoted(node, start + name.length + 1, end);
  const named = namedCharacter(value);
  if (named !== undefined)
    found.error('bad-value', `a character by its name cannot be read here: ${named.source}`, {
      span: named.span,
      suggestion: 'write the character itself, or its number as in \\u2022',
    });
  return { key, node: withoutEscapes(value) };
}

function unquoted(node: ScalarNode, start: number, end: number): ScalarNode {
  const text = node.source.slice(start, end);
  const quotes = /^(["'])(.*)\1$/s.exec(text);
  return quotes ? partOf(node, start + 1, end - 1) : partOf(node, start, end);
}

/** Words at white space outside of quotes and of template braces. */
function words(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  let start = -1;
  let quote = '';
  let depth = 0;
  for (let i = 0; i <= text.length; i++) {
    const c = text[i] ?? ' ';
    const pair = text.slice(i, i + 2);
    if (pair === '{{' || pair === '{%') depth++;
    if ((pair === '}}' || pair === '%}') && depth > 0) depth--;
    if (quote === '' && depth === 0 && (c === '"' || c === "'")) quote = c;
    else if (c === quote && text[i - 1] !== '\\') quote = '';
    const space = /\s/.test(c) && ((quote === '' && depth === 0) || i === text.length);
    if (space && start >= 0) {
      found.push({ start, end: i });
      start = -1;
    } else if (!space && start < 0) start = i;
  }
  return found;
}
