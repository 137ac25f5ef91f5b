import { isUtf8 } from 'node:buffer';
import { decrypt, deriveKeys, encrypt, fits } from '../../vault/cipher.ts';
import { isVaultText, readEnvelope, writeEnvelope } from '../../vault/envelope.ts';
import { type Call, content, type SpecTable } from '../call.ts';
import { Failure } from '../error.ts';
import { str } from '../print.ts';
import { Secret, type Value } from '../values.ts';

/** A text encrypted as ansible-vault does. As Ansible: with a salt that is given it is the same each time. */
function vault(call: Call): Value {
  const text = call.inputText();
  const password = Buffer.from(call.text(0));
  const [salt, id, other] = [call.value(1), call.value(2), call.value(4)];
  if (call.bool(3)) call.fail('makes no "!vault" objects', 'write "!vault |" and the text indented below it');
  const label = str(other ?? id ?? 'filter_default');
  if (salt === '') call.fail('needs a salt that is not empty', 'leave it out: then it is random');
  const given = salt === null ? undefined : Buffer.from(str(salt));
  return writeEnvelope(encrypt(Buffer.from(text), password, { label, salt: given }));
}

/** The text that was encrypted, which is secret. As Ansible: a text that is not encrypted stays as it is. */
function unvault(call: Call): Value {
  const text = call.inputText();
  const password = Buffer.from(call.text(0));
  if (!isVaultText(text)) return text;
  const envelope = readEnvelope(text);
  if ('code' in envelope) throw new Failure(`${call.what}: ${envelope.message}`, envelope.suggestion, envelope.code);
  const keys = deriveKeys(password, envelope.salt);
  const bytes = fits(envelope, keys) ? decrypt(envelope, keys) : undefined;
  if (bytes === undefined)
    throw new Failure(`${call.what}: the given password does not open it`, undefined, 'vault-password');
  return isUtf8(bytes) ? new Secret(bytes.toString('utf8')) : call.fail('opened what is no text');
}

/** Filters that encrypt and decrypt; Ansible's name of the id changed from `vaultid` to `vault_id`. */
export const vaultFilters: SpecTable = {
  vault: content('secret salt? vault_id? wrap_object? vaultid?', vault),
  unvault: content('secret vault_id? vaultid?', unvault),
};
