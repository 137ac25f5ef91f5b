import type { Layer } from '../inventory/layer.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import { sourceFile } from '../text/source.ts';
import { layerOf, toRaw } from '../vars/raw.ts';
import { kindName, textNode } from '../yaml/node.ts';
import { readYaml } from '../yaml/read.ts';
import { readFreeForm } from './free-form.ts';
import type { FileStore } from './load.ts';

/**
 * Variables of `-e`, the later ones win: `k=v` words (always text, as Ansible), a YAML or JSON mapping, or `@file`.
 * They are the user's own text, so templates in them are templates.
 */
export function readExtraVars(texts: readonly string[], files: FileStore, found: Diagnostics): Layer {
  return new Map(texts.flatMap(text => [...readOne(text, files, found)]));
}

function readOne(text: string, files: FileStore, found: Diagnostics): Layer {
  if (text.startsWith('@')) return readFile(text.slice(1), files, found);
  const open = (sealed: string) => files.vault.openText(sealed);
  const file = sourceFile('-e', text, { open });
  if (/^\s*[{[]/.test(text)) return readMapping(readYaml(file), found);
  const words = readFreeForm(textNode(file), { properties: {} }, found);
  if ('stray' in words) {
    const suggestion = 'write NAME=VALUE, a mapping like \'{"name": "value"}\', or @FILE';
    found.error('bad-option', `-e takes variables, not "${words.stray.source}"`, {
      span: words.stray.span,
      suggestion,
    });
    return new Map();
  }
  return new Map([...words].map(([name, { key, node }]) => [name, { value: toRaw(node, found), span: key }]));
}

function readFile(path: string, files: FileStore, found: Diagnostics): Layer {
  const tree = files.yaml(path);
  if (tree !== undefined) return readMapping(tree, found);
  found.error('missing-file', `there is no file "${path}" for -e @${path}`);
  return new Map();
}

function readMapping(tree: ReturnType<typeof readYaml>, found: Diagnostics): Layer {
  if (!tree.ok) {
    for (const e of tree.errors) found.add(e);
    return new Map();
  }
  if (tree.value.kind === 'map') return layerOf(tree.value, found);
  found.error('wrong-shape', `-e takes a mapping, not ${kindName(tree.value)}`, { span: tree.value.span });
  return new Map();
}
