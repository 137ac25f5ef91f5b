import { sourceFile } from '../text/source.ts';
import type { Draft } from './groups.ts';
import { type Group, type Host, type Inventory, LOCAL_NAMES } from './hosts.ts';
import { type Layer, type Levels, mergeLayers } from './layer.ts';

/** An inventory without the files beside its sources. */
export type Core = Omit<Inventory, 'varsFiles' | 'sources'>;

/** Makes the inventory of a finished draft. */
export function build(draft: Draft): Core {
  const groups = buildGroups(draft);
  const hosts = buildHosts(draft);
  const local = LOCAL_NAMES.map(name => hosts.get(name)).find(h => h !== undefined);
  const implicit = new Map(LOCAL_NAMES.map(name => [name, local ?? implicitHost(name)]));
  const sorted = new Map<string, readonly Group[]>(); // made once for each set of groups: hosts share them
  const groupsOf = (name: string): readonly Group[] => {
    const host = hosts.get(name) ?? implicit.get(name);
    const direct = host?.groups ?? [];
    const key = direct.join('\0');
    const known = sorted.get(key) ?? sortGroups(withParents(direct, groups));
    sorted.set(key, known);
    return known;
  };
  return {
    hosts: (groups.get('all') as Group).hosts.map(name => hosts.get(name) as Host),
    named: [...hosts.values()],
    groups,
    host: name => hosts.get(name) ?? implicit.get(name),
    groupsOf,
    layersOf: name => levels(groupsOf(name), g => g.layers, (hosts.get(name) ?? implicit.get(name))?.layers ?? []),
  };
}

/** Levels of a host from those of its groups, which come sorted. */
export function levels(
  groups: readonly Group[],
  layersOf: (group: Group) => readonly Layer[],
  host: readonly Layer[],
): Levels {
  return {
    all: groups.filter(g => g.name === 'all').flatMap(layersOf),
    groups: groups.filter(g => g.name !== 'all').flatMap(layersOf),
    host,
  };
}

/** As Ansible: a deeper group wins over its parents, then the higher priority, then the name later in the alphabet. */
function sortGroups(groups: readonly Group[]): readonly Group[] {
  return [...groups].sort(
    (a, b) => a.depth - b.depth || a.priority - b.priority || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
}

function withParents(direct: readonly string[], groups: ReadonlyMap<string, Group>): readonly Group[] {
  const all = new Set<string>(['all']);
  const visit = (name: string): void => {
    if (all.has(name)) return;
    all.add(name);
    for (const parent of groups.get(name)?.parents ?? []) visit(parent);
  };
  for (const name of direct) visit(name);
  return [...all].map(name => groups.get(name) as Group);
}

function buildHosts(draft: Draft): ReadonlyMap<string, Host> {
  const direct = new Map<string, string[]>([...draft.hosts.keys()].map(name => [name, []]));
  for (const group of draft.groups.values()) for (const host of group.hosts) direct.get(host)?.push(group.name);
  return new Map(
    [...draft.hosts.values()].map(({ name, layers, source, span }) => {
      const host: Host = {
        name,
        layers,
        vars: mergeLayers(layers),
        source,
        span,
        groups: direct.get(name) ?? [],
        implicit: false,
      };
      return [name, host];
    }),
  );
}

function buildGroups(draft: Draft): ReadonlyMap<string, Group> {
  const parents = new Map<string, string[]>([...draft.groups.keys()].map(name => [name, []]));
  for (const group of draft.groups.values())
    for (const child of group.children.keys()) parents.get(child)?.push(group.name);
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const above = (parents.get(name) ?? []).map(depthOf);
    const depth = above.length === 0 ? 0 : Math.max(...above) + 1;
    depths.set(name, depth);
    return depth;
  };
  return new Map(
    [...draft.groups.values()].map(({ name, layers, priority, children, span }) => {
      const group: Group = {
        name,
        span,
        depth: depthOf(name),
        priority,
        layers,
        vars: mergeLayers(layers),
        parents: parents.get(name) ?? [],
        children: [...children.keys()],
        hosts: hostsBelow(name, draft),
      };
      return [name, group];
    }),
  );
}

/** As Ansible: a group's own hosts, then those of its children, then of theirs. */
function hostsBelow(name: string, draft: Draft): readonly string[] {
  const seen = new Set([name]); // a Set is walked to its end even while it grows
  const hosts = new Set<string>();
  for (const at of seen) {
    const group = draft.groups.get(at);
    for (const host of group?.hosts ?? []) hosts.add(host);
    for (const child of group?.children.keys() ?? []) seen.add(child);
  }
  return [...hosts];
}

const NOWHERE = { file: sourceFile('<implicit localhost>', ''), start: 0, end: 0 };

function implicitHost(name: string): Host {
  const vars: Layer = new Map([['ansible_connection', { value: 'local', span: NOWHERE }]]);
  return { name, vars, layers: [vars], groups: [], source: undefined, span: undefined, implicit: true };
}
