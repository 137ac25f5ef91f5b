import { randomInt } from 'node:crypto';
import { unreachable as never } from '../outcome.ts';
import type { Order } from '../playbook/program.ts';

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

/**
 * Hosts in the order that a play's `order` wants. As Ansible: only the batches are ordered, `ansible_play_hosts` is not.
 */
export function inOrder<T extends { readonly name: string }>(hosts: readonly T[], order: Order): readonly T[] {
  switch (order) {
    case 'inventory':
      return hosts;
    case 'reverse_inventory':
      return [...hosts].reverse();
    case 'sorted':
      return byName(hosts);
    case 'reverse_sorted':
      return byName(hosts).reverse();
    case 'shuffle':
      return shuffled(hosts);
    default:
      return never(order);
  }
}

function byName<T extends { readonly name: string }>(hosts: readonly T[]): T[] {
  return [...hosts].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function shuffled<T>(hosts: readonly T[]): readonly T[] {
  const rest = [...hosts];
  const drawn: T[] = [];
  while (rest.length > 0) drawn.push(...rest.splice(randomInt(rest.length), 1));
  return drawn;
}
