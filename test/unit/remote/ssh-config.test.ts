import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readSshConfig, resolveHop } from '../../../lib/remote/resolve.ts';
import { parseSshConfig, resolveSshConfig, type SshHostConfig } from '../../../lib/remote/ssh-config.ts';

const local = { home: '/home/me', user: 'me' };
const parse = (text: string) => parseSshConfig(text, { file: 'config', include: () => [] });
const of = (text: string, host: string): SshHostConfig => resolveSshConfig(parse(text), host, local);

test('the first value of a keyword wins, also over a later block that fits better', () => {
  const text = 'Host web*\n  User one\nHost web1\n  User two\n  Port 2222\n';
  assert.is(of(text, 'web1').user, 'one');
  assert.is(of(text, 'web1').port, 2222);
  assert.is(of(text, 'db1').user, undefined);
});

test('settings before the first Host are for all hosts', () => {
  assert.is(of('User all\nHost web1\nUser one', 'web1').user, 'all');
});

test('a negated pattern keeps a host out of a block', () => {
  assert.is(of('Host * !db1\n User x', 'db1').user, undefined);
  assert.is(of('Host * !db1\n User x', 'web1').user, 'x');
});

test('keywords are of any case, = may stand between, quotes group, comments end', () => {
  const text = 'HOST web1\n\tport=2200\n  IdentityFile "/keys/my key" # mine\n  user = deploy\n';
  const web1 = of(text, 'web1');
  assert.equal([web1.port, web1.user, web1.identityFiles], [2200, 'deploy', ['/keys/my key']]);
});

test('IdentityFile adds up, and ~ %d %h %r %u %% are filled in', () => {
  const text = 'Host web1\n HostName %h.example.org\n User deploy\n IdentityFile ~/.ssh/%r@%h\n IdentityFile %d/%u%%\n';
  assert.is(of(text, 'web1').hostName, 'web1.example.org');
  assert.equal(of(text, 'web1').identityFiles, ['/home/me/.ssh/deploy@web1.example.org', '/home/me/me%']);
});

test('StrictHostKeyChecking, UserKnownHostsFile, ConnectTimeout, IdentitiesOnly, IdentityAgent and ProxyJump are read', () => {
  const text =
    'Host a\n StrictHostKeyChecking accept-new\n UserKnownHostsFile ~/x /y\n ConnectTimeout 7\n IdentitiesOnly yes\n ProxyJump me@jump:2200\n IdentityAgent none\nHost b\n StrictHostKeyChecking no\n ProxyJump none\n';
  const a = of(text, 'a');
  assert.equal(
    [a.hostKeys, a.knownHostsFiles, a.connectTimeoutMs, a.identitiesOnly, a.proxyJump, a.identityAgent],
    ['accept-new', ['/home/me/x', '/y'], 7000, true, 'me@jump:2200', ''],
  );
  assert.equal([of(text, 'b').hostKeys, of(text, 'b').proxyJump], ['off', '']);
  assert.is(of('StrictHostKeyChecking ask', 'c').hostKeys, 'strict');
});

test('Match host and Match all are blocks, any other Match is noted with its line and never applies', () => {
  const text = 'Match host web*,db1\n User m\nMatch exec "true"\n User evil\nMatch all\n Port 99\n';
  assert.equal(
    [of(text, 'web1').user, of(text, 'db1').user, of(text, 'x').user, of(text, 'x').port],
    ['m', 'm', undefined, 99],
  );
  assert.equal(parse(text).notes.length, 1);
  assert.match(parse(text).notes[0] as string, /^config:3: "Match exec true" is not supported/);
});

test('an Include brings in other files at its place, with wildcards', () => {
  const home = mkdtempSync(join(tmpdir(), 'tplay-test-config-'));
  try {
    mkdirSync(join(home, '.ssh/conf.d'), { recursive: true });
    writeFileSync(join(home, '.ssh/config'), 'Include conf.d/*.conf missing\nHost *\n User last\n Port 1\n');
    writeFileSync(join(home, '.ssh/conf.d/10.conf'), 'Host web1\n User first\n');
    writeFileSync(join(home, '.ssh/conf.d/20.conf'), 'Host *\n Port 2\n');
    writeFileSync(join(home, '.ssh/conf.d/other'), 'User wrong\n');
    const config = readSshConfig(home, undefined);
    const web1 = resolveSshConfig(config, 'web1', local);
    assert.equal([web1.user, web1.port], ['first', 2]);
    assert.is(resolveSshConfig(config, 'db1', local).user, 'last');
  } finally {
    rmSync(home, { recursive: true });
  }
});

test('an inventory value stands before ssh_config, which stands before the usual one', () => {
  const ssh = { home: '/home/me', config: parse('Host web1\n HostName 10.0.0.1\n User conf\n Port 2222\n') };
  const from = { name: 'web1', transport: 'ssh', address: 'web1' } as const;
  const hop = resolveHop(from, ssh);
  assert.equal([hop.address, hop.user, hop.port, hop.hostKeys], ['10.0.0.1', 'conf', 2222, 'strict']);
  assert.equal(
    hop.moreKeyFiles,
    ['id_ed25519', 'id_ecdsa', 'id_rsa'].map(f => `/home/me/.ssh/${f}`),
  );
  const told = resolveHop({ ...from, user: 'inv', port: 22, privateKeyFile: '~/k' }, ssh);
  assert.equal([told.user, told.port, told.keyFile, told.moreKeyFiles], ['inv', 22, '/home/me/k', []]);
  assert.is(resolveHop({ name: 'x', transport: 'ssh', address: 'x' }, ssh).user, userInfo().username);
});

test('a jump list becomes a chain, each host with settings of its own', () => {
  const ssh = { home: '/h', config: parse('Host b\n HostName 10.0.0.2\n User jumper\n') };
  const hop = resolveHop({ name: 'w', transport: 'ssh', address: 'w', password: 'x', proxyJump: 'u@a:2201,b' }, ssh);
  assert.equal([hop.via?.address, hop.via?.user, hop.via?.password], ['10.0.0.2', 'jumper', undefined]);
  assert.equal([hop.via?.via?.address, hop.via?.via?.user, hop.via?.via?.port], ['a', 'u', 2201]);
  assert.is(hop.via?.via?.via, undefined);
  assert.throws(
    () => resolveHop({ name: 'w', transport: 'ssh', address: 'w', proxyJump: 'a b' }, ssh),
    /not a jump host/,
  );
});

test.run();
