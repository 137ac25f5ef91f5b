import type { Group } from '../inventory/hosts.ts';
import { toJson } from '../template/filters/json.ts';
import { toYaml } from '../template/filters/yaml-write.ts';
import { toText } from '../template/index.ts';
import type { Key, Value } from '../template/values.ts';
import type { Shown } from './inventory-shown.ts';

type Dict = Map<Key, Value>;

export interface TextOptions {
  readonly yaml: boolean;
  /** The variables of groups stand with them. */
  readonly export: boolean;
}

/** A value as ansible-inventory prints it: keys in order, four blanks. */
export function valueText(value: Value, yaml: boolean): string {
  if (!yaml) return `${toJson(value, { indent: '    ', sortKeys: true, ascii: false })}\n`;
  return toYaml(value, {
    indent: 2,
    width: 80,
    sortKeys: true,
    flow: 'none',
    explicitStart: false,
    explicitEnd: false,
  });
}

/** `--list`: what an inventory script prints; or with --yaml a YAML inventory. */
export function listText(shown: Shown, options: TextOptions): string {
  return valueText(options.yaml ? yamlOf(shown, options) : jsonOf(shown, options), options.yaml);
}

function jsonOf(shown: Shown, options: TextOptions): Dict {
  const groups: Dict = new Map();
  const hostvars: Dict = new Map();
  const visit = (group: Group): void => {
    if (groups.has(group.name)) return;
    const hosts = shown.hostsOf(group);
    const vars = options.export ? shown.groupVars(group) : new Map();
    const parts: readonly (readonly [string, Value, number])[] = [
      ['hosts', [...hosts], hosts.length],
      ['children', [...group.children], group.children.length],
      ['vars', vars, vars.size],
    ];
    groups.set(group.name, new Map(parts.flatMap(([key, value, size]) => (size > 0 ? [[key, value] as const] : []))));
    for (const host of hosts) if (!hostvars.has(host)) hostvars.set(host, shown.varsOf(host));
    for (const child of childrenOf(group, shown)) visit(child);
  };
  visit(allOf(shown));
  // As Ansible: what says nothing is left out; such groups are still named as children.
  for (const [name, parts] of groups) if ((parts as Dict).size === 0) groups.delete(name);
  for (const [host, vars] of hostvars) if ((vars as Dict).size === 0) hostvars.delete(host);
  return new Map<Key, Value>([['_meta', new Map([['hostvars', hostvars]])], ...groups]);
}

function yamlOf(shown: Shown, options: TextOptions): Dict {
  const seen = new Set<string>();
  const groupOf = (group: Group): Dict => {
    const made: Dict = new Map();
    const children = childrenOf(group, shown).map(child => [child.name, groupOf(child)] as const);
    if (children.length > 0) made.set('children', new Map<Key, Value>(children));
    // As Ansible: a host's variables stand where it comes first.
    const hosts = shown.hostsOf(group).map(host => {
      const vars = seen.has(host) ? new Map<Key, Value>() : shown.varsOf(host);
      seen.add(host);
      return [host, vars] as const;
    });
    if (hosts.length > 0) made.set('hosts', new Map<Key, Value>(hosts));
    const vars = options.export ? shown.groupVars(group) : new Map();
    if (vars.size > 0) made.set('vars', vars);
    return made;
  };
  return new Map<Key, Value>([['all', groupOf(allOf(shown))]]);
}

/** `--graph`: groups and hosts as a tree, with `--vars` the variables under what they are of. */
export function graphText(shown: Shown, top: Group, vars: boolean): string {
  const lines: string[] = [];
  const line = (depth: number, text: string) => lines.push(`${'  |'.repeat(depth)}${depth > 0 ? '--' : ''}${text}`);
  const showVars = (depth: number, values: Dict): void => {
    if (!vars) return;
    for (const name of [...values.keys()].map(String).sort())
      line(depth, `{${name} = ${toText(values.get(name) ?? null)}}`);
  };
  const visit = (group: Group, depth: number): void => {
    line(depth, `@${group.name}:`);
    for (const child of childrenOf(group, shown)) visit(child, depth + 1);
    for (const host of shown.hostsOf(group)) {
      line(depth + 1, host);
      showVars(depth + 2, shown.varsOf(host));
    }
    showVars(depth + 1, shown.groupVars(group));
  };
  visit(top, 0);
  return `${lines.join('\n')}\n`;
}

function childrenOf(group: Group, shown: Shown): readonly Group[] {
  return group.children.map(name => shown.groups.get(name)).filter(child => child !== undefined);
}

function allOf(shown: Shown): Group {
  const all = shown.groups.get('all');
  if (all === undefined) throw new Error('internal: an inventory without "all"');
  return all;
}
