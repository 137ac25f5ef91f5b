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

/** The same, made while it is sent: one file's piece at a time is in memory. */
export function tarStream(entries: readonly TarEntry[]): Stream {
  const sizes = entries.map(e => lengthOf(headers(e)) + Math.ceil(sizeOf(e) / BLOCK) * BLOCK);
  return {
    size: sizes.reduce((sum, size) => sum + size, 2 * BLOCK),
    async *chunks() {
      let small: Buffer[] = [];
      for (const entry of entries) {
        small.push(...headers(entry), ...padded(entry.bytes ?? new Uint8Array()));
        if (entry.stream !== undefined) {
          yield Buffer.concat(small);
          yield* entry.stream.chunks();
          small = [Buffer.alloc((BLOCK - (entry.stream.size % BLOCK)) % BLOCK)];
        } else if (small.length > 100) {
          yield Buffer.concat(small);
          small = [];
        }
      }
      yield Buffer.concat([...small, Buffer.alloc(2 * BLOCK)]);
    },
  };
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
