import { constants } from 'node:os';

/** Bytes of a size like 64M (units of 1024), as digits; undefined for what is none. */
export function bytesOf(text: string): string | undefined {
  const [, digits, unit = ''] = /^\s*(-?\d+(?:\.\d+)?)\s*([BKMGTP]?)(?:i?B)?\s*$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const power = Math.max(0, ' KMGTP'.indexOf(unit.toUpperCase()));
  return String(Math.round(Number(digits) * 1024 ** (unit.toUpperCase() === 'B' ? 0 : power)));
}

const UNITS: Readonly<Record<string, number>> = { us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** Nanoseconds of a duration like 1m30s, as digits; undefined for what is none. */
export function nanosOf(text: string): string | undefined {
  if (!/^(\d+(us|ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)(us|ms|s|m|h)/g)];
  return String(parts.reduce((sum, [, n, unit = 's']) => sum + Number(n) * (UNITS[unit] ?? 0), 0));
}

/** A signal's number, as digits: podman shows the number, docker the name. */
export function signalOf(value: unknown): string {
  const text = String(value ?? '').toUpperCase();
  if (/^\d+$/.test(text)) return text;
  const signals: Readonly<Record<string, number>> = constants.signals;
  return String(signals[text.startsWith('SIG') ? text : `SIG${text}`] ?? text);
}

/** A port binding: container port with protocol, and where it is bound on the host. */
export interface Binding {
  readonly port: string;
  /** '' where any will do. */
  readonly host: string;
  readonly ip: string;
}

/** The bindings that a port of docker's command line means; undefined for what is none. */
export function bindingsOf(text: string, defaultIp: string): readonly Binding[] | undefined {
  const [, ip = defaultIp, host, port = '', protocol = 'tcp'] =
    /^(?:(\d+\.\d+\.\d+\.\d+|\[[0-9A-Fa-f:]+\]):)?(?:(\d+(?:-\d+)?)?:)?(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/.exec(
      text,
    ) ?? [];
  if (port === '') return undefined;
  const inside = range(port);
  const outside = host === undefined ? inside.map(() => '') : range(host).map(String);
  if (outside.length !== inside.length) return undefined;
  const plainIp = ip.replace(/^\[|\]$/g, '');
  return inside.map((p, i) => ({ port: `${p}/${protocol}`, host: outside[i] ?? '', ip: plainIp }));
}

function range(text: string): readonly number[] {
  const [from = 0, to = from] = text.split('-').map(Number);
  return Array.from({ length: Math.max(0, Math.min(to - from + 1, 65536)) }, (_, i) => from + i);
}
