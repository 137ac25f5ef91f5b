import { pipeline, Readable, type Transform } from 'node:stream';

/** Bytes of a stream, as many at a time as are asked for. */
export class ByteReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** So many bytes together; fewer where it ends. */
  async take(count: number): Promise<Buffer> {
    const got: Buffer[] = [];
    for await (const piece of this.pass(count)) got.push(piece);
    return Buffer.concat(got);
  }

  /** So many bytes in pieces as they come; fewer where it ends. */
  async *pass(count: number): AsyncIterable<Buffer> {
    for (let left = count; left > 0; ) {
      if (this.#rest.length === 0) {
        const next = await this.#pieces.next();
        if (next.done === true) return;
        this.#rest = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      }
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  async skip(count: number): Promise<void> {
    for await (const _ of this.pass(count));
  }

  /** No more is wanted: what it reads from is closed. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}

/** What a transformation of zlib makes of these bytes; what goes wrong is thrown to who reads. */
export function through(pieces: AsyncIterable<Uint8Array>, change: Transform): AsyncIterable<Uint8Array> {
  // an error destroys `change`, and so comes to its reader
  return pipeline(Readable.from(pieces, { objectMode: false }), change, () => undefined);
}
