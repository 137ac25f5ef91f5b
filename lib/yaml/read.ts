import { type Document, isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Scalar, type YAMLMap } from 'yaml';
import { type Checked, type Diagnostic, Diagnostics } from '../text/diagnostic.ts';
import type { SourceFile, Span } from '../text/source.ts';
import type { MapEntry, Node, ScalarNode } from './node.ts';
import { resolvePlain } from './scalars.ts';

const DEEPEST = 500; // far more than people write, far less than the stack holds
const LARGEST = 2_000_000; // nodes, aliases counted as often as they stand: what explodes is refused, not unfolded

const TOO_DEEP = 'the YAML is nested too deeply to be read';

/** Reads YAML text to a located tree: everything wrong with its syntax at once. Never throws. */
export function readYaml(file: SourceFile): Checked<Node> {
  const all = readYamlDocuments(file);
  if (!all.ok) return all;
  const second = all.value[1];
  if (second === undefined) return { ok: true, value: all.value[0] ?? emptyNode(file), warnings: all.warnings };
  const message = 'there is more than one YAML document in this file';
  return { ok: false, errors: [{ code: 'wrong-shape', severity: 'error', message, span: second.span }] };
}

/** The same for a text of several documents. */
export function readYamlDocuments(file: SourceFile): Checked<readonly Node[]> {
  const found = new Diagnostics();
  try {
    // `failsafe`: every scalar keeps its text, and is resolved by us as PyYAML does.
    const documents = parseAllDocuments(file.text, {
      schema: 'failsafe',
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: 'silent',
    });
    const list = Array.isArray(documents) ? documents : [];
    return found.checked(list.map(d => new Reader(file, d, found).document()));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    found.error('yaml-syntax', TOO_DEEP, { span: { file, start: 0, end: 1 } });
    return found.checked([]);
  }
}

function emptyNode(file: SourceFile): ScalarNode {
  const span = { file, start: 0, end: 0 };
  return { kind: 'scalar', value: null, source: '', style: 'plain', span, offsetAt: () => 0 };
}

class Reader {
  readonly #file: SourceFile;
  readonly #document: Document;
  readonly #found: Diagnostics;
  readonly #done = new Map<unknown, { node: Node; size: number }>();
  #size = 0;

  constructor(file: SourceFile, document: Document, found: Diagnostics) {
    this.#file = file;
    this.#document = document;
    this.#found = found;
  }

