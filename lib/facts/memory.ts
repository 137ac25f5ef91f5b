import type { Fact } from './fact.ts';

/** Memory in MiB, uptime. */
export const memory: Fact = {
  name: 'memory',
  subset: 'hardware',
  files: ['/proc/meminfo', '/proc/uptime'],
  parse(seen) {
    const kib = new Map(
      (seen.file('/proc/meminfo') ?? '').split('\n').map(line => {
        const [key = '', value = '0'] = line.split(/:\s+/);
        return [key, Number.parseInt(value, 10)];
      }),
    );
    const exact = (...keys: string[]) => keys.reduce((sum, key) => sum + (kib.get(key) ?? 0), 0);
    const mb = (value: number) => Math.floor(value / 1024);
    const [total, free] = [mb(exact('MemTotal')), mb(exact('MemFree'))];
    const nocache = mb(exact('MemFree', 'Cached', 'Buffers'));
    const swap = { total: mb(exact('SwapTotal')), free: mb(exact('SwapFree')), cached: mb(exact('SwapCached')) };
    return {
      memtotal_mb: total,
      memfree_mb: free,
      swaptotal_mb: swap.total,
      swapfree_mb: swap.free,
      memory_mb: {
        real: { total, free, used: mb(exact('MemTotal') - exact('MemFree')) },
        nocache: { free: nocache, used: mb(exact('MemTotal') - exact('MemFree', 'Cached', 'Buffers')) },
        swap: { ...swap, used: mb(exact('SwapTotal') - exact('SwapFree')) },
      },
      uptime_seconds: Math.floor(Number((seen.file('/proc/uptime') ?? '0').split(' ')[0])),
    };
  },
};
