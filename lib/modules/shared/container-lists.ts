import { words } from './attributes.ts';
import type { ContainerArgs } from './container-args.ts';
import {
  at,
  type ContainerOption,
  dictAt,
  type Inspected,
  LABEL,
  listAt,
  type Normal,
  textAt,
  textsAt,
  textsOf,
} from './container-option.ts';
import { bindingsOf, bytesOf, nanosOf } from './container-values.ts';

type ListName =
  | 'cap_drop'
  | 'capabilities'
  | 'dns_opts'
  | 'dns_search_domains'
  | 'dns_servers'
  | 'groups'
  | 'links'
  | 'security_opts'
  | 'volumes_from';

/** An option that is a list of texts, each given by the same flag. */
function list(
  name: ListName,
  flag: string,
  how: {
    readonly kind?: 'list' | 'set';
    readonly path: string;
    readonly normal?: (text: string) => string;
    readonly hidden?: true;
  },
): ContainerOption {
  const normal = how.normal ?? (text => text);
  return {
    name,
    kind: how.kind ?? 'set',
    want: a => a[name]?.map(normal),
    is: c => (how.hidden && !Array.isArray(at(c, how.path)) ? undefined : textsAt(c, how.path).map(normal)),
    flags: a => (a[name] ?? []).map(text => `${flag}=${text}`),
  };
}

const capability = (text: string): string => text.toUpperCase().replace(/^CAP_/, '');

/** The list of all capabilities is how podman shows ALL. */
function capabilities(name: 'capabilities' | 'cap_drop', flag: string, path: string): ContainerOption {
  return {
    ...list(name, flag, { path, normal: capability }),
    is: c => {
      const shown = textsAt(c, path).map(capability);
      return shown.length > 30 ? [...shown, 'ALL'] : shown;
    },
  };
}

type RateName = 'device_read_bps' | 'device_read_iops' | 'device_write_bps' | 'device_write_iops';

function rates(name: RateName, flag: string, path: string): ContainerOption {
  const rate = (text: string) => bytesOf(text) ?? text;
  const wanted = (a: ContainerArgs) =>
    (a[name] ?? []).map(one => `${textAt(one, 'path')}:${rate(textAt(one, 'rate'))}`);
  return {
    name,
    kind: 'set',
    want: a => (a[name] === undefined ? undefined : wanted(a)),
    // docker writes Path and Rate, podman path and rate, and the numbers of the device on some versions
    is: c =>
      listAt(c, path).map(
        one => `${textAt(one, 'Path') || textAt(one, 'path')}:${textAt(one, 'Rate') || textAt(one, 'rate')}`,
      ),
    flags: a => wanted(a).map(text => `${flag}=${text}`),
  };
}

/** The words of a command: a text is split as a shell does. */
export function commandWords(command: unknown): readonly string[] | undefined {
  if (command === undefined || command === null) return undefined;
  return Array.isArray(command) ? command.map(String) : (words(String(command)) ?? [String(command)]);
}

/** With an entrypoint both are one list: the command line takes the first word of it only. An empty command is the image's. */
const command: ContainerOption = {
  name: 'command',
  kind: 'list',
  want(a, image) {
    if (a.entrypoint === undefined && a.command === undefined) return undefined;
    const own = commandWords(a.command) ?? [];
    const words = own.length === 0 && !a.entrypoint?.length ? textsAt(image, 'Config.Cmd') : own;
    return [...(a.entrypoint ?? []), ...words];
  },
  is: c => textsAt(c, 'Config.Cmd'),
  flags: () => [], // they stand behind the image
};

function envOf(c: Inspected | undefined): Readonly<Record<string, string>> {
  const lines = textsAt(c, 'Config.Env');
  return Object.fromEntries(lines.map(line => [line.replace(/=.*/s, ''), line.replace(/^[^=]*=?/s, '')]));
}

/** What is given comes on top of the image's. */
const env: ContainerOption = {
  name: 'env',
  kind: 'dict',
  want: (a, image) => (a.env === undefined ? undefined : { ...envOf(image), ...textsOf(a.env) }),
  is: envOf,
  inherited: () => ['PATH', 'HOME', 'HOSTNAME', 'TERM', 'container'], // the engine's own
  flags: () => [], // in a file
};

