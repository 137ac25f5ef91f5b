import { createHash } from 'node:crypto';
import type { LargeFile, Later, LocalFile } from '../../module.ts';

/** A member that is larger is not kept, nor any when all that are kept are as many bytes as that. */
const KEPT = 1024 * 1024;
const KEPT_TOTAL = 8 * KEPT;

/** Keeps the content of small members, and of others the checksum. */
export class MemberBytes {
  #kept = 0;

  /** `again` reads the same bytes once more. Throws where they are not as many as the archive says. */
  async read(
    size: number,
    bytes: AsyncIterable<Uint8Array>,
    again: () => AsyncIterable<Uint8Array>,
  ): Promise<Pick<LocalFile, 'bytes' | 'large'>> {
    const keep = size <= KEPT && this.#kept + size <= KEPT_TOTAL;
    const pieces: Uint8Array[] = [];
    const hash = createHash('sha256');
    let done = 0;
    for await (const piece of bytes) {
      done += piece.length;
      if (done > size) throw new Error('a member is longer than it says');
      if (keep) pieces.push(piece);
      else hash.update(piece);
    }
    if (done < size) throw new Error('it ends in the middle of a member');
    if (!keep) return { bytes: new Uint8Array(), large: new LargeMember(size, hash.digest('hex'), again) };
    this.#kept += size;
    return { bytes: Buffer.concat(pieces) };
  }
}

/** A member that is read from its archive when it is sent; its SHA256 is known since the archive was looked through. */
class LargeMember implements LargeFile {
  readonly size: number;
  readonly chunks: () => AsyncIterable<Uint8Array>;
  readonly #sha256: string;

  constructor(size: number, sha256: string, again: () => AsyncIterable<Uint8Array>) {
    this.size = size;
    this.chunks = again;
    this.#sha256 = sha256;
  }

  sum(algorithm: 'sha1' | 'sha256'): Later {
    const known = this.sumNow(algorithm);
    return { known, wait: async () => known };
  }

  sumNow(algorithm: 'sha1' | 'sha256'): string {
    if (algorithm !== 'sha256') throw new Error('internal: of members of archives only the SHA256 is known');
    return this.#sha256;
  }
}
