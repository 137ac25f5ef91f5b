import { createHash } from 'node:crypto';
import * as assert from 'uvu/assert';
import { until } from './tars-host.ts';

interface Answer {
  readonly data: unknown;
  readonly ret_code: number;
  readonly err_msg: string;
}

export interface ServerRow {
  readonly id: number;
  readonly node_name: string;
  readonly setting_state: string;
  readonly present_state: string;
  readonly patch_version: string;
}

export interface Task {
  readonly status: number;
  readonly items: readonly { readonly status: number; readonly execute_info: string }[];
}

export const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

type Body = Readonly<Record<string, unknown>>;

/** The API of a web, by somebody who is logged in or not. */
export class TarsApi {
  readonly url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #login: string;

  constructor(url: string, options: { headers?: Readonly<Record<string, string>>; login?: string } = {}) {
    this.url = url;
    this.#headers = options.headers ?? {};
    this.#login = options.login ?? url;
  }

  /** The same web as the one who has the ticket. */
  as(ticket: string, uid = 'admin'): TarsApi {
    return new TarsApi(this.url, { headers: { cookie: `ticket=${ticket}; uid=${uid}` }, login: this.#login });
  }

  async first(password: string): Promise<Answer> {
    const body = { uid: 'admin', password: sha1(password), repeat_password: sha1(password) };
    return this.#ask(this.#login, 'adminModifyPass', body);
  }

  async login(password: string): Promise<TarsApi> {
    const { data, err_msg } = await this.#ask(this.#login, 'login', { uid: 'admin', password: sha1(password) });
    const ticket = (data as { ticket?: string } | null)?.ticket;
    if (ticket === undefined) throw new Error(err_msg);
    return this.as(ticket);
  }

  async #ask(url: string, path: string, body?: Body | FormData): Promise<Answer> {
    const json = body !== undefined && !(body instanceof FormData);
    const answer = await fetch(`${url}/api/${path}`, {
      headers: { ...this.#headers, ...(json ? { 'content-type': 'application/json' } : {}) },
      ...(body === undefined ? {} : { method: 'POST', body: json ? JSON.stringify(body) : body }),
    });
    assert.is(answer.status, 200, path);
    return (await answer.json()) as Answer;
  }

  /** What is granted; throws with the web's words. */
  async call<T>(path: string, body?: Body | FormData): Promise<T> {
    const answer = await this.#ask(this.url, path, body);
    if (answer.ret_code !== 200) throw new Error(`${path}: ${answer.err_msg}`);
    return answer.data as T;
  }

  /** Why it is refused. */
  async refused(path: string, body?: Body | FormData): Promise<string> {
    const answer = await this.#ask(this.url, path, body);
    assert.is(answer.ret_code, 500, path);
    return answer.err_msg;
  }

  /** The row of a server that is on one node only. */
  async server(name: string): Promise<ServerRow | undefined> {
    return (await this.call<ServerRow[]>(`server_list?tree_node_id=1tars.5${name}`))[0];
  }

  /** Has a server do something, and waits for the end of the task. */
  async task(name: string, command: string, parameters: Body = {}): Promise<Task> {
    const server_id = (await this.server(name))?.id;
    const task_no = await this.call<string>('add_task', {
      serial: true,
      elegant: false,
      eachnum: 1,
      items: [{ server_id, command, parameters }],
    });
    const ask = (): Promise<Task> => this.call<Task>(`task?task_no=${task_no}`);
    assert.equal(await ask(), {}, 'nothing is known of a task at once');
    await until(`${command} of ${name} is done`, 120, async () => ((await ask()).status ?? 0) >= 3);
    return ask();
  }
}

/** The form of upload_patch_package. */
export function packageForm(
  server: string,
  bytes: Uint8Array,
  fields: Readonly<Record<string, string>> = {},
): FormData {
  const form = new FormData();
  const md5 = createHash('md5').update(bytes).digest('hex');
  const all = { application: 'tars', module_name: server, md5, comment: `tplay md5=${md5}`, task_id: '1', ...fields };
  for (const [name, value] of Object.entries(all)) form.set(name, value);
  form.set('suse', new Blob([Uint8Array.from(bytes)]), `${server}.tgz`);
  return form;
}
