import type { ArgSchema, ArgsOf } from '../../module.ts';

const text = (description: string) => ({ type: 'string', description }) as const satisfies ArgSchema;
const whole = (description: string) => ({ type: 'integer', description }) as const satisfies ArgSchema;
const flag = (description: string) => ({ type: 'boolean', description }) as const satisfies ArgSchema;
const texts = (description: string) =>
  ({ type: 'array', items: { type: 'string' }, description }) as const satisfies ArgSchema;
const objects = (description: string) =>
  ({ type: 'array', items: { type: 'object' }, description }) as const satisfies ArgSchema;
const mapping = (description: string) => ({ type: 'object', description }) as const satisfies ArgSchema;

/** How docker or podman is reached from the host. */
export const engineArgs = {
  engine: {
    type: 'string',
    enum: ['auto', 'docker', 'podman'],
    default: 'auto',
    description: 'The command to use (tplay only): auto is docker where its daemon is, else podman.',
  },
  docker_host: {
    type: 'string',
    aliases: ['docker_url'],
    description: "Where the daemon is, seen from the host: unix://PATH or tcp://HOST:PORT; else the command's own way.",
  },
  tls: { type: 'boolean', default: false, description: 'TLS to the daemon, whoever it is (docker only).' },
  validate_certs: {
    type: 'boolean',
    default: false,
    aliases: ['tls_verify'],
    description: 'TLS to the daemon, whose certificate is checked (docker only).',
  },
  ca_cert: {
    type: 'string',
    path: true,
    aliases: ['tls_ca_cert', 'cacert_path'],
    description: 'File of the host: authorities for that.',
  },
  client_cert: {
    type: 'string',
    path: true,
    aliases: ['tls_client_cert', 'cert_path'],
    description: 'File of the host: certificate shown to it.',
  },
  client_key: {
    type: 'string',
    path: true,
    aliases: ['tls_client_key', 'key_path'],
    description: 'File of the host: its key.',
  },
  api_version: {
    type: 'string',
    default: 'auto',
    aliases: ['docker_api_version'],
    description: 'Only auto: the command knows.',
  },
  timeout: { type: 'integer', default: 60, description: 'Only 60: use the keyword timeout of the task.' },
  debug: { type: 'boolean', default: false, description: 'Changes nothing: errors are always told whole.' },
} as const satisfies Record<string, ArgSchema>;

/** What the modules of containers do not take, and why. */
export const engineNotTaken = {
  ssl_version: 'the docker command chooses it',
  tls_hostname: 'the docker command checks the name in docker_host',
  use_ssh_client: 'make the other host one of the inventory',
};

/** What is wrong with those of `engineArgs` that take one value only. */
export function engineFault(a: { readonly api_version: string; readonly timeout: number }): string | undefined {
  if (a.api_version !== 'auto') return 'api_version: only auto, the docker command knows it';
  if (a.timeout !== 60) return 'timeout is not taken: use the keyword "timeout" of the task';
  return undefined;
}

