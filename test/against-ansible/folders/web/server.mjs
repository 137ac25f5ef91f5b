// A web server for a case: its port is in the file `port`, and it ends when its folder is gone.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';

const BASIC = `Basic ${Buffer.from('sam:p w:1').toString('base64')}`;
const SINCE = 'Wed, 01 Jan 2020 00:00:00 GMT';

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', part => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts);
    const asked = new URL(request.url, 'http://x');
    appendFileSync('log', `${request.method} ${request.url}\n`);
    answer(request, asked, body, (status, text, head = {}) => {
      const length = [204, 304].includes(status) ? {} : { 'Content-Length': Buffer.byteLength(text ?? '') };
      response.writeHead(status, { ...length, ...head });
      response.end(request.method === 'HEAD' ? undefined : text);
    });
  });
});

function answer({ method, headers }, { pathname, search }, body, end) {
  const [, first, second] = pathname.split('/');
  if (first === 'echo') {
    const text = masked(headers, body.toString());
    const fields = Object.entries(headers).filter(([name]) =>
      /^(x-|content-type|cookie|authorization|cache-control)/.test(name),
    );
    const said = { method, query: search, headers: Object.fromEntries(fields), body: text };
    return end(200, JSON.stringify(said), { 'Content-Type': 'application/json' });
  }
  if (first === 'status')
    return end(Number(second), `status ${second}\n`, { 'Content-Type': 'text/plain', 'X-Multi-Word': 'a' });
  if (first === 'made') return end(201, '', { Location: '/new/1' });
  if (first === 'to') return end(Number(second), '', { Location: `/${pathname.split('/').slice(3).join('/')}` });
  if (first === 'auth') {
    if (headers.authorization === BASIC) return end(200, 'in\n');
    return end(401, 'who?\n', { 'WWW-Authenticate': 'Basic realm="x"' });
  }
  if (first === 'shy') return headers.authorization === BASIC ? end(200, 'in\n') : end(403, 'no\n');
  if (first === 'json')
    return end(200, '{"a": [1, "ü", null, 1.5]}', { 'Content-Type': `application/${second ?? 'json'}; charset=utf-8` });
  if (first === 'numbers')
    return end(200, '{"n": 1.0, "big": 12345678901234567890, "text": "\\"1234567890123456789"}', {
      'Content-Type': 'application/json',
    });
  if (first === 'nojson') return end(200, '{not json', { 'Content-Type': 'application/json' });
  if (first === 'cookie') return end(200, 'c\n', { 'Set-Cookie': ['a=1; Path=/', 'b=2; HttpOnly'] });
  if (first === 'gzip')
    return end(200, gzipSync('text\n'), { 'Content-Encoding': 'gzip', 'Content-Type': 'text/plain' });
  if (first === 'named') return end(200, 'named\n', { 'Content-Disposition': 'attachment; filename="real.txt"' });
  if (first === 'sums') return end(200, ['text', 'other'].map(name => `${sha256(`${name}\n`)}  ./${name}\n`).join(''));
  if (first === 'dated') {
    if (headers['if-modified-since'] !== undefined && Date.parse(headers['if-modified-since']) >= Date.parse(SINCE))
      return end(304);
    return end(200, 'dated\n', { 'Last-Modified': SINCE });
  }
  if (first === 'empty') return end(204);
  if (first === 'text') return end(200, `${second ?? 'text'}\n`, { 'Content-Type': 'text/plain', 'X-Multi-Word': 'a' });
  end(404, 'not found\n', { 'Content-Type': 'text/plain' });
}

const sha256 = text => createHash('sha256').update(text).digest('hex');

/** A body of several parts with the same line between them each time. */
function masked(headers, body) {
  const [, line] = /boundary="?([^";]+)/.exec(headers['content-type'] ?? '') ?? [];
  if (line === undefined) return body;
  headers['content-type'] = headers['content-type'].replace(line, 'LINE').replaceAll('"', '');
  return body.replaceAll(line, 'LINE');
}

server.listen(0, '127.0.0.1', () => writeFileSync('port', String(server.address().port)));
setInterval(() => existsSync('server.mjs') || process.exit(), 500);
setTimeout(() => process.exit(), 600_000);
