// Types only: the inventory never makes or renders a template, it is handed a function that does.
import type { Raw } from '../template/values.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import type { MapNode, Node } from '../yaml/node.ts';
import { checkConnection } from './check-connection.ts';
import type { Layer } from './layer.ts';

/** Makes a variable's value of its YAML: strings with braces become templates, faults go to `found`. */
export type Compile = (node: Node, found: Diagnostics) => Raw;

/** Reads a mapping of variables to a layer, each with the place of its name; connection variables are checked. */
export function readVariables(map: MapNode, compile: Compile, found: Diagnostics): Layer {
  return new Map(
    map.entries.map(entry => {
      const { key, value } = entry;
      // A warning only, as Ansible reads it too: hostvars can still get at such a name.
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key.source))
        found.warning('bad-value', `"${key.source}" is not a name for a variable: no template can use it`, {
          span: key.span,
          suggestion: 'use letters, digits and underscores, not starting with a digit',
        });
      checkConnection(entry, found);
      return [key.source, { value: compile(value, found), span: key.span }] as const;
    }),
  );
}
