import type { Layer } from '../inventory/layer.ts';
import { compileTemplate, holdsTemplate, isTemplate } from '../template/index.ts';
import { type Key, type Origin, type Raw, Secret, type Template, type Value } from '../template/values.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import { isSealed, type MapNode, type Node, type ScalarNode } from '../yaml/node.ts';
import { openScalar, Sealed, SecretTree } from './sealed.ts';

/** Where a scalar's text stands in its file, for the errors of a template in it. */
export function originOf(node: ScalarNode): Origin {
  return { file: node.span.file, span: node.span, offsetAt: i => node.offsetAt(i) };
}

/**
 * A YAML tree as variables: strings with braces become compiled templates. This and template files are the only places
 * where text becomes a template. `!unsafe` text stays text.
 */
export function toRaw(node: Node, found: Diagnostics): Raw {
  return made(node, { found, sealed: scalar => opened(scalar, found) });
}

/** A variable's value: the same, and secret as a whole where its file is encrypted. */
export function toVariable(node: Node, found: Diagnostics): Raw {
  return hidden(toRaw(node, found), node);
}

/**
 * A variable's value in the inventory. What is encrypted there stays closed until it is asked for: other hosts' secrets may
 * have passwords that are not given. `vaultFaults` tells, for the hosts of a run, what cannot be opened.
 */
export function toInventoryVariable(node: Node, found: Diagnostics): Raw {
  return hidden(made(node, { found, sealed: scalar => new Sealed(scalar) }), node);
}

function opened(node: ScalarNode, found: Diagnostics): Raw {
  const value = openScalar(node);
  if (value instanceof Secret) return value;
  found.add(value);
  return null;
}

function hidden(raw: Raw, node: Node): Raw {
  if (!node.span.file.secret || raw instanceof Secret) return raw;
  if (!holdsTemplate(raw)) return new Secret(raw as Value); // without templates nothing is left that is no value
  return new SecretTree(raw, { file: node.span.file, span: node.span, offsetAt: () => node.span.start });
}

interface Making {
  readonly found: Diagnostics;
  readonly sealed: (node: ScalarNode) => Raw;
}

function made(node: Node, at: Making): Raw {
  if (node.kind === 'seq') return node.items.map(item => made(item, at));
  if (node.kind === 'map') return new Map<Key, Raw>(node.entries.map(e => [keyOf(e.key), made(e.value, at)]));
  if (isSealed(node)) return at.sealed(node);
  if (typeof node.value !== 'string' || node.tag === '!unsafe' || !isTemplate(node.value)) return node.value;
  return compiled(compileTemplate(node.value, originOf(node)), node.value, at.found);
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
      return [key.source, { value: toVariable(value, found), span: key.span }];
    }),
  );
}
