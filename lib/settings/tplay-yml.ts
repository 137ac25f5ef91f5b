import type { Diagnostics } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import type { SourceFile } from '../text/source.ts';
import { kindName, type Node, type ScalarNode } from '../yaml/node.ts';
import { readYaml } from '../yaml/read.ts';
import { type Place, pathOf, valueOf } from './convert.ts';
import type { Found, Surroundings } from './files.ts';
import type { Given } from './load.ts';
import type { Setting, SettingValue } from './setting.ts';
import { SETTING_ROWS } from './table.ts';

interface At extends Surroundings {
  readonly found: Diagnostics;
}

/** What tplay.yml says: a mapping of settings, each with its value; all that is wrong with it goes to `found`. */
export function readTplayYml({ file, folder }: Found, at: At): readonly Given[] {
  const root = rootOf(file, at.found);
  if (root?.kind !== 'map') return [];
  return root.entries.flatMap(({ key, value: node }) => {
    const row = SETTING_ROWS.find(([name]) => name === key.source);
    if (row === undefined) {
      unknown(key, at.found);
      return [];
    }
    const [name, setting] = row;
    const place = { name, span: node.span, base: folder, env: at.env, found: at.found };
    const value = setting.secret ? secret(key, at.found) : nodeValue(setting, node, place);
    return value === undefined ? [] : [{ name, value, origin: { kind: 'file' as const, span: key.span } }];
  });
}

function rootOf(file: SourceFile, found: Diagnostics): Node | undefined {
  const tree = readYaml(file);
  for (const d of tree.ok ? tree.warnings : tree.errors) found.add(d);
  if (!tree.ok) return undefined;
  const { value: root } = tree;
  const empty = root.kind === 'scalar' && root.value === null;
  if (root.kind !== 'map' && !empty)
    found.error('wrong-shape', `tplay.yml holds a mapping of settings, not ${kindName(root)}`, { span: root.span });
  return root;
}

function unknown(key: ScalarNode, found: Diagnostics): void {
  const suggestion = didYouMean(
    key.source,
    SETTING_ROWS.map(([name]) => name),
  );
  found.error('unknown-keyword', `there is no setting "${key.source}"`, {
    span: key.span,
    suggestion: suggestion ?? 'tplay config lists them',
  });
}

function secret(key: ScalarNode, found: Diagnostics): undefined {
  const suggestion = 'be asked for it, or keep it in an encrypted file of variables';
  found.error('unsupported', `${key.source} is not read from here: it would lie open`, { span: key.span, suggestion });
}

type Reading = Place & { readonly found: Diagnostics };

function nodeValue(setting: Setting, node: Node, at: Reading): SettingValue | undefined {
  const many = setting.type === 'list' || setting.type === 'folders' || setting.type === 'sources';
  if (many && node.kind === 'seq') {
    const items = node.items.map(item => itemOf(setting, item, { ...at, span: item.span }));
    return items.every(item => item !== undefined) ? items : undefined;
  }
  if (node.kind !== 'scalar' || node.value === null) {
    const wanted = many ? 'a list' : setting.type === 'switch' ? 'true or false' : 'one value';
    at.found.error('wrong-type', `${at.name} takes ${wanted}, not ${kindName(node)}`, { span: node.span });
    return undefined;
  }
  if (!many) return valueOf(setting, node.source, { ...at, quotes: 'kept' });
  const item = itemOf(setting, node, at);
  return item === undefined ? undefined : [item];
}

function itemOf(setting: Setting, node: Node, at: Reading): string | undefined {
  if (node.kind !== 'scalar' || node.value === null || node.source.trim() === '') {
    at.found.error('wrong-type', `${at.name} takes a list of words, not ${kindName(node)}`, { span: node.span });
    return undefined;
  }
  if (setting.type === 'list') return node.source;
  // Of files it would be a list of names: `web1,` is a list of hosts.
  return setting.type === 'sources' && node.source.includes(',') ? node.source : pathOf(node.source, at);
}
