import type { ContainerArgs } from './container-args.ts';
import { containerLists } from './container-lists.ts';
import { containerMounts } from './container-mounts.ts';
import { at, type ContainerOption, dictAt, textAt } from './container-option.ts';
import { bytesOf, signalOf } from './container-values.ts';

type ArgName = keyof ContainerArgs;

interface How {
  /** The value's one form; the value as text unless told. */
  readonly normal?: (text: string) => string;
  readonly update?: true;
  /** Inspect does not show it with every engine. */
  readonly hidden?: true;
}

/** An option that is one value: argument, flag, and where inspect shows it. */
function value(name: ArgName, flag: string, path: string, how: How = {}): ContainerOption {
  const normal = how.normal ?? (text => text);
  return {
    name,
    kind: 'value',
    want: a => (a[name] === undefined ? undefined : normal(String(a[name]))),
    is: c => (how.hidden && [undefined, null].includes(at(c, path) as never) ? undefined : normal(textAt(c, path))),
    flags: a =>
      a[name] === undefined ? [] : [`${flag}=${normal === bytes ? normal(String(a[name])) : String(a[name])}`],
    ...(how.update && { update: how.update }),
  };
}

const bytes = (text: string): string => bytesOf(text || '0') ?? text;
/** Nothing, 0 and the engine's word for none are one. */
const or =
  (...same: readonly string[]) =>
  (text: string): string =>
    same.includes(text) ? '' : text;
const usualNetwork = or('default', 'bridge', 'podman');
const truth = (text: string): string => (text === '' ? 'false' : text.toLowerCase());

const cpus: ContainerOption = {
  name: 'cpus',
  kind: 'value',
  want: a => (a.cpus === undefined ? undefined : String(Math.round(a.cpus * 1e9))),
  is: c => textAt(c, 'HostConfig.NanoCpus') || '0',
  flags: a => (a.cpus === undefined ? [] : [`--cpus=${a.cpus}`]),
  update: true,
};

const init: ContainerOption = {
  name: 'init',
  kind: 'value',
  want: a => (a.init === undefined ? undefined : String(a.init)),
  // podman keeps it as an annotation
  is: c => {
    const said = dictAt(c, 'Config.Annotations')['io.podman.annotations.init'];
    return truth(said === undefined ? textAt(c, 'HostConfig.Init') : String(said));
  },
  flags: a => (a.init === undefined ? [] : [`--init=${a.init}`]),
};

/** As Ansible: the first of `networks` unless it is given. */
const networkMode: ContainerOption = {
  name: 'network_mode',
  kind: 'value',
  want(a) {
    const first = a.networks_cli_compatible ? a.networks?.[0] : undefined;
    const mode = a.network_mode ?? (first && textAt(first, 'name'));
    return mode === undefined ? undefined : usualNetwork(mode);
  },
  is(c) {
    const mode = usualNetwork(textAt(c, 'HostConfig.NetworkMode'));
    const networks = Object.keys(dictAt(c, 'NetworkSettings.Networks'));
    // podman calls every network of its own kind bridge
    if (mode !== '' || networks.length === 0 || networks.some(name => usualNetwork(name) === '')) return mode;
    return networks.length === 1 ? networks[0] : undefined;
  },
  flags: a => (a.network_mode === undefined || a.network_mode === 'default' ? [] : [`--network=${a.network_mode}`]),
};

const restart: ContainerOption = {
  name: 'restart_policy',
  kind: 'value',
  want: a => {
    if (a.restart_policy === undefined) return undefined;
    const times = a.restart_policy === 'on-failure' ? `:${a.restart_retries ?? 0}` : '';
    return `${a.restart_policy}${times}`;
  },
  is: c => {
    const name = textAt(c, 'HostConfig.RestartPolicy.Name') || 'no';
    return name === 'on-failure' ? `${name}:${textAt(c, 'HostConfig.RestartPolicy.MaximumRetryCount') || 0}` : name;
  },
  flags: a => {
    if (a.restart_policy === undefined) return [];
    const times = a.restart_policy === 'on-failure' && a.restart_retries ? `:${a.restart_retries}` : '';
    return [`--restart=${a.restart_policy}${times}`];
  },
  update: true,
};

const runtime: ContainerOption = {
  name: 'runtime',
  kind: 'value',
  want: a => a.runtime,
  is: c => textAt(c, 'OCIRuntime') || textAt(c, 'HostConfig.Runtime'),
  // podman has it before the subcommand
  flags: () => [],
};

