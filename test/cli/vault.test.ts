import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { skipped } from '../skip.ts';
import { type Ended, endOf, Folder } from './program.ts';

const FILES = { 'pw.txt': 's3cret\n', 'new.txt': 'n3w', 'clear.yml': 'token: abc123\n' };
const DEV = ['--vault-id', 'dev@pw.txt'];

function read(folder: Folder, name: string): string {
  return readFileSync(join(folder.path, name), 'utf8');
}

function script(folder: Folder, name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, `#!/bin/sh\n${text}`);
  chmodSync(path, 0o755);
  return path;
}

/** Runs with lines typed, or piped. */
function answered(folder: Folder, lines: string, ...argv: readonly string[]): Promise<Ended> {
  const child = folder.start(...argv);
  child.stdin.end(lines);
  return endOf(child);
}

test('a file is encrypted, shown, given another password and decrypted, where it is', async () => {
  using folder = new Folder(FILES);
  chmodSync(join(folder.path, 'clear.yml'), 0o644);
  assert.is((await folder.run('vault', 'encrypt', ...DEV, 'clear.yml')).status, 0);
  assert.match(read(folder, 'clear.yml'), /^\$ANSIBLE_VAULT;1\.2;AES256;dev\n[0-9a-f\n]+\n$/);
  assert.is(statSync(join(folder.path, 'clear.yml')).mode & 0o777, 0o600);
  assert.is((await folder.run('vault', 'view', ...DEV, 'clear.yml')).stdout, 'token: abc123\n');
  chmodSync(join(folder.path, 'clear.yml'), 0o640);
  const rekeyed = await folder.run('vault', 'rekey', ...DEV, '--new-vault-password-file', 'new.txt', 'clear.yml');
  assert.is(rekeyed.stderr, 'rekeyed clear.yml\n');
  assert.match(read(folder, 'clear.yml'), /^\$ANSIBLE_VAULT;1\.1;AES256\n/);
  assert.is(statSync(join(folder.path, 'clear.yml')).mode & 0o777, 0o640);
  assert.is((await folder.run('vault', 'view', ...DEV, 'clear.yml')).status, 1);
  const shown = await folder.run('vault', 'decrypt', '--vault-password-file', 'new.txt', '--output', '-', 'clear.yml');
  assert.is(shown.stdout, 'token: abc123\n');
  assert.is((await folder.run('vault', 'decrypt', '--vault-password-file', 'new.txt', 'clear.yml')).status, 0);
  assert.is(read(folder, 'clear.yml'), 'token: abc123\n');
  assert.equal(readdirSync(folder.path).sort(), ['clear.yml', 'hosts.yml', 'new.txt', 'pw.txt']);
});

test('what comes in goes out encrypted, and a link stays a link', async () => {
  using folder = new Folder(FILES);
  const sealed = await answered(folder, 'from a pipe', 'vault', 'encrypt', ...DEV);
  assert.is((await answered(folder, sealed.stdout, 'vault', 'decrypt', ...DEV)).stdout, 'from a pipe');
  symlinkSync('clear.yml', join(folder.path, 'link.yml'));
  await folder.run('vault', 'encrypt', ...DEV, 'link.yml');
  assert.ok(lstatSync(join(folder.path, 'link.yml')).isSymbolicLink());
  assert.match(read(folder, 'clear.yml'), /^\$ANSIBLE_VAULT/);
});

test('passwords are asked for, a new one twice', async () => {
  using folder = new Folder(FILES);
  const made = await answered(folder, 'typed\ntyped\n', 'vault', 'encrypt', '--vault-id', 'prod@prompt', 'clear.yml');
  assert.is(made.stderr, 'New vault password (prod): \nConfirm new vault password (prod): \nencrypted clear.yml\n');
  const shown = await answered(folder, 'typed\n', 'vault', 'view', 'clear.yml');
  assert.is(shown.stdout, 'token: abc123\n');
  const other = await answered(folder, 'typed\none\ntwo\n', 'vault', 'rekey', 'clear.yml');
  assert.is(other.status, 1);
  assert.match(other.stderr, /the vault passwords are not the same/);
  assert.match((await answered(folder, '', 'vault', 'view', 'clear.yml')).stderr, /the vault password is empty/);
  const both = await answered(folder, 'text', 'vault', 'encrypt', '--vault-id', 'prompt');
  assert.match(both.stderr, /standard input holds the text, and the password cannot come from there/);
});

