// The filters vault and unvault and the test vault_encrypted; what `vault` gives is recorded from Ansible in recorded/.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Secret, type Value } from '../../../lib/template/index.ts';
import { seal } from '../../../lib/vault/vault.ts';
import { secret } from '../vault/recorded.ts';
import { rendered, scopeOf } from './scope.ts';

const sealedText = seal(Buffer.from('hidden'), secret('pw', 'dev'));
const scope = scopeOf(
  new Map<string, Value>([
    ['sealed', new Secret('hidden', { sealed: true })],
    ['holder', new Map([['inner', new Secret('hidden', { sealed: true })]])],
    ['from_vault', sealedText],
  ]),
);
const value = (text: string) => rendered(`{{ ${text} }}`, scope);

test('what was encrypted is opened with the password, and is secret', () => {
  for (const text of [
    "from_vault | unvault('pw')",
    "'hidden' | vault('pw') | unvault('pw')",
    "sealed | unvault('x')",
  ]) {
    const opened = value(text);
    assert.instance(opened, Secret);
    assert.is((opened as Secret).reveal(), 'hidden');
  }
});

test('another password, damage and other types are errors that show nothing', () => {
  assert.throws(() => value("from_vault | unvault('no')"), /the given password does not open it/);
  assert.throws(() => value("from_vault[:200] | unvault('pw')"), /the encrypted text is damaged/);
  assert.throws(() => value("5 | vault('pw')"), /works on a text, not int/);
  assert.throws(() => value("'a' | vault(5)"), /needs a text as "secret", not int/);
  assert.throws(() => value("'a' | vault('pw', '')"), /a salt that is not empty/);
  assert.throws(() => value("'a' | vault('pw', wrap_object=true)"), /makes no "!vault" objects/);
});

test('an id is in the header, under either of its names', () => {
  for (const name of ['vault_id', 'vaultid'])
    assert.match(String(value(`'a' | vault('pw', ${name}='dev')`)), /^\$ANSIBLE_VAULT;1\.2;AES256;dev\n/);
  assert.is.not(value("'a' | vault('pw')"), value("'a' | vault('pw')"));
});

test('only an encrypted scalar of YAML is vault_encrypted, and only as it stands there', () => {
  assert.is(value('sealed is vault_encrypted'), true);
  assert.is(value('holder.inner is vault_encrypted'), true);
  for (const text of ['from_vault', "'x'", '5', 'none', '[sealed]', 'sealed | trim', "sealed ~ ''"])
    assert.is(value(`(${text}) is vault_encrypted`), false, text);
  assert.is((value('sealed') as Secret).sealed, false);
  assert.throws(() => value('nope is vault_encrypted'), /"nope" is not defined/);
});

test.run();
