import { readFileSync } from 'node:fs';
import { Vault, type VaultSecret } from '../../../lib/vault/vault.ts';

/** What ansible-vault made of a text; `record.py` writes them. */
export interface Recorded {
  readonly title: string;
  readonly password: string;
  readonly label: string | null;
  /** Base64 of the clear bytes. */
  readonly clear: string;
  /** What `encrypt` printed. */
  readonly sealed: string;
  /** What `encrypt_string --name it` printed; empty for what cannot be an argument. */
  readonly scalar: string;
}

// Tests run from dist/, what is recorded stays beside the source.
export const RECORDED: readonly Recorded[] = JSON.parse(
  readFileSync(new URL('../../../../test/unit/vault/recorded.json', import.meta.url), 'utf8'),
);

/** A password for an id. */
export function secret(password: string, label = 'default'): VaultSecret {
  return { label, password: Buffer.from(password) };
}

/** A vault with passwords for ids: `dev=one`, `prod=two`. */
export function vaultOf(...given: readonly string[]): Vault {
  return new Vault(given.map(text => secret(text.slice(text.indexOf('=') + 1), text.slice(0, text.indexOf('=')))));
}
