import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * A web server of a case, at $URL: /x is the file x of the temp folder, /auth/x wants user "user" and password "p'w",
 * /to/x redirects to /x, /slow never answers, /echo answers what it was asked as JSON, /gzip/x is packed, /named/x has the name
 * "real name.txt", /cookie sets two cookies.
 */
export async function serve(root: string, address: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => answer(root, request, response));
  await new Promise<void>(resolve => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${address}:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

function answer(root: string, request: IncomingMessage, response: ServerResponse): void {
  const path = decodeURIComponent((request.url ?? '/').replace(/\?.*/, ''));
  if (path === '/slow') return;
  if (path.startsWith('/to/')) return end(response, 302, '', { location: encodeURI(path.slice(3)) });
  if (path === '/cookie') return end(response, 200, '', { 'set-cookie': ['a=1; Path=/', 'b=x y'] });
  if (path === '/echo') return echo(request, response);
  const guarded = path.startsWith('/auth/');
  if (guarded && request.headers.authorization !== `Basic ${Buffer.from("user:p'w").toString('base64')}`)
    return end(response, 401, 'who?', { 'www-authenticate': 'Basic realm="x"' });
  const [, way] = /^\/(auth|gzip|named)\//.exec(path) ?? [];
  try {
    const bytes = readFileSync(join(root, way === undefined ? path : path.slice(way.length + 1)));
    end(response, 200, way === 'gzip' ? gzipSync(bytes) : bytes, {
      'content-type': 'application/octet-stream',
      ...(way === 'gzip' && { 'content-encoding': 'gzip' }),
      ...(way === 'named' && { 'content-disposition': 'attachment; filename="real name.txt"' }),
    });
  } catch {
    end(response, 404, 'not found');
  }
}

function echo(request: IncomingMessage, response: ServerResponse): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const { method, url, headers } = request;
    const body = Buffer.concat(parts).toString('utf8');
    end(response, 200, JSON.stringify({ method, url, headers, body }), { 'content-type': 'application/json' });
  });
}

function end(
  response: ServerResponse,
  status: number,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): void {
  response.writeHead(status, headers as Record<string, string | string[]>);
  response.end(body);
}
