/** What a setting holds. */
export type SettingType =
  /** On or off. */
  | 'switch'
  /** A whole number from `least`. */
  | 'number'
  | 'text'
  /** Words; in INI files and the environment with commas between them. */
  | 'list'
  /** A file; a relative one is seen from the folder of the file that says it. */
  | 'path'
  /** Folders; in INI files and the environment with colons between them. */
  | 'folders'
  /** Inventories: files, folders, or in tplay.yml also lists of hosts such as `web1,`. */
  | 'sources';

/** What a setting can be. */
export type SettingValue = boolean | number | string | readonly string[];

/** One setting: where it can be given, and what it is without that. */
export interface Setting {
  readonly type: SettingType;
  /** The only values there are. */
  readonly choices?: readonly string[];
  /** Other words for a choice, in small letters: what Ansible calls it. */
  readonly words?: Readonly<Record<string, string>>;
  /** The smallest number. */
  readonly least?: number;
  /** `section.key` of ansible.cfg. As Ansible: where several are set, the last one here wins. */
  readonly ini: readonly `${string}.${string}`[];
  /** Variables of the environment; where several are set, the last one here wins. */
  readonly env: readonly string[];
  /** The flag this is the default of, by its name in the table of flags. */
  readonly flag?: string;
  /** As Ansible: what the flag gives comes on top of the setting (`-t`, `-v`) instead of in its place. */
  readonly adds?: true;
  readonly default?: SettingValue;
  /** Where there is no default: what holds then, for people. */
  readonly unset?: string;
  /** Its value must not be shown. */
  readonly secret?: true;
  /** One line, no final stop. */
  readonly doc: string;
}
