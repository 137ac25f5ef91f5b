import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { LargeFile, Later } from '../module.ts';

/** From this size on a file is read in pieces. */
export const LARGE = 1024 * 1024;

const PIECE = 256 * 1024;

/** Large files of a run, by path, size and time: one that goes to twenty hosts has its checksum made once. */
export type LargeFiles = Map<string, LargeFile>;

export function largeFile(path: string, info: Stats, known: LargeFiles = new Map()): LargeFile {
  const key = JSON.stringify([path, info.size, info.mtimeMs, info.ino]);
  const file = known.get(key) ?? new FileInPieces(path, info);
  known.set(key, file);
  return file;
}

class FileInPieces implements LargeFile {
  readonly size: number;
  readonly #path: string;
  readonly #mtimeMs: number;
  readonly #asked = new Set<string>();
  readonly #sums = new Map<string, string>();
  /** The reading that makes the checksums by the way. */
  #hashing: Promise<void> | undefined;

  constructor(path: string, info: Stats) {
    this.#path = path;
    this.size = info.size;
    this.#mtimeMs = info.mtimeMs;
  }

  sum(algorithm: 'sha1' | 'sha256'): Later {
    this.#asked.add(algorithm);
    const sums = this.#sums;
    const wait = () => this.#wait(algorithm);
    return {
      get known() {
        return sums.get(algorithm);
      },
      wait,
    };
  }

  sumNow(algorithm: 'sha1' | 'sha256'): string {
    const known = this.#sums.get(algorithm);
    if (known !== undefined) return known;
    const hash = createHash(algorithm);
    const file = openSync(this.#path, 'r');
    try {
      const piece = Buffer.allocUnsafe(PIECE);
      for (let length = readSync(file, piece); length > 0; length = readSync(file, piece))
        hash.update(piece.subarray(0, length));
    } finally {
      closeSync(file);
    }
    const sum = hash.digest('hex');
    this.#sums.set(algorithm, sum);
    return sum;
  }

  async #wait(algorithm: string): Promise<string> {
    for (;;) {
      const sum = this.#sums.get(algorithm);
      if (sum !== undefined) return sum;
      if (this.#hashing === undefined) for await (const _ of this.chunks());
      else await this.#hashing; // of those who read, one makes the sums; it may be stopped half-way
    }
  }

  /** The first reading makes the checksums that were asked for: the file is hashed while it is sent. */
  async *chunks(): AsyncIterable<Uint8Array> {
    const missing = this.#hashing === undefined ? [...this.#asked].filter(name => !this.#sums.has(name)) : [];
    const hashes = missing.map(name => [name, createHash(name)] as const);
    let over = () => {};
    const hashing = new Promise<void>(resolve => {
      over = resolve;
    });
    if (hashes.length > 0) this.#hashing = hashing;
    try {
      let done = 0;
      for await (const chunk of createReadStream(this.#path, { highWaterMark: PIECE })) {
        done += (chunk as Buffer).length;
        if (done > this.size) break;
        for (const [, hash] of hashes) hash.update(chunk as Buffer);
        yield chunk as Buffer;
      }
      const now = await stat(this.#path);
      if (done !== this.size || now.size !== this.size || now.mtimeMs !== this.#mtimeMs)
        throw new Error(`${this.#path} was changed while it was read: run it again`);
      for (const [name, hash] of hashes) this.#sums.set(name, hash.digest('hex'));
    } finally {
      if (this.#hashing === hashing) this.#hashing = undefined;
      over();
    }
  }
}
