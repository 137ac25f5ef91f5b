import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

interface Row {
  id: number;
  application: string;
  server_name: string;
  node_name: string;
  template_name: string;
  setting_state: string;
  present_state: string;
  patch_version: string;
  adapters: Record<string, unknown>[];
}

interface Task {
  status: number;
  looks: number;
  items: Record<string, unknown>[];
}

type Fields = Readonly<Record<string, string>>;
type Body = Record<string, unknown>;

class No extends Error {}

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');

/**
 * The API of the web of Tars as shared by all versions, with its habits: HTTP 200 whatever happened, a task that is not known
 * right after it was added, states that are seen late. There are no servers behind it; a package whose text holds `broken`
 * cannot be started.
 */
export class Web implements AsyncDisposable {
  password = '';
  /** Nothing needs a login. */
  open = false;
  token = 'a-lasting-token';
  servers: Row[] = [];
  patches: { id: number; server: string; comment: string; tgz: string; bytes: Buffer }[] = [];
  templates = ['tars.tarsstat', 'tars.tarslog'];
  readonly requests: string[] = [];
  /** What a task of this command ends with. */
  readonly faults = new Map<string, string>();
  /** Looks at a task until it is done, and at a list until it shows what came of it. */
  readonly lag = 2;
  #late: { looks: number; act(): void }[] = [];
  #tasks = new Map<string, Task>();
  #tickets = new Set<string>();
  #id = 10;
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  static async start(): Promise<Web> {
    const web = new Web();
    await new Promise<void>(resolve => web.#server.listen(0, '127.0.0.1', resolve));
    return web;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A restart forgets who is logged in. */
  restart(): void {
    this.#tickets.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://x');
    const path = url.pathname.replace(/^\/(api|pages\/server\/api)\//, '');
    const body = await buffer(request);
    this.requests.push(`${request.method} ${path}`);
    let said: unknown;
    try {
      said = { data: this.#data(path, url, request, body) ?? null, ret_code: 200, err_msg: '' };
    } catch (error) {
      if (!(error instanceof No)) throw error;
      said = { data: null, ret_code: 500, err_msg: error.message };
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(said));
  }

  #data(path: string, url: URL, request: IncomingMessage, body: Buffer): unknown {
    const query = Object.fromEntries(url.searchParams);
    const multipart = (request.headers['content-type'] ?? '').startsWith('multipart/');
    const json = (multipart || body.length === 0 ? {} : JSON.parse(body.toString())) as Body;
    if (path === 'adminModifyPass') return this.#firstPassword(json);
    if (path === 'login') return this.#login(json);
    const ticket = /\bticket=(\w+); uid=admin/.exec(request.headers.cookie ?? '')?.[1];
    if (!this.open && query['ticket'] !== this.token && !(ticket !== undefined && this.#tickets.has(ticket)))
      throw new No('not login');
    return multipart ? this.#upload(request, body) : this.#asked(path, query, json);
  }

  #firstPassword({ password }: Body): unknown {
    if (this.password !== '') throw new No('#auth.notAllowed#');
    this.password = String(password);
    return {};
  }

  #login({ uid, password }: Body): unknown {
    if (uid !== 'admin' || this.password === '' || password !== this.password)
      throw new No(`wrong password ${String(password)}`);
    const ticket = sha1(`ticket ${this.#id++}`);
    this.#tickets.add(ticket);
    return { ticket };
  }

  #asked(path: string, query: Fields, json: Body): unknown {
    switch (path) {
      case 'server_list':
        return this.#list(query['tree_node_id'] ?? '');
      case 'node_list':
        return ['10.0.0.1', '10.0.0.2'];
      case 'template_name_list':
        return this.templates;
      case 'adapter_conf_list':
        return this.servers.find(s => String(s.id) === query['id'])?.adapters ?? [];
      case 'deploy_server':
        return this.#deploy(json);
      case 'server_patch_list':
        return this.#patchList(query);
      case 'add_task':
        return this.#addTask(json['items'] as Body[]);
      case 'task':
        return this.#task(query['task_no'] ?? '');
      default:
        throw new No(`there is no ${path}`);
    }
  }

  #list(tree: string): unknown {
    for (const late of this.#late) if (late.looks-- === 0) late.act();
    const [, application, server] = /^1(\w+)\.5(\w+)$/.exec(tree) ?? [];
    const found = this.servers.filter(s => s.application === application && s.server_name === server);
    return found.map(({ adapters: _, ...row }) => row);
  }

  #deploy(json: Body): unknown {
    const { application, server_name, node_name, template_name } = json as unknown as Row;
    if (this.servers.some(s => s.server_name === server_name && s.node_name === node_name))
      throw new No('#server.exist#');
    const id = this.#id++;
    const adapters = (json['adapters'] as Body[]).map(a => ({
      servant: `${application}.${server_name}.${String(a['obj_name'])}`,
      endpoint: `tcp -h ${String(a['bind_ip'])} -t ${String(a['queuetimeout'])} -p ${String(a['port'])}`,
      protocol: a['protocol'],
    }));
    const states = { setting_state: 'inactive', present_state: 'inactive', patch_version: '' };
    this.servers.push({ id, application, server_name, node_name, template_name, ...states, adapters });
    return { server_conf: [{ id }] };
  }

  #patchList(query: Fields): unknown {
    const all = this.patches.filter(p => p.server === `${query['application']}.${query['module_name']}`).reverse();
    const size = Number(query['page_size']);
    const rows = all.slice((Number(query['curr_page']) - 1) * size).slice(0, size);
    return { count: all.length, rows: rows.map(({ bytes: _, ...row }) => row) };
  }

