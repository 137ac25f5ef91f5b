import { sh } from '../shell/sh.ts';
import type { Fact, Seen } from './fact.ts';

type Links = Readonly<Record<'ids' | 'labels' | 'masters' | 'uuids', readonly string[]>>;

const QUEUE = ['scheduler', 'rotational', 'discard_granularity', 'logical_block_size', 'hw_sector_size'];
const OF_DISK = ['size', 'removable', 'device/vendor', 'device/model', ...QUEUE.map(name => `queue/${name}`)];

/** Disks and their partitions, as the kernel has them in /sys/block, with the names udev gives them. */
export const devices: Fact = {
  name: 'devices',
  subset: 'hardware',
  files: [...OF_DISK.map(name => `/sys/block/*/${name}`), '/sys/block/*/*/start', '/sys/block/*/*/size'],
  // the names are made by the kernel and by udev, which leave out odd characters
  probe: sh.lines(
    sh`ls -l /sys/block /dev/disk/by-id /dev/disk/by-label /dev/disk/by-uuid 2>/dev/null || :`,
    sh`ls -d /sys/block/*/slaves/* /sys/block/*/holders/* /sys/block/*/*/holders/* 2>/dev/null || :`,
  ),
  parse(seen) {
    const { folders, paths } = readListing(seen.out);
    const names = {
      ids: byDevice(folders.get('/dev/disk/by-id')),
      labels: byDevice(folders.get('/dev/disk/by-label')),
      uuids: byDevice(folders.get('/dev/disk/by-uuid')),
      masters: mastersOf(paths),
    };
    const linksOf = (device: string): Links => ({
      ids: names.ids[device] ?? [],
      labels: names.labels[device] ?? [],
      masters: names.masters[device] ?? [],
      uuids: names.uuids[device] ?? [],
    });
    const disks = [...(folders.get('/sys/block') ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    const all = disks.map(([name, target]) => [name, diskOf(seen, { name, target, linksOf, paths })]);
    return { devices: Object.fromEntries(all), device_links: names };
  },
};

/** What `ls -l` says of folders (name of a link to its target), and the further paths. */
function readListing(text: string) {
  const folders = new Map<string, Map<string, string>>();
  const paths: string[] = [];
  let links = new Map<string, string>();
  for (const line of text.split('\n')) {
    const link = /(\S+) -> (\S+)$/.exec(line);
    if (link !== null) links.set(link[1] as string, link[2] as string);
    else if (/^\/.*:$/.test(line)) {
      links = new Map();
      folders.set(line.slice(0, -1), links);
    } else if (line.startsWith('/sys/block/')) paths.push(line);
  }
  return { folders, paths };
}

/** Names of links, by the device that they lead to. */
function byDevice(links: ReadonlyMap<string, string> = new Map()): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [name, target] of links) {
    const device = target.replace(/^.*\//, '');
    found[device] = [...(found[device] ?? []), unescape(name)].sort();
  }
  return found;
}

/** udev writes a blank in a label as `\x20`. */
function unescape(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The devices that are made of a device (RAID, LVM), from `/sys/block/dm-0/slaves/sda1`. */
function mastersOf(paths: readonly string[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const path of paths) {
    const [, master, device] = /^\/sys\/block\/([^/]+)\/slaves\/([^/]+)$/.exec(path) ?? [];
    if (master !== undefined && device !== undefined) found[device] = [...(found[device] ?? []), master].sort();
  }
  return found;
}

interface Disk {
  readonly name: string;
  readonly target: string;
  readonly linksOf: (device: string) => Links;
  readonly paths: readonly string[];
}

function diskOf(seen: Seen, { name, target, linksOf, paths }: Disk): Readonly<Record<string, unknown>> {
  const read = (file: string) => seen.file(`/sys/block/${name}/${file}`)?.trim() || undefined;
  const sectorSize = read('queue/logical_block_size') ?? read('queue/hw_sector_size') ?? '512';
  const holders = (folder: string) =>
    paths.filter(p => p.startsWith(`${folder}/holders/`)).map(p => p.slice(folder.length + '/holders/'.length));
  const starts = seen.files(new RegExp(`^/sys/block/${name.replace(/[^\w-]/g, '\\$&')}/[^/]+/start$`));
  const partitions = [...starts].map(([path, start]) => {
    const partition = path.split('/')[4] as string;
    const sectors = read(`${partition}/size`) ?? '0';
    return [
      partition,
      {
        start,
        sectors,
        sectorsize: Number(sectorSize),
        size: humanSize(sectors),
        links: linksOf(partition),
        uuid: linksOf(partition).uuids[0] ?? null,
        holders: holders(`/sys/block/${name}/${partition}`),
      },
    ];
  });
  return {
    vendor: read('device/vendor') ?? null,
    model: read('device/model') ?? null,
    host: '',
    virtual: /virt/.test(target) ? 1 : 0,
    removable: read('removable') ?? '0',
    rotational: read('queue/rotational') ?? '0',
    support_discard: read('queue/discard_granularity') ?? '0',
    scheduler_mode: schedulerOf(read('queue/scheduler')),
    sectors: read('size') ?? '0',
    sectorsize: sectorSize,
    size: humanSize(read('size') ?? '0'),
    sas_address: null,
    sas_device_handle: null,
    partitions: Object.fromEntries(partitions),
    holders: holders(`/sys/block/${name}`),
    links: linksOf(name),
  };
}

/** The one in brackets of `none [mq-deadline] bfq`. */
function schedulerOf(text: string | undefined): string {
  return /\[([^\]]+)\]/.exec(text ?? '')?.[1] ?? (text && !text.includes(' ') ? text : '');
}

/** `256.00 GB`, as Ansible; the kernel's sectors have 512 bytes, whatever the disk's are. */
function humanSize(sectors: string): string {
  const bytes = Number(sectors) * 512;
  const unit = Math.max(0, Math.min(4, Math.floor(Math.log2(Math.max(bytes, 1)) / 10)));
  return `${(bytes / 1024 ** unit).toFixed(2)} ${['Bytes', 'KB', 'MB', 'GB', 'TB'][unit]}`;
}
