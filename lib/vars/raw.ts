import type { Layer } from '../inventory/layer.ts';
import { compileTemplate, isTemplate } from '../template/index.ts';
import type { Key, Origin, Raw, Template } from '../template/values.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import type { MapNode, Node, ScalarNode } from '../yaml/node.ts';

/** Where a scalar's text stands in its file, for the errors of a template in it. */
export function originOf(node: ScalarNode): Origin {
  return { file: node.span.file, span: node.span, offsetAt: i => node.offsetAt(i) };
}

/**
 * A YAML tree as variables: strings with braces become compiled templates. This and template files are the only places
 * where text becomes a template. `!unsafe` text stays text.
 */
export function toRaw(node: Node, found: Diagnostics): Raw {
  if (node.kind === 'seq') return node.items.map(item => toRaw(item, found));
  if (node.kind === 'map') return new Map<Key, Raw>(node.entries.map(e => [keyOf(e.key), toRaw(e.value, found)]));
  if (typeof node.value !== 'string' || node.tag === '!unsafe' || !isTemplate(node.value)) return node.value;
  return compiled(compileTemplate(node.value, originOf(node)), node.value, found);
}

function keyOf(key: ScalarNode): Key {
  return typeof key.value === 'object' && key.value !== null ? key.source : key.value;
}

/** The template, or its text where it does not compile: what is wrong is reported and nothing is run then. */
export function compiled(
  checked: ReturnType<typeof compileTemplate>,
  text: string,
  found: Diagnostics,
): Template | string {
  if (checked.ok) {
    for (const w of checked.warnings) found.add(w);
    return checked.value;
  }
  for (const e of checked.errors) found.add(e);
  return text;
}

/** A mapping as a layer of variables, each with the place where it is set. */
export function layerOf(map: MapNode, found: Diagnostics): Layer {
  return new Map(
    map.entries.map(({ key, value }) => {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key.source))
        found.error('bad-value', `"${key.source}" is not a name for a variable`, {
          span: key.span,
          suggestion: 'use letters, digits and underscores, not starting with a digit',
        });
      return [key.source, { value: toRaw(value, found), span: key.span }];
    }),
  );
}
