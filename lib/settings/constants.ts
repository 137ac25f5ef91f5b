import type { SettingValue } from './setting.ts';
import type { SettingName, SettingValues } from './table.ts';

/** What Ansible's documentation ("Ansible Configuration Settings") calls the settings that have a name of their own there. */
const CONSTANTS: Readonly<Record<string, SettingName>> = {
  DEFAULT_HOST_LIST: 'inventory',
  DEFAULT_FORKS: 'forks',
  DEFAULT_STRATEGY: 'strategy',
  ANY_ERRORS_FATAL: 'any_errors_fatal',
  DEFAULT_FORCE_HANDLERS: 'force_handlers',
  TASK_TIMEOUT: 'task_timeout',
  DEFAULT_NO_LOG: 'no_log',
  DEFAULT_ROLES_PATH: 'roles_path',
  DEFAULT_MANAGED_STR: 'ansible_managed',
  DEFAULT_GATHERING: 'gathering',
  DEFAULT_GATHER_SUBSET: 'gather_subset',
  INJECT_FACTS_AS_VARS: 'inject_facts_as_vars',
  TAGS_RUN: 'tags',
  TAGS_SKIP: 'skip_tags',
  DIFF_ALWAYS: 'diff',
  DEFAULT_VAULT_PASSWORD_FILE: 'vault_password_file',
  DEFAULT_VAULT_IDENTITY_LIST: 'vault_identity_list',
  DEFAULT_ASK_VAULT_PASS: 'ask_vault_pass',
  DEFAULT_VAULT_ENCRYPT_IDENTITY: 'vault_encrypt_identity',
  DEFAULT_VERBOSITY: 'verbosity',
  ANSIBLE_NOCOLOR: 'nocolor',
  ANSIBLE_FORCE_COLOR: 'force_color',
  DEFAULT_TRANSPORT: 'transport',
  DEFAULT_REMOTE_USER: 'remote_user',
  DEFAULT_REMOTE_PORT: 'remote_port',
  DEFAULT_PRIVATE_KEY_FILE: 'private_key_file',
  DEFAULT_ASK_PASS: 'ask_pass',
  HOST_KEY_CHECKING: 'host_key_checking',
  DEFAULT_TIMEOUT: 'timeout',
  DEFAULT_EXECUTABLE: 'executable',
  DEFAULT_BECOME: 'become',
  DEFAULT_BECOME_USER: 'become_user',
  DEFAULT_BECOME_METHOD: 'become_method',
  DEFAULT_BECOME_EXE: 'become_exe',
  DEFAULT_BECOME_FLAGS: 'become_flags',
  DEFAULT_BECOME_ASK_PASS: 'become_ask_pass',
};

/** The setting that Ansible calls so: null where nothing sets it, undefined where there is none of that name. */
export function settingNamed(constant: string, values: SettingValues): SettingValue | null | undefined {
  const name = Object.hasOwn(CONSTANTS, constant) ? CONSTANTS[constant] : undefined;
  if (name === undefined) return undefined;
  // As Ansible: a switch there.
  return name === 'host_key_checking' ? values[name] !== 'off' : (values[name] ?? null);
}
