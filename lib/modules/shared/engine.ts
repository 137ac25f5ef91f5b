import { type Reply, type Sh, sh } from '../../module.ts';
import type { Inspected } from './container-option.ts';

export interface EngineArgs {
  readonly engine: 'auto' | 'docker' | 'podman';
  readonly docker_host?: string | undefined;
  readonly tls: boolean;
  readonly validate_certs: boolean;
  readonly ca_cert?: string | undefined;
  readonly client_cert?: string | undefined;
  readonly client_key?: string | undefined;
}

/** Makes the words of the command the positional parameters: what follows says "$@" for it. */
export function engineCode(a: EngineArgs, runtime?: string | undefined): Sh {
  const docker = [
    ...(a.docker_host === undefined ? [] : ['--host', a.docker_host]),
    ...(a.tls && !a.validate_certs ? ['--tls'] : []),
    ...(a.validate_certs ? ['--tlsverify'] : []),
    ...(a.ca_cert === undefined ? [] : ['--tlscacert', a.ca_cert]),
    ...(a.client_cert === undefined ? [] : ['--tlscert', a.client_cert]),
    ...(a.client_key === undefined ? [] : ['--tlskey', a.client_key]),
  ];
  const podman = [
    ...(a.docker_host === undefined ? [] : ['--url', a.docker_host]),
    ...(runtime === undefined ? [] : ['--runtime', runtime]),
  ];
  const tls = a.tls || a.validate_certs;
  return sh.lines(
    sh`tp_engine_find ${a.engine === 'auto' ? '' : a.engine} || exit`,
    sh`if [ "$tp_engine" = docker ]; then set -- docker ${docker}`,
    tls
      ? sh`else tp_error "podman has no TLS to a daemon: leave tls and validate_certs out" || exit`
      : sh`else set -- podman ${podman}`,
    sh`fi`,
  );
}

/** What a look printed, by the names that stand behind `%%`. */
export function sections(reply: Reply): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const part of `\n${reply.stdout}`.split('\n%% ').slice(1)) {
    const end = part.indexOf('\n');
    found.set(end < 0 ? part : part.slice(0, end), end < 0 ? '' : part.slice(end + 1));
  }
  return found;
}

/** Prints what "$tp_file" has with a bar before each line: what a program printed never looks like a section. */
export const quoteOutput = sh`{ cat -- "$tp_file"; printf '\n'; } | sed 's/^/|/'`;

export function quotedOutput(text = ''): string {
  return text
    .split('\n')
    .flatMap(line => (line.startsWith('|') ? [line.slice(1)] : []))
    .join('\n');
}

/** The first thing that inspect printed; undefined when there is none. */
export function inspected(text: string | undefined): Inspected | undefined {
  if (text === undefined) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? (list[0] as Inspected | undefined) : undefined;
  } catch {
    return undefined; // no JSON: what was looked for is not there
  }
}

/** An image's number: podman leaves out what docker begins it with. */
export function plainId(id: unknown): string {
  return String(id ?? '').replace(/^sha256:/, '');
}

/** A name with its tag: `latest` unless it has one or is a number. */
export function withTag(name: string, tag = 'latest'): string {
  if (/^sha256:[0-9a-f]+$/.test(name) || name.includes('@')) return name;
  return /:[^/]*$/.test(name) ? name : `${name}:${tag}`;
}
