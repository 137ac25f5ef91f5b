/** What goes into an archive. */
export interface TarEntry {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link' | 'hard';
  readonly mode: number;
  readonly bytes?: Uint8Array;
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
  const blocks = entries.flatMap(entry => {
    const bytes = entry.bytes ?? new Uint8Array();
    return [
      ...longName('L', entry.path),
      ...longName('K', entry.link ?? ''),
      header(entry, TYPES[entry.type], bytes.length),
      ...padded(bytes),
    ];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
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
  octal(size, 124, 12);
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
