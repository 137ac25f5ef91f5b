import type { Span } from '../text/source.ts';
import { stringOf } from '../yaml/node.ts';
import type { Site } from './book.ts';

/** The module of a task, or undefined of what is no module. */
export function moduleOf({ task }: Site): string | undefined {
  return task.action.kind === 'module' ? task.action.name : undefined;
}

/** An argument as text with its place; undefined where it is not given or no text. */
export function textArg({ task }: Site, name: string): { readonly text: string; readonly span: Span } | undefined {
  const node = task.action.kind === 'module' ? task.action.args.get(name)?.node : undefined;
  const text = stringOf(node);
  return node === undefined || text === undefined ? undefined : { text, span: node.span };
}

/** Whether an argument is given. */
export function hasArg({ task }: Site, ...names: readonly string[]): boolean {
  const { action } = task;
  return action.kind === 'module' && names.some(name => action.args.has(name));
}

/** The place of the module's name. */
export function moduleSpan({ task }: Site): Span {
  return task.action.kind === 'module' ? task.action.span : task.span;
}

/** Names of variables whose values nobody should see. */
export function looksSecret(name: string): boolean {
  return (
    /(^|_)(pass|passwd|password|passphrase|secret|token|api_?key|private_?key)(_|$)/i.test(name) &&
    !/_(file|path|length|url|hash|name|id|user|policy|ttl)$/i.test(name)
  );
}
