import { createHash, randomInt } from 'node:crypto';
import type { Call } from '../call.ts';
import { Failure } from '../error.ts';
import { str } from '../print.ts';
import { ALPHABET, md5Crypt, SALT } from './md5-crypt.ts';

interface Scheme {
  readonly hash: 'sha256' | 'sha512';
  readonly ident: string;
  /** How many rounds are made when none are asked for: as passlib, which Ansible uses. */
  readonly rounds: number;
  /** The order in which crypt writes the bytes, three at a time. */
  readonly order: readonly number[];
}

function orderOf(size: number, step: number): number[] {
  // crypt interleaves the thirds of the digest, turning them by one each time.
  const third = Math.floor(size / 3);
  const order: number[] = [];
  for (let i = 0; i < third; i++) {
    const triple = [i, i + third, i + 2 * third];
    const turn = (i * step) % 3;
    order.push(...triple.slice(turn), ...triple.slice(0, turn));
  }
  return order;
}

const SCHEMES: Readonly<Record<string, Scheme>> = {
  sha256: { hash: 'sha256', ident: '5', rounds: 535000, order: orderOf(32, 2) },
  sha512: { hash: 'sha512', ident: '6', rounds: 656000, order: orderOf(64, 1) },
};

/** As Ansible's `password_hash`: crypt's SHA-256 or SHA-512 of a password; without a salt a new one is made each time. */
export function passwordHash(call: Call): string {
  const type = call.text(0, 'sha512').replace(/_crypt$/, '');
  if (type === 'bcrypt' || type === 'blowfish') call.fail('makes no bcrypt hashes', 'use sha512 or sha256');
  if (type === 'md5') return md5Crypt(str(call.input), call.value(1) === null ? randomSalt(8) : str(call.value(1)));
  const scheme = Object.hasOwn(SCHEMES, type)
    ? (SCHEMES[type] as Scheme)
    : call.fail(`makes no "${type}"`, 'use sha512, sha256 or md5');
  const salt = call.value(1) === null ? randomSalt(call.int(2, 16)) : str(call.value(1));
  return crypt(str(call.input), { scheme, salt, rounds: call.value(3) === null ? scheme.rounds : call.int(3) });
}

/** Whether there is a hash of this name. */
export function knowsHash(type: string): boolean {
  return type.replace(/_crypt$/, '') === 'md5' || Object.hasOwn(SCHEMES, type.replace(/_crypt$/, ''));
}

/** A hash of the kind named, with the salt given; for passwords kept in files. */
export function hashPassword(password: string, type: string, salt: string): string {
  const name = type.replace(/_crypt$/, '');
  if (name === 'md5') return md5Crypt(password, salt);
  const scheme = Object.hasOwn(SCHEMES, name) ? SCHEMES[name] : undefined;
  if (!scheme) throw new Failure(`passwords cannot be encrypted as "${type}"`, 'use sha512_crypt or sha256_crypt');
  return crypt(password, { scheme, salt, rounds: scheme.rounds });
}

export function randomSalt(length: number): string {
  return Array.from({ length }, () => ALPHABET[randomInt(64)]).join('');
}

function crypt(password: string, { scheme, salt, rounds }: { scheme: Scheme; salt: string; rounds: number }): string {
  if (!SALT.test(salt)) throw new Failure('a salt holds letters, digits, "." and "/" only');
  if (salt.length > 16) throw new Failure('a salt has at most 16 characters');
  if (rounds < 1000 || rounds > 999_999_999)
    throw new Failure('the rounds of a password hash go from 1000 to 999999999');
  const digest = stretched(Buffer.from(password, 'utf8'), Buffer.from(salt), { hash: scheme.hash, rounds });
  const shown = rounds === 5000 ? '' : `rounds=${rounds}$`;
  return `$${scheme.ident}$${shown}${salt}$${encoded(digest, scheme.order)}`;
}

/** The algorithm of Ulrich Drepper's "Unix crypt using SHA-256 and SHA-512". */
function stretched(password: Buffer, salt: Buffer, { hash, rounds }: { hash: string; rounds: number }): Buffer {
  const make = (...parts: readonly Uint8Array[]) => {
    const h = createHash(hash);
    for (const part of parts) h.update(part);
    return h.digest();
  };
  const repeat = (bytes: Buffer, length: number) =>
    Buffer.concat([...Array(Math.ceil(length / bytes.length || 1)).keys()].map(() => bytes)).subarray(0, length);
  const b = make(password, salt, password);
  const parts: Uint8Array[] = [password, salt, repeat(b, password.length)];
  for (let bits = password.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? b : password);
  let result = make(...parts);
  const p = repeat(make(...Array.from({ length: password.length }, () => password)), password.length);
  const s = repeat(make(...Array.from({ length: 16 + (result[0] as number) }, () => salt)), salt.length);
  for (let i = 0; i < rounds; i++) {
    const middle: Uint8Array[] = [i & 1 ? p : result];
    if (i % 3 !== 0) middle.push(s);
    if (i % 7 !== 0) middle.push(p);
    middle.push(i & 1 ? result : p);
    result = make(...middle);
  }
  return result;
}

function encoded(digest: Buffer, order: readonly number[]): string {
  let text = '';
  const write = (value: number, count: number) => {
    for (let i = 0, rest = value; i < count; i++, rest >>= 6) text += ALPHABET[rest & 63];
  };
  const byte = (index: number | undefined) => (index === undefined ? 0 : (digest[index] as number));
  for (let i = 0; i < order.length; i += 3)
    write((byte(order[i]) << 16) | (byte(order[i + 1]) << 8) | byte(order[i + 2]), 4);
  if (digest.length === 64) write(byte(63), 2);
  else write((byte(31) << 8) | byte(30), 3);
  return text;
}
