import { decrypt, deriveKeys, encrypt, fits, type Keys } from './cipher.ts';
import { type Envelope, readEnvelope, type VaultFault, writeEnvelope } from './envelope.ts';

/** A password and the vault id it is for. */
export interface VaultSecret {
  readonly label: string;
  readonly password: Uint8Array;
}

/** The clear bytes, what opened them and the label they had, or why they stay closed. */
export type Opened =
  | { readonly ok: true; readonly bytes: Buffer; readonly by: VaultSecret; readonly label: string | undefined }
  | { readonly ok: false; readonly fault: VaultFault };

/** The id of a password that none was given for, as Ansible; what it encrypts has no label. */
export const DEFAULT_ID = 'default';

/** The vault passwords of one run: opens what one of them opens. Keys are derived once for each password and salt. */
export class Vault {
  readonly secrets: readonly VaultSecret[];
  readonly #keys = new Map<string, Keys>();
  readonly #opened = new Map<string, Opened>();
  #last: VaultSecret | undefined;

  constructor(secrets: readonly VaultSecret[]) {
    this.secrets = secrets;
  }

  /** Opens an encrypted text. As Ansible: the passwords of its own id are tried first, then all others. */
  open(text: string): Opened {
    const known = this.#opened.get(text);
    if (known !== undefined) return known;
    const opened = this.#openNew(text);
    this.#opened.set(text, opened);
    return opened;
  }

  /** The same for a text that holds text, such as an encrypted scalar of YAML. */
  openText(text: string): { readonly text: string } | { readonly fault: VaultFault } {
    const opened = this.open(text);
    return opened.ok ? { text: opened.bytes.toString('utf8') } : { fault: opened.fault };
  }

  #openNew(text: string): Opened {
    const envelope = readEnvelope(text);
    if ('code' in envelope) return { ok: false, fault: envelope };
    for (const secret of this.#inOrder(envelope.label)) {
      const keys = this.#keysFor(secret, envelope.salt);
      if (!fits(envelope, keys)) continue;
      const bytes = decrypt(envelope, keys);
      if (bytes === undefined) return { ok: false, fault: BAD_PADDING };
      this.#last = secret;
      return { ok: true, bytes, by: secret, label: envelope.label };
    }
    return { ok: false, fault: this.#closed(envelope) };
  }

  /** What opened the last one comes before the others: the checksum decides, the order is only speed. */
  #inOrder(label: string | undefined): readonly VaultSecret[] {
    const rank = (s: VaultSecret) => (s.label === label ? 0 : s === this.#last ? 1 : 2);
    return [...this.secrets].sort((a, b) => rank(a) - rank(b));
  }

  #keysFor(secret: VaultSecret, salt: Buffer): Keys {
    const id = `${this.secrets.indexOf(secret)} ${salt.toString('hex')}`;
    const keys = this.#keys.get(id) ?? deriveKeys(secret.password, salt);
    this.#keys.set(id, keys);
    return keys;
  }

  #closed({ label }: Envelope): VaultFault {
    const own = label === undefined ? 'this is encrypted' : `this is encrypted with the vault id "${label}"`;
    const ask = label === undefined ? '--ask-vault-pass, or --vault-password-file FILE' : `--vault-id ${label}@prompt`;
    const code = 'vault-password';
    if (this.secrets.length === 0)
      return { code, message: `${own}, and no vault password is given`, suggestion: `give it: ${ask}` };
    const ids = [...new Set(this.secrets.map(s => s.label))];
    const tried = `${ids.length === 1 ? 'the vault id' : 'the vault ids'} ${ids.join(', ')}`;
    if (label !== undefined && !ids.includes(label))
      return { code, message: `${own}, which ${tried} cannot open`, suggestion: `give its password: ${ask}` };
    const message = `${own}, and the given password does not open it (tried ${tried})`;
    return { code, message, suggestion: 'the password is wrong, or the text was changed after it was encrypted' };
  }
}

const BAD_PADDING: VaultFault = {
  code: 'vault-format',
  message: 'the encrypted text is damaged: the password is right, but the padding at its end is wrong',
  suggestion: 'encrypt it anew: what made it does not do so as ansible-vault does',
};

/** Encrypts bytes to a text that ends in a line break. As Ansible: the id "default" leaves no label in it. */
export function seal(bytes: Uint8Array, { label, password }: VaultSecret): string {
  return writeEnvelope(encrypt(bytes, password, { label: label === DEFAULT_ID ? undefined : label }));
}
