import type { ValueSchema } from '../../module.ts';
import { adaptersOf, type TarsServer } from './tars-lists.ts';
import type { TarsWeb } from './tars-web.ts';

/** One object of a server, and the port it listens on. */
export const adapterArg = {
  type: 'object',
  properties: {
    obj_name: { type: 'string', pattern: '^[A-Za-z]\\w*$', description: 'The object: StatObj.' },
    port: { type: 'integer', minimum: 1, maximum: 65535 },
    bind_ip: { type: 'string', description: "The node's address unless told." },
    port_type: { type: 'string', enum: ['tcp', 'udp'] },
    protocol: { type: 'string', enum: ['tars', 'not_tars'] },
    thread_num: { type: 'integer', minimum: 1 },
    max_connections: { type: 'integer', minimum: 1 },
    queuecap: { type: 'integer', minimum: 1 },
    queuetimeout: { type: 'integer', minimum: 1 },
  },
  required: ['obj_name', 'port'],
} as const satisfies ValueSchema;

export interface AdapterWish {
  readonly obj_name: string;
  readonly port: number;
  readonly bind_ip?: string | undefined;
  readonly port_type?: 'tcp' | 'udp' | undefined;
  readonly protocol?: 'tars' | 'not_tars' | undefined;
  readonly thread_num?: number | undefined;
  readonly max_connections?: number | undefined;
  readonly queuecap?: number | undefined;
  readonly queuetimeout?: number | undefined;
}

interface Wanted {
  readonly application: string;
  readonly server: string;
  readonly node: string;
  readonly server_type: string;
}

/** The body of deploy_server; numbers that were not given are those of the framework's own rows. */
export function deployBody(a: Wanted, template_name: string, adapters: readonly AdapterWish[]): unknown {
  return {
    application: a.application,
    server_name: a.server,
    server_type: a.server_type,
    template_name,
    node_name: a.node,
    enable_set: false,
    set_name: '',
    set_area: '',
    set_group: '',
    adapters: adapters.map(wish => ({
      node_name: a.node,
      bind_ip: wish.bind_ip ?? a.node,
      port_type: wish.port_type ?? 'tcp',
      protocol: wish.protocol ?? 'tars',
      thread_num: wish.thread_num ?? 5,
      max_connections: wish.max_connections ?? 100_000,
      queuecap: wish.queuecap ?? 100_000,
      queuetimeout: wish.queuetimeout ?? 60_000,
      obj_name: wish.obj_name,
      port: wish.port,
    })),
  };
}

/** How a server is deployed otherwise than asked for: what it has, and what was wanted; undefined when as asked for. */
export async function conflict(
  web: TarsWeb,
  server: TarsServer,
  want: { readonly template: string | undefined; readonly adapters: readonly AdapterWish[] },
): Promise<string | undefined> {
  if (want.template !== undefined && server.template !== want.template)
    return `the template ${server.template}, not ${want.template}`;
  if (want.adapters.length === 0) return undefined;
  const there = await adaptersOf(web, server.id);
  for (const wish of want.adapters) {
    const found = there.find(t => t.servant.split('.').at(-1) === wish.obj_name);
    if (found === undefined) {
      const names = there.map(t => t.servant.split('.').at(-1)).join(', ');
      return `the objects ${names || 'none'}, without ${wish.obj_name}`;
    }
    const port = / -p (\d+)/.exec(` ${found.endpoint}`)?.[1];
    if (port !== String(wish.port)) return `${wish.obj_name} at port ${port ?? 'none'}, not ${wish.port}`;
    if (wish.protocol !== undefined && found.protocol !== wish.protocol)
      return `${wish.obj_name} of protocol ${found.protocol}, not ${wish.protocol}`;
  }
  return undefined;
}
