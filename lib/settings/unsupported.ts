import { words } from './convert.ts';

/** A setting of Ansible that changes what a run does there and has no place here. */
export interface Unsupported {
  readonly ini: readonly `${string}.${string}`[];
  readonly env: readonly string[];
  /** Whether this value asks for what is not done here. */
  asks(value: string): boolean;
  /** `error` where a run would end differently and nothing would say so. */
  readonly severity: 'error' | 'warning';
  /** Why, after the name of the setting and its value; no final stop. */
  readonly why: string;
  readonly suggestion?: string;
}

const yes = (value: string) => /^(true|yes|on|1|y|t)$/i.test(value);
const no = (value: string) => /^(false|no|off|0|n|f)$/i.test(value);
const other =
  (...fine: readonly string[]) =>
  (value: string) =>
    !fine.includes(value.toLowerCase());
const anything = (value: string) => value !== '';
const beyond =
  (...fine: readonly string[]) =>
  (value: string) =>
    words(value, ',').some(word => !fine.includes(word));

/** Callbacks that only show a run to people in another way. */
const SHOWN = [
  'default',
  'yaml',
  'debug',
  'minimal',
  'oneline',
  'unixy',
  'dense',
  'timer',
  'profile_tasks',
  'profile_roles',
].flatMap(name => [name, ...['ansible.builtin', 'ansible.posix', 'community.general'].map(c => `${c}.${name}`)]);

const PLUGINS = 'nothing is loaded from there: tplay runs no Python';

