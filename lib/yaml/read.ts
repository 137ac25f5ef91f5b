import { type Document, isAlias, isMap, isScalar, isSeq, type Scalar, type YAMLMap } from 'yaml';
import { type Checked, type Diagnostic, type DiagnosticCode, Diagnostics } from '../text/diagnostic.ts';
import type { SourceFile, Span } from '../text/source.ts';
import { composeDocuments, TooMuch } from './compose.ts';
import type { MapEntry, Node, ScalarNode } from './node.ts';
import { offsetIn } from './offset.ts';
import { resolvePlain } from './scalars.ts';

const DEEPEST = 500; // far more than people write, far less than the stack holds
const LARGEST = 2_000_000; // nodes, aliases counted as often as they stand: what explodes is refused, not unfolded
const MOST_FAULTS = 100; // of one document: a file that is no YAML at all must not fill the terminal

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
  const control = CONTROL.exec(file.text);
  if (control) {
    const code = (control[0].codePointAt(0) ?? 0).toString(16).padStart(2, '0');
    const span = { file, start: control.index, end: control.index + 1 };
    found.error('yaml-syntax', `the character \\x${code} cannot stand in YAML`, { span, suggestion: ESCAPE });
    return found.checked([]);
  }
  try {
    return found.checked(composeDocuments(file.text).map(d => new Reader(file, d, found).document()));
  } catch (error) {
    if (!(error instanceof RangeError) && !(error instanceof TooMuch)) throw error;
    const start = error instanceof TooMuch ? error.offset : 0;
    const span = { file, start, end: start + 1 };
    if (error instanceof TooMuch) found.error('yaml-trap', error.message, { span, suggestion: error.suggestion });
    else found.error('yaml-syntax', TOO_DEEP, { span });
    return found.checked([]);
  }
}

// As PyYAML: only what can be printed, tabs and line breaks.
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;
const ESCAPE = 'write it as an escape in double quotes';

function emptyNode(file: SourceFile): ScalarNode {
  const span = { file, start: 0, end: 0 };
  return { kind: 'scalar', value: null, source: '', style: 'plain', span, offsetAt: () => 0 };
}

class Reader {
  readonly #file: SourceFile;
  readonly #document: Document;
  readonly #found: Diagnostics;
  readonly #done = new Map<unknown, { node: Node; size: number }>();
  /** What each anchor names so far; a later one of the same name takes its place. */
  readonly #anchors = new Map<string, unknown>();
  /** The nodes that are being read: an alias to one of them would never end. */
  readonly #open = new Set<unknown>();
  #size = 0;
  #faults = 0;

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

  #fault(code: DiagnosticCode, message: string, more: Omit<Diagnostic, 'code' | 'severity' | 'message'>): void {
    this.#faults++;
    if (this.#faults < MOST_FAULTS) this.#found.error(code, message, more);
    else if (this.#faults === MOST_FAULTS)
      this.#found.error(code, message, { ...more, notes: [{ message: 'what follows is not looked at any more' }] });
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
      this.#fault('yaml-syntax', `nested more than ${DEEPEST} levels deep`, { span: this.#span(range) });
      return emptyNode(this.#file);
    }
    if (isAlias(from)) return this.#alias(from.source, this.#span(from.range), depth);
    if (isScalar(from)) return this.#scalar(from);
    if (!isMap(from) && !isSeq(from)) return emptyNode(this.#file);
    if (from.anchor !== undefined) this.#anchors.set(from.anchor, from);
    this.#open.add(from);
    const node: Node = isMap(from)
      ? this.#map(from, depth)
      : { kind: 'seq', items: from.items.map(item => this.#node(item, depth + 1)), span: this.#span(from.range) };
    this.#open.delete(from);
    return node;
  }

  #alias(name: string, span: Span, depth: number): Node {
    const target = this.#anchors.get(name);
    if (target !== undefined && !this.#open.has(target)) return this.#node(target, depth + 1);
    const message =
      target === undefined ? `there is no anchor "${name}"` : `"*${name}" stands inside what it stands for`;
    this.#fault(target === undefined ? 'yaml-syntax' : 'recursion', message, { span });
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
        this.#fault('duplicate-key', `the key "${key.source}" stands twice in this mapping`, {
          span: key.span,
          notes,
        });
      }
    }
    // As PyYAML: what is merged stands before a mapping's own keys, which win.
    const all = new Map<unknown, MapEntry>(merged.map(entry => [entry.key.value, entry]));
    for (const [key, entry] of entries) all.set(key, entry);
    return { kind: 'map', entries: [...all.values()], span: this.#span(from.range) };
  }

  #merge(value: Node): readonly MapEntry[] {
    if (value.kind === 'map') return value.entries;
    if (value.kind === 'seq' && value.items.every(i => i.kind === 'map'))
      return value.items.toReversed().flatMap(i => this.#merge(i)); // as PyYAML: the first wins and stands last
    if (this.#faults > 0 && value.kind === 'scalar' && value.value === null) return []; // what is missing was told
    this.#fault('wrong-shape', 'the merge key << takes a mapping or a list of mappings', { span: value.span });
    return [];
  }

  #complexKey(key: unknown, map: YAMLMap): void {
    const span = this.#span((key as { range?: number[] } | null)?.range ?? map.range);
    const braces = this.#file.text.slice(map.range?.[0] ?? 0).startsWith('{{');
    const what = braces ? 'a value that starts with {{ needs quotes' : 'a key must be a plain word or text';
    this.#fault(
      'yaml-trap',
      what,
      braces ? { span: this.#span(map.range), suggestion: 'write "{{ ... }}"' } : { span },
    );
  }

  #scalar(from: Scalar): ScalarNode {
    if (from.anchor !== undefined) this.#anchors.set(from.anchor, from);
    const type = from.type ?? 'PLAIN';
    const style = type === 'PLAIN' ? 'plain' : type.startsWith('QUOTE') ? 'quoted' : 'block';
    const source = style === 'plain' ? (from.source ?? '') : String(from.value ?? '');
    const span = this.#span(from.range);
    const offsetAt = (index: number) => offsetIn(span, source, index);
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
    if (!(fits[name] ?? false)) this.#fault('unsupported', `the YAML tag ${tag} is not supported here`, { span });
    return value;
  }
}

function oneSentence(message: string): string {
  const first = message.split('\n')[0] ?? message;
  return first.charAt(0).toLowerCase() + first.slice(1).replace(/\.$/, '');
}
