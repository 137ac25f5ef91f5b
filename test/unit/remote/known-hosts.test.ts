import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  fingerprint,
  judgeHostKey,
  keyType,
  knownTypes,
  matchesHost,
  parseKnownHosts,
} from '../../../lib/remote/known-hosts.ts';

// keys in the wire form: a type and bytes
function key(type: string, bytes: string): Buffer {
  const part = (text: string) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(text)]);
  };
  return Buffer.concat([part(type), part(bytes)]);
}
const A = key('ssh-ed25519', 'a');
const B = key('ssh-ed25519', 'b');
const R = key('ssh-rsa', 'r');
const line = (hosts: string, k: Buffer) => `${hosts} ${keyType(k)} ${k.toString('base64')}`;
const judge = (text: string, host: string, port: number, k: Buffer) =>
  judgeHostKey(parseKnownHosts(text, 'kh'), host, port, k).kind;

test('a plain name, a name of a comma list and a wildcard know a host', () => {
  for (const hosts of ['web1', 'db1,web1,10.0.0.1', 'web*', 'we?1', 'WEB1'])
    assert.is(judge(line(hosts, A), 'web1', 22, A), 'known', hosts);
  assert.is(judge(line('web1', A), 'web2', 22, A), 'unknown');
  assert.is(judge(line('web?', A), 'web10', 22, A), 'unknown');
  assert.is(judge(line('web.1', A), 'webx1', 22, A), 'unknown', 'a dot is no wildcard');
});

test('a negated pattern takes a host out of the line', () => {
  assert.is(judge(line('*.example.org,!bad.example.org', A), 'good.example.org', 22, A), 'known');
  assert.is(judge(line('*.example.org,!bad.example.org', A), 'bad.example.org', 22, A), 'unknown');
  assert.is(judge(line('!web1', A), 'web2', 22, A), 'unknown', 'a negation alone matches nothing');
});

test('another port has a name of its own, and the key of port 22 is good for it', () => {
  assert.is(judge(line('[web1]:2222', A), 'web1', 2222, A), 'known');
  assert.is(judge(line('[web1]:2222', A), 'web1', 22, A), 'unknown');
  assert.is(judge(line('web1', A), 'web1', 2222, A), 'known');
  assert.is(judge(line('web1', A), 'web1', 2222, B), 'unknown', 'a different key of port 22 says nothing of this port');
});

test('a name hashed by ssh-keygen is found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tplay-test-hash-'));
  try {
    const file = join(folder, 'kh');
    writeFileSync(file, `${line('web1', A)}\n${line('[web1]:2222', B)}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    const text = execFileSync('cat', [file], { encoding: 'utf8' });
    assert.match(text, /^\|1\|/);
    assert.is(judge(text, 'web1', 22, A), 'known');
    assert.is(judge(text, 'web1', 2222, B), 'known');
    assert.is(judge(text, 'web2', 22, A), 'unknown');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('another key of a known host is a changed key and names the line that is known', () => {
  const verdict = judgeHostKey(parseKnownHosts(`# comment\n\n${line('web1', A)}`, 'kh'), 'web1', 22, B);
  assert.is(verdict.kind, 'changed');
  if (verdict.kind === 'changed')
    assert.equal(
      verdict.known.map(k => [k.file, k.line]),
      [['kh', 3]],
    );
  assert.is(judge(line('web1', R), 'web1', 22, A), 'changed', 'a key of another type too: it may be a downgrade');
});

test('of several keys of a host each is good', () => {
  const text = `${line('web1', A)}\n${line('web1', R)}`;
  assert.is(judge(text, 'web1', 22, R), 'known');
  assert.equal(knownTypes(parseKnownHosts(text, 'kh'), 'web1', 22), ['ssh-ed25519', 'ssh-rsa']);
});

test('a revoked key is refused even where it is also known', () => {
  assert.is(judge(`${line('web1', A)}\n@revoked ${line('*', A)}`, 'web1', 22, A), 'revoked');
  assert.is(judge(`${line('web1', A)}\n@revoked ${line('*', B)}`, 'web1', 22, A), 'known');
});

test('a certificate authority knows no plain key, and a broken line nothing', () => {
  assert.is(judge(`@cert-authority ${line('*', A)}`, 'web1', 22, A), 'unknown');
  assert.is(judge(`@other ${line('*', A)}\nweb1 ssh-ed25519\nweb1 ssh-ed25519 ***`, 'web1', 22, A), 'unknown');
});

test('a hashed name with a wrong hash does not match', () => {
  assert.not.ok(matchesHost('|1|c2FsdA==|AAAA', 'web1'));
  assert.not.ok(matchesHost('|1|', 'web1'));
});

test('a fingerprint is printed as ssh prints it', () => {
  assert.match(fingerprint(A), /^SHA256:[A-Za-z0-9+/]{43}$/);
});

test.run();