  #upload(request: IncomingMessage, body: Buffer): unknown {
    const boundary = /boundary=(.*)$/.exec(request.headers['content-type'] ?? '')?.[1] ?? '';
    const fields: Record<string, string> = {};
    for (const part of body.toString('latin1').split(`--${boundary}`).slice(1, -1)) {
      const [head = '', ...rest] = part.slice(2, -2).split('\r\n\r\n');
      const name = /name="([^"]*)"/.exec(head)?.[1] ?? '';
      fields[name] = rest.join('\r\n\r\n');
      if (name === 'suse') fields['tgz'] = /filename="([^"]*)"/.exec(head)?.[1] ?? '';
    }
    const { application, module_name, suse = '', tgz = '', comment = '' } = fields;
    const bytes = Buffer.from(suse, 'latin1');
    if (bytes.length === 0) throw new No('no files');
    if (md5(bytes) !== fields['md5']) throw new No('#patch.md5#');
    const id = this.#id++;
    this.patches.push({ id, server: `${application}.${module_name}`, comment, tgz, bytes });
    return { id, server: `${application}.${module_name}`, tgz, comment };
  }

  #addTask(items: readonly Body[]): string {
    const number = sha1(`task ${this.#id++}`);
    const done = items.map(item => this.#act(item));
    const status = done.every(d => d['status'] === 3) ? 3 : 4;
    this.#tasks.set(number, { status, looks: this.lag, items: done });
    return number;
  }

  #task(number: string): unknown {
    const task = this.#tasks.get(number);
    if (task === undefined) throw new No('no such task');
    const left = task.looks--;
    if (left === this.lag && left > 0) return {};
    return left > 0 ? { status: 1, items: [] } : { task_no: number, status: task.status, items: task.items };
  }

  #act(item: Body): Body {
    const server = this.servers.find(s => String(s.id) === String(item['server_id']));
    const command = String(item['command']);
    const base = { command, server_name: server?.server_name, node_name: server?.node_name };
    const fault = this.faults.get(command);
    if (server === undefined || fault !== undefined)
      return { ...base, status: 4, status_info: 'EM_I_FAILED', execute_info: fault ?? 'no such server' };
    const { patch_id } = item['parameters'] as { patch_id?: unknown };
    const broken = this.patches.find(p => String(p.id) === String(patch_id))?.bytes.includes('broken') ?? false;
    this.#late.push({ looks: this.lag, act: () => this.#reach(server, command, { patch_id, broken }) });
    return { ...base, status: 3, status_info: 'EM_I_SUCCESS', execute_info: '' };
  }

  #reach(server: Row, command: string, { patch_id, broken }: { patch_id: unknown; broken: boolean }): void {
    if (command === 'undeploy_tars') this.servers = this.servers.filter(s => s !== server);
    if (command === 'patch_tars') server.patch_version = String(patch_id);
    server.setting_state = command === 'stop' ? 'inactive' : 'active';
    server.present_state = command === 'stop' || broken ? 'inactive' : 'active';
  }
}
