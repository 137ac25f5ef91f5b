import { ApiFault } from '../../module.ts';
import type { TarsWeb } from './tars-web.ts';

/** A server on a node, as the web lists it. */
export interface TarsServer {
  readonly id: string;
  readonly node: string;
  readonly template: string;
  /** What it shall be and what it is: active, inactive, ... */
  readonly setting: string;
  readonly present: string;
  /** The id of the package that it was given; a version text when none was. */
  readonly patch: string;
}

/** A package that was uploaded. */
export interface TarsPatch {
  readonly id: string;
  readonly comment: string;
}

export interface TarsAdapter {
  /** `tars.tarsstat.StatObj`. */
  readonly servant: string;
  readonly endpoint: string;
  readonly protocol: string;
}

type Row = Readonly<Record<string, unknown>>;

/** What the database holds comes as numbers or texts, by version. */
const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));

function rows(what: string, data: unknown): readonly Row[] {
  if (Array.isArray(data) && data.every(row => row !== null && typeof row === 'object')) return data as Row[];
  throw new ApiFault('answer', `the web's list of ${what} is no list: ${JSON.stringify(data)?.slice(0, 200)}`);
}

export async function serversOf(web: TarsWeb, application: string, server: string): Promise<readonly TarsServer[]> {
  const list = await web.get('server_list', { tree_node_id: `1${application}.5${server}` });
  return rows('servers', list)
    .filter(r => text(r['application']) === application && text(r['server_name']) === server)
    .map(r => ({
      id: text(r['id']),
      node: text(r['node_name']),
      template: text(r['template_name']),
      setting: text(r['setting_state']),
      present: text(r['present_state']),
      patch: text(r['patch_version']),
    }));
}

const PAGE = 100;

/** All packages of a server, the newest first. */
export async function patchesOf(web: TarsWeb, application: string, server: string): Promise<readonly TarsPatch[]> {
  const found = new Map<string, TarsPatch>();
  for (let page = 1; ; page++) {
    const query = { application, module_name: server, curr_page: String(page), page_size: String(PAGE) };
    const data = (await web.get('server_patch_list', query)) as { count?: unknown; rows?: unknown } | null;
    const list = rows('packages', data?.rows);
    const before = found.size;
    for (const r of list) found.set(text(r['id']), { id: text(r['id']), comment: text(r['comment']) });
    // a web that knows no pages gives the same again
    if (list.length === 0 || found.size === before || found.size >= Number(data?.count ?? 0)) break;
  }
  return [...found.values()].sort((a, b) => Number(b.id) - Number(a.id));
}

export async function adaptersOf(web: TarsWeb, serverId: string): Promise<readonly TarsAdapter[]> {
  const list = await web.get('adapter_conf_list', { id: serverId });
  return rows('adapters', list).map(r => ({
    servant: text(r['servant']),
    endpoint: text(r['endpoint']),
    protocol: text(r['protocol']),
  }));
}

export async function namesOf(web: TarsWeb, path: 'node_list' | 'template_name_list'): Promise<readonly string[]> {
  const data = await web.get(path);
  if (!Array.isArray(data)) throw new ApiFault('answer', `the web's ${path} is no list`);
  // names, or rows that hold them, by version
  return data.map((item: unknown) =>
    text(
      item !== null && typeof item === 'object' ? ((item as Row)['node_name'] ?? (item as Row)['template_name']) : item,
    ),
  );
}
