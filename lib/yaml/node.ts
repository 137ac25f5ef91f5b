import type { Float } from '../template/values.ts';
import type { SourceFile, Span } from '../text/source.ts';

/** A YAML scalar with its place; a plain one is resolved as PyYAML resolves it (YAML 1.1). */
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null | Float;
  /** The scalar's content as text: of a plain scalar exactly what is written. */
  readonly source: string;
  readonly style: 'plain' | 'quoted' | 'block';
  readonly tag?: string | undefined;
  readonly span: Span;
  /** The file's offset of an index of `source`. */
  offsetAt(index: number): number;
}

export interface MapEntry {
  readonly key: ScalarNode;
  readonly value: Node;
}

export interface MapNode {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
  readonly span: Span;
}

export interface SeqNode {
  readonly kind: 'seq';
  readonly items: readonly Node[];
  readonly span: Span;
}

/** A YAML document: every key and value knows where it stands. Aliases and merge keys are already resolved. */
export type Node = ScalarNode | MapNode | SeqNode;

/** The entry of a key, or undefined. */
export function entryOf(map: MapNode, key: string): MapEntry | undefined {
  return map.entries.find(e => e.key.value === key);
}

/** The value of a key, or undefined. */
export function valueOf(map: MapNode, key: string): Node | undefined {
  return entryOf(map, key)?.value;
}

/** The string a scalar is, or undefined for every other node. */
export function stringOf(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** Whether a scalar stands encrypted in its file: its text is ciphertext, which says nothing about its value. */
export function isSealed(node: Node): boolean {
  return node.kind === 'scalar' && (node.tag === '!vault' || node.tag === '!vault-encrypted');
}

/** What to call a node in a message: `a list`, `a mapping`, `a string`... */
export function kindName(node: Node): string {
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'seq') return 'a list';
  if (node.value === null) return 'nothing';
  if (typeof node.value === 'object') return 'a number';
  return `a ${typeof node.value}`;
}

/** A scalar that stands nowhere in YAML: the text of a command-line option. */
export function textNode(file: SourceFile): ScalarNode {
  const span = { file, start: 0, end: file.text.length };
  return { kind: 'scalar', value: file.text, source: file.text, style: 'quoted', span, offsetAt: i => i };
}
