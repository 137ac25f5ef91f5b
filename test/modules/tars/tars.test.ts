import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Outcome } from '../../../lib/outcome.ts';
import { freePort } from '../../ssh/sshd.ts';
import { type Args, checked, failure, run } from './rig.ts';
import { Web } from './web.ts';

const folder = mkdtempSync(join(tmpdir(), 'tplay-tars-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

function pack(text: string): string {
  const path = join(folder, `${text.replaceAll(/\W/g, '-')}.tgz`);
  writeFileSync(path, Buffer.concat([Buffer.from([0, 255, 13, 10, 13, 10]), Buffer.from(text), Buffer.from([13, 10])]));
  return path;
}

/** Dry run, run, again: the dry run asks only, the second run changes nothing. */
async function converges(web: Web, args: Args, want: { changed: boolean } = { changed: true }): Promise<Outcome> {
  const before = JSON.stringify([web.servers, web.patches]);
  const wanted = want.changed ? 'changed' : 'ok';
  const dry = await run('tars_service', args, { check: true });
  assert.is(dry.status, wanted, failure(dry));
  assert.is(JSON.stringify([web.servers, web.patches]), before, 'the dry run changed something');
  const first = await run('tars_service', args);
  assert.is(first.status, wanted, failure(first));
  const second = await run('tars_service', args);
  assert.is(second.status, 'ok', failure(second));
  return first;
}

async function withAdmin(): Promise<Web> {
  const web = await Web.start();
  assert.is((await run('tars_web_admin', { url: web.url, password: 'p"w' })).status, 'changed');
  return web;
}

const stat = (web: Web): Args => ({
  url: web.url,
  password: 'p"w',
  server: 'tarsstat',
  node: '10.0.0.1',
  adapters: [{ obj_name: 'StatObj', port: 18293 }],
  timeout: 20,
  poll: 0.1,
});

test('the first password is set once; a dry run does not know; another one is told', async () => {
  await using web = await Web.start();
  const args = { url: web.url, password: 'first-one' };
  assert.is((await run('tars_web_admin', args, { check: true })).status, 'unknown');
  assert.is(web.password, '');
  assert.is((await run('tars_web_admin', args)).status, 'changed');
  assert.is((await run('tars_web_admin', args)).status, 'ok');
  assert.is((await run('tars_web_admin', args, { check: true })).status, 'ok');
  const said = failure(await run('tars_web_admin', { ...args, password: 'second-one' }));
  assert.match(said, /^tars_web_admin: set the first password of "admin": #auth\.notAllowed#; the login says: wrong/);
  assert.match(said, /where it has another one, give that/);
  assert.not.match(said, /[0-9a-f]{40}/); // what was sent is no less secret than the password
});

test('publishing deploys, uploads, patches; a second time nothing', async () => {
  await using web = await withAdmin();
  const args = { ...stat(web), package: pack('stat 1') };
  const done = await converges(web, args);
  assert.is(web.patches.length, 1);
  assert.is(web.patches[0]?.tgz, 'tarsstat.tgz');
  assert.is(web.servers[0]?.template_name, 'tars.tarsstat');
  assert.equal('diff' in done && done.diff?.state, {
    deployed: ['no', 'yes'],
    package: ['', 'values' in done && done.values?.['md5']],
    state: ['', 'active'],
  });
  assert.match('values' in done ? String(done.values?.['task_no']) : '', /^[0-9a-f]{40}$/);
  await converges(web, { ...args, package: pack('stat 2'), comment: 'second' });
  assert.match(web.patches[1]?.comment ?? '', /^tplay md5=[0-9a-f]{32} second$/);
  // back to the first: it is there still, and is not sent again
  await converges(web, args);
  assert.is(web.patches.length, 2);
  // the second node gets what was uploaded for the first
  await converges(web, { ...args, node: '10.0.0.2' });
  assert.is(web.patches.length, 2);
});

test('a package that somebody uploaded by hand counts as another', async () => {
  await using web = await withAdmin();
  const args = { ...stat(web), package: pack('stat 3') };
  await converges(web, args);
  for (const patch of web.patches) patch.comment = 'by hand';
  await converges(web, args);
  assert.is(web.patches.length, 2);
});

test('a run that was cut after the upload goes on with what it uploaded', async () => {
  await using web = await withAdmin();
  web.faults.set('patch_tars', 'cut here');
  const args = { ...stat(web), package: pack('stat 4') };
  assert.match(failure(await run('tars_service', args)), /cut here/);
  web.faults.clear();
  await converges(web, args);
  assert.is(web.patches.length, 1);
});

test('more packages than a page holds are all looked at', async () => {
  await using web = await withAdmin();
  const args = { ...stat(web), package: pack('stat old') };
  await converges(web, args);
  for (let i = 0; i < 250; i++)
    web.patches.push({ id: 1000 + i, server: 'tars.tarsstat', comment: '', tgz: '', bytes: Buffer.alloc(0) });
  await converges(web, args, { changed: false });
});

test('start, stop, restart and undeploy', async () => {
  await using web = await withAdmin();
  const args = stat(web);
  await converges(web, { ...args, state: 'deployed' });
  await converges(web, { ...args, state: 'started' });
  await converges(web, { ...args, state: 'stopped' });
  assert.is(web.servers[0]?.setting_state, 'inactive');
  const again = await run('tars_service', { ...args, state: 'restarted' }, { check: true });
  assert.is(again.status, 'changed');
  assert.is(web.servers[0]?.present_state, 'inactive');
  assert.is((await run('tars_service', { ...args, state: 'restarted' })).status, 'changed');
  assert.is(web.servers[0]?.present_state, 'active');
  assert.is((await run('tars_service', { ...args, state: 'restarted' })).status, 'changed');
  await converges(web, { ...args, state: 'undeployed' });
  assert.equal(web.servers, []);
});

test('published gives its package again to what does not run, and starts it', async () => {
  await using web = await withAdmin();
  const args = { ...stat(web), package: pack('stat 5') };
  await converges(web, args);
  await converges(web, { ...stat(web), state: 'stopped' });
  web.requests.length = 0;
  await converges(web, args);
  assert.not(web.requests.includes('POST upload_patch_package'));
  assert.is(web.patches.length, 1);
});

test('a server that does not come up is told, and a task that fails with what the web says', async () => {
  await using web = await withAdmin();
  const args = { ...stat(web), timeout: 2, package: pack('broken stat') };
  assert.match(
    failure(await run('tars_service', args)),
    /^tars_service: publish tars\.tarsstat on 10\.0\.0\.1: the web said that it is done, but after 2 s tars\.tarsstat on 10\.0\.0\.1 is "inactive", not "active"$/,
  );
  web.faults.set('start', 'no such file');
  assert.match(
    failure(await run('tars_service', { ...stat(web), state: 'started' })),
    /^tars_service: start tars\.tarsstat on 10\.0\.0\.1: task [0-9a-f]{40} failed: start of tarsstat on 10\.0\.0\.1: EM_I_FAILED, no such file$/,
  );
});

test('what is deployed otherwise than asked for is an error', async () => {
  await using web = await withAdmin();
  const args = { ...stat(web), state: 'deployed' };
  await converges(web, args);
  for (const [other, said] of [
    [{ template: 'tars.tarslog' }, 'the template tars.tarsstat, not tars.tarslog'],
    [{ adapters: [{ obj_name: 'StatObj', port: 1 }] }, 'StatObj at port 18293, not 1'],
    [{ adapters: [{ obj_name: 'LogObj', port: 1 }] }, 'the objects StatObj, without LogObj'],
    [
      { adapters: [{ obj_name: 'StatObj', port: 18293, protocol: 'not_tars' }] },
      'StatObj of protocol tars, not not_tars',
    ],
  ] as const)
    assert.is(
      failure(await run('tars_service', { ...args, ...other })),
      `tars_service: tars.tarsstat on 10.0.0.1 is deployed with ${said}: change it in the web`,
    );
});

test('what a task before may make is unknown in a dry run, and an error else', async () => {
  await using web = await withAdmin();
  for (const [other, said] of [
    [{ server: 'tarsnotify', state: 'deployed' }, 'the web has no template tars.tarsnotify; it has tars.tarsstat, '],
    [{ node: '10.0.0.9', state: 'deployed' }, 'the web has no node 10.0.0.9; it has 10.0.0.1, 10.0.0.2'],
    [{ state: 'started' }, 'tars.tarsstat on 10.0.0.1 is not deployed'],
    [{ state: 'started', password: 'wrong-one' }, 'the web does not let "admin" in: wrong password ***'],
  ] as const) {
    const args = { ...stat(web), ...other };
    const dry = await run('tars_service', args, { check: true });
    assert.ok(dry.status === 'unknown' && dry.why.startsWith(`not there yet: ${said}`), JSON.stringify(dry));
    const message = failure(await run('tars_service', args));
    assert.ok(message.startsWith(`tars_service: ${said}`), message);
  }
});

test('a token needs no login, a web without logins neither', async () => {
  await using web = await withAdmin();
  const { password: _, ...open } = stat(web);
  web.requests.length = 0;
  await converges(web, { ...open, token: web.token, state: 'deployed' });
  assert.not(web.requests.includes('POST login'));
  assert.match(failure(await run('tars_service', { ...open, state: 'started' })), /refuses server_list: not login/);
  web.open = true;
  await converges(web, { ...open, state: 'started' });
});

test('logins may be elsewhere than the web', async () => {
  await using users = await withAdmin();
  await using web = await Web.start();
  web.open = true;
  await converges(web, { ...stat(web), login_url: users.url, state: 'deployed' });
  assert.not(web.requests.includes('POST login'));
});

test('a web that is down is unknown in a dry run and told else', async () => {
  const args = { url: `http://127.0.0.1:${await freePort()}`, server: 'tarsstat', node: '10.0.0.1', state: 'started' };
  assert.is((await run('tars_service', args, { check: true })).status, 'unknown');
  assert.match(
    failure(await run('tars_service', args)),
    /^tars_service: web1: cannot reach 127\.0\.0\.1 port \d+ from/,
  );
});

test('what is no API of Tars is told with its beginning', async () => {
  const page = 'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n<html>login\n';
  const moved = 'HTTP/1.1 302 Found\r\nLocation: /login.html\r\nContent-Length: 0\r\n\r\n';
  for (const [answer, said] of [
    [page, 'what answers server_list is not the API of Tars (HTTP 200): <html>login'],
    [moved, 'the web redirects server_list to /login.html: it wants a login (user and password, or token)'],
    ['', /the connection broke off/],
  ] as const) {
    const server = createServer(socket => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(answer));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    const message = failure(await run('tars_service', { url, server: 's', node: 'n', state: 'started' }));
    if (typeof said === 'string') assert.is(message, `tars_service: ${said}`);
    else assert.match(message, said);
    server.close();
  }
});

test('a task that takes too long fails', async () => {
  const silent = createServer(socket => socket.on('error', () => undefined));
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(silent.address() as { port: number }).port}`;
  const slow = await run('tars_service', { url, server: 's', node: 'n', state: 'started' }, { timeoutMs: 300 });
  assert.is(slow.status === 'failed' && slow.reason, 'timeout');
  silent.close();
});

test('arguments that do not go together', async () => {
  const base = { server: 'tarsstat', node: '10.0.0.1' };
  for (const [args, said] of [
    [base, 'published needs package, the .tgz to publish'],
    [{ ...base, state: 'started', package: 'x.tgz' }, 'package is for state published, not started'],
    [{ ...base, url: 'web1:3000', state: 'started' }, '"web1:3000" is not allowed here: write http://HOST:PORT'],
    [{ ...base, state: 'deployed', adapters: [{ obj_name: 'X' }] }, '"port" is missing here'],
  ] as const)
    assert.is((await checked('tars_service', args)).fault, said);
});

test.run();
