import type { Diagnostics } from '../text/diagnostic.ts';
import { didYouMean } from '../text/near.ts';
import { kindName, type MapEntry, type Node } from '../yaml/node.ts';
import type { ArgNode } from './args.ts';
import { moduleNames, shortName, strangeCollection } from './modules.ts';
import type { Directives } from './program.ts';

/** What `module_defaults` says: arguments by the short names of their modules, which must be modules there are. */
export function moduleDefaultsOf(node: Node, found: Diagnostics): Directives['moduleDefaults'] {
  const maps = node.kind === 'seq' ? node.items : [node]; // as Ansible: a mapping or a list of them
  return maps.flatMap(map => (map.kind === 'map' ? [new Map(map.entries.flatMap(e => defaultsOf(e, found)))] : []));
}

function defaultsOf(
  { key, value }: MapEntry,
  found: Diagnostics,
): readonly (readonly [string, ReadonlyMap<string, ArgNode>])[] {
  const name = shortName(key.source);
  const problem = strangerTo(key.source);
  if (problem !== undefined) {
    found.error(problem.code, problem.message, {
      span: key.span,
      ...(problem.suggestion !== undefined && { suggestion: problem.suggestion }),
    });
    return [];
  }
  if (value.kind === 'map')
    return [[name, new Map(value.entries.map(e => [e.key.source, { key: e.key.span, node: e.value }]))]];
  if (value.kind === 'scalar' && value.value === null) return [];
  const message = `the defaults of a module are a mapping of its arguments, not ${kindName(value)}`;
  found.error('wrong-shape', message, { span: value.span });
  return [];
}

function strangerTo(name: string) {
  const short = shortName(name);
  if (moduleNames().includes(short) && strangeCollection(name) === undefined) return undefined;
  if (name.startsWith('group/')) {
    const suggestion = 'groups are those of collections; name each module';
    return { code: 'unsupported', message: 'module_defaults of a group are not supported', suggestion } as const;
  }
  const message = `there is no module "${name}", as module_defaults says`;
  return { code: 'unknown-module', message, suggestion: didYouMean(short, moduleNames()) } as const;
}

/** Whose defaults hold for a module besides its own, weaker. As Ansible: gather_facts runs setup. */
const STANDS_FOR: Readonly<Record<string, string>> = { gather_facts: 'setup' };

/** A task's arguments with those of `module_defaults` where it does not give them; the nearest defaults win. */
export function withDefaults(
  module: string,
  defaults: Directives['moduleDefaults'],
  written: ReadonlyMap<string, ArgNode>,
): ReadonlyMap<string, ArgNode> {
  const all = new Map<string, ArgNode>();
  const of = (name: string | undefined) => (name === undefined ? [] : defaults.map(d => d.get(name) ?? []));
  for (const each of [...of(STANDS_FOR[module]), ...of(module), written])
    for (const [arg, value] of each) all.set(arg, value);
  return all;
}
