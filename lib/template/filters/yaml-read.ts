import { type Document, isAlias, isMap, isScalar, isSeq } from 'yaml';
import { composeDocuments, TooMuch } from '../../yaml/compose.ts';
import { setKey } from '../compare.ts';
import { Failure } from '../error.ts';
import { dictKey } from '../operators.ts';
import type { Dict, Key, Value } from '../values.ts';
import { resolveScalar } from './yaml-scalar.ts';

const MOST = 1_000_000; // aliases in aliases could make more values than fit in memory

/** The values of the documents of a YAML text as PyYAML's safe loader makes them. Throws Failure. */
export function readYamlText(text: string): Value[] {
  try {
    return composeDocuments(text, '1.1').map(fromDocument);
  } catch (error) {
    if (error instanceof TooMuch) throw new Failure(error.message.replace('the file', 'the text of from_yaml'));
    if (error instanceof RangeError) throw new Failure('from_yaml: the text is nested too deep');
    throw error;
  }
}

function fromDocument(document: Document): Value {
  const [error] = document.errors;
  if (error) throw new Failure(`from_yaml cannot read the text: ${error.message.split('\n')[0]?.replace(/:$/, '')}`);
  let count = 0;
  const anchors = new Map<string, unknown>();
  const read = (node: unknown, depth: number): Value => {
    if (++count > MOST || depth > 500) throw new Failure('from_yaml: the text holds too much, or is nested too deep');
    if (node === null || node === undefined) return null;
    if (isAlias(node)) {
      if (!anchors.has(node.source)) throw new Failure(`from_yaml: there is no anchor "${node.source}"`);
      return read(anchors.get(node.source), depth + 1);
    }
    if ((isScalar(node) || isSeq(node) || isMap(node)) && node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isScalar(node)) return scalar(node);
    if (isSeq(node)) return node.items.map(item => read(item, depth + 1));
    if (!isMap(node)) throw new Failure('from_yaml: the text holds something that is no value');
    const own: [Key, Value][] = [];
    const merged: Dict[] = [];
    for (const pair of node.items) {
      if (isScalar(pair.key) && pair.key.source === '<<' && pair.key.type === 'PLAIN')
        merged.push(...dicts(read(pair.value, depth + 1)));
      else own.push([dictKey(read(pair.key, depth + 1)), read(pair.value, depth + 1)]);
    }
    // As PyYAML: what is merged in comes first, the first of several dicts wins, and own keys win over all.
    const dict: Dict = new Map();
    for (const [key, value] of [...merged.reverse().flatMap(other => [...other]), ...own]) setKey(dict, key, value);
    return dict;
  };
  return read(document.contents, 0);
}

function dicts(value: Value): Dict[] {
  if (value instanceof Map) return [value];
  if (Array.isArray(value)) return value.flatMap(dicts);
  throw new Failure('from_yaml: "<<" needs a dict');
}

const TYPES = /^(?:tag:yaml\.org,2002:|!!)(str|int|float|bool|null|map|seq)$/;

function scalar(node: { value: unknown; type?: string; source?: string; tag?: string }): Value {
  const text = String(node.value ?? '');
  if (node.tag === '!') return text;
  if (node.tag !== undefined) {
    const type = TYPES.exec(node.tag)?.[1];
    if (type === undefined) throw new Failure(`from_yaml knows no tag "${node.tag}"`);
    return type === 'str' ? text : resolveScalar(text);
  }
  return node.type === 'PLAIN' || node.type === undefined ? resolveScalar(node.source ?? text) : text;
}
