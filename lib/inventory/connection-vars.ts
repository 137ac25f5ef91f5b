/** What a connection variable may hold; each may also be a template, which is checked when it is rendered. */
export type ConnectionType = 'text' | 'port' | 'count' | 'boolean' | 'connection' | 'become-method';

/** A variable that says how to reach a host or how to become another user there. */
export interface ConnectionVariable {
  readonly name: string;
  /** Older names of the same; where several are set, which wins is for the reader of the variables to say. */
  readonly aliases: readonly string[];
  readonly type: ConnectionType;
  /** Its value must not be shown. */
  readonly secret?: true;
  /** Why setting it changes nothing here; it is known, so that Ansible's inventories need no change. */
  readonly unused?: string;
}

const OWN_CLIENT = 'tplay speaks SSH itself and starts no program for it';
const NO_PYTHON = 'hosts need no Python';
const NO_FILES = 'modules are not copied to hosts';

/** The connection variables of Ansible's ssh and local connections and of its sudo and su, by their present names. */
export const CONNECTION_VARIABLES: readonly ConnectionVariable[] = [
  { name: 'ansible_connection', aliases: [], type: 'connection' },
  { name: 'ansible_host', aliases: ['ansible_ssh_host'], type: 'text' },
  { name: 'ansible_port', aliases: ['ansible_ssh_port'], type: 'port' },
  { name: 'ansible_user', aliases: ['ansible_ssh_user'], type: 'text' },
  { name: 'ansible_password', aliases: ['ansible_ssh_pass', 'ansible_ssh_password'], type: 'text', secret: true },
  { name: 'ansible_ssh_private_key_file', aliases: ['ansible_private_key_file'], type: 'text' },
  {
    name: 'ansible_ssh_private_key_passphrase',
    aliases: ['ansible_private_key_passphrase'],
    type: 'text',
    secret: true,
  },
  { name: 'ansible_ssh_args', aliases: [], type: 'text' },
  { name: 'ansible_ssh_common_args', aliases: [], type: 'text' },
  { name: 'ansible_ssh_extra_args', aliases: [], type: 'text' },
  { name: 'ansible_host_key_checking', aliases: ['ansible_ssh_host_key_checking'], type: 'boolean' },
  { name: 'ansible_timeout', aliases: ['ansible_ssh_timeout'], type: 'count' },
  { name: 'ansible_ssh_retries', aliases: [], type: 'count' },
  { name: 'ansible_shell_executable', aliases: [], type: 'text' },
  { name: 'ansible_become', aliases: [], type: 'boolean' },
  { name: 'ansible_become_method', aliases: [], type: 'become-method' },
  { name: 'ansible_become_user', aliases: ['ansible_sudo_user', 'ansible_su_user'], type: 'text' },
  {
    name: 'ansible_become_password',
    aliases: ['ansible_become_pass', 'ansible_sudo_pass', 'ansible_su_pass'],
    type: 'text',
    secret: true,
  },
  { name: 'ansible_become_exe', aliases: ['ansible_sudo_exe', 'ansible_su_exe'], type: 'text' },
  { name: 'ansible_become_flags', aliases: ['ansible_sudo_flags', 'ansible_su_flags'], type: 'text' },
  { name: 'ansible_python_interpreter', aliases: [], type: 'text', unused: NO_PYTHON },
  { name: 'ansible_remote_tmp', aliases: [], type: 'text', unused: NO_FILES },
  { name: 'ansible_pipelining', aliases: ['ansible_ssh_pipelining'], type: 'boolean', unused: NO_FILES },
  { name: 'ansible_shell_type', aliases: [], type: 'text', unused: 'every host is spoken to in POSIX sh' },
  { name: 'ansible_ssh_executable', aliases: [], type: 'text', unused: OWN_CLIENT },
  { name: 'ansible_sftp_executable', aliases: [], type: 'text', unused: OWN_CLIENT },
  { name: 'ansible_scp_executable', aliases: [], type: 'text', unused: OWN_CLIENT },
  { name: 'ansible_sftp_extra_args', aliases: [], type: 'text', unused: OWN_CLIENT },
  { name: 'ansible_scp_extra_args', aliases: [], type: 'text', unused: OWN_CLIENT },
  { name: 'ansible_sftp_batch_mode', aliases: [], type: 'boolean', unused: OWN_CLIENT },
  { name: 'ansible_scp_if_ssh', aliases: [], type: 'text', unused: OWN_CLIENT },
  { name: 'ansible_ssh_transfer_method', aliases: [], type: 'text', unused: OWN_CLIENT },
  { name: 'ansible_control_path', aliases: [], type: 'text', unused: OWN_CLIENT },
  { name: 'ansible_control_path_dir', aliases: [], type: 'text', unused: OWN_CLIENT },
  { name: 'ansible_ssh_use_tty', aliases: [], type: 'boolean', unused: OWN_CLIENT },
];

const BY_NAME: ReadonlyMap<string, ConnectionVariable> = new Map(
  CONNECTION_VARIABLES.flatMap(v => [v.name, ...v.aliases].map(name => [name, v] as const)),
);

/** Every name of a connection variable, aliases included. */
export const CONNECTION_NAMES: readonly string[] = [...BY_NAME.keys()];

/** The connection variable of this name or alias. */
export function connectionVariable(name: string): ConnectionVariable | undefined {
  return BY_NAME.get(name);
}
