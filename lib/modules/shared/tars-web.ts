import { randomBytes } from 'node:crypto';
import { type Api, type ApiAnswer, ApiFault, type ApiRequest } from '../../module.ts';

export interface WebAs {
  /** `http://HOST:PORT`. */
  readonly url: string;
  readonly insecure: boolean;
  /** What no message may show. */
  readonly hidden: readonly string[];
  readonly cookie?: string;
  /** A lasting token of the user system: known only in the query. */
  readonly token?: string;
}

export interface Upload {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What the web said of a request that it may refuse. */
export type Said = { readonly data: unknown } | { readonly refused: string };

/** The API of the web of Tars: its status is 200 whatever happened, the truth is in `ret_code`. Rejects with ApiFault. */
export class TarsWeb {
  readonly #api: Api;
  readonly #as: WebAs;

  constructor(api: Api, as: WebAs) {
    this.#api = api;
    this.#as = as;
  }

  async get(path: string, query: Readonly<Record<string, string>> = {}): Promise<unknown> {
    return this.#granted(path, await this.#ask({ method: 'GET', path, query }));
  }

  async post(path: string, body: unknown): Promise<unknown> {
    return this.#granted(path, await this.try(path, body));
  }

  /** As post, for what the web may refuse in the course of things. */
  async try(path: string, body: unknown): Promise<Said> {
    const headers = { 'Content-Type': 'application/json' };
    return this.#ask({ method: 'POST', path, query: {}, headers, body: Buffer.from(JSON.stringify(body)) });
  }

  /** Sends a form with one file, the field `suse`. */
  async upload(path: string, fields: Readonly<Record<string, string>>, file: Upload): Promise<unknown> {
    const { type, body } = form(fields, file);
    return this.#granted(
      path,
      await this.#ask({ method: 'POST', path, query: {}, headers: { 'Content-Type': type }, body }),
    );
  }

  #granted(path: string, said: Said): unknown {
    if ('data' in said) return said.data;
    throw new ApiFault('answer', `the web refuses ${path}: ${said.refused}`);
  }

  async #ask(how: Omit<ApiRequest, 'url'> & { path: string; query: Readonly<Record<string, string>> }): Promise<Said> {
    const { path, query, headers, ...rest } = how;
    const { url, token, cookie, insecure } = this.#as;
    const all = new URLSearchParams({ ...query, ...(token !== undefined && { ticket: token }) }).toString();
    const answer = await this.#api.ask({
      ...rest,
      url: `${url.replace(/\/$/, '')}/api/${path}${all === '' ? '' : `?${all}`}`,
      headers: { ...headers, ...(cookie !== undefined && { Cookie: cookie }) },
      insecure,
    });
    const said = read(answer);
    if (said === undefined) throw new ApiFault('answer', this.#hide(strange(path, answer)));
    return 'refused' in said ? { refused: this.#hide(said.refused) } : said;
  }

  #hide(text: string): string {
    return this.#as.hidden.reduce((t, secret) => (secret === '' ? t : t.replaceAll(secret, '***')), text);
  }
}

/** Undefined for what is no answer of the API. */
function read({ body }: ApiAnswer): Said | undefined {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return undefined; // a page of HTML: told by the caller
  }
  if (json === null || typeof json !== 'object' || !('ret_code' in json)) return undefined;
  const { data, ret_code, err_msg } = json as { data?: unknown; ret_code: unknown; err_msg?: unknown };
  if (Number(ret_code) === 200) return { data };
  const text = typeof err_msg === 'string' && err_msg !== '' ? err_msg : `ret_code ${String(ret_code)}`;
  return { refused: text.slice(0, 500) };
}

function strange(path: string, { status, headers, body }: ApiAnswer): string {
  const to = headers['location'];
  if (to !== undefined) return `the web redirects ${path} to ${to}: it wants a login (user and password, or token)`;
  const start = body.slice(0, 200).replaceAll(/\s+/g, ' ').trim();
  return `what answers ${path} is not the API of Tars (HTTP ${status}): ${start === '' ? 'an empty text' : start}`;
}

function form(fields: Readonly<Record<string, string>>, file: Upload): { type: string; body: Uint8Array } {
  const boundary = `tplay-${randomBytes(16).toString('hex')}`;
  const part = (head: string) => `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n`;
  const quoted = (name: string) => `"${name.replaceAll('"', '%22').replaceAll(/[\r\n]/g, ' ')}"`;
  const texts = Object.entries(fields).map(([name, value]) => `${part(`name=${quoted(name)}`)}\r\n${value}\r\n`);
  const head = `${part(`name="suse"; filename=${quoted(file.name)}`)}Content-Type: application/octet-stream\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.concat([Buffer.from(texts.join('') + head), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}