  document(): Node {
    const [first] = this.#document.errors; // the others only follow from it
    if (first !== undefined) this.#found.add(this.#syntaxError(first));
    if (first !== undefined || this.#document.contents === null) return emptyNode(this.#file);
    const node = this.#node(this.#document.contents, 0);
    if (this.#size > LARGEST)
      this.#found.error('yaml-trap', 'the aliases of this file unfold to too much data', { span: node.span });
    return this.#found.failed ? emptyNode(this.#file) : node;
  }

  #syntaxError(error: { code: string; message: string; pos: [number, number] }): Diagnostic {
    const span = { file: this.#file, start: error.pos[0], end: Math.max(error.pos[1], error.pos[0] + 1) };
    const base = { code: 'yaml-syntax', severity: 'error', span } as const;
    // The library's parser catches the overflow of its own stack.
    if (/call stack/i.test(error.message)) return { ...base, message: TOO_DEEP };
    if (error.code === 'TAB_AS_INDENT')
      return { ...base, message: 'a tab cannot indent YAML', suggestion: 'use spaces' };
    const line = this.#file.text.slice(this.#file.text.lastIndexOf('\n', error.pos[0]) + 1).split('\n')[0] ?? '';
    const value = line.slice(error.pos[0] - this.#file.text.lastIndexOf('\n', error.pos[0]) - 1);
    if (error.code === 'BLOCK_AS_IMPLICIT_KEY' && /^[^"'{[|>]+:\s/.test(value))
      return { ...base, message: 'a text with ": " in it needs quotes', suggestion: `write "${value.trim()}"` };
    const braces = /:\s+\{\{/.test(line)
      ? 'a value that starts with {{ needs quotes around it: "{{ ... }}"'
      : undefined;
    return { ...base, message: oneSentence(error.message), ...(braces && { suggestion: braces }) };
  }

  #span(range: readonly number[] | null | undefined): Span {
    const start = range?.[0] ?? 0;
    return { file: this.#file, start, end: range?.[1] ?? start };
  }

  #node(from: unknown, depth: number): Node {
    const known = this.#done.get(from);
    if (known !== undefined) {
      this.#size += known.size;
      return known.node;
    }
    const before = this.#size++;
    const node = this.#fresh(from, depth);
    this.#done.set(from, { node, size: this.#size - before });
    return node;
  }

  #fresh(from: unknown, depth: number): Node {
    if (depth > DEEPEST) {
      const range = (from as { range?: number[] }).range;
      this.#found.error('yaml-syntax', `nested more than ${DEEPEST} levels deep`, { span: this.#span(range) });
      return emptyNode(this.#file);
    }
    if (isAlias(from)) {
      const target = from.resolve(this.#document);
      if (target !== undefined) return this.#node(target, depth + 1);
      this.#found.error('yaml-syntax', `there is no anchor "${from.source}"`, { span: this.#span(from.range) });
      return emptyNode(this.#file);
    }
    if (isMap(from)) return this.#map(from, depth);
    if (isSeq(from)) {
      const items = from.items.map(item => this.#node(item, depth + 1));
      return { kind: 'seq', items, span: this.#span(from.range) };
    }
    if (isScalar(from)) return this.#scalar(from);
    return emptyNode(this.#file);
  }

  #map(from: YAMLMap, depth: number): Node {
    const entries = new Map<unknown, MapEntry>();
    const merged: MapEntry[] = [];
    for (const pair of from.items) {
      if (!isScalar(pair.key)) {
        this.#complexKey(pair.key, from);
        continue;
      }
      const key = this.#scalar(pair.key);
      const value =
        pair.value === null ? { ...emptyNode(this.#file), span: key.span } : this.#node(pair.value, depth + 1);
      if (key.style === 'plain' && key.source === '<<') {
        merged.push(...this.#merge(value));
        continue;
      }
      const first = entries.get(key.value);
      if (first === undefined) entries.set(key.value, { key, value });
      else {
        const notes = [{ message: 'the first one is', span: first.key.span }];
        this.#found.error('duplicate-key', `the key "${key.source}" stands twice in this mapping`, {
          span: key.span,
          notes,
        });
      }
    }
    for (const entry of merged) if (!entries.has(entry.key.value)) entries.set(entry.key.value, entry);
    return { kind: 'map', entries: [...entries.values()], span: this.#span(from.range) };
  }

  #merge(value: Node): readonly MapEntry[] {
    if (value.kind === 'map') return value.entries;
    if (value.kind === 'seq' && value.items.every(i => i.kind === 'map'))
      return value.items.flatMap(i => this.#merge(i));
    this.#found.error('wrong-shape', 'the merge key << takes a mapping or a list of mappings', { span: value.span });
    return [];
  }

  #complexKey(key: unknown, map: YAMLMap): void {
    const span = this.#span((key as { range?: number[] } | null)?.range ?? map.range);
    const braces = this.#file.text.slice(map.range?.[0] ?? 0).startsWith('{{');
    const what = braces ? 'a value that starts with {{ needs quotes' : 'a key must be a plain word or text';
    this.#found.error(
      'yaml-trap',
      what,
      braces ? { span: this.#span(map.range), suggestion: 'write "{{ ... }}"' } : { span },
    );
  }

  #scalar(from: Scalar): ScalarNode {
    const type = from.type ?? 'PLAIN';
    const style = type === 'PLAIN' ? 'plain' : type.startsWith('QUOTE') ? 'quoted' : 'block';
    const source = style === 'plain' ? (from.source ?? '') : String(from.value ?? '');
    const span = this.#span(from.range);
    const offsetAt = (index: number) => offsetIn(span, source, { style, index });
    const value = this.#tagged(from.tag, source, style, span);
    return { kind: 'scalar', value, source, style, tag: from.tag, span, offsetAt };
  }

  #tagged(tag: string | undefined, source: string, style: string, span: Span): ScalarNode['value'] {
    const name = tag?.replace('tag:yaml.org,2002:', '');
    if (name === undefined) return style === 'plain' ? resolvePlain(source) : source;
    if (['str', '!', '!unsafe', '!vault', '!vault-encrypted'].includes(name)) return source;
    const value = resolvePlain(source);
    const fits: Readonly<Record<string, boolean>> = {
      int: typeof value === 'number',
      bool: typeof value === 'boolean',
      null: value === null,
      float: typeof value === 'object' && value !== null,
    };
    if (!(fits[name] ?? false)) this.#found.error('unsupported', `the YAML tag ${tag} is not supported here`, { span });
    return value;
  }
}

/** Where index of a scalar's content stands in the file. Exact for one-line scalars and literal blocks. */
function offsetIn(span: Span, source: string, at: { style: string; index: number }): number {
  const text = span.file.text.slice(span.start, span.end);
  if (at.style !== 'block') {
    const open = at.style === 'quoted' ? 1 : 0;
    return span.start + Math.min(open + at.index, Math.max(0, text.length - 1));
  }
  const before = source.slice(0, at.index).split('\n');
  const lines = text.split('\n');
  const first = lines.slice(1).find(l => l.trim() !== '') ?? '';
  const indent = first.length - first.trimStart().length;
  const line = Math.min(before.length, lines.length - 1);
  const start = lines.slice(0, line).reduce((sum, l) => sum + l.length + 1, 0);
  return Math.min(span.start + start + indent + (before.at(-1)?.length ?? 0), span.end);
}

function oneSentence(message: string): string {
  const first = message.split('\n')[0] ?? message;
  return first.charAt(0).toLowerCase() + first.slice(1).replace(/\.$/, '');
}
