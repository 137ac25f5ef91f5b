import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { drive } from '../../lib/engine/drive/index.ts';
import type { Module } from '../../lib/module.ts';
import uri from '../../lib/modules/uri.ts';
import type { Outcome } from '../../lib/outcome.ts';
import { coerceArgs } from '../../lib/playbook/coerce.ts';
import { localPlace } from './place.ts';
import { World } from './world.ts';

// Certificates and sockets against real servers, by each tool that a host may have.
const test = suite('tls');
const dir = mkdtempSync(join(tmpdir(), 'tplay-tls-'));
const path = (name: string) => join(dir, name);

test.before(() => {
  const make = (name: string, subject: string) =>
    execFileSync(
      'openssl',
      `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=${subject} -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout ${path(`${name}.key`)} -out ${path(`${name}.pem`)}`.split(
        ' ',
      ),
      { stdio: 'ignore' },
    );
  make('server', 'localhost');
  make('client', 'somebody');
});
test.after(() => rmSync(dir, { recursive: true }));

async function ask(given: Readonly<Record<string, unknown>>, hide: readonly string[]): Promise<Outcome> {
  const all = Object.entries({ return_content: true, ...given }).map(([k, value]) => [k, { value }] as const);
  const { args, faults } = coerceArgs('uri', uri.args, new Map(all));
  assert.equal(faults, []);
  using world = new World(localPlace('dash'), { hide });
  await using opened = await world.open();
  const { session } = opened;
  const at = { check: false, diff: false, environment: {}, session: async () => session, locals: new Map() };
  return await drive(uri as Exclude<Module, { kind: 'expand' | 'vars' }>, args, at as never);
}

async function serving(server: Server, where: { socket: string } | undefined, use: (port: number) => Promise<void>) {
  await new Promise<void>(ready => (where ? server.listen(where.socket, ready) : server.listen(0, '127.0.0.1', ready)));
  try {
    await use(where === undefined ? (server.address() as AddressInfo).port : 0);
  } finally {
    server.closeAllConnections();
    await new Promise(closed => server.close(closed));
  }
}

const who: RequestListener = (request, response) => {
  const { subject } = (request.socket as TLSSocket).getPeerCertificate();
  response.end(`client ${String(subject?.CN)}`);
};

const content = (outcome: Outcome) => ('values' in outcome ? outcome.values?.['content'] : undefined);
const message = (outcome: Outcome) => (outcome.status === 'failed' ? outcome.message : '');

for (const [tool, hide] of Object.entries({ curl: [], wget: ['curl'], controller: ['curl', 'wget'] })) {
  test(`a certificate nobody vouches for is refused, and taken when told, by ${tool}`, async () => {
    const files = { key: readFileSync(path('server.key')), cert: readFileSync(path('server.pem')) };
    await serving(createHttps(files, who), undefined, async port => {
      const url = `https://localhost:${port}/`;
      assert.match(message(await ask({ url }, hide)), /certificate/i);
      assert.is(content(await ask({ url, validate_certs: false }, hide)), 'client undefined');
    });
  });

  test(`ca_path and client_cert are files of the host, by ${tool}`, async () => {
    const files = { key: readFileSync(path('server.key')), cert: readFileSync(path('server.pem')) };
    const server = createHttps({ ...files, requestCert: true, ca: readFileSync(path('client.pem')) }, who);
    await serving(server, undefined, async port => {
      const args = { ca_path: path('server.pem'), client_cert: path('client.pem'), client_key: path('client.key') };
      const got = await ask({ url: `https://localhost:${port}/`, ...args }, hide);
      if (tool === 'controller') assert.match(message(got), /neither curl nor wget.*install curl/);
      else assert.is(content(got), 'client somebody', JSON.stringify(got));
    });
  });

  test(`a socket of the host is asked, where there is ${tool}`, async () => {
    const socket = path(`${tool}.sock`);
    const server = createHttp((request, response) => response.end(`${request.headers.host} ${request.url}`));
    await serving(server, { socket }, async () => {
      const got = await ask({ url: 'http://name/x', unix_socket: socket }, hide);
      assert.is(content(got), 'name /x', JSON.stringify(got));
    });
  });
}

test('an unknown cipher is said', async () => {
  const files = { key: readFileSync(path('server.key')), cert: readFileSync(path('server.pem')) };
  await serving(createHttps(files, who), undefined, async port => {
    const got = await ask({ url: `https://localhost:${port}/`, ciphers: ['NOSUCH'] }, []);
    assert.match(message(got), /cipher/i);
  });
});

test.run();
