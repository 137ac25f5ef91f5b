import { ApiFault, type RelayRequest } from '../module.ts';
import { HttpClient, type WebAnswer } from './http.ts';
import type { Session } from './session.ts';

const MOST_REDIRECTS = 10;
/** It is kept in memory on its way to the host. */
const MOST_BYTES = 512 << 20;

/** The answer to a relayed request: its head as it would have come over the wire. */
export interface Relayed {
  readonly head: Buffer;
  readonly body: Buffer;
  readonly url: string;
}

/** Makes a web request through a session, as the host would. Rejects with ApiFault or SessionError. */
export async function relayRequest(
  session: Session,
  request: RelayRequest,
  signal: AbortSignal | undefined,
): Promise<Relayed> {
  const client = new HttpClient(session, request.timeoutMs);
  const stop = () => client.close();
  signal?.addEventListener('abort', stop);
  try {
    return await visit(client, request);
  } finally {
    signal?.removeEventListener('abort', stop);
    client.close();
  }
}

async function visit(client: HttpClient, first: RelayRequest): Promise<Relayed> {
  let request = first;
  const heads: string[] = [];
  for (let count = 0; count <= MOST_REDIRECTS; count++) {
    const answer = await withLogin(client, request);
    heads.push(headText(answer));
    const to = answer.headers['location'];
    if (!first.follow || to === undefined || ![301, 302, 303, 307, 308].includes(answer.status))
      return { head: Buffer.from(heads.join('')), body: answer.bytes, url: request.url };
    request = redirected(request, answer.status, to);
  }
  throw new ApiFault('answer', `it is redirected more than ${MOST_REDIRECTS} times`);
}

/** As curl and Ansible: the login is given when the server asks for it, or at once where that is wanted. */
async function withLogin(client: HttpClient, request: RelayRequest): Promise<WebAnswer> {
  const { login } = request;
  if (login === undefined) return await send(client, request, {});
  const authorized = { Authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` };
  if (login.atOnce) return await send(client, request, authorized);
  const answer = await send(client, request, {});
  const wants = answer.status === 401 && /(^|,)\s*basic\b/i.test(answer.headers['www-authenticate'] ?? '');
  return wants ? await send(client, request, authorized) : answer;
}

function send(client: HttpClient, request: RelayRequest, more: Readonly<Record<string, string>>): Promise<WebAnswer> {
  const { url, method, headers, body, socket, insecure, ciphers } = request;
  return client.send({
    url,
    method,
    headers: { 'Accept-Encoding': 'identity', ...headers, ...more },
    body,
    socket,
    insecure,
    ciphers,
    mostBytes: MOST_BYTES,
  });
}

function redirected(from: RelayRequest, status: number, to: string): RelayRequest {
  const url = new URL(to, from.url);
  if (!/^https?:$/.test(url.protocol)) throw new ApiFault('answer', `it redirects to ${url.protocol}//`);
  const away = url.origin !== new URL(from.url).origin;
  const drop = [...from.unredirected.map(n => n.toLowerCase()), ...(away ? ['authorization', 'cookie'] : [])];
  const keeps = status >= 307 || from.method === 'GET' || from.method === 'HEAD';
  const bodiless = keeps ? [] : ['content-type'];
  const headers = Object.entries(from.headers).filter(([n]) => ![...drop, ...bodiless].includes(n.toLowerCase()));
  return {
    ...from,
    url: url.href,
    headers: Object.fromEntries(headers),
    login: away || drop.includes('authorization') ? undefined : from.login,
    // as Ansible: 301 leaves the method, but that of a POST
    ...(keeps
      ? {}
      : { method: status === 301 && from.method !== 'POST' ? from.method : 'GET', body: new Uint8Array() }),
  };
}

function headText({ status, reason, rawHeaders }: WebAnswer): string {
  const lines = rawHeaders.flatMap((text, i) => (i % 2 === 0 ? [`${text}: ${rawHeaders[i + 1] ?? ''}`] : []));
  return `${[`HTTP/1.1 ${status} ${reason}`, ...lines].join('\r\n')}\r\n\r\n`;
}