const hosts: ContainerOption = {
  name: 'etc_hosts',
  kind: 'dict',
  want: a => (a.etc_hosts === undefined ? undefined : textsOf(a.etc_hosts)),
  is: c =>
    Object.fromEntries(
      textsAt(c, 'HostConfig.ExtraHosts').map(l => [l.replace(/:.*/s, ''), l.replace(/^[^:]*:/s, '')]),
    ),
  flags: a => Object.entries(textsOf(a.etc_hosts ?? {})).map(([name, address]) => `--add-host=${name}:${address}`),
};

function mapped(
  name: 'labels' | 'sysctls' | 'storage_opts' | 'log_options',
  flag: string,
  path: string,
): ContainerOption {
  return {
    name,
    kind: 'dict',
    want: a => (a[name] === undefined ? undefined : textsOf(a[name])),
    is: c => (name !== 'labels' && !at(c, path) ? undefined : textsOf(dictAt(c, path))),
    flags: a => Object.entries(textsOf(a[name] ?? {})).map(([key, text]) => `${flag}=${key}=${text}`),
  };
}

function portsOf(texts: readonly string[] | undefined): readonly string[] {
  return (texts ?? []).flatMap(text => bindingsOf(text, '')?.map(b => b.port) ?? [text]);
}

const exposed: ContainerOption = {
  name: 'exposed_ports',
  kind: 'set',
  want: a => a.exposed_ports && portsOf(a.exposed_ports),
  is: c => [
    ...Object.keys(dictAt(c, 'Config.ExposedPorts')),
    ...Object.keys(dictAt(c, 'HostConfig.PortBindings')),
    ...Object.keys(dictAt(c, 'NetworkSettings.Ports')),
  ],
  flags: a => (a.exposed_ports ?? []).map(text => `--expose=${text}`),
  inherited: (a, image) => [...Object.keys(dictAt(image, 'Config.ExposedPorts')), ...portsOf(a.published_ports)],
};

const everywhere = (ip: string): string => (ip === '0.0.0.0' || ip === '::' ? '' : ip);

