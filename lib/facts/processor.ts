import { sh } from '../shell/sh.ts';
import type { Fact } from './fact.ts';

/** Processors. */
export const processor: Fact = {
  name: 'processor',
  subset: 'hardware',
  files: ['/proc/self/status'],
  // Filtered over there: /proc/cpuinfo of a machine with many cores is hundreds of kilobytes of flags.
  probe: sh`grep -sE '^(processor|vendor_id|model name|cpu model|physical id|cpu cores|siblings|core id)[[:space:]]*:' /proc/cpuinfo`,
  parse(seen) {
    const lines = seen.out.split('\n').flatMap(line => {
      const match = /^([\w ]+?)\s*:\s*(.*)$/.exec(line);
      return match === null ? [] : [{ key: match[1] as string, value: match[2] as string }];
    });
    const all = (key: string) => lines.filter(l => l.key === key).map(l => l.value);
    const cpus = all('processor').length;
    const sockets = new Set(all('physical id')).size;
    const cores = Number(all('cpu cores')[0] ?? 1);
    const threads = Math.max(1, Math.floor(Number(all('siblings')[0] ?? cores) / cores));
    const known = sockets > 0;
    return {
      processor: lines.filter(l => /^(processor|vendor_id|model name|cpu model)$/.test(l.key)).map(l => l.value),
      processor_count: known ? sockets : cpus,
      processor_cores: known ? cores : 1,
      processor_threads_per_core: known ? threads : 1,
      processor_vcpus: known ? sockets * cores * threads : cpus,
      processor_nproc: allowed(seen.file('/proc/self/status') ?? '') || cpus,
    };
  },
};

/** How many processors this process may use: `Cpus_allowed_list: 0-3,8`. */
function allowed(status: string): number {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? '';
  return list
    .split(',')
    .filter(range => range !== '')
    .map(range => range.split('-').map(Number))
    .reduce((sum, [from = 0, to = from]) => sum + to - from + 1, 0);
}
