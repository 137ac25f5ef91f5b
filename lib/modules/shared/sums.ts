import { createHash } from 'node:crypto';

/** A checksum in hexadecimal digits. */
export function checksum(algorithm: 'md5' | 'sha1' | 'sha256', bytes: Uint8Array | string): string {
  return createHash(algorithm).update(bytes).digest('hex');
}
