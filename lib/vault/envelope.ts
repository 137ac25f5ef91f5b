import type { OpenFault } from '../text/source.ts';

/** What an encrypted text holds, its hex already read. Ansible writes 1.2 where there is a label and 1.1 where there is none. */
export interface Envelope {
  /** The vault id it was encrypted with; undefined in a text of version 1.1. */
  readonly label: string | undefined;
  readonly salt: Buffer;
  /** HMAC-SHA256 of `data`. */
  readonly hmac: Buffer;
  readonly data: Buffer;
}

/**
 * What is wrong with an encrypted text, and what to do about it. `vault-format`: the text is damaged or of another kind;
 * `vault-password`: none of the given passwords opens it.
 */
export type VaultFault = OpenFault;

const START = '$ANSIBLE_VAULT';
const WIDTH = 80; // characters of hex on a line
const NOTHING_LOST = 'get the file again from where it came; what is lost of an encrypted text cannot be guessed';

/** Whether a text is an encrypted one, whole or damaged. */
export function isVaultText(text: string): boolean {
  return text.startsWith(START);
}

/** The same for the bytes of a file. */
export function isVault(bytes: Uint8Array): boolean {
  return isVaultText(Buffer.from(bytes.subarray(0, START.length)).toString('latin1'));
}

/** Reads the header and the hex of an encrypted text. */
export function readEnvelope(text: string): Envelope | VaultFault {
  const [header = '', ...lines] = text.split('\n').map(line => line.trim());
  const [, version, cipher, ...label] = header.split(';');
  if (version === undefined || cipher === undefined)
    return damaged(`the line "${header}" is not the first one of an encrypted text`, `${START};1.1;AES256`);
  if (version !== '1.1' && version !== '1.2')
    return damaged(`version ${version} of encrypted texts is not supported`, 'encrypt it anew: 1.1 and 1.2 are read');
  if (cipher !== 'AES256') return damaged(`the cipher ${cipher} is not supported`, 'encrypt it anew with AES256');
  const body = bytesOfHex(lines.join(''));
  if (body === undefined) return damaged('the encrypted text is damaged: it is not made of pairs of hex digits');
  const parts = body.toString('latin1').split('\n');
  const [salt, hmac, data] = parts.map(bytesOfHex);
  if (parts.length !== 3 || salt === undefined || hmac === undefined || data === undefined)
    return damaged('the encrypted text is damaged: it does not hold a salt, a checksum and data');
  if (salt.length === 0 || hmac.length !== 32 || data.length === 0 || data.length % 16 !== 0)
    return damaged('the encrypted text is damaged: a part of it is missing');
  return { label: version === '1.2' && label.length > 0 ? label.join(';') : undefined, salt, hmac, data };
}

function damaged(message: string, suggestion = NOTHING_LOST): VaultFault {
  return { code: 'vault-format', message, suggestion };
}

/** Undefined for what is not hex: Buffer.from would leave the rest out. */
function bytesOfHex(text: string): Buffer | undefined {
  return /^(?:[0-9a-fA-F]{2})*$/.test(text) ? Buffer.from(text, 'hex') : undefined;
}

/** The text of an envelope, ending in a line break. */
export function writeEnvelope({ label, salt, hmac, data }: Envelope): string {
  const body = [salt, hmac, data].map(part => part.toString('hex')).join('\n');
  const hex = Buffer.from(body, 'latin1').toString('hex');
  const header = label === undefined ? `${START};1.1;AES256` : `${START};1.2;AES256;${label}`;
  return `${[header, ...(hex.match(new RegExp(`.{1,${WIDTH}}`, 'g')) ?? [])].join('\n')}\n`;
}
