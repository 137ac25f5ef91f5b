import { createCipheriv, createDecipheriv, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Envelope } from './envelope.ts';

/** What ansible-vault derives from a password and a salt. */
export interface Keys {
  readonly cipher: Buffer;
  readonly hmac: Buffer;
  readonly counter: Buffer;
}

const ROUNDS = 10_000;
const BLOCK = 16;
const SALT = 32;

/** The keys for a password and a salt: 80 bytes of PBKDF2-SHA256, about 5 ms. */
export function deriveKeys(password: Uint8Array, salt: Uint8Array): Keys {
  const all = pbkdf2Sync(password, salt, ROUNDS, 32 + 32 + BLOCK, 'sha256');
  return { cipher: all.subarray(0, 32), hmac: all.subarray(32, 64), counter: all.subarray(64) };
}

/** Whether these are the keys it was sealed with, and nobody changed it since. */
export function fits(envelope: Envelope, keys: Keys): boolean {
  const sum = createHmac('sha256', keys.hmac).update(envelope.data).digest();
  return sum.length === envelope.hmac.length && timingSafeEqual(sum, envelope.hmac);
}

/** The clear bytes; undefined where the padding is wrong, which only another program's mistake can make where `fits`. */
export function decrypt(envelope: Envelope, keys: Keys): Buffer | undefined {
  const decipher = createDecipheriv('aes-256-ctr', keys.cipher, keys.counter);
  const padded = Buffer.concat([decipher.update(envelope.data), decipher.final()]);
  const count = padded.at(-1) ?? 0;
  const padding = padded.subarray(padded.length - count);
  if (count < 1 || count > BLOCK || padding.some(byte => byte !== count)) return undefined;
  return padded.subarray(0, padded.length - count);
}

/** Seals bytes with a password and a salt that is new each time unless it is given. */
export function encrypt(
  bytes: Uint8Array,
  password: Uint8Array,
  { label, salt = randomBytes(SALT) }: { readonly label: string | undefined; readonly salt?: Buffer | undefined },
): Envelope {
  const keys = deriveKeys(password, salt);
  const count = BLOCK - (bytes.length % BLOCK);
  const cipher = createCipheriv('aes-256-ctr', keys.cipher, keys.counter);
  const data = Buffer.concat([cipher.update(bytes), cipher.update(Buffer.alloc(count, count)), cipher.final()]);
  return { label, salt, hmac: createHmac('sha256', keys.hmac).update(data).digest(), data };
}