test('all files of a rekey or decrypt are opened before any is written', async () => {
  using folder = new Folder({ ...FILES, 'two.yml': 'x: 1\n', 'plain.yml': 'p: 1\n' });
  await folder.run('vault', 'encrypt', ...DEV, 'clear.yml');
  await folder.run('vault', 'encrypt', '--vault-id', 'prod@new.txt', 'two.yml');
  const before = [read(folder, 'clear.yml'), read(folder, 'two.yml')];
  for (const words of [['rekey', '--new-vault-id', 'x@new.txt'], ['decrypt']]) {
    const ended = await folder.run('vault', ...words, ...DEV, 'clear.yml', 'two.yml', 'plain.yml', 'gone.yml');
    assert.is(ended.status, 1);
    assert.match(ended.stderr, 'two.yml:1:1 error vault-password: this is encrypted with the vault id "prod"');
    assert.match(ended.stderr, 'plain.yml is not encrypted');
    assert.match(ended.stderr, 'gone.yml cannot be read: there is no such file');
    assert.equal([read(folder, 'clear.yml'), read(folder, 'two.yml')], before);
  }
});

test('what is encrypted already is not encrypted again', async () => {
  using folder = new Folder(FILES);
  await folder.run('vault', 'encrypt', ...DEV, 'clear.yml');
  const again = await folder.run('vault', 'encrypt', ...DEV, 'clear.yml', 'new.txt');
  assert.is(again.status, 1);
  assert.match(again.stderr, 'clear.yml is encrypted already');
  assert.is(read(folder, 'new.txt'), 'n3w');
});

test('which id encrypts is said where there are several', async () => {
  using folder = new Folder(FILES);
  const ids = ['--vault-id', 'dev@pw.txt', '--vault-id', 'prod@new.txt'];
  const asked = await folder.run('vault', 'encrypt', ...ids, 'clear.yml');
  assert.match(asked.stderr, 'several vault ids are given (dev, prod)');
  const none = await folder.run('vault', 'encrypt', ...ids, '--encrypt-vault-id', 'prd', 'clear.yml');
  assert.match(none.stderr, 'did you mean "prod"?');
  await folder.run('vault', 'encrypt', ...ids, '--encrypt-vault-id', 'prod', 'clear.yml');
  assert.match(read(folder, 'clear.yml'), /;prod\n/);
});

test('a password file may be a script; a client script is told the id', async () => {
  using folder = new Folder(FILES);
  script(folder, 'say.sh', 'echo s3cret');
  script(folder, 'ring-client.sh', 'if [ "$*" = "--vault-id dev" ]; then echo s3cret; else exit 2; fi');
  script(folder, 'broken.sh', 'exit 3');
  script(folder, 'silent.sh', ':');
  await folder.run('vault', 'encrypt', ...DEV, 'clear.yml');
  for (const source of ['say.sh', 'dev@say.sh', 'dev@ring-client.sh'])
    assert.is((await folder.run('vault', 'view', '--vault-id', source, 'clear.yml')).stdout, 'token: abc123\n', source);
  const told = async (source: string) => (await folder.run('vault', 'view', '--vault-id', source, 'clear.yml')).stderr;
  assert.match(await told('prod@ring-client.sh'), 'has no password for the vault id "prod"');
  assert.match(await told('broken.sh'), 'ended with status 3');
  assert.match(await told('silent.sh'), 'gives an empty password');
  assert.match(
    await told('gone'),
    'there is no vault password file "gone"\n  to be asked for the password of the id gone write --vault-id gone@prompt',
  );
});

test('an editor gets a copy that only we can read, and what it leaves is encrypted for the same id', async () => {
  using folder = new Folder(FILES);
  await folder.run('vault', 'encrypt', ...DEV, 'clear.yml');
  chmodSync(join(folder.path, 'clear.yml'), 0o640);
  folder.env['VISUAL'] = script(
    folder,
    'ed.sh',
    'stat -c %a "$1" "$(dirname "$1")" >seen; echo "$1" >>seen; echo "new: 1" >>"$1"; : >"$1~"',
  );
  const edited = await folder.run('vault', 'edit', ...DEV, 'clear.yml');
  assert.is(edited.status, 0, edited.stderr);
  const [file, dir, path = ''] = read(folder, 'seen').split('\n');
  assert.equal([file, dir], ['600', '700']);
  assert.match(path, /\/clear\.yml$/);
  assert.not(existsSync(join(path, '..')));
  assert.match(read(folder, 'clear.yml'), /;dev\n/);
  assert.is(statSync(join(folder.path, 'clear.yml')).mode & 0o777, 0o640);
  assert.is((await folder.run('vault', 'view', ...DEV, 'clear.yml')).stdout, 'token: abc123\nnew: 1\n');
});

test('a file stays as it is when the editor fails or changes nothing', async () => {
  using folder = new Folder(FILES);
  await folder.run('vault', 'encrypt', ...DEV, 'clear.yml');
  const before = read(folder, 'clear.yml');
  folder.env['EDITOR'] = script(folder, 'ed.sh', 'echo junk >"$1"; exit 1');
  const failed = await folder.run('vault', 'edit', ...DEV, 'clear.yml');
  assert.is(failed.status, 1);
  assert.match(failed.stderr, 'clear.yml is left as it is: the editor');
  folder.env['EDITOR'] = 'true';
  assert.is((await folder.run('vault', 'edit', ...DEV, 'clear.yml')).status, 0);
  assert.is(read(folder, 'clear.yml'), before);
});

