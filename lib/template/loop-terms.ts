import type { Span } from '../text/source.ts';
import { invoke } from './call.ts';
import { type At, Failure, located, UndefinedUsed } from './error.ts';
import { Frame, Run } from './frame.ts';
import { TABLES } from './library.ts';
import { LIBRARY } from './template.ts';
import { type Scope, Secret, Undefined, Unknown, type Value } from './values.ts';

/** The lookups there are by name: each is a loop too, `with_NAME`. */
export function lookupNames(): readonly string[] {
  return [...TABLES.lookups.keys()];
}

/** The items that a lookup makes of a loop's terms: what `with_NAME` goes over. Throws TemplateError, pointing at `span`. */
export function lookupItems(
  name: string,
  terms: readonly Value[],
  { scope, span }: { scope: Scope; span: Span },
): readonly Value[] | Unknown {
  const spec = LIBRARY.lookups.get(name);
  if (spec === undefined) throw new Error(`internal: there is no lookup ${name}`);
  const origin = { file: span.file, span, offsetAt: (index: number) => span.start + index };
  const at: At = { origin, start: 0, end: span.end - span.start };
  const run = new Run(scope, LIBRARY, at);
  try {
    const found = invoke(`with_${name}`, spec, null, { positional: terms, named: [] }, new Frame(run));
    if (found instanceof Unknown) return found;
    if (found instanceof Secret) return (found.reveal() as Value[]).map(item => new Secret(item));
    if (!Array.isArray(found)) throw new Failure(`with_${name} gave no list`);
    const missing = found.find(item => item instanceof Undefined);
    if (missing !== undefined) throw new UndefinedUsed(missing);
    return found;
  } catch (error) {
    throw located(error, at, scope);
  }
}
