import { readFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { rootCertificates } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import type { Fetched, FetchRequest } from '../template/values.ts';
import { netrcLogin } from './netrc.ts';
import { proxyFor, throughProxy } from './proxy.ts';

const MOST_REDIRECTS = 10; // as Python's urllib

/** The state of one fetch while it is redirected. */
interface Visit {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly login: Login | undefined;
}

interface Login {
  readonly user: string;
  readonly password: string;
}

/**
 * Reads a URL as Ansible's `url` lookup does: the login is given where the server asks for it, redirects are followed, and the
 * timeout (seconds) is about silence. Unlike there, no login and no header of that name follows to another host. Throws what
 * went wrong on the way.
 */
export async function fetchUrl(request: FetchRequest): Promise<Fetched> {
  let visit = firstVisit(request);
  for (let count = 0; count <= MOST_REDIRECTS; count++) {
    const answer = await answered(visit, request);
    const { statusCode: status = 0, statusMessage: reason = '' } = answer;
    const to = answer.headers.location;
    const moved = [301, 302, 303, 307, 308].includes(status) && to !== undefined && request.redirects;
    if (!moved) return { status, reason, body: await bodyOf(answer) };
    answer.destroy();
    visit = redirected(visit, new URL(to, visit.url), request);
  }
  return { failure: `it is redirected more than ${MOST_REDIRECTS} times` };
}

function firstVisit({ url: text, user, password = '', headers, netrc }: FetchRequest): Visit {
  const url = new URL(text);
  const { username, password: within } = url;
  const own =
    username === '' ? undefined : { user: decodeURIComponent(username), password: decodeURIComponent(within) };
  const given = user === undefined ? own : { user, password };
  url.username = url.password = url.hash = '';
  return { url, headers, login: given ?? (netrc ? netrcLogin(url.hostname) : undefined) };
}

function redirected(from: Visit, url: URL, { unredirected }: FetchRequest): Visit {
  // http after https too: who listens there would read it
  const away = url.origin !== from.url.origin;
  const drop = [...unredirected.map(name => name.toLowerCase()), ...(away ? ['authorization', 'cookie'] : [])];
  const headers = Object.entries(from.headers).filter(([name]) => !drop.includes(name.toLowerCase()));
  return { url, headers: Object.fromEntries(headers), login: drop.includes('authorization') ? undefined : from.login };
}

/** The answer to a GET; asked again with the login where the server wants it. */
async function answered(visit: Visit, request: FetchRequest): Promise<IncomingMessage> {
  const { login, headers } = visit;
  const withLogin = { ...headers, ...(login !== undefined && { Authorization: basic(login) }) };
  if (login === undefined || request.loginFirst) return await get(visit.url, withLogin, request);
  const first = await get(visit.url, headers, request);
  const wants = first.statusCode === 401 && /(^|,)\s*basic\b/i.test(first.headers['www-authenticate'] ?? '');
  if (!wants) return first;
  first.destroy();
  return await get(visit.url, withLogin, request);
}

function basic({ user, password }: Login): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

async function get(url: URL, headers: Readonly<Record<string, string>>, how: FetchRequest): Promise<IncomingMessage> {
  if (!['http:', 'https:'].includes(url.protocol))
    throw new Error(`${url.protocol}// is not read, only http and https`);
  const proxy = how.proxy && how.unixSocket === undefined ? proxyFor(url, process.env) : undefined;
  const timeout = how.timeout * 1000;
  const tls = {
    rejectUnauthorized: how.validateCerts,
    ...(how.caPath !== undefined && { ca: [...rootCertificates, readFileSync(how.caPath, 'utf8')] }),
    ...(how.ciphers !== undefined && { ciphers: how.ciphers }),
  };
  const options = {
    ...tls,
    headers: { 'Accept-Encoding': 'identity', Connection: 'close', ...headers },
    timeout,
    ...(how.unixSocket !== undefined && { socketPath: how.unixSocket }),
  };
  const through = proxy === undefined ? { headers: {} } : await throughProxy(proxy, url, { ...tls, timeout });
  const all = { ...options, ...through, headers: { ...options.headers, ...through.headers } };
  return await response((url.protocol === 'https:' ? requestHttps : requestHttp)(url, all));
}

async function response(sent: ClientRequest): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    sent.on('response', message => {
      answer = message;
      resolve(message);
    });
    sent.on('error', reject);
    // Also while the body comes: then whoever reads that is told.
    sent.on('timeout', () => (answer ?? sent).destroy(new Error('timed out')));
    sent.end();
  });
}

async function bodyOf(answer: IncomingMessage): Promise<Uint8Array> {
  const bytes = await buffer(answer);
  return answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
}
