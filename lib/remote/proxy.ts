import { type RequestOptions, request } from 'node:http';
import type { Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';

type Headers = Readonly<Record<string, string>>;
type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy that the environment names for a URL (http_proxy, https_proxy, no_proxy), as Python reads it. */
export function proxyFor(url: URL, environment: Environment): URL | undefined {
  const named = (name: string) => environment[name] ?? environment[name.toUpperCase()];
  const proxy = named(`${url.protocol.slice(0, -1)}_proxy`);
  if (proxy === undefined || proxy === '') return undefined;
  const without = (named('no_proxy') ?? '').split(',').map(name => name.trim().replace(/^\./, ''));
  const name = url.hostname.toLowerCase();
  const passed = without.some(w => w !== '' && (w === '*' || w === name || w === url.host || name.endsWith(`.${w}`)));
  return passed ? undefined : new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
}

/** What to add to a request so that it goes through a proxy: its whole URL for http, a tunnel for https. */
export async function throughProxy(
  proxy: URL,
  url: URL,
  { timeout, ...how }: ConnectionOptions & { readonly timeout: number },
): Promise<RequestOptions & { readonly headers: Headers }> {
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const headers: Headers =
    proxy.username === '' ? {} : { 'Proxy-Authorization': `Basic ${Buffer.from(login).toString('base64')}` };
  const door = { host: proxy.hostname, port: Number(proxy.port) || 80 };
  if (url.protocol === 'http:') return { ...door, path: url.href, headers: { ...headers, Host: url.host } };
  const target = `${url.hostname}:${url.port || 443}`;
  const socket = await tunnel(door, `${url.hostname}:${url.port || 443}`, { headers, timeout });
  // With a socket of its own the rest of the options is about the certificate.
  const createConnection: RequestOptions['createConnection'] = () =>
    connectTls({ socket, ...how, servername: url.hostname });
  return { createConnection, headers: {} };
}

/** A connection to a host and port through a proxy. */
async function tunnel(
  door: RequestOptions,
  target: string,
  { headers, timeout }: RequestOptions & { headers: Headers },
) {
  return await new Promise<Socket>((resolve, reject) => {
    const asked = request({ ...door, method: 'CONNECT', path: target, headers: { ...headers, Host: target }, timeout });
    asked.on('connect', (answer, socket) => {
      if (answer.statusCode === 200) resolve(socket);
      else reject(new Error(`the proxy ${door.host} says ${answer.statusCode} ${answer.statusMessage}`));
    });
    asked.on('error', reject);
    asked.on('timeout', () => asked.destroy(new Error(`the proxy ${door.host} does not answer`)));
    asked.end();
  });
}
