// The lookup "url" through the program, against a server of the test's own.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Folder } from './program.ts';

const server = createServer((request, response) => {
  if (request.url === '/lines') response.end('one\r\ntwo\n\n{{ 1+1 }}\n');
  else if (request.url === '/agent') response.end(request.headers['user-agent']);
  else response.writeHead(404).end('no');
});
let at = '';
test.before(async () => {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.after(() => void server.close());

async function evaluated(expression: string): Promise<string> {
  using folder = new Folder({});
  const { stdout, stderr } = await folder.run('eval', expression, '-i', 'hosts.yml', '-l', 'web1');
  return stdout + stderr;
}

test('lines of an answer are a list, and what they hold is data', async () => {
  assert.is(await evaluated(`query('url', '${at}/lines') | join('|')`), '"one|two||{{ 1+1 }}"\n');
  assert.is(await evaluated(`lookup('url', '${at}/lines', split_lines=false) | length`), '20\n');
});

test('variables of the name set options', async () => {
  assert.is(await evaluated(`lookup('url', '${at}/agent')`), '"ansible-httpget"\n');
  using folder = new Folder({});
  folder.env['ANSIBLE_LOOKUP_URL_AGENT'] = 'mine';
  const said = await folder.run('eval', `lookup('url', '${at}/agent')`, '-i', 'hosts.yml', '-l', 'web1');
  assert.is(said.stdout, '"mine"\n');
});

test('what goes wrong is an error of the template with its place', async () => {
  assert.match(
    await evaluated(`lookup('url', '${at}/none')`),
    /could not read "http:.*\/none": HTTP status 404 \(Not Found\)/,
  );
  assert.match(await evaluated("lookup('url', 'http://127.0.0.1:9/')"), /could not read .*ECONNREFUSED/);
  assert.match(await evaluated("lookup('url', 'ftp://a/')"), /cannot read "ftp:.*\n.*\n.*write it as http:/);
  assert.match(await evaluated("lookup('url', 'http://a/b c')"), /write "%20" for " "/);
  assert.match(await evaluated(`lookup('url', '${at}/', timout=3)`), /no option "timout"[^]*did you mean "timeout"/);
  assert.match(await evaluated(`lookup('url', '${at}/', follow_redirects=true)`), /all, safe or none/);
  assert.is(await evaluated(`query('url', '${at}/none', errors='ignore')`), '[]\n');
});

test.run();