/** What a container is made of: what is given is compared, what is not is left as it is. */
export const containerArgs = {
  auto_remove: flag('It is removed when its process ends.'),
  blkio_weight: whole('Weight of its input and output, 10 to 1000.'),
  cap_drop: texts('Capabilities taken away.'),
  capabilities: texts('Capabilities added.'),
  cgroup_parent: text('Its parent cgroup.'),
  cgroupns_mode: { type: 'string', enum: ['host', 'private'], description: 'Its cgroup namespace.' },
  command: { type: 'any', description: 'What runs in it: a list, or a text that is split as a shell splits words.' },
  cpu_period: whole('Period of the CPU limit, in microseconds.'),
  cpu_quota: whole('CPU time in a period, in microseconds.'),
  cpu_shares: whole('Weight of its CPU time.'),
  cpus: { type: 'number', description: 'How many CPUs it may use, like 1.5.' },
  cpuset_cpus: text('CPUs it may run on, like 0-2.'),
  cpuset_mems: text('Memory nodes it may use.'),
  default_host_ip: text(
    "Address that published ports without one are bound to; '' leaves it to the engine. Else that of the network's host_binding_ipv4, or every one of IPv4.",
  ),
  device_read_bps: objects('Limits of reading from devices: mappings with path and rate.'),
  device_read_iops: objects('The same by operations a second.'),
  device_write_bps: objects('Limits of writing to devices: mappings with path and rate.'),
  device_write_iops: objects('The same by operations a second.'),
  devices: texts('Devices of the host, /dev/HOST:/dev/CONTAINER:PERMISSIONS.'),
  dns_opts: texts('Options of its resolver.'),
  dns_search_domains: texts('Domains its resolver searches.'),
  dns_servers: texts('Addresses of its DNS servers.'),
  domainname: text('Its domain name.'),
  entrypoint: texts("What command is given to, instead of the image's."),
  env: mapping('Its environment; never an argument of a program on the host.'),
  env_file: {
    type: 'string',
    path: true,
    description: 'File of the host with more of its environment, a NAME=VALUE a line; env is stronger.',
  },
  etc_hosts: mapping('Names to addresses for its /etc/hosts.'),
  exposed_ports: { ...texts('Further ports that it listens on.'), aliases: ['exposed', 'expose'] },
  groups: texts('Further groups of its process.'),
  healthcheck: mapping('How its health is looked at: test, interval, timeout, start_period, retries.'),
  hostname: text('Its host name.'),
  init: flag('A small init runs in it.'),
  interactive: flag('Its standard input is kept open.'),
  ipc_mode: text('Its IPC namespace.'),
  labels: mapping('Its labels.'),
  links: texts('Containers it reaches by name, NAME:ALIAS.'),
  log_driver: text('Where its output goes.'),
  log_options: { ...mapping('Options of log_driver.'), aliases: ['log_opt'] },
  mac_address: text('Its MAC address.'),
  memory: text('Most memory, like 512M; 0 for no limit.'),
  memory_reservation: text('Memory it is held to when the host is short of it.'),
  memory_swap: text('Most memory and swap together; -1 for no limit.'),
  memory_swappiness: whole('How readily it is swapped out, 0 to 100.'),
  mounts: objects('Mounts: mappings with type (bind, volume, tmpfs), source, target, read_only and more.'),
  network_mode: text(
    'bridge, host, none, container:NAME, a network, or default; else the first of networks, where networks_cli_compatible.',
  ),
  oom_killer: flag('True: it is not ended when the host is out of memory (as in Ansible).'),
  oom_score_adj: whole('How readily it is ended then, -1000 to 1000.'),
  pid_mode: text('Its process namespace.'),
  pids_limit: whole('Most processes in it; -1 for no limit.'),
  platform: text('Platform of the image, os/arch.'),
  privileged: flag('It may do everything.'),
  publish_all_ports: flag('All ports of the image are published.'),
  published_ports: {
    ...texts('Ports of the host, [[IP:]HOST:]CONTAINER[/PROTOCOL], with ranges.'),
    aliases: ['ports'],
  },
  read_only: flag('Its file system cannot be written to.'),
  restart_policy: {
    type: 'string',
    enum: ['no', 'on-failure', 'always', 'unless-stopped'],
    description: 'When it is started again.',
  },
  restart_retries: whole('How often, with on-failure.'),
  runtime: text('The OCI runtime.'),
  security_opts: texts('Options of security.'),
  shm_size: text('Size of /dev/shm.'),
  stop_signal: text('Signal that ends it.'),
  stop_timeout: whole('Seconds from that signal to the one that kills it; compared only where comparisons say so.'),
  storage_opts: mapping('Options of the storage driver.'),
  sysctls: mapping('Kernel parameters of its namespaces.'),
  tmpfs: texts('File systems in memory, PATH[:OPTIONS].'),
  tty: flag('It has a terminal.'),
  ulimits: texts('Limits, NAME:SOFT[:HARD].'),
  user: text('User of its process.'),
  userns_mode: text('Its user namespace.'),
  uts: text('Its UTS namespace.'),
  volume_driver: text('Driver of its volumes (docker only).'),
  volumes: texts('Volumes, /HOST_OR_NAME:/CONTAINER[:OPTIONS].'),
  volumes_from: texts('Containers whose volumes it has too.'),
  working_dir: text('Folder its process starts in.'),
} as const satisfies Record<string, ArgSchema>;

export type ContainerArgs = ArgsOf<{ readonly properties: typeof containerArgs }> & {
  readonly networks?: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly networks_cli_compatible?: boolean;
};
