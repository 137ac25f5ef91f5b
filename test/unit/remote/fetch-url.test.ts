import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { fetchUrl } from '../../../lib/remote/fetch-url.ts';
import { proxyFor, throughProxy } from '../../../lib/remote/proxy.ts';
import type { FetchRequest } from '../../../lib/template/index.ts';

const OURS: Omit<FetchRequest, 'url'> = {
  loginFirst: false,
  netrc: false,
  headers: {},
  unredirected: [],
  redirects: true,
  proxy: false,
  validateCerts: true,
  timeout: 5,
};
const me = `Basic ${Buffer.from('me:pw').toString('base64')}`;
let server: Server;
let other: Server;
let at: string;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const [, what = '', rest = ''] = /^\/(\w+)(.*)$/.exec(request.url ?? '') ?? [];
  const may = request.headers.authorization === me;
  if (what === 'echo') response.end(JSON.stringify(request.headers));
  else if (what === 'login') response.writeHead(may ? 200 : 401, { 'WWW-Authenticate': 'Basic realm="x"' }).end('in');
  else if (what === 'to') response.writeHead(302, { Location: rest.slice(1) }).end('moved');
  else if (what === 'zip') response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('zipped'));
  else if (what === 'drip') response.write('a');
  else if (what !== 'silent') response.writeHead(404).end('no');
}

const port = (of: Server) => (of.address() as AddressInfo).port;
const listening = (of: Server) => new Promise<Server>(resolve => of.listen(0, '127.0.0.1', () => resolve(of)));

test.before(async () => {
  server = await listening(createServer(answer));
  other = await listening(createServer(answer));
  at = `http://127.0.0.1:${port(server)}`;
});
test.after(() => {
  for (const each of [server, other]) {
    each.closeAllConnections();
    each.close();
  }
});

async function read(url: string, more: Partial<FetchRequest> = {}): Promise<string> {
  const fetched = await fetchUrl({ ...OURS, url, ...more });
  return 'failure' in fetched ? fetched.failure : `${fetched.status} ${Buffer.from(fetched.body).toString()}`;
}

async function headersAt(url: string, more: Partial<FetchRequest>): Promise<Record<string, string>> {
  return JSON.parse((await read(url, more)).slice(4)) as Record<string, string>;
}

test('a status that is no success comes with its body', async () => assert.is(await read(`${at}/none`), '404 no'));

test('a login is given where the server asks for it, and before that only when told', async () => {
  const login = { user: 'me', password: 'pw' };
  assert.is(await read(`${at}/login`, login), '200 in');
  assert.is(await read(`${at.replace('//', '//me:pw@')}/login`), '200 in');
  assert.is(await read(`${at}/login`, { ...login, password: 'no' }), '401 in');
  assert.is((await headersAt(`${at}/echo`, login))['authorization'], undefined);
  assert.is((await headersAt(`${at}/echo`, { ...login, loginFirst: true }))['authorization'], me);
});

test('redirects are followed unless told not to be, and not for ever', async () => {
  assert.is(await read(`${at}/to//zip`), '200 zipped');
  assert.is(await read(`${at}/to//zip`, { redirects: false }), '302 moved');
  assert.is(await read(`${at}/to/again`), 'it is redirected more than 10 times');
});

test('no login and no header of one follows to another host', async () => {
  const away = `${at}/to/http://127.0.0.1:${port(other)}/echo`;
  const headers = { Authorization: 'secret', Cookie: 'c', 'X-A': '1', 'X-B': '2' };
  const sent = await headersAt(away, { headers, unredirected: ['x-a'] });
  assert.equal(
    [sent['authorization'], sent['cookie'], sent['x-a'], sent['x-b']],
    [undefined, undefined, undefined, '2'],
  );
  assert.is((await headersAt(away, { user: 'me', password: 'pw', loginFirst: true }))['authorization'], undefined);
  assert.is((await headersAt(`${at}/to//echo`, { headers }))['authorization'], 'secret');
  const stays = { user: 'me', password: 'pw', loginFirst: true, unredirected: ['authorization'] };
  assert.is((await headersAt(`${at}/to//echo`, stays))['authorization'], undefined);
});

test('silence longer than the timeout is an error, also inside the body', async () => {
  for (const path of ['silent', 'drip'])
    await read(`${at}/${path}`, { timeout: 0.1 }).then(
      text => assert.unreachable(`read ${text}`),
      error => assert.is(error.message, 'timed out'),
    );
});

test('a redirect leads to no file', async () => {
  await read(`${at}/to/file:///etc/passwd`).then(
    text => assert.unreachable(`read ${text}`),
    error => assert.is(error.message, 'file:// is not read, only http and https'),
  );
});

test('~/.netrc gives the login of a host', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tplay-netrc-'));
  const before = process.env['NETRC'];
  process.env['NETRC'] = join(folder, 'netrc');
  writeFileSync(
    join(folder, 'netrc'),
    '# mine\nmachine a login x password y\nmachine 127.0.0.1\n login me\n password pw\n',
  );
  try {
    assert.is(await read(`${at}/login`, { netrc: true }), '200 in');
    assert.is(await read(`${at}/login`), '401 in');
  } finally {
    if (before === undefined) delete process.env['NETRC'];
    else process.env['NETRC'] = before;
    rmSync(folder, { recursive: true });
  }
});

test('the environment names proxies, and hosts that need none', () => {
  const proxy = (url: string, environment: Record<string, string>) => proxyFor(new URL(url), environment)?.href;
  assert.is(proxy('http://a/', { http_proxy: 'http://p:3128' }), 'http://p:3128/');
  assert.is(proxy('https://a/', { http_proxy: 'http://p:3128' }), undefined);
  assert.is(proxy('https://a/', { HTTPS_PROXY: 'p:3128' }), 'http://p:3128/');
  assert.is(proxy('http://x.a.org/', { http_proxy: 'http://p', no_proxy: 'b.org, .a.org' }), undefined);
  assert.is(proxy('http://xa.org/', { http_proxy: 'http://p', no_proxy: 'a.org' }), 'http://p/');
  assert.is(proxy('http://a/', { http_proxy: 'http://p', no_proxy: '*' }), undefined);
});

test('a plain request goes to the proxy as a whole URL, with the proxy login', async () => {
  const made = await throughProxy(new URL('http://u:p@proxy:8080'), new URL('http://a.org/x'), { timeout: 1000 });
  assert.equal(made, {
    host: 'proxy',
    port: 8080,
    path: 'http://a.org/x',
    headers: { 'Proxy-Authorization': `Basic ${Buffer.from('u:p').toString('base64')}`, Host: 'a.org' },
  });
});

test('a request with TLS goes through a tunnel, and says so when the proxy makes none', async () => {
  const asked: string[] = [];
  const proxy = await listening(createServer());
  proxy.on('connect', (request, socket) => {
    asked.push(String(request.url));
    if (request.url === 'no:443') return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const on = connect(port(server), '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    on.pipe(socket).pipe(on);
    return undefined;
  });
  const through = (name: string) =>
    throughProxy(new URL(`http://127.0.0.1:${port(proxy)}`), new URL(`https://${name}/`), { timeout: 1000 });
  try {
    assert.type((await through('yes')).createConnection, 'function');
    await through('no').then(
      () => assert.unreachable(),
      error => assert.is(error.message, 'the proxy 127.0.0.1 says 403 Forbidden'),
    );
    assert.equal(asked, ['yes:443', 'no:443']);
  } finally {
    proxy.close();
    proxy.closeAllConnections();
  }
});

test.run();