/** `80/tcp=IP:HOST`; without a port of the host `80/tcp=IP:*`, which any is. */
const published: ContainerOption = {
  name: 'published_ports',
  kind: 'set',
  want: a =>
    a.published_ports?.flatMap(text =>
      (bindingsOf(text, a.default_host_ip ?? '') ?? []).map(b => `${b.port}=${everywhere(b.ip)}:${b.host || '*'}`),
    ),
  is: c =>
    Object.entries(dictAt(c, 'HostConfig.PortBindings')).flatMap(([port, bound]) =>
      (Array.isArray(bound) ? bound : []).flatMap(b => {
        const ip = everywhere(textAt(b, 'HostIp'));
        return [`${port}=${ip}:${textAt(b, 'HostPort') || '*'}`, `${port}=${ip}:*`];
      }),
    ),
  flags: a =>
    (a.published_ports ?? []).map(text => {
      const bare = a.default_host_ip !== undefined && a.default_host_ip !== '' && !/^(\d+\.|\[)/.test(text);
      return `--publish=${bare ? `${a.default_host_ip}:${text.includes(':') ? '' : ':'}` : ''}${text}`;
    }),
};

const limit = (text: string): string => {
  const [, name = text, soft = '', hard = soft] = /^([a-z_]+)[:=](-?\d+)(?::(-?\d+))?$/i.exec(text) ?? [];
  return `${name.toLowerCase().replace(/^rlimit_/, '')}=${soft}:${hard}`;
};

const ulimits: ContainerOption = {
  name: 'ulimits',
  kind: 'set',
  want: a => a.ulimits?.map(limit),
  is: c =>
    listAt(c, 'HostConfig.Ulimits').map(u => limit(`${textAt(u, 'Name')}:${textAt(u, 'Soft')}:${textAt(u, 'Hard')}`)),
  flags: a => (a.ulimits ?? []).map(text => `--ulimit=${limit(text)}`),
};

/** The look as one command of a shell: that is what both command lines take. */
function healthTest(a: ContainerArgs): string | undefined {
  const test = at(a.healthcheck, 'test');
  if (test === undefined || test === null) return undefined;
  if (!Array.isArray(test)) return String(test);
  const [kind, ...rest] = test.map(String);
  if (kind === 'NONE') return 'NONE';
  return kind === 'CMD-SHELL' ? rest.join(' ') : rest.map(shellWord).join(' ');
}

function shellWord(text: string): string {
  return /^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

const HEALTH = [
  ['interval', 'Interval'],
  ['timeout', 'Timeout'],
  ['start_period', 'StartPeriod'],
] as const;

const health: ContainerOption = {
  name: 'healthcheck',
  kind: 'dict',
  want(a): Normal | undefined {
    if (a.healthcheck === undefined) return undefined;
    const test = healthTest(a);
    if (test === 'NONE') return { test };
    const times = HEALTH.flatMap(([name]) => {
      const text = textAt(a.healthcheck, name);
      return text === '' ? [] : [[name, nanosOf(text) ?? text] as const];
    });
    const retries = textAt(a.healthcheck, 'retries');
    return Object.fromEntries([
      ...(test === undefined ? [] : [['test', test]]),
      ...times,
      ...(retries ? [['retries', retries]] : []),
    ]);
  },
  is(c): Normal {
    const [kind = 'NONE', ...rest] = textsAt(c, 'Config.Healthcheck.Test');
    const times = HEALTH.map(([name, key]) => [name, textAt(c, `Config.Healthcheck.${key}`)]);
    const test = kind === 'NONE' ? 'NONE' : kind === 'CMD' ? rest.map(shellWord).join(' ') : rest.join(' ');
    return Object.fromEntries([['test', test], ...times, ['retries', textAt(c, 'Config.Healthcheck.Retries')]]);
  },
  flags(a) {
    const test = healthTest(a);
    if (test === 'NONE') return ['--no-healthcheck'];
    const retries = textAt(a.healthcheck, 'retries');
    return [
      ...(test === undefined ? [] : [`--health-cmd=${test}`]),
      ...HEALTH.flatMap(([name]) => {
        const text = textAt(a.healthcheck, name);
        return text === '' ? [] : [`--health-${name.replace('_', '-')}=${text}`];
      }),
      ...(retries === '' ? [] : [`--health-retries=${retries}`]),
    ];
  },
};

/** Options that are lists or mappings. */
export const containerLists: readonly ContainerOption[] = [
  capabilities('cap_drop', '--cap-drop', 'HostConfig.CapDrop'),
  capabilities('capabilities', '--cap-add', 'HostConfig.CapAdd'),
  command,
  rates('device_read_bps', '--device-read-bps', 'HostConfig.BlkioDeviceReadBps'),
  rates('device_read_iops', '--device-read-iops', 'HostConfig.BlkioDeviceReadIOps'),
  rates('device_write_bps', '--device-write-bps', 'HostConfig.BlkioDeviceWriteBps'),
  rates('device_write_iops', '--device-write-iops', 'HostConfig.BlkioDeviceWriteIOps'),
  list('dns_opts', '--dns-option', { path: 'HostConfig.DnsOptions' }),
  list('dns_search_domains', '--dns-search', { path: 'HostConfig.DnsSearch', kind: 'list' }),
  list('dns_servers', '--dns', { path: 'HostConfig.Dns', kind: 'list' }),
  env,
  hosts,
  exposed,
  list('groups', '--group-add', { path: 'HostConfig.GroupAdd' }),
  health,
  {
    ...mapped('labels', '--label', 'Config.Labels'),
    inherited: (_, image) => [...Object.keys(dictAt(image, 'Config.Labels')), LABEL],
  },
  list('links', '--link', {
    path: 'HostConfig.Links',
    hidden: true,
    normal: text => text.replace(/^\/([^:]*):\/.*\/([^/]*)$/, '$1:$2'),
  }),
  mapped('log_options', '--log-opt', 'HostConfig.LogConfig.Config'),
  published,
  list('security_opts', '--security-opt', { path: 'HostConfig.SecurityOpt' }),
  mapped('storage_opts', '--storage-opt', 'HostConfig.StorageOpt'),
  mapped('sysctls', '--sysctl', 'HostConfig.Sysctls'),
  ulimits,
  list('volumes_from', '--volumes-from', { path: 'HostConfig.VolumesFrom', hidden: true }),
];
