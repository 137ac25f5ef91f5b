import { createHash } from 'node:crypto';

const hash = (algorithm: 'sha1' | 'sha256', ...parts: Uint8Array[]): Buffer => {
  const sum = createHash(algorithm);
  for (const part of parts) sum.update(part);
  return sum.digest();
};

/** What mysql_native_password keeps of a password: `*` and 40 hex digits; '' for none. */
export function nativeHash(password: string): string {
  if (password === '') return '';
  return `*${hash('sha1', hash('sha1', Buffer.from(password)))
    .toString('hex')
    .toUpperCase()}`;
}

/** Whether what caching_sha2_password keeps (`$A$005$`, 20 bytes of salt, 43 of hash) is of this password. */
export function isSha2Of(kept: string, password: string): boolean {
  if (password === '' || kept === '') return password === kept;
  const bytes = Buffer.from(kept, 'utf8');
  const head = /^\$A\$([0-9A-F]{3})\$$/.exec(bytes.subarray(0, 7).toString('latin1'));
  if (head === null || bytes.length !== 70) return false;
  const rounds = Number.parseInt(head[1] as string, 16) * 1000;
  return sha256Crypt(Buffer.from(password), bytes.subarray(7, 27), rounds) === bytes.subarray(27).toString('latin1');
}

const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The hash part of sha256-crypt as its public description (Drepper, 2007) has it; MySQL's salt is longer. */
export function sha256Crypt(key: Buffer, salt: Buffer, rounds: number): string {
  const stretch = (block: Buffer, length: number) => Buffer.alloc(length, block);
  const inner = hash('sha256', key, salt, key);
  const parts: Buffer[] = [key, salt, stretch(inner, key.length)];
  for (let n = key.length; n > 0; n >>= 1) parts.push((n & 1) === 1 ? inner : key);
  let sum = hash('sha256', ...parts);
  const p = stretch(hash('sha256', Buffer.concat(Array(key.length).fill(key))), key.length);
  const s = stretch(hash('sha256', Buffer.concat(Array(16 + (sum[0] as number)).fill(salt))), salt.length);
  for (let i = 0; i < rounds; i++) {
    const odd = i % 2 === 1;
    const round = [odd ? p : sum];
    if (i % 3 !== 0) round.push(s);
    if (i % 7 !== 0) round.push(p);
    sum = hash('sha256', ...round, odd ? sum : p);
  }
  return encode(sum);
}

/** Three bytes become four characters, in the order crypt takes the bytes. */
function encode(sum: Buffer): string {
  let text = '';
  const put = (value: number, count: number) => {
    for (let n = 0, v = value; n < count; n++, v >>= 6) text += ALPHABET[v & 63];
  };
  const at = (i: number) => sum[i] as number;
  let [a, b, c] = [0, 10, 20];
  for (let i = 0; i < 10; i++) {
    put((at(a) << 16) | (at(b) << 8) | at(c), 4);
    [a, b, c] = [c + 1, a + 1, b + 1];
  }
  put((at(31) << 8) | at(30), 3);
  return text;
}
