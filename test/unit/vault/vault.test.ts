import { createHmac } from 'node:crypto';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { deriveKeys, encrypt } from '../../../lib/vault/cipher.ts';
import { isVault, readEnvelope, type VaultFault, writeEnvelope } from '../../../lib/vault/envelope.ts';
import { seal, Vault } from '../../../lib/vault/vault.ts';
import { isClientScript, readVaultId } from '../../../lib/vault/vault-id.ts';
import { RECORDED, secret, vaultOf } from './recorded.ts';

for (const { title, password, label, clear, sealed } of RECORDED)
  test(`${title}, encrypted by ansible-vault ${label === null ? 'without an id' : `for ${label}`}, is opened`, () => {
    const opened = new Vault([secret(password, label ?? 'default')]).open(sealed);
    assert.ok(opened.ok);
    assert.equal(opened.bytes, Buffer.from(clear, 'base64'));
    assert.is(opened.label, label ?? undefined);
  });

test('a text is laid out as ansible-vault does: a header, lines of 80 hex digits, a line break', () => {
  for (const { sealed } of RECORDED) {
    const envelope = readEnvelope(sealed);
    assert.not('code' in envelope);
    if (!('code' in envelope)) assert.is(writeEnvelope(envelope), sealed);
  }
});

test('what is encrypted is opened again, whatever its length, and no two texts are alike', () => {
  for (const length of [0, 1, 15, 16, 17, 31, 32, 1000]) {
    const bytes = Buffer.alloc(length, 'é');
    const [one, two] = [seal(bytes, secret('p')), seal(bytes, secret('p'))];
    assert.is.not(one, two);
    const opened = vaultOf('default=p').open(one);
    assert.ok(opened.ok && opened.bytes.equals(bytes));
  }
});

test('the id default leaves no label, another one is in the header', () => {
  assert.match(seal(Buffer.from('x'), secret('p')), /^\$ANSIBLE_VAULT;1\.1;AES256\n/);
  assert.match(seal(Buffer.from('x'), secret('p', 'dev')), /^\$ANSIBLE_VAULT;1\.2;AES256;dev\n/);
});

test('the passwords of every id are tried, also where the label is of another or the line breaks are of DOS', () => {
  const sealed = seal(Buffer.from('x'), secret('two', 'prod'));
  for (const text of [sealed, sealed.replaceAll('\n', '\r\n'), `${sealed}\n\n`])
    for (const vault of [vaultOf('prod=two'), vaultOf('dev=one', 'default=two'), vaultOf('prod=one', 'prod=two')])
      assert.ok(vault.open(text).ok);
});

/** The fault that a text has for a vault with the password `p` for dev. */
function faultOf(text: string, vault = vaultOf('dev=p')): VaultFault {
  const opened = vault.open(text);
  if (opened.ok) throw new Error('it was opened');
  return opened.fault;
}

/** A header and the hex of these parts, damaged or not. */
function textOf(header: string, ...parts: readonly string[]): string {
  return `${header}\n${Buffer.from(parts.join('\n')).toString('hex')}\n`;
}

const SEALED = seal(Buffer.from('hello'), secret('p', 'dev'));
const [SALT, HMAC, DATA] = ['aa'.repeat(32), 'bb'.repeat(32), 'cc'.repeat(16)] as const;
const HEADER = '$ANSIBLE_VAULT;1.1;AES256';

const DAMAGES: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['a header without its parts', '$ANSIBLE_VAULT\n6162\n', /is not the first one of an encrypted text/],
  ['another version', textOf('$ANSIBLE_VAULT;1.3;AES256', SALT, HMAC, DATA), /version 1\.3 .* not supported/],
  ['the old cipher', textOf('$ANSIBLE_VAULT;1.1;AES', SALT, HMAC, DATA), /the cipher AES is not supported/],
  ['no body', `${HEADER}\n`, /does not hold a salt, a checksum and data/],
  ['a letter that is no hex', SEALED.replace(/\n(..)/, '\n$1zz'), /not made of pairs of hex digits/],
  ['half a byte', SEALED.replace(/.\n$/, '\n'), /not made of pairs of hex digits/],
  ['a lost line', textOf(HEADER, SALT, HMAC), /does not hold a salt, a checksum and data/],
  ['inner text that is no hex', textOf(HEADER, SALT, 'xy', DATA), /does not hold a salt, a checksum and data/],
  ['a short checksum', textOf(HEADER, SALT, 'bb', DATA), /a part of it is missing/],
  ['data that ends in a block', textOf(HEADER, SALT, HMAC, 'cccc'), /a part of it is missing/],
];

