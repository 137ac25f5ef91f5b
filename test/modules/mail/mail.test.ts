import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, createServer as createTls, TLSSocket } from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checked, failure, run } from '../tars/rig.ts';

// A small mail server of the test's own, over real sockets: plain, with STARTTLS, or with TLS from the start.
const test = suite('mail');
const dir = mkdtempSync(join(tmpdir(), 'tplay-mail-'));
const path = (name: string) => join(dir, name);

test.before(() => {
  const words = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout ${path('key')} -out ${path('pem')}`;
  execFileSync('openssl', words.split(' '), { stdio: 'ignore' });
});
test.after(() => rmSync(dir, { recursive: true }));

interface Box {
  readonly said: string[];
  message: string;
  tls: boolean;
}

interface Kind {
  readonly tls?: boolean;
  readonly starttls?: boolean;
  readonly auth?: string;
  /** Addresses that are refused. */
  readonly refuses?: readonly string[];
  readonly silent?: boolean;
}

async function mailServer(kind: Kind, use: (port: number, box: Box) => Promise<void>): Promise<void> {
  const box: Box = { said: [], message: '', tls: kind.tls === true };
  const files = { key: readFileSync(path('key')), cert: readFileSync(path('pem')) };
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (!kind.silent) talk(socket, { kind, box, files });
  };
  const server: Server = kind.tls ? createTls(files, accept) : createServer(accept);
  if (kind.tls) server.on('tlsClientError', () => undefined);
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready));
  try {
    await use((server.address() as AddressInfo).port, box);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise(closed => server.close(closed));
  }
}

function talk(socket: Socket, at: { kind: Kind; box: Box; files: { key: Buffer; cert: Buffer } }, greet = true): void {
  const { kind, box } = at;
  let text = '';
  let data = false;
  const say = (line: string) => socket.write(`${line}\r\n`);
  if (greet) say('220-hello\r\n220 mail.test');
  const answer = (line: string): void => {
    box.said.push(line);
    if (/^EHLO/.test(line))
      return void say(
        `250-mail.test\r\n${kind.auth ? `250-AUTH ${kind.auth}\r\n` : ''}${kind.starttls && !box.tls ? '250-STARTTLS\r\n' : ''}250 SIZE 1000`,
      );
    if (line === 'STARTTLS') {
      say('220 go');
      socket.removeAllListeners('data');
      box.tls = true;
      const inner = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(at.files) });
      inner.on('error', () => undefined);
      return talk(inner, at, false);
    }
    if (/^AUTH PLAIN/.test(line))
      return void say(line.endsWith(Buffer.from("\0u\0p'w").toString('base64')) ? '235 ok' : '535 wrong');
    if (line === 'AUTH LOGIN') return void say('334 VXNlcm5hbWU6');
    if (line === Buffer.from('u').toString('base64')) return void say('334 UGFzc3dvcmQ6');
    if (line === Buffer.from("p'w").toString('base64')) return void say('235 ok');
    if (/^RCPT/.test(line)) return void say(kind.refuses?.some(a => line.includes(a)) ? '550 no such user' : '250 ok');
    if (line === 'DATA') {
      data = true;
      return void say('354 go on');
    }
    say(line === 'QUIT' ? '221 bye' : '250 ok');
  };
  socket.on('data', part => {
    text += part.toString('latin1');
    for (;;) {
      const end = text.indexOf(data ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const line = text.slice(0, end);
      text = text.slice(end + (data ? 5 : 2));
      if (data) {
        box.message = line.replace(/^\.\./gm, '.');
        data = false;
        say('250 taken');
      } else answer(line);
    }
  });
}

const values = async (given: Readonly<Record<string, unknown>>) => {
  const outcome = await run('mail', { host: '127.0.0.1', subject: 's', ...given });
  assert.is(outcome.status, 'ok', failure(outcome));
  return 'values' in outcome ? outcome.values : undefined;
};
const bodyOf = (part: string) => Buffer.from(part.split('\r\n\r\n')[1] ?? '', 'base64').toString();

test('a mail is handed over with names, copies, headers and a text that is no ASCII', async () => {
  await mailServer({}, async (port, box) => {
    const to = ['Jörg Ünal <j@example.org>', 'sue@example.com (Sue)'];
    const given = {
      port,
      to,
      cc: 'c@x',
      bcc: ['b@x'],
      sender: 'Ops <o@x>',
      subject: 'fertig: ü',
      body: 'Zeile\n.\n.. ü',
      headers: ['Reply-To=r@x', 'X-Odd=a=b'],
      ehlohost: 'me.test',
    };
    assert.equal(await values(given), { msg: 'Mail sent successfully', result: {} });
    assert.equal(
      box.said.filter(l => /^(EHLO|MAIL|RCPT)/.test(l)),
      [
        'EHLO me.test',
        'MAIL FROM:<o@x>',
        ...['j@example.org', 'sue@example.com', 'c@x', 'b@x'].map(a => `RCPT TO:<${a}>`),
      ],
    );
    assert.match(
      box.message,
      /^From: Ops <o@x>\r\nTo: =\?utf-8\?B\?SsO2cmcgw5xuYWw=\?= <j@example.org>, sue@example.com \(Sue\)\r\nCc: c@x\r\n/,
    );
    assert.match(box.message, /\r\nReply-To: r@x\r\nX-Odd: a=b\r\n/);
    assert.not.match(box.message, /b@x/);
    assert.is(bodyOf(box.message), 'Zeile\n.\n.. ü');
  });
});

test('files of the host are attached as they are', async () => {
  const file = path("-o 'ü' $(x)");
  writeFileSync(file, Buffer.from([0, 255, 10, 13]));
  await mailServer({}, async (port, box) => {
    await values({ port, body: 'see', attach: [file], subtype: 'html' });
    const [, text = '', attached = ''] = box.message.split(/--tplay-\w+/);
    assert.match(text, /text\/html/);
    assert.is(bodyOf(text), 'see');
    assert.equal(Buffer.from(attached.split('\r\n\r\n')[1] ?? '', 'base64'), Buffer.from([0, 255, 10, 13]));
  });
  await mailServer({}, async port => {
    const outcome = await run('mail', { host: '127.0.0.1', port, subject: 's', attach: [path('gone')] });
    assert.match(failure(outcome), /cannot read .*gone on the host/);
  });
});

for (const [secure, kind, tls] of [
  ['never', { starttls: true }, false],
  ['try', {}, false],
  ['try', { starttls: true }, true],
  ['try', { tls: true }, true],
  ['starttls', { starttls: true }, true],
  ['always', { tls: true }, true],
] as const)
  test(`secure ${secure} with a server that has ${JSON.stringify(kind)}`, async () => {
    await mailServer({ ...kind, auth: 'LOGIN PLAIN' }, async (port, box) => {
      await values({ port, secure, username: 'u', password: "p'w" });
      assert.is(box.tls, tls);
      assert.ok(box.message.includes('Subject: s'));
    });
  });

test('encryption that is asked for and not there is a failure', async () => {
  await mailServer({}, async (port, box) => {
    const send = (secure: string) => run('mail', { host: '127.0.0.1', port, subject: 's', secure, timeout: 3 });
    assert.match(failure(await send('always')), /no TLS with 127.0.0.1 port/);
    assert.match(failure(await send('starttls')), /has no STARTTLS/);
    assert.is(box.message, '');
  });
});

test('a wrong password is told without it, and one for a server that takes none', async () => {
  const send = (port: number, password: string) =>
    run('mail', { host: '127.0.0.1', port, subject: 's', username: 'u', password });
  await mailServer({ auth: 'PLAIN' }, async port => {
    const said = failure(await send(port, 'hunter2'));
    assert.match(said, /answers AUTH with 535 wrong/);
    assert.not.match(said, new RegExp(`hunter2|${Buffer.from('\0u\0hunter2').toString('base64')}`));
  });
  await mailServer({}, async port =>
    assert.match(failure(await send(port, 'x')), /takes no password on this connection/),
  );
  await mailServer({ auth: 'LOGIN' }, async (port, box) => {
    await values({ port, username: 'u', password: "p'w" });
    assert.ok(box.said.includes('AUTH LOGIN'));
  });
});

test('one recipient that is taken is enough, none is not', async () => {
  await mailServer({ refuses: ['bad@x'] }, async port => {
    const some = await values({ port, to: ['bad@x', 'good@x'] });
    assert.equal(some, { msg: 'Mail sent, but not to every recipient', result: { 'bad@x': [550, 'no such user'] } });
    assert.match(
      failure(await run('mail', { host: '127.0.0.1', port, subject: 's', to: 'bad@x' })),
      /refused every recipient: bad@x: 550/,
    );
  });
});

test('nobody there, and one who says nothing', async () => {
  assert.match(
    failure(await run('mail', { host: '127.0.0.1', port: 1, subject: 's' })),
    /cannot reach 127.0.0.1 port 1/,
  );
  await mailServer({ silent: true }, async port => {
    const outcome = await run('mail', { host: '127.0.0.1', port, subject: 's', secure: 'never', timeout: 1 });
    assert.match(failure(outcome), /no answer within 1 s/);
  });
});

test('nothing is sent in a dry run', async () => {
  const outcome = await run('mail', { host: '127.0.0.1', port: 1, subject: 's' }, { check: true });
  assert.is(outcome.status, 'unknown');
});

for (const [given, message] of [
  [{ subject: 'a\nBcc: x' }, /has a line break/],
  [{ headers: ['X Y=1'] }, /is not NAME=VALUE/],
  [{ to: 'two words' }, /"two words" is no address/],
  [{ body: 'ü', charset: 'us-ascii' }, /"ü" is not in us-ascii/],
  [{ charset: 'koi8-r' }, /charset "koi8-r" is none of/],
  [{ password: 'x' }, /password needs "username"/],
  [{ to: [] }, /nobody to send it to/],
] as const)
  test(`${JSON.stringify(given)} is refused`, async () => {
    assert.match((await checked('mail', { subject: 's', ...given })).fault ?? '', message);
  });

test.run();
