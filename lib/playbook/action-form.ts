import { isTemplate } from '../template/index.ts';
import type { Diagnostics } from '../text/diagnostic.ts';
import { entryOf, kindName, type MapEntry, type MapNode, type ScalarNode, stringOf } from '../yaml/node.ts';
import { partOf } from './free-form.ts';

/**
 * A task whose module is named by `action` or `local_action`, written as other tasks are: the module's name as the key,
 * and for `local_action` a `delegate_to`. What has no such form is the same; undefined when it is wrong (and reported).
 */
export function plainForm(map: MapNode, found: Diagnostics): MapNode | undefined {
  const [entry, second] = ['action', 'local_action'].flatMap(name => entryOf(map, name) ?? []);
  if (entry === undefined) return map;
  if (second !== undefined) {
    found.error('conflicting-arguments', 'a task has either "action" or "local_action"', { span: second.key.span });
    return undefined;
  }
  const made = moduleEntries(entry, found);
  if (made.length === 0) return undefined;
  const others = map.entries.filter(e => e !== entry);
  if (entry.key.value === 'action') return { ...map, entries: [...others, ...made] };
  const delegate = entryOf(map, 'delegate_to');
  if (delegate !== undefined) {
    const message = 'local_action delegates to localhost already';
    found.error('conflicting-arguments', message, { span: delegate.key.span, suggestion: 'write action' });
    return undefined;
  }
  return { ...map, entries: [...others, ...made, delegated(entry.key)] };
}

function delegated(key: ScalarNode): MapEntry {
  const word = (text: string): ScalarNode => ({ ...key, value: text, source: text });
  return { key: word('delegate_to'), value: word('localhost') };
}

/** `copy src=a` or `{ module: copy, src: a }` as the entries of other tasks: `copy: src=a`, `copy: { src: a }`. */
function moduleEntries({ key, value }: MapEntry, found: Diagnostics): readonly MapEntry[] {
  if (value.kind === 'scalar' && typeof value.value === 'string') return [fromText(value, found) ?? []].flat();
  const module = value.kind === 'map' ? entryOf(value, 'module') : undefined;
  if (value.kind !== 'map' || module === undefined) {
    const wrong = value.kind === 'map' ? 'has no "module"' : `is ${kindName(value)}`;
    const suggestion = `write ${key.source}: NAME arguments, or { module: NAME, ... }`;
    found.error('wrong-shape', `${key.source} names a module, this ${wrong}`, { span: value.span, suggestion });
    return [];
  }
  const named = stringOf(module.value) === undefined ? undefined : fromText(module.value as ScalarNode, found);
  if (named === undefined) return [];
  const rest: MapNode = { ...value, entries: value.entries.filter(e => e !== module) };
  if (stringOf(named.value) === undefined) return [{ key: named.key, value: rest }];
  // `{ module: command echo a, chdir: / }`: text and names at once
  return [named, { key: { ...module.key, value: 'args', source: 'args' }, value: rest }];
}

function fromText(node: ScalarNode, found: Diagnostics): MapEntry | undefined {
  const [, space = '', name = ''] = /^(\s*)(\S+)/.exec(node.source) ?? [];
  if (name === '' || isTemplate(name)) {
    const message = 'the module of a task is known before anything runs, so its name holds no template';
    found.error('unsupported', name === '' ? 'there is no name of a module' : message, { span: node.span });
    return undefined;
  }
  const start = space.length + name.length;
  const rest = node.source.slice(start);
  const from = start + (rest.length - rest.trimStart().length);
  const text = partOf(node, from, node.source.trimEnd().length);
  const value: ScalarNode = rest.trim() === '' ? { ...text, value: null, source: '' } : text;
  return { key: partOf(node, space.length, start), value };
}
