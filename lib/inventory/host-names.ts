import { isIPv6 } from 'node:net';
import { expandRanges } from './ranges.ts';

/** The hosts a key under `hosts:` stands for, or what is wrong with it; offsets count in the key's text. */
export type HostNames =
  | { readonly ok: true; readonly names: readonly string[]; readonly port: number | undefined }
  | {
      readonly ok: false;
      readonly problem: string;
      readonly suggestion?: string;
      readonly start: number;
      readonly end: number;
    };

/** Reads `web1`, `web[01:50]`, `web1:2222`, `fe80::1`, `[fe80::1]:2222`; a port is for every host of a range. */
export function readHostNames(text: string): HostNames {
  const whole = { start: 0, end: text.length };
  const bracketed = /^\[([^[\]]+)\]$/.exec(text)?.[1];
  if (bracketed !== undefined && isIPv6(bracketed))
    return {
      ok: false,
      problem: 'an IPv6 address stands in brackets only before a port',
      suggestion: `write "${bracketed}"`,
      ...whole,
    };
  const { host, offset, port } = splitPort(text);
  if (port !== undefined && (port < 1 || port > 65535))
    return {
      ok: false,
      problem: `a port is a number from 1 to 65535, not ${port}`,
      start: text.lastIndexOf(':') + 1,
      end: text.length,
    };
  const expanded = expandRanges(host);
  if (!expanded.ok) return { ...expanded, start: expanded.start + offset, end: expanded.end + offset };
  const bad = expanded.names.find(name => !isHostName(name));
  if (bad !== undefined) return { ok: false, ...whyNot(bad), ...whole };
  return { ok: true, names: expanded.names, port };
}

/** Whether a name can be a host's: one that a pattern could never name is refused. */
export function isHostName(name: string): boolean {
  if (name.includes(':')) return isIPv6(name);
  return /^[^\s,:[\]*?!&~@][^\s,:[\]*?@]*$/.test(name);
}

/** The same for a group's name. */
export function isGroupText(name: string): boolean {
  return /^[^\s,:[\]*?!&~@][^\s,:[\]*?]*$/.test(name);
}

function splitPort(text: string): { host: string; offset: number; port: number | undefined } {
  const address = /^\[(.+)\]:(\d+)$/.exec(text);
  if (address?.[1] !== undefined && colonsOutside(address[1]) > 1)
    return { host: address[1], offset: 1, port: Number(address[2]) };
  const simple = /^(.+):(\d+)$/.exec(text);
  if (simple?.[1] !== undefined && colonsOutside(text) === 1 && !/\[[^\]]*$/.test(simple[1]))
    return { host: simple[1], offset: 0, port: Number(simple[2]) };
  return { host: text, offset: 0, port: undefined };
}

/** Colons that are not part of a range. */
function colonsOutside(text: string): number {
  return text.replace(/\[[^\]]*\]/g, '').split(':').length - 1;
}

function whyNot(name: string): { problem: string; suggestion?: string } {
  const problem = `"${name}" is not a name for a host`;
  if (name.includes(',')) return { problem, suggestion: 'write each host as a key of its own' };
  if (/^[^:]+:$/.test(name)) return { problem, suggestion: `write "${name.slice(0, -1)}"` };
  if (/^\S+@\S+$/.test(name)) {
    const [user, host] = name.split('@');
    return { problem, suggestion: `write "${host}" with the variable ansible_user: ${user}` };
  }
  return { problem };
}