for (const [what, text, message] of DAMAGES)
  test(`${what} is told, and is no matter of passwords`, () => {
    const fault = faultOf(text);
    assert.is(fault.code, 'vault-format');
    assert.match(fault.message, message);
  });

test('right keys and a wrong padding are told apart from a wrong password', () => {
  const envelope = encrypt(Buffer.from('0123456789abcdef'), Buffer.from('p'), { label: 'dev' });
  // of two blocks the last is all padding: left out, and the checksum made for what stays
  const data = envelope.data.subarray(0, 16);
  const { hmac: key } = deriveKeys(Buffer.from('p'), envelope.salt);
  const hmac = createHmac('sha256', key).update(data).digest();
  assert.match(faultOf(writeEnvelope({ ...envelope, data, hmac })).message, /the password is right, but the padding/);
});

test('a text that was changed anywhere is never opened', () => {
  const body = SEALED.indexOf('\n') + 1;
  for (let at = body; at < SEALED.length - 1; at += 7) {
    if (SEALED[at] === '\n') continue;
    const other = SEALED[at] === '3' ? '4' : '3';
    assert.not(vaultOf('dev=p').open(SEALED.slice(0, at) + other + SEALED.slice(at + 1)).ok, `at ${at}`);
  }
});

test('what wants which password, which ids were tried and what to type is told', () => {
  const unnamed = seal(Buffer.from('hello'), secret('p'));
  const told = (text: string, ...ids: readonly string[]) => {
    const { code, message, suggestion } = faultOf(text, vaultOf(...ids));
    assert.is(code, 'vault-password');
    return `${message} | ${suggestion}`;
  };
  const wrong = 'the password is wrong, or the text was changed after it was encrypted';
  assert.is(
    told(SEALED),
    'this is encrypted with the vault id "dev", and no vault password is given | give it: --vault-id dev@prompt',
  );
  assert.is(
    told(unnamed),
    'this is encrypted, and no vault password is given | give it: --ask-vault-pass, or --vault-password-file FILE',
  );
  assert.is(
    told(SEALED, 'prod=a', 'test=b'),
    'this is encrypted with the vault id "dev", which the vault ids prod, test cannot open | give its password: --vault-id dev@prompt',
  );
  assert.is(
    told(SEALED, 'dev=no'),
    `this is encrypted with the vault id "dev", and the given password does not open it (tried the vault id dev) | ${wrong}`,
  );
  assert.is(
    told(unnamed, 'prod=a', 'dev=b'),
    `this is encrypted, and the given password does not open it (tried the vault ids prod, dev) | ${wrong}`,
  );
});

test('an encrypted file is known by its first bytes', () => {
  assert.ok(isVault(Buffer.from(SEALED)));
  assert.not(isVault(Buffer.from(` ${SEALED}`)));
  assert.not(isVault(new Uint8Array()));
});

test('a text that was opened once is known: opening 200 again costs next to nothing', () => {
  const [wrong, other, right] = [secret('a', 'a'), secret('b', 'b'), secret('c', 'c')];
  const texts = Array.from({ length: 200 }, (_, n) => seal(Buffer.from(`value ${n}`), { ...right, label: 'default' }));
  const vault = new Vault([wrong, other, right]);
  const cpuOfAll = () => {
    const before = process.cpuUsage();
    for (const text of texts) assert.ok(vault.open(text).ok);
    return process.cpuUsage(before).user;
  };
  const first = cpuOfAll();
  assert.ok(cpuOfAll() < first / 10);
});

test('--vault-id is a label and a source, or a source alone', () => {
  assert.equal(readVaultId('dev@prompt'), { label: 'dev', source: 'prompt' });
  assert.equal(readVaultId('prompt'), { label: undefined, source: 'prompt' });
  assert.equal(readVaultId('dev@a/b@c'), { label: 'dev', source: { path: 'a/b@c' } });
  assert.equal(readVaultId('a/file'), { label: undefined, source: { path: 'a/file' } });
});

test('a client script is known by its name', () => {
  for (const name of ['keyring-client', 'keyring-client.py', 'my.keyring-client.sh'])
    assert.ok(isClientScript(name), name);
  for (const name of ['client.py', 'keyring-client.d.py', 'keyring-clients.py']) assert.not(isClientScript(name), name);
});

test.run();