/** All of them; every other key of Ansible that is not in the table of settings changes nothing that matters here. */
export const UNSUPPORTED: readonly Unsupported[] = [
  {
    ini: ['defaults.hash_behaviour'],
    env: ['ANSIBLE_HASH_BEHAVIOUR'],
    asks: other('replace'),
    severity: 'error',
    why: 'mappings are never merged silently here: a variable takes the place of a weaker one',
    suggestion: 'merge where it is meant, by {{ a | combine(b, recursive=true) }}',
  },
  {
    ini: ['defaults.error_on_undefined_vars'],
    env: ['ANSIBLE_ERROR_ON_UNDEFINED_VARS'],
    asks: no,
    severity: 'error',
    why: 'an undefined variable is always an error here',
    suggestion: 'write {{ name | default("") }} where it may be undefined',
  },
  {
    ini: ['defaults.private_role_vars'],
    env: ['ANSIBLE_PRIVATE_ROLE_VARS'],
    asks: yes,
    severity: 'error',
    why: "a role's variables are seen by the rest of its play here",
  },
  {
    ini: ['defaults.precedence'],
    env: ['ANSIBLE_PRECEDENCE'],
    asks: anything,
    severity: 'error',
    why: 'the order of precedence is the usual one here',
  },
  {
    ini: ['defaults.playbook_vars_root'],
    env: ['ANSIBLE_PLAYBOOK_VARS_ROOT'],
    asks: other('top', 'all'),
    severity: 'error',
    why: 'group_vars and host_vars are read beside the playbook here',
  },
  {
    ini: ['defaults.jinja2_extensions'],
    env: ['ANSIBLE_JINJA2_EXTENSIONS'],
    asks: beyond('jinja2.ext.do', 'jinja2.ext.loopcontrols'),
    severity: 'error',
    why: 'of extensions there are only jinja2.ext.do and jinja2.ext.loopcontrols here, which are always on',
  },
  {
    ini: ['defaults.null_representation'],
    env: ['ANSIBLE_NULL_REPRESENTATION'],
    asks: other('', 'none', 'null'),
    severity: 'error',
    why: 'null is not printed as anything else here',
  },
  {
    ini: ['defaults.allow_unsafe_lookups'],
    env: [],
    asks: yes,
    severity: 'error',
    why: 'what a lookup returns is data here and never a template',
  },
  {
    ini: ['defaults.force_valid_group_names'],
    env: ['ANSIBLE_TRANSFORM_INVALID_GROUP_CHARS'],
    asks: value => /^(always|silently)$/i.test(value),
    severity: 'error',
    why: 'names of groups stay as they are written here',
  },
  {
    ini: ['defaults.connection_password_file'],
    env: ['ANSIBLE_CONNECTION_PASSWORD_FILE'],
    asks: anything,
    severity: 'error',
    why: 'the file is not read',
    suggestion: 'write ask_pass = True to be asked',
  },
  {
    ini: ['defaults.become_password_file'],
    env: ['ANSIBLE_BECOME_PASSWORD_FILE'],
    asks: anything,
    severity: 'error',
    why: 'the file is not read',
    suggestion: 'write become_ask_pass = True to be asked',
  },
  ...['sudo', 'su', 'doas'].map(
    (method): Unsupported => ({
      ini: [
        `${method}_become_plugin.executable`,
        `${method}_become_plugin.flags`,
        `${method}_become_plugin.user`,
        `${method}_become_plugin.password`,
      ],
      env: ['EXE', 'FLAGS', 'USER', 'PASS'].map(what => `ANSIBLE_${method.toUpperCase()}_${what}`),
      asks: anything,
      severity: 'error',
      why: `what concerns ${method} alone is not read from here`,
      suggestion: 'write it in [privilege_escalation], or as variables of the inventory',
    }),
  ),
  {
    ini: ['defaults.vars_plugins_enabled'],
    env: ['ANSIBLE_VARS_ENABLED'],
    asks: value => beyond('host_group_vars', 'ansible.builtin.host_group_vars')(value) || value === '',
    severity: 'error',
    why: 'variables come from group_vars and host_vars alone here',
  },
  {
    ini: ['defaults.yaml_valid_extensions'],
    env: ['ANSIBLE_YAML_FILENAME_EXT'],
    asks: beyond('.yml', '.yaml', '.json', 'yml', 'yaml', 'json'),
    severity: 'error',
    why: 'files of variables end in .yml, .yaml or .json here',
  },
  {
    ini: [
      'defaults.inventory_ignore_extensions',
      'inventory.ignore_extensions',
      'defaults.inventory_ignore_patterns',
      'inventory.ignore_patterns',
    ],
    env: ['ANSIBLE_INVENTORY_IGNORE', 'ANSIBLE_INVENTORY_IGNORE_REGEX'],
    asks: anything,
    severity: 'error',
    why: "files of a folder of inventories are passed over by Ansible's own list here",
    suggestion: 'name the files one by one in inventory',
  },
  {
    ini: ['defaults.fact_caching'],
    env: ['ANSIBLE_CACHE_PLUGIN'],
    asks: other('memory', 'ansible.builtin.memory'),
    severity: 'warning',
    why: 'facts are kept for one run only here',
  },
  {
    ini: ['defaults.ansible_managed'],
    env: [],
    asks: value => /%[A-Za-z]|\{(file|host|uid)\}/.test(value),
    severity: 'error',
    why: 'it is taken as it is, without the time or the name of the file: what holds them changes at every run',
    suggestion: 'write it without % and {}',
  },
  {
    ini: ['defaults.log_path'],
    env: ['ANSIBLE_LOG_PATH'],
    asks: anything,
    severity: 'warning',
    why: 'no log is written there',
    suggestion: 'keep the output: tplay ... --output json > run.json',
  },
  {
    ini: ['defaults.callback_whitelist', 'defaults.callbacks_enabled'],
    env: ['ANSIBLE_CALLBACK_WHITELIST', 'ANSIBLE_CALLBACKS_ENABLED'],
    asks: beyond(...SHOWN),
    severity: 'warning',
    why: PLUGINS,
    suggestion: '--output and --timing show a run in other ways',
  },
  {
    ini: ['defaults.stdout_callback'],
    env: ['ANSIBLE_STDOUT_CALLBACK'],
    asks: other(...SHOWN),
    severity: 'warning',
    why: 'how a run is shown is chosen otherwise here',
    suggestion: 'write output: plain, json or junit in tplay.yml',
  },
];

/** Folders of plugins in Python: said only where there is such a folder, since many have the line and nothing behind it. */
export const PLUGIN_FOLDERS: readonly Pick<Unsupported, 'ini' | 'env' | 'why'>[] = [
  ['library', 'ANSIBLE_LIBRARY'],
  ['action_plugins', 'ANSIBLE_ACTION_PLUGINS'],
  ['filter_plugins', 'ANSIBLE_FILTER_PLUGINS'],
  ['test_plugins', 'ANSIBLE_TEST_PLUGINS'],
  ['lookup_plugins', 'ANSIBLE_LOOKUP_PLUGINS'],
  ['vars_plugins', 'ANSIBLE_VARS_PLUGINS'],
  ['strategy_plugins', 'ANSIBLE_STRATEGY_PLUGINS'],
  ['callback_plugins', 'ANSIBLE_CALLBACK_PLUGINS'],
  ['connection_plugins', 'ANSIBLE_CONNECTION_PLUGINS'],
  ['inventory_plugins', 'ANSIBLE_INVENTORY_PLUGINS'],
  ['become_plugins', 'ANSIBLE_BECOME_PLUGINS'],
].map(([key, env = '']) => ({ ini: [`defaults.${key}`], env: [env], why: PLUGINS }));
