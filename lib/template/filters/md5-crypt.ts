import { createHash } from 'node:crypto';
import { Failure } from '../error.ts';

/** The letters in which crypt writes six bits. */
export const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** What a salt is made of. */
export const SALT = /^[./0-9A-Za-z]*$/;

const ROUNDS = 1000;
// crypt writes the bytes three at a time, in this order; the twelfth stands alone at the end.
const ORDER = [0, 6, 12, 1, 7, 13, 2, 8, 14, 3, 9, 15, 4, 10, 5];

/** Poul-Henning Kamp's crypt of MD5, `$1$`: for old files that know no other. Throws Failure for a bad salt. */
export function md5Crypt(password: string, salt: string): string {
  if (!SALT.test(salt)) throw new Failure('a salt holds letters, digits, "." and "/" only');
  if (salt.length > 8) throw new Failure('a salt of md5 has at most 8 characters');
  const [key, seed] = [Buffer.from(password, 'utf8'), Buffer.from(salt)];
  const md5 = (parts: readonly Uint8Array[]) => createHash('md5').update(Buffer.concat(parts)).digest();
  const inner = md5([key, seed, key]);
  const parts: Uint8Array[] = [key, Buffer.from(`$1$${salt}`)];
  for (let left = key.length; left > 0; left -= 16) parts.push(inner.subarray(0, Math.min(16, left)));
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? Buffer.from([0]) : key.subarray(0, 1));
  let digest = md5(parts);
  for (let i = 0; i < ROUNDS; i++) {
    const round: Uint8Array[] = [i & 1 ? key : digest];
    if (i % 3 !== 0) round.push(seed);
    if (i % 7 !== 0) round.push(key);
    round.push(i & 1 ? digest : key);
    digest = md5(round);
  }
  return `$1$${salt}$${written(digest)}`;
}

function written(digest: Buffer): string {
  let text = '';
  const write = (value: number, count: number) => {
    for (let i = 0, rest = value; i < count; i++, rest >>= 6) text += ALPHABET[rest & 63];
  };
  const byte = (at: number) => digest[ORDER[at] as number] as number;
  for (let i = 0; i < ORDER.length; i += 3) write((byte(i) << 16) | (byte(i + 1) << 8) | byte(i + 2), 4);
  write(digest[11] as number, 2);
  return text;
}
