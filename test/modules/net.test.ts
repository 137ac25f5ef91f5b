import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcp } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Module, sh } from '../../lib/module.ts';
import uri from '../../lib/modules/uri.ts';
import waitFor from '../../lib/modules/wait_for.ts';
import { coerceArgs } from '../../lib/playbook/coerce.ts';
import { relayRequest } from '../../lib/remote/relay.ts';
import { SHELLS, type Shell } from './case.ts';
import { localPlace } from './place.ts';
import { World } from './world.ts';

// Requests and ports against real servers of the test, with each of the tools a host may have: what it may not have is
// hidden from tp_has, by which the prelude chooses.
const test = suite('net');

type Query = Extract<Module, { kind: 'query' }>;

async function ask(module: Query, given: Readonly<Record<string, unknown>>, shell: Shell, hidden: readonly string[]) {
  const { args, faults } = coerceArgs(
    module.name,
    module.args,
    new Map(Object.entries(given).map(([k, value]) => [k, { value }])),
  );
  assert.equal(faults, []);
  assert.is(module.check?.(args as never), undefined);
  using world = new World(localPlace(shell));
  await using opened = await world.open();
  const hide = sh`tp_has() { case ${` ${hidden.join(' ')} `} in *" $1 "*) return 1 ;; esac; command -v "$1" >/dev/null 2>&1; }`;
  const reply = await opened.session.run(sh.lines(hide, module.probe(args as never, new Map())));
  assert.equal(
    world.leftovers().filter(name => !name.startsWith('.tplay-')),
    [],
  );
  return module.parse(reply, args as never);
}

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function serve(answer: (seen: Seen, response: ServerResponse) => void, use: (base: string) => Promise<void>) {
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', chunk => (body += chunk));
    request.on('end', () =>
      answer({ method: request.method, url: request.url, headers: request.headers, body }, response),
    );
  });
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise(closed => server.close(closed));
  }
}

const TOOLS: Readonly<Record<string, readonly string[]>> = {
  curl: [],
  wget: ['curl'],
  bash: ['curl', 'wget'],
  nc: ['curl', 'wget', 'bash'],
  perl: ['curl', 'wget', 'bash', 'nc'],
};

for (const shell of SHELLS)
  for (const [tool, hidden] of Object.entries(TOOLS)) {
    // busybox has a wget that is not GNU's in the way, as on a real host
    if (shell === 'busybox' && tool === 'wget') continue;

    test(`a JSON body is sent and one is returned, by ${tool} on ${shell}`, async () => {
      const seen: Seen[] = [];
      const answer = (s: Seen, r: ServerResponse) => {
        seen.push(s);
        r.writeHead(201, { 'Content-Type': 'application/json; charset=utf-8', 'X-Odd-Name': 'a' });
        r.end(JSON.stringify({ ok: [1, 'ü'] }));
      };
      await serve(answer, async base => {
        const args = {
          url: `${base}/a?b=c`,
          method: 'POST',
          body: { text: 'it\'s "ü" \\ $x' },
          body_format: 'json',
          headers: { 'X-Token': 'a"b\\c $d' },
          url_username: 'u',
          url_password: 'p:w',
          force_basic_auth: true,
          status_code: [201],
          return_content: true,
        };
        const result = await ask(uri as Query, args, shell, hidden);
        assert.not('failed' in result, JSON.stringify(result));
        const values = (result as { values: Record<string, unknown> }).values;
        assert.equal(values['json'], { ok: [1, 'ü'] });
        assert.is(values['content'], '{"ok":[1,"ü"]}');
        assert.is(values['status'], 201);
        assert.is(values['x_odd_name'], 'a');
      });
      assert.is(seen.length, 1);
      assert.is(seen[0]?.method, 'POST');
      assert.is(seen[0]?.url, '/a?b=c');
      assert.equal(JSON.parse(seen[0]?.body ?? ''), { text: 'it\'s "ü" \\ $x' });
      assert.is(seen[0]?.headers['content-type'], 'application/json');
      assert.is(seen[0]?.headers['x-token'], 'a"b\\c $d');
      assert.is(seen[0]?.headers.authorization, `Basic ${Buffer.from('u:p:w').toString('base64')}`);
    });

    test(`a status that is not wanted is a failure with the body, by ${tool} on ${shell}`, async () => {
      const answer = (_: Seen, r: ServerResponse) => r.writeHead(404, 'Not Here').end('no such thing');
      await serve(answer, async base => {
        const result = await ask(uri as Query, { url: `${base}/` }, shell, hidden);
        assert.ok(
          'failed' in result && result.failed.startsWith('Status code was 404 and not [200]: HTTP Error 404'),
          JSON.stringify(result),
        );
        assert.is((result as { values: Record<string, unknown> }).values['content'], 'no such thing');
      });
    });

    test(`a redirect is followed or left to the controller, by ${tool} on ${shell}`, async () => {
      const answer = (s: Seen, r: ServerResponse) =>
        s.url === '/' ? r.writeHead(302, { Location: '/there' }).end('go') : r.writeHead(200).end('there');
      await serve(answer, async base => {
        const result = await ask(uri as Query, { url: `${base}/`, return_content: true }, shell, hidden);
        if (tool === 'curl' || tool === 'wget')
          assert.is((result as { values: Record<string, unknown> }).values['content'], 'there');
        else assert.ok('failed' in result && result.failed === 'tplay: relay', JSON.stringify(result));
        const stay = await ask(
          uri as Query,
          { url: `${base}/`, follow_redirects: 'none', status_code: 302 },
          shell,
          hidden,
        );
        assert.not('failed' in stay, JSON.stringify(stay));
      });
    });

    test(`a login and a cookie do not follow to another server, by ${tool} on ${shell}`, async () => {
      const there: Seen[] = [];
      const answer = (s: Seen, r: ServerResponse) => {
        there.push(s);
        r.end('there');
      };
      await serve(answer, other =>
        serve(
          (_, r) => r.writeHead(302, { Location: `${other}/` }).end('go'),
          async base => {
            for (const own of [
              { url_username: 'u', url_password: 'p', force_basic_auth: true },
              { headers: { Authorization: 'Bearer t', Cookie: 'a=1', 'X-Seen': 'yes' } },
            ]) {
              const result = await ask(uri as Query, { url: `${base}/`, ...own }, shell, hidden);
              if (tool === 'curl') assert.not('failed' in result, JSON.stringify(result));
              // the controller then does it, which leaves them out too
              else assert.ok('failed' in result && result.failed === 'tplay: relay', JSON.stringify(result));
            }
          },
        ),
      );
      assert.is(there.length, tool === 'curl' ? 2 : 0);
      for (const { headers } of there) assert.equal([headers.authorization, headers.cookie], [undefined, undefined]);
      if (tool === 'curl') assert.is(there[1]?.headers['x-seen'], 'yes');
    });
  }

