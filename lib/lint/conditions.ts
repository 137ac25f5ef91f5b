import { nodeText, type SyntaxNode, syntaxNodes } from '../template/inspect.ts';
import type { Template } from '../template/values.ts';
import type { Span } from '../text/source.ts';
import type { Site } from './book.ts';

/** The expressions of a task: its own conditions and those around it. */
export function expressionsOf({ task }: Site): readonly Template[] {
  const args = task.action.kind === 'module' ? [...task.action.args.values()] : [];
  return [
    ...task.directives.when,
    ...task.until,
    ...(task.changedWhen ?? []),
    ...(task.failedWhen ?? []),
    ...args.flatMap(arg => arg.expressions ?? []),
  ];
}

/** A comparison as it is written: `left == right` or `left != right`. */
export interface Comparison {
  readonly equal: boolean;
  readonly left: SyntaxNode;
  readonly right: SyntaxNode;
  readonly span: Span;
  /** The text of the left side. */
  readonly leftText: string;
}

/** Every `==` and `!=` of a task's expressions. */
export function* comparisons(site: Site): Iterable<Comparison> {
  for (const template of expressionsOf(site))
    for (const node of syntaxNodes(template, { expression: true })) {
      if (node.type !== 'compare' || node.rest.length !== 1) continue;
      const [only] = node.rest;
      if (only === undefined || (only.operator !== '==' && only.operator !== '!=')) continue;
      const { origin } = only.value.at;
      const start = origin.offsetAt(node.first.at.start);
      const span = { file: origin.file, start, end: origin.offsetAt(only.value.at.end) };
      const leftText = nodeText(template, node.first);
      yield { equal: only.operator === '==', left: node.first, right: only.value, span, leftText };
    }
}
