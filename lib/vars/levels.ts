import type { VarEntry, VarLayer } from './scope.ts';

/** A level of precedence of variables. */
export interface Level {
  /** Its number in Ansible's list of 22 ("Variable precedence: Where should I put a variable?"); 23 is above them all. */
  readonly number: number;
  readonly name: string;
}

/** All levels, from the weakest to the strongest: what wins, and what `tplay vars` says of it, come from this list. */
export const LEVELS = {
  settings: { number: 1, name: 'settings' },
  roleDefaults: { number: 2, name: 'role defaults' },
  inventoryGroups: { number: 3, name: 'inventory group vars' },
  besideAll: { number: 4, name: 'inventory group_vars/all' },
  playbookAll: { number: 5, name: 'playbook group_vars/all' },
  besideGroups: { number: 6, name: 'inventory group_vars/*' },
  playbookGroups: { number: 7, name: 'playbook group_vars/*' },
  inventoryHost: { number: 8, name: 'inventory host vars' },
  besideHost: { number: 9, name: 'inventory host_vars/*' },
  playbookHost: { number: 10, name: 'playbook host_vars/*' },
  facts: { number: 11, name: 'facts and cached set_fact' },
  playVars: { number: 12, name: 'play vars' },
  prompts: { number: 13, name: 'play vars_prompt' },
  varsFiles: { number: 14, name: 'play vars_files' },
  roleVars: { number: 15, name: 'role vars' },
  // 16 and 17: a block's and then the task's own, from outside in
  taskVars: { number: 17, name: 'block and task vars' },
  included: { number: 18, name: 'include_vars' },
  set: { number: 19, name: 'set_fact and register' },
  roleParams: { number: 20, name: 'role params' },
  includeParams: { number: 21, name: 'include params' },
  extraVars: { number: 22, name: 'extra vars (-e)' },
  // as Ansible: `item` is the item whatever -e says
  loop: { number: 23, name: 'loop variables' },
} as const satisfies Readonly<Record<string, Level>>;

export type LevelName = keyof typeof LEVELS;

const NAMES = Object.keys(LEVELS) as readonly LevelName[];

/** The layers of each level, from the weakest to the strongest; a level that is not there has none. */
export type LayersByLevel = { readonly [L in LevelName]?: readonly VarLayer[] | undefined };

/** All layers, from the weakest to the strongest. */
export function layersInOrder(by: LayersByLevel): readonly VarLayer[] {
  const layers: VarLayer[] = [];
  for (const name of NAMES) layers.push(...(by[name] ?? []));
  return layers;
}

/** Names of the variables that files, tasks or flags set, sorted. */
export function namesSet(by: LayersByLevel): readonly string[] {
  const layers = layersInOrder({ ...by, settings: [] });
  return [...new Set(layers.flatMap(layer => [...layer.keys()]))].sort();
}

/** A variable as it is set at one place. */
export interface Occurrence {
  readonly level: Level;
  readonly entry: VarEntry;
}

/** Every place that sets a variable: the one that wins, then each that it overrode, from strong to weak. */
export function occurrencesOf(name: string, by: LayersByLevel): readonly Occurrence[] {
  return NAMES.toReversed().flatMap(level =>
    (by[level] ?? []).toReversed().flatMap(layer => {
      const entry = layer.get(name);
      return entry === undefined ? [] : [{ level: LEVELS[level], entry }];
    }),
  );
}
