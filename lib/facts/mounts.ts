import { sh } from '../shell/sh.ts';
import type { Fact } from './fact.ts';

/** Mounted devices with their sizes. A server that does not answer costs a second, and its sizes are left out. */
export const mounts: Fact = {
  name: 'mounts',
  subset: 'hardware',
  probe: sh`tp_mounts`,
  parse(seen) {
    const lines = seen.out.split('\n');
    const uuids = new Map<string, string>();
    const sizes = new Map<string, readonly number[]>();
    for (const line of lines) {
      const link = /(\S+) -> \S*?([^/\s]+)$/.exec(line);
      if (line.startsWith('uuid ') && link?.[1] !== undefined) uuids.set(`/dev/${link[2]}`, link[1]);
      const size = /^size (\d+) (\d+) (\d+) (\d+) (\d+) (\d+) (.*)$/.exec(line);
      if (size?.[7] !== undefined) sizes.set(size[7], size.slice(1, 7).map(Number));
    }
    return {
      mounts: lines.flatMap(line => {
        if (!line.startsWith('mount ')) return [];
        const [device = '', mount = '', fstype = '', options = ''] = line.slice(6).split(' ').map(decode);
        return [{ device, mount, fstype, options, uuid: uuids.get(device) ?? 'N/A', ...sized(sizes.get(mount)) }];
      }),
    };
  },
};

function decode(word: string): string {
  return word.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
}

function sized(numbers: readonly number[] | undefined): Readonly<Record<string, number>> {
  const [unit, total, available, inodes, freeInodes, blockSize] = numbers ?? [];
  if (unit === undefined || total === undefined || available === undefined) return {};
  if (inodes === undefined || freeInodes === undefined || blockSize === undefined) return {};
  return {
    size_total: unit * total,
    size_available: unit * available,
    block_size: blockSize,
    block_total: total,
    block_available: available,
    block_used: total - available,
    inode_total: inodes,
    inode_available: freeInodes,
    inode_used: inodes - freeInodes,
  };
}
