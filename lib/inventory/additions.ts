import { Float, type Raw, Secret } from '../template/values.ts';
import type { Span } from '../text/source.ts';
import type { Draft } from './groups.ts';
import { isGroupText, isHostName } from './host-names.ts';
import { type Entry, type Layer, mergeLayers } from './layer.ts';

/** What a task adds to the inventory while a run goes on: a host (add_host), or a host to a group (group_by). */
export type Addition =
  | {
      readonly kind: 'host';
      readonly host: string;
      readonly groups: readonly string[];
      readonly vars: Layer;
      readonly span: Span;
    }
  | {
      readonly kind: 'group';
      readonly host: string;
      readonly group: string;
      readonly parents: readonly string[];
      readonly span: Span;
    };

/** What keeps an addition from being made: a sentence, or undefined. */
export function faultOf(addition: Addition, draft: Draft): string | undefined {
  const { host } = addition;
  if (!isHostName(host)) return `"${host}" is not a name for a host`;
  const groups = addition.kind === 'host' ? addition.groups : [addition.group, ...addition.parents];
  const bad = groups.find(name => !isGroupText(name));
  if (bad !== undefined) return `"${bad}" is not a name for a group: no pattern could name it`;
  if (addition.kind === 'host') return undefined;
  const { group } = addition;
  if (group === 'all') return 'every host is in the group "all" already';
  const above = addition.parents.find(parent => draft.isBelow(parent, group));
  return above === undefined ? undefined : `the group "${group}" would contain itself: "${above}" is in it`;
}

/**
 * What an addition would change in the draft, each as a text of its own: a new host, a host or group in a group it was not
 * in, another value of a host's variable. As Ansible: only these are changes.
 */
export function effectsOf(addition: Addition, draft: Draft): readonly string[] {
  const { host } = addition;
  const join = (name: string) => (draft.groups.get(name)?.hosts.has(host) ? [] : [`${host} in ${name}`]);
  if (addition.kind === 'group') {
    const { group } = addition;
    const below = addition.parents.filter(p => !draft.groups.get(p)?.children.has(group));
    return [...join(group), ...below.map(parent => `group ${group} in ${parent}`)];
  }
  const known = draft.hosts.get(host);
  return [
    ...(known === undefined ? [host] : []),
    ...addition.groups.flatMap(join),
    ...newVars(addition.vars, known?.layers ?? []).map(([name, { value }]) => `${host} ${name}=${written(value)}`),
  ];
}

function newVars(vars: Layer, layers: readonly Layer[]): readonly (readonly [string, Entry])[] {
  const before = mergeLayers(layers);
  return [...vars].filter(([name, { value }]) => {
    const old = before.get(name);
    return old === undefined || written(old.value) !== written(value);
  });
}

/** The same text for the same value; it is shown nowhere. */
function written(value: Raw): string {
  if (value instanceof Secret) return written(value.reveal() as Raw);
  if (value instanceof Float) return `${value.value}.`;
  if (Array.isArray(value)) return `[${value.map(written).join()}]`;
  if (value instanceof Map) return `{${[...value].map(([k, v]) => `${JSON.stringify(k)}:${written(v)}`).join()}}`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return 'text' in value ? `template ${value.text}` : 'another value';
}

/** Puts an addition into the draft. */
export function apply(addition: Addition, draft: Draft): void {
  const { host, span } = addition;
  if (addition.kind === 'group') {
    draft.group(addition.group).hosts.add(host);
    for (const parent of addition.parents) draft.group(parent).children.set(addition.group, span);
    return;
  }
  // As Ansible: a new host comes first in "all".
  if (!draft.hosts.has(host)) draft.group('all').hosts.add(host);
  const { layers } = draft.host(host, { span });
  for (const group of addition.groups) draft.group(group).hosts.add(host);
  if (newVars(addition.vars, layers).length > 0) layers.push(addition.vars);
}
