import type { Stream } from '../../module.ts';

/** What goes into an archive. */
export interface TarEntry {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link' | 'hard';
  readonly mode: number;
  readonly bytes?: Uint8Array;
  /** Content that is read when the archive is sent. */
  readonly stream?: Stream;
  readonly link?: string;
  readonly mtime?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly owner?: string;
  readonly group?: string;
}

const TYPES = { file: '0', hard: '1', link: '2', directory: '5' } as const;
const BLOCK = 512;

/**
 * A tar archive that GNU tar, busybox tar and bsdtar unpack alike: ustar headers, and GNU's long name entries, since
 * busybox ignores pax ones. The same entries give the same bytes.
 */
export function makeTar(entries: readonly TarEntry[]): Uint8Array {
  const blocks = entries.flatMap(entry => [...headers(entry), ...padded(entry.bytes ?? new Uint8Array())]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

/**
 * The same, made while it is sent: one file's piece at a time is in memory. `contents`: the bytes of all entries that have a
 * stream, one behind the other; what comes behind the last of those is made when they have ended well.
 */
export function tarStream(entries: readonly TarEntry[], contents?: AsyncIterable<Uint8Array>): Stream {
  const sizes = entries.map(e => lengthOf(headers(e)) + Math.ceil(sizeOf(e) / BLOCK) * BLOCK);
  return {
    size: sizes.reduce((sum, size) => sum + size, 2 * BLOCK),
    async *chunks() {
      const joined = contents && new Joined(contents);
      const last = entries.findLast(e => e.stream !== undefined);
      let small: Buffer[] = [];
      try {
        for (const entry of entries) {
          small.push(...headers(entry), ...padded(entry.bytes ?? new Uint8Array()));
          if (entry.stream !== undefined) {
            yield Buffer.concat(small);
            yield* joined?.take(entry.stream.size) ?? entry.stream.chunks();
            if (entry === last) await joined?.end();
            small = [Buffer.alloc((BLOCK - (entry.stream.size % BLOCK)) % BLOCK)];
          } else if (small.length > 100) {
            yield Buffer.concat(small);
            small = [];
          }
        }
        yield Buffer.concat([...small, Buffer.alloc(2 * BLOCK)]);
      } finally {
        await joined?.close();
      }
    },
  };
}

/** Bytes that come in pieces of any size, taken in those that are asked for. */
class Joined {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  async *take(size: number): AsyncIterable<Uint8Array> {
    for (let left = size; left > 0; ) {
      if (this.#rest.length === 0) this.#rest = await this.#next();
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  async #next(): Promise<Uint8Array> {
    const { done, value } = await this.#source.next();
    if (done) throw new Error('internal: there are fewer bytes than were promised');
    return value;
  }

  /** No more is taken. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  /** Waits for the end: only there the source tells whether all was well. */
  async end(): Promise<void> {
    while (!(await this.#source.next()).done);
  }
}

function lengthOf(blocks: readonly Buffer[]): number {
  return blocks.reduce((sum, block) => sum + block.length, 0);
}

function sizeOf(entry: TarEntry): number {
  return entry.stream?.size ?? entry.bytes?.length ?? 0;
}

function headers(entry: TarEntry): Buffer[] {
  return [
    ...longName('L', entry.path),
    ...longName('K', entry.link ?? ''),
    header(entry, TYPES[entry.type], sizeOf(entry)),
  ];
}

function longName(type: 'L' | 'K', name: string): Buffer[] {
  const bytes = Buffer.from(`${name}\0`);
  if (bytes.length <= 100) return [];
  return [header({ path: '././@LongLink', type: 'file', mode: 0 }, type, bytes.length), ...padded(bytes)];
}

function padded(bytes: Uint8Array): Buffer[] {
  const over = bytes.length % BLOCK;
  return over === 0 ? [Buffer.from(bytes)] : [Buffer.from(bytes), Buffer.alloc(BLOCK - over)];
}

function header(entry: TarEntry, type: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, width: number) =>
    block.write(
      `${Math.floor(value)
        .toString(8)
        .padStart(width - 1, '0')}\0`,
      at,
      'latin1',
    );
  Buffer.from(entry.path).copy(block, 0, 0, 100);
  octal(entry.mode & 0o7777, 100, 8);
  octal(entry.uid ?? 0, 108, 8);
  octal(entry.gid ?? 0, 116, 8);
  if (size < 8 ** 11) octal(size, 124, 12);
  else {
    // GNU's base 256, where eleven octal digits are too few
    block[124] = 0x80;
    block.writeUIntBE(size, 130, 6);
  }
  octal(entry.mtime ?? 0, 136, 12);
  block.fill(' ', 148, 156);
  block.write(type, 156, 'latin1');
  Buffer.from(entry.link ?? '').copy(block, 157, 0, 100);
  block.write('ustar  \0', 257, 'latin1');
  Buffer.from(entry.owner ?? '').copy(block, 265, 0, 31);
  Buffer.from(entry.group ?? '').copy(block, 297, 0, 31);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}
