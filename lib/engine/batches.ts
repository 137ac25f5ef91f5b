/**
 * Splits hosts into the batches of `serial`: numbers or percentages, the last one repeated; everything at once where
 * there is none. As Ansible: a percentage is of all hosts, at least one host.
 */
export function batchesOf<T>(hosts: readonly T[], serial: readonly (number | string)[]): readonly (readonly T[])[] {
  if (serial.length === 0) return [hosts];
  const batches: (readonly T[])[] = [];
  for (let start = 0, i = 0; start < hosts.length; i++) {
    const size = sizeOf(serial[Math.min(i, serial.length - 1)] ?? 0, hosts.length);
    const end = size <= 0 ? hosts.length : start + size;
    batches.push(hosts.slice(start, end));
    start = end;
  }
  return batches;
}

function sizeOf(size: number | string, all: number): number {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(String(size));
  return percent === null ? Number(size) : Math.max(1, Math.floor((Number(percent[1]) / 100) * all));
}