test('a signal while a file is edited ends the editor, and the copy is gone', async () => {
  using folder = new Folder(FILES);
  await folder.run('vault', 'encrypt', ...DEV, 'clear.yml');
  const before = read(folder, 'clear.yml');
  folder.env['EDITOR'] = script(folder, 'ed.sh', 'echo junk >"$1"; echo "$1"; exec sleep 60');
  const child = folder.start('vault', 'edit', ...DEV, 'clear.yml');
  let told = '';
  // The whole line: a busy machine gives it in parts.
  const path = await new Promise<string>(resolve =>
    child.stdout.on('data', text => {
      told += text;
      if (told.includes('\n')) resolve(told.trim());
    }),
  );
  assert.ok(existsSync(path));
  child.kill('SIGTERM');
  const ended = await endOf(child);
  assert.is(ended.status, 1);
  assert.match(ended.stderr, 'the editor was stopped by SIGTERM');
  assert.not(existsSync(join(path, '..')));
  assert.is(read(folder, 'clear.yml'), before);
});

test('texts are printed as YAML, whose names come in their order, by both spellings of the word', async () => {
  using folder = new Folder(FILES);
  const two = await folder.run('vault', 'encrypt-string', ...DEV, '-n', 'one', '--name', 'two', 'first', 'second');
  assert.match(
    two.stdout,
    /^one: !vault \|\n( {10}\S+\n)+two: !vault \|\n {10}\$ANSIBLE_VAULT;1\.2;AES256;dev\n( {10}[0-9a-f]+\n)+$/,
  );
  const piped = await answered(folder, 'text\n', 'vault', 'encrypt_string', ...DEV, '--stdin-name', 'it');
  assert.match(piped.stdout, /^it: !vault \|\n/);
  assert.match(piped.stderr, 'ends in a line break');
  const asked = await answered(folder, 'hidden\nhidden\n', 'vault', 'encrypt-string', ...DEV, '-p');
  assert.match(asked.stdout, /^!vault \|\n/);
  const many = await folder.run('vault', 'encrypt-string', ...DEV, '-n', 'a', '-n', 'b', 'text');
  assert.match(many.stderr, 'there is no text for the name "b"');
});

test('what vault cannot do is told', async () => {
  using folder = new Folder(FILES);
  assert.match((await folder.run('vault', 'encypt', 'x')).stderr, 'vault cannot "encypt"\n  did you mean "encrypt"?');
  assert.match((await folder.run('vault')).stderr, 'one of: encrypt, decrypt, view, edit, rekey, encrypt-string');
  assert.match((await folder.run('vault', 'rekey', ...DEV, '--new-vault-id', 'new.txt')).stderr, 'rekey needs a file');
});

const ANSIBLE = spawnSync('ansible-vault', ['--version']).status === 0;

if (ANSIBLE) {
  test('each tool opens what the other encrypted: files, texts of every kind, and with several ids', async () => {
    using folder = new Folder({ ...FILES, 'other.yml': 'a: 1\n', 'third.yml': 'c: ä\n' });
    const ansible = (...words: readonly string[]) =>
      execFileSync('ansible-vault', words, { cwd: folder.path, encoding: 'utf8' });
    await folder.run('vault', 'encrypt', ...DEV, 'clear.yml');
    assert.is(ansible('view', ...DEV, 'clear.yml').trim(), 'token: abc123');
    ansible('rekey', ...DEV, '--new-vault-id', 'prod@new.txt', 'clear.yml');
    const ids = [...DEV, '--vault-id', 'prod@new.txt'];
    assert.is((await folder.run('vault', 'view', ...ids, 'clear.yml')).stdout, 'token: abc123\n');
    ansible('encrypt', '--vault-password-file', 'pw.txt', 'other.yml');
    await folder.run(
      'vault',
      'rekey',
      '--vault-password-file',
      'pw.txt',
      '--new-vault-password-file',
      'new.txt',
      'other.yml',
    );
    ansible('decrypt', '--vault-password-file', 'new.txt', 'other.yml');
    assert.is(read(folder, 'other.yml'), 'a: 1\n');
    await folder.run('vault', 'encrypt', '--vault-id', 'new.txt', 'third.yml');
    ansible('decrypt', '--vault-id', 'x@new.txt', 'third.yml');
    assert.is(read(folder, 'third.yml'), 'c: ä\n');
  });
} else skipped('each tool opens what the other encrypted', 'ansible-vault is not installed');

test.run();
