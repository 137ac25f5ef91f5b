import type { Diagnostics } from '../text/diagnostic.ts';
import { type Span, spanName } from '../text/source.ts';
import { readAnsibleCfg, readEnvironment } from './ansible-cfg.ts';
import { findAnsibleCfg, findTplayYml, type Surroundings, shortPath } from './files.ts';
import type { SettingValue } from './setting.ts';
import { SETTING_ROWS, type SettingName, type SettingValues } from './table.ts';
import { readTplayYml } from './tplay-yml.ts';

/** Where a setting's value comes from. */
export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly span: Span }
  | { readonly kind: 'environment'; readonly variable: string };

/** A setting given somewhere. */
export interface Given {
  readonly name: SettingName;
  readonly value: SettingValue;
  readonly origin: Origin;
}

/** The values of all settings, and where those come from that are no defaults. */
export interface Settings {
  readonly values: SettingValues;
  readonly origins: ReadonlyMap<SettingName, Origin>;
}

/** Every setting as it is where nobody says anything. */
export const DEFAULT_SETTINGS: Settings = settingsOf([]);

/**
 * Reads the settings: ansible.cfg, over it tplay.yml, over both Ansible's variables of the environment. What is wrong goes to
 * `found`; what is right counts nevertheless, so that nothing that follows is wrong only because of that.
 */
export function loadSettings(at: Surroundings, found: Diagnostics): Settings {
  const cfg = findAnsibleCfg(at, found);
  const own = findTplayYml(at, found);
  const given = [
    ...(cfg === undefined ? [] : readAnsibleCfg(cfg, { ...at, found })),
    ...(own === undefined ? [] : readTplayYml(own, { ...at, found })),
    ...readEnvironment({ ...at, found }),
  ];
  return settingsOf(given.map(one => ({ ...one, value: shortened(one, at.cwd) })));
}

/** Inventories are shown in messages: as people would have typed them. */
function shortened({ name, value }: Given, cwd: string): SettingValue {
  return name === 'inventory' && Array.isArray(value) ? value.map(path => shortPath(path, cwd)) : value;
}

function settingsOf(given: readonly Given[]): Settings {
  const values = new Map<SettingName, SettingValue | undefined>(SETTING_ROWS.map(([name, row]) => [name, row.default]));
  for (const { name, value } of given) values.set(name, value);
  return {
    values: Object.fromEntries(values) as SettingValues, // the rows are what SettingValues is made of
    origins: new Map(given.map(({ name, origin }) => [name, origin])),
  };
}

/** `ansible.cfg:3:1`, the name of a variable, or `default`. */
export function originName(origin: Origin): string {
  if (origin.kind === 'file') return spanName(origin.span);
  return origin.kind === 'environment' ? origin.variable : 'default';
}
