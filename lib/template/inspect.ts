import { lex, SYNTAX } from './lex.ts';
import type { Expression, Statement } from './nodes.ts';
import { TemplateParser } from './parse.ts';
import type { Origin, Template } from './values.ts';

/** A node of a template's syntax tree. */
export type SyntaxNode = Expression | Statement;

const OPEN = '{{ ';

/** The text of a node of a bare expression. */
export function nodeText(template: Template, node: SyntaxNode): string {
  return template.text.slice(node.at.start - OPEN.length, node.at.end - OPEN.length);
}

/** Every node of a compiled template, outer ones first; `expression`: it is a bare one (`when`), not a text with braces. */
export function syntaxNodes(template: Template, { expression }: { expression: boolean }): Iterable<SyntaxNode> {
  const { text, origin } = template;
  const source = expression ? `${OPEN}${text} }}` : text;
  const shifted: Origin = expression
    ? { ...origin, offsetAt: index => origin.offsetAt(Math.max(0, index - OPEN.length)) }
    : origin;
  const options = { origin: shifted, escapes: { variables: expression, blocks: true } };
  return nodesIn(new TemplateParser(lex(source, { ...SYNTAX }), options).parseTemplate());
}

/** Places hold the file, which is no part of the tree. */
const PLACES = new Set(['at', 'nameAt']);

function* nodesIn(value: unknown): Iterable<SyntaxNode> {
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesIn(item);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value && 'at' in value) yield value as SyntaxNode;
  for (const [key, inner] of Object.entries(value)) if (!PLACES.has(key)) yield* nodesIn(inner);
}
