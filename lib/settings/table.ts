import { CONNECTION_SETTINGS } from './connection-settings.ts';
import { OUTPUT_SETTINGS } from './output-settings.ts';
import { RUN_SETTINGS } from './run-settings.ts';
import type { Setting, SettingType, SettingValue } from './setting.ts';
import { VAULT_SETTINGS } from './vault-settings.ts';

/**
 * All settings by their names in tplay.yml: what reads the files and the environment, the defaults of flags, `tplay config`,
 * the schema of tplay.yml and the README come from this table. Names, places and meanings are those of Ansible's
 * configuration ("Ansible Configuration Settings"); `output`, `accept-new` and the number of forks are ours.
 */
export const SETTINGS = { ...RUN_SETTINGS, ...CONNECTION_SETTINGS, ...VAULT_SETTINGS, ...OUTPUT_SETTINGS };

export type SettingName = keyof typeof SETTINGS;

/** The table as rows of one type. */
export const SETTING_ROWS: readonly (readonly [name: SettingName, setting: Setting])[] = Object.entries(SETTINGS) as [
  SettingName,
  Setting,
][];

/** The value of each setting; undefined where nobody says and there is no default. */
export type SettingValues = { readonly [Name in SettingName]: Held<(typeof SETTINGS)[Name]> };

type Held<S extends Setting> = Kept<S> | (S extends { readonly default: SettingValue } ? never : undefined);

type Kept<S extends Setting> = S extends { readonly choices: readonly (infer Choice)[] } ? Choice : ByType[S['type']];

interface ByType extends Record<SettingType, unknown> {
  switch: boolean;
  number: number;
  text: string;
  list: readonly string[];
  path: string;
  folders: readonly string[];
  sources: readonly string[];
}