const swap = (text: string): string => (text === '-1' ? '-1' : bytes(text));

/** Every option by itself. */
export const containerOptions: readonly ContainerOption[] = [
  value('auto_remove', '--rm', 'HostConfig.AutoRemove', { normal: truth }),
  value('blkio_weight', '--blkio-weight', 'HostConfig.BlkioWeight', { update: true }),
  value('cgroup_parent', '--cgroup-parent', 'HostConfig.CgroupParent'),
  {
    ...value('cgroupns_mode', '--cgroupns', 'HostConfig.CgroupnsMode', { hidden: true }),
    is: c => textAt(c, 'HostConfig.CgroupnsMode') || textAt(c, 'HostConfig.CgroupMode') || undefined,
  },
  value('cpu_period', '--cpu-period', 'HostConfig.CpuPeriod', { update: true }),
  value('cpu_quota', '--cpu-quota', 'HostConfig.CpuQuota', { update: true }),
  value('cpu_shares', '--cpu-shares', 'HostConfig.CpuShares', { update: true }),
  cpus,
  value('cpuset_cpus', '--cpuset-cpus', 'HostConfig.CpusetCpus', { update: true }),
  value('cpuset_mems', '--cpuset-mems', 'HostConfig.CpusetMems', { update: true }),
  value('domainname', '--domainname', 'Config.Domainname'),
  value('hostname', '--hostname', 'Config.Hostname'),
  init,
  value('interactive', '--interactive', 'Config.OpenStdin', { normal: truth }),
  value('ipc_mode', '--ipc', 'HostConfig.IpcMode', { normal: or('private', 'shareable') }),
  value('log_driver', '--log-driver', 'HostConfig.LogConfig.Type'),
  value('mac_address', '--mac-address', 'Config.MacAddress', { hidden: true }),
  value('memory', '--memory', 'HostConfig.Memory', { normal: bytes, update: true }),
  value('memory_reservation', '--memory-reservation', 'HostConfig.MemoryReservation', { normal: bytes, update: true }),
  {
    ...value('memory_swap', '--memory-swap', 'HostConfig.MemorySwap', { normal: swap, update: true }),
    // podman shows no limit as 0, which docker only does where memory has none either
    is: c => {
      const text = swap(textAt(c, 'HostConfig.MemorySwap'));
      return text === '0' && bytes(textAt(c, 'HostConfig.Memory')) !== '0' ? '-1' : text;
    },
  },
  value('memory_swappiness', '--memory-swappiness', 'HostConfig.MemorySwappiness', { normal: or('-1') }),
  networkMode,
  value('oom_killer', '--oom-kill-disable', 'HostConfig.OomKillDisable', { normal: truth }),
  value('oom_score_adj', '--oom-score-adj', 'HostConfig.OomScoreAdj', { normal: or('0') }),
  value('pid_mode', '--pid', 'HostConfig.PidMode', { normal: or('private') }),
  value('pids_limit', '--pids-limit', 'HostConfig.PidsLimit', { normal: or('0', '-1') }),
  value('platform', '--platform', 'ImagePlatform', { hidden: true }),
  value('privileged', '--privileged', 'HostConfig.Privileged', { normal: truth }),
  value('publish_all_ports', '--publish-all', 'HostConfig.PublishAllPorts', { normal: truth }),
  value('read_only', '--read-only', 'HostConfig.ReadonlyRootfs', { normal: truth }),
  restart,
  runtime,
  value('shm_size', '--shm-size', 'HostConfig.ShmSize', { normal: bytes }),
  value('stop_signal', '--stop-signal', 'Config.StopSignal', { normal: signalOf }),
  {
    ...value('stop_timeout', '--stop-timeout', 'Config.StopTimeout', { normal: text => text || '10' }),
    ignored: true,
  },
  value('tty', '--tty', 'Config.Tty', { normal: truth }),
  value('user', '--user', 'Config.User'),
  value('userns_mode', '--userns', 'HostConfig.UsernsMode', { normal: or('private'), hidden: true }),
  value('uts', '--uts', 'HostConfig.UTSMode', { normal: or('private') }),
  value('volume_driver', '--volume-driver', 'HostConfig.VolumeDriver'),
  value('working_dir', '--workdir', 'Config.WorkingDir', { normal: text => text.replace(/(.)\/+$/, '$1') || '/' }),
  ...containerLists,
  ...containerMounts,
];
