import type { ContainerArgs } from './container-args.ts';
import { at, type ContainerOption, dictAt, type Inspected, listAt, textAt } from './container-option.ts';

/** A mount in one form: `TYPE SOURCE ro|rw` at its place in the container. */
type Places = Readonly<Record<string, string>>;

function placesOf(c: Inspected): Places {
  const mounts = listAt(c, 'Mounts').map(m => {
    const type = textAt(m, 'Type');
    const source = type === 'volume' ? textAt(m, 'Name') : textAt(m, 'Source');
    return [textAt(m, 'Destination'), `${type} ${source} ${at(m, 'RW') === false ? 'ro' : 'rw'}`] as const;
  });
  const memory = Object.entries(dictAt(c, 'HostConfig.Tmpfs')).map(
    ([path, options]) => [path, `tmpfs  ${/(^|,)ro(,|$)/.test(String(options)) ? 'ro' : 'rw'}`] as const,
  );
  return Object.fromEntries([...memory, ...mounts]);
}

/** A volume of docker's command line: its place and its form. */
function volume(text: string): readonly [string, string] {
  const parts = text.split(':');
  const [source = '', place = source, options = ''] = parts.length === 1 ? ['', parts[0]] : parts;
  const mode = options.split(',').includes('ro') ? 'ro' : 'rw';
  if (parts.length === 1) return [trimmed(place), `volume * ${mode}`];
  return [trimmed(place), `${source.startsWith('/') ? 'bind' : 'volume'} ${trimmed(source)} ${mode}`];
}

const trimmed = (path: string): string => path.replace(/(.)\/+$/, '$1');

/** Volumes without a name have one of the engine's own: any is right. */
function shown(c: Inspected): Places {
  const own = Object.entries(placesOf(c)).map(([place, form]) => [
    place,
    form.replace(/^volume [0-9a-f]{64} /, 'volume * '),
  ]);
  return Object.fromEntries(own);
}

const volumes: ContainerOption = {
  name: 'volumes',
  kind: 'dict',
  want: a => (a.volumes === undefined ? undefined : Object.fromEntries(a.volumes.map(volume))),
  is: shown,
  flags: a => (a.volumes ?? []).map(text => `--volume=${text}`),
  inherited: (a, image) => [
    ...Object.keys(dictAt(image, 'Config.Volumes')).map(trimmed),
    ...(a.mounts ?? []).map(m => mountForm(m)[0]),
    ...(a.tmpfs ?? []).map(text => trimmed(text.replace(/:.*/s, ''))),
  ],
};

function mountForm(m: unknown): readonly [string, string] {
  const type = textAt(m, 'type') || 'volume';
  const source = type === 'tmpfs' ? '' : trimmed(textAt(m, 'source')) || '*';
  return [trimmed(textAt(m, 'target')), `${type} ${source} ${at(m, 'read_only') === true ? 'ro' : 'rw'}`];
}

function mountFlag(m: unknown): string {
  const type = textAt(m, 'type') || 'volume';
  const source = textAt(m, 'source');
  const options = Object.entries(dictAt(m, 'volume_options')).map(([k, v]) => `volume-opt=${k}=${String(v)}`);
  const labels = Object.entries(dictAt(m, 'labels')).map(([k, v]) => `volume-label=${k}=${String(v)}`);
  const parts = [
    `type=${type}`,
    ...(source === '' ? [] : [`source=${source}`]),
    `target=${textAt(m, 'target')}`,
    ...(at(m, 'read_only') === true ? ['readonly'] : []),
    ...(textAt(m, 'propagation') === '' ? [] : [`bind-propagation=${textAt(m, 'propagation')}`]),
    ...(textAt(m, 'consistency') === '' ? [] : [`consistency=${textAt(m, 'consistency')}`]),
    ...(at(m, 'no_copy') === true ? ['volume-nocopy'] : []),
    ...(textAt(m, 'volume_driver') === '' ? [] : [`volume-driver=${textAt(m, 'volume_driver')}`]),
    ...options,
    ...labels,
    ...(textAt(m, 'tmpfs_size') === '' ? [] : [`tmpfs-size=${textAt(m, 'tmpfs_size')}`]),
    ...(textAt(m, 'tmpfs_mode') === '' ? [] : [`tmpfs-mode=${textAt(m, 'tmpfs_mode')}`]),
  ];
  return `--mount=${parts.map(part => (/[",]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part)).join(',')}`;
}

const mounts: ContainerOption = {
  name: 'mounts',
  kind: 'dict',
  want: a => (a.mounts === undefined ? undefined : Object.fromEntries(a.mounts.map(mountForm))),
  is: shown,
  flags: a => (a.mounts ?? []).map(mountFlag),
};

/** Options of a tmpfs come back with more of the engine's own: those asked for must be among them. */
const tmpfs: ContainerOption = {
  name: 'tmpfs',
  kind: 'set',
  want: a => a.tmpfs?.flatMap(text => tmpfsForms(text)),
  is: c =>
    Object.entries(dictAt(c, 'HostConfig.Tmpfs')).flatMap(([path, options]) =>
      tmpfsForms(`${path}:${String(options)}`),
    ),
  flags: a => (a.tmpfs ?? []).map(text => `--tmpfs=${text}`),
};

function tmpfsForms(text: string): readonly string[] {
  const [path = '', options = ''] = text.split(/:(.*)/s);
  return [path, ...options.split(',').flatMap(option => (option === '' ? [] : [`${path}:${option}`]))];
}

const devices: ContainerOption = {
  name: 'devices',
  kind: 'set',
  want: a => a.devices?.map(device),
  is: c => listAt(c, 'HostConfig.Devices').map(d => `${textAt(d, 'PathOnHost')}:${textAt(d, 'PathInContainer')}`),
  flags: a => (a.devices ?? []).map(text => `--device=${text}`),
};

/** Without its permissions, which podman does not show. */
function device(text: string): string {
  const [host = '', inside = host] = text.split(':');
  return `${host}:${/^[rwm]+$/.test(inside) ? host : inside}`;
}

/** What is wrong with volumes and mounts, as a sentence. */
export function mountFault(a: ContainerArgs): string | undefined {
  for (const text of a.volumes ?? []) {
    const [source = '', place = source] = text.split(':');
    if (!place.startsWith('/')) return `volumes: "${text}" has no absolute path in the container`;
    if (/^(\.|~)/.test(source)) return `volumes: "${text}": write the path on the host from the root on`;
  }
  for (const mount of a.mounts ?? []) {
    if (!textAt(mount, 'target').startsWith('/')) return 'mounts: each has an absolute path as "target"';
    const type = textAt(mount, 'type') || 'volume';
    if (!['bind', 'volume', 'tmpfs'].includes(type)) return `mounts: "${type}" is not one of bind, volume, tmpfs`;
    if (type === 'bind' && !textAt(mount, 'source').startsWith('/'))
      return 'mounts: a bind has an absolute path as "source"';
  }
  return undefined;
}

/** Options about what is mounted. */
export const containerMounts: readonly ContainerOption[] = [volumes, mounts, tmpfs, devices];