for (const shell of SHELLS)
  for (const tool of ['bash', 'nc', 'perl', 'table']) {
    const hidden = ['bash', 'nc', 'perl'].slice(0, ['bash', 'nc', 'perl', 'table'].indexOf(tool));

    test(`an open port is seen by ${tool} on ${shell}, and a closed one`, async () => {
      const server = createTcp(socket => socket.end('SSH-2.0-x\r\n').on('error', () => undefined));
      await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready));
      const { port } = server.address() as AddressInfo;
      const open = await ask(waitFor as Query, { port, timeout: 1 }, shell, hidden);
      assert.not('failed' in open, JSON.stringify(open));
      const stopped = await ask(waitFor as Query, { port, timeout: 1, state: 'stopped' }, shell, hidden);
      assert.ok('failed' in stopped);
      const banner = await ask(waitFor as Query, { port, timeout: 1, search_regex: '^SSH-\\d' }, shell, hidden);
      assert.is('failed' in banner, !reads(tool, shell), JSON.stringify(banner));
      await new Promise(closed => server.close(closed));
      const closed = await ask(waitFor as Query, { port, timeout: 1, state: 'stopped' }, shell, hidden);
      assert.not('failed' in closed, JSON.stringify(closed));
    });
  }

/** This machine has an nc only as busybox's. */
function reads(tool: string, shell: Shell): boolean {
  return tool === 'bash' || (tool === 'nc' && (shell === 'busybox' || existsSync('/usr/bin/nc')));
}

test('a host without tools says so instead of waiting for another host', async () => {
  const result = await ask(waitFor as Query, { host: '192.0.2.77', port: 1, timeout: 60 }, 'dash', [
    'bash',
    'nc',
    'perl',
  ]);
  assert.ok('failed' in result && result.failed.includes('install one of them'), JSON.stringify(result));
});

test('what the controller asks in the place of a host keeps login and cookie from another server', async () => {
  const seen: Seen[] = [];
  const there = (s: Seen, r: ServerResponse) => {
    seen.push(s);
    r.end('there');
  };
  using world = new World(localPlace('dash'));
  await using opened = await world.open();
  await serve(there, other =>
    serve(
      (s, r) =>
        s.url === '/echo'
          ? there(s, r)
          : r.writeHead(302, { Location: s.url === '/own' ? '/echo' : `${other}/` }).end('go'),
      async base => {
        const request = { ...RELAY, headers: { Authorization: 'Bearer t', Cookie: 'a=1', 'X-Seen': 'yes' } };
        const login = { ...RELAY, login: { user: 'u', password: 'p', atOnce: true } };
        for (const what of [
          { ...request, url: `${base}/away` },
          { ...login, url: `${base}/away` },
          { ...login, url: `${base}/own` },
          { ...login, url: `${base}/own`, unredirected: ['authorization'] },
        ])
          assert.is((await relayRequest(opened.session, what, undefined)).body.toString(), 'there');
      },
    ),
  );
  assert.equal(
    seen.map(({ headers }) => [headers.authorization, headers.cookie, headers['x-seen']]),
    [
      [undefined, undefined, 'yes'],
      [undefined, undefined, undefined],
      [`Basic ${Buffer.from('u:p').toString('base64')}`, undefined, undefined],
      [undefined, undefined, undefined],
    ],
  );
});

const RELAY = {
  method: 'GET',
  headers: {},
  body: new Uint8Array(),
  insecure: false,
  follow: true,
  unredirected: [] as readonly string[],
  timeoutMs: 20_000,
};

test('https without a tool is left to the controller', async () => {
  const result = await ask(uri as Query, { url: 'https://127.0.0.1:1/' }, 'dash', ['curl', 'wget']);
  assert.ok('failed' in result && result.failed === 'tplay: relay', JSON.stringify(result));
});

test.run();
