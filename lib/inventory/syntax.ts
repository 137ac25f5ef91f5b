import { type Diagnostic, Diagnostics } from '../text/diagnostic.ts';
import { checkNode } from '../yaml/check.ts';
import { type MapEntry, type MapNode, type Node, type ScalarNode, valueOf } from '../yaml/node.ts';
import { validator } from '../yaml/validators.ts';
import type { Draft, GroupDraft } from './groups.ts';
import { isGroupText, readHostNames } from './host-names.ts';
import { type Compile, readVariables } from './variables.ts';

const named = (values: object) => ({ type: ['object', 'string', 'null'], additionalProperties: values });

/** The JSON schema of a YAML inventory; one word in place of a mapping of one key is allowed, as in Ansible. */
export const INVENTORY_SCHEMA = {
  type: 'object',
  additionalProperties: { $ref: '#/definitions/group' },
  definitions: {
    group: {
      type: ['object', 'null'],
      additionalProperties: false,
      properties: {
        hosts: named({ type: ['object', 'null'] }),
        children: named({ $ref: '#/definitions/group' }),
        vars: { type: ['object', 'null'] },
      },
    },
  },
};

/** What reading a source needs. */
export interface SyntaxContext {
  readonly draft: Draft;
  /** Path of the source. */
  readonly source: string;
  readonly compile: Compile;
  readonly found: Diagnostics;
}

/** Adds a YAML inventory to the draft, as Ansible's yaml plugin reads it. All its faults go to `found`. */
export function readInventoryTree(root: Node, c: SyntaxContext): void {
  if (root.kind !== 'map') return reportRoot(root, c);
  const plugin = root.entries.find(e => e.key.source === 'plugin' && e.value.kind === 'scalar');
  if (plugin !== undefined)
    return c.found.error('unsupported', 'inventory plugins are not supported', {
      span: plugin.key.span,
      suggestion: 'write its result to a file: ansible-inventory --list --yaml --export',
    });
  const shape = new Diagnostics();
  const names = { what: 'a group', unknownKey: 'unknown-inventory-keyword', key: 'keyword' } as const;
  checkNode(root, validator('inventory'), names, shape);
  const lists = listsInGroups(root);
  for (const d of shape.sorted) c.found.add(withHint(d, lists));
  for (const entry of root.entries) readGroup(entry, c);
}

function reportRoot(root: Node, c: SyntaxContext): void {
  if (root.kind === 'scalar') return c.found.error('wrong-shape', 'the inventory is empty', { span: root.span });
  const [first] = root.kind === 'seq' ? root.items : [];
  const isPlaybook = first?.kind === 'map' && valueOf(first, 'hosts') !== undefined;
  const message = isPlaybook
    ? 'this is a playbook, not an inventory'
    : 'an inventory is a mapping of groups, not a list';
  c.found.error('wrong-shape', message, { span: (first ?? root).span });
}

/** Lists where a mapping of names belongs: the most common mistake, so it gets a hint. */
function listsInGroups(root: MapNode): ReadonlySet<number> {
  const starts = new Set<number>();
  const visit = (group: Node): void => {
    if (group.kind !== 'map') return;
    for (const { key, value } of group.entries) {
      if (value.kind === 'seq' && (key.source === 'hosts' || key.source === 'children')) starts.add(value.span.start);
      if (key.source === 'children' && value.kind === 'map') for (const child of value.entries) visit(child.value);
    }
  };
  for (const { value } of root.entries) visit(value);
  return starts;
}

function withHint(d: Diagnostic, lists: ReadonlySet<number>): Diagnostic {
  if (d.code !== 'wrong-type' || d.span === undefined || !lists.has(d.span.start)) return d;
  return { ...d, suggestion: 'write each name as a key: "name:" instead of "- name"' };
}

function readGroup({ key, value }: MapEntry, c: SyntaxContext): GroupDraft | undefined {
  if (!isGroupName(key, c)) return undefined;
  const group = c.draft.group(key.source);
  group.span ??= key.span;
  if (value.kind !== 'map') return group;
  for (const entry of value.entries) {
    if (entry.key.source === 'vars') readGroupVars(group, entry.value, c);
    if (entry.key.source === 'hosts') for (const host of namesIn(entry.value)) readHosts(group, host, c);
    if (entry.key.source !== 'children') continue;
    for (const child of namesIn(entry.value)) {
      const made = readGroup(child, c);
      if (made !== undefined) c.draft.child(group, made, child.key.span);
    }
  }
  return group;
}

/** The entries of a mapping of names; a single word is one name without a value. */
function namesIn(node: Node): readonly MapEntry[] {
  if (node.kind === 'map') return node.entries;
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return [];
  return [{ key: node, value: { ...node, value: null } }];
}

/** Whether a group can have this name; if not it is reported. */
export function isGroupName(key: ScalarNode, c: SyntaxContext): boolean {
  if (!isText(key, 'group', c)) return false;
  if (isGroupText(key.source)) return true;
  const message = `"${key.source}" is not a name for a group: no pattern could name it`;
  c.found.error('bad-value', message, { span: key.span, suggestion: 'use letters, digits, "_" and "-"' });
  return false;
}

function isText(key: ScalarNode, what: string, c: SyntaxContext): boolean {
  if (typeof key.value === 'string') return true;
  const message = `the name of a ${what} is text, but YAML reads ${key.source || 'nothing'} as another value`;
  const suggestion = key.source === '' ? undefined : `write "${key.source}"`;
  c.found.error('wrong-type', message, { span: key.span, ...(suggestion && { suggestion }) });
  return false;
}

/** Adds the hosts that a name or range stands for, and their variables. */
export function readHosts(group: GroupDraft, { key, value }: MapEntry, c: SyntaxContext): void {
  if (!isText(key, 'host', c)) return;
  const read = readHostNames(key.source);
  if (!read.ok) {
    const span = { file: key.span.file, start: key.offsetAt(read.start), end: key.offsetAt(read.end) };
    const { suggestion } = read;
    return c.found.error('bad-value', read.problem, { span, ...(suggestion !== undefined && { suggestion }) });
  }
  const vars = value.kind === 'map' ? readVariables(value, c.compile, c.found) : undefined;
  for (const name of read.names) {
    const host = c.draft.host(name, { span: key.span, source: c.source, port: read.port });
    group.hosts.add(name);
    if (vars !== undefined && vars.size > 0) host.layers.push(vars);
  }
}

/** Adds variables of a group, and takes its priority out of them. */
export function readGroupVars(group: GroupDraft, node: Node, c: SyntaxContext): void {
  if (node.kind !== 'map') return;
  const layer = new Map(readVariables(node, c.compile, c.found));
  // As Ansible: the priority is the group's, not a variable of its hosts.
  const entry = node.entries.find(e => e.key.source === 'ansible_group_priority');
  if (entry !== undefined) readPriority(group, entry.value, c);
  layer.delete('ansible_group_priority');
  if (layer.size > 0) group.layers.push(layer);
}

function readPriority(group: GroupDraft, node: Node, c: SyntaxContext): void {
  const number = node.kind === 'scalar' && /^[-+]?\d+$/.test(node.source) ? Number(node.value) : Number.NaN;
  if (Number.isSafeInteger(number)) group.priority = number;
  else c.found.error('bad-value', 'ansible_group_priority is a whole number', { span: node.span });
}
