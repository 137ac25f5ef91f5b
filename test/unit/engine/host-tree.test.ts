import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readHost } from '../../../lib/engine/host-tree.ts';
import { HostTreeFault, parseListing } from '../../../lib/engine/listing.ts';
import type { RunOptions, Session } from '../../../lib/remote/session.ts';

const test = suite('what a host says of a folder');

const FOLDER = '41ed:0:0:4096:1000000000:root:root\n';
const file = (size: number, mtime = 1000000000) => `81a4:1000:100:${size}:${mtime}:kim:UNKNOWN\n`;

/** A host that answers a look by one text, and the asking for content by another. */
function host(listing: string, printed: readonly string[] = []) {
  const run = async (_: unknown, { sink }: RunOptions = {}) => {
    if (sink !== undefined) for (const text of printed) await sink(Buffer.from(text));
    const bytes = sink === undefined ? Buffer.from(listing) : Buffer.alloc(0);
    return { rc: 0, stdout: bytes.toString(), stderr: '', bytes };
  };
  return { session: { host: 'h', run } as unknown as Session, environment: {} };
}

const tree = { kind: 'tree', path: '/s/' } as const;
const read = (listing: string, printed?: readonly string[]) => readHost(tree, host(listing, printed));

async function fault(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof HostTreeFault) return error.message;
    throw error;
  }
  throw new Error('nothing was wrong');
}

async function all(contents: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const found: Uint8Array[] = [];
  for await (const chunk of contents ?? []) found.push(chunk);
  return Buffer.concat(found).toString();
}

test('files, folders and links come in order, with names, sums and targets', async () => {
  const text = `${FOLDER}${file(3)}a1ff:0:0:1:1:root:root\n${FOLDER}#abc\n.\n./b%0A%25\n./l\n>to=%3D\n./a\n`;
  const { files, itself } = await read(text);
  assert.is(itself?.mode, 0o755);
  assert.equal(
    files.map(f => [f.path, f.type, f.large?.size, f.large?.sum('sha256').known, f.link, f.owner, f.group, f.uid]),
    [
      ['a', 'directory', undefined, undefined, undefined, 'root', 'root', 0],
      ['b\n%', 'file', 3, 'abc', undefined, 'kim', undefined, 1000],
      ['l', 'link', undefined, undefined, 'to==', 'root', 'root', 0],
    ],
  );
});

test('letters of ls are modes too', () => {
  const bytes = Buffer.from('-rwSr-x--T:1:2:3:4:a:b\n./f\n');
  const [f] = parseListing({ stdout: bytes.toString(), bytes });
  assert.equal([f?.type, f?.mode.toString(8)], ['file', '5650']);
});

for (const [what, paths] of Object.entries({
  'above the folder': ['./../etc'],
  'above the folder, further down': ['./a/../../b'],
  absolute: ['.//etc/passwd'],
  'below what is no folder': ['./l/x'],
  twice: ['./a', './a'],
}))
  test(`a path ${what} is refused`, async () => {
    const lines = paths.map(p => `${file(1)}${p}\n`).join('');
    const link = 'a1ff:0:0:1:1:root:root\n./l\n>/etc\n';
    assert.match(await fault(read(`${FOLDER}.\n${link}${lines}`)), 'which would land outside of dest');
  });

test('a name that is not UTF-8 is refused', () => {
  const bytes = Buffer.from(`${file(1)}./x\xff\n`, 'latin1');
  assert.throws(() => parseListing({ stdout: bytes.toString(), bytes }), /not UTF-8/);
});

test('a folder that cannot be looked into is refused, unless it is left out', async () => {
  const text = `${FOLDER}${FOLDER}.\n./no\n!\n`;
  assert.match(await fault(read(text)), 'cannot look into no');
  const { files } = await readHost({ ...tree, skip: path => path === 'no' }, host(text));
  assert.equal(files, []);
});

test('what is left out hides what is below it, and rules of folders are told', async () => {
  const text = `${FOLDER}${FOLDER}${file(1)}${file(1)}.\n./d\n./d/x\n./.rsync-filter\n<- d%0A\n`;
  const seen: unknown[] = [];
  const skip = (path: string, _: boolean, rules: (path: string) => string | undefined) => {
    seen.push([path, rules('.rsync-filter')]);
    return path === 'd';
  };
  const { files } = await readHost({ ...tree, skip }, host(text));
  assert.equal(
    files.map(f => f.path),
    ['.rsync-filter'],
  );
  assert.equal(seen, [
    ['.rsync-filter', '- d\n'],
    ['d', '- d\n'],
  ]);
});

const TWO = `${FOLDER}${file(3)}${file(2)}.\n./a\n./b\n`;

test('contents are what the files held, in pieces of any size', async () => {
  const data = await read(TWO, ['ab', 'cx', `y${file(3)}${file(2)}`, './a\n./b\n']);
  assert.is(await all(data.contents?.(data.files)), 'abcxy');
});

for (const [what, printed] of Object.entries({
  'has grown': ['abcdxy', `${file(4)}${file(2)}./a\n./b\n`],
  'is shorter': ['axy', `${file(1)}${file(2)}./a\n./b\n`],
  'is younger': ['abcxy', `${file(3, 1000000001)}${file(2)}./a\n./b\n`],
  'is gone': ['abcxy', `${file(2)}./b\n`],
  'grows without end': ['abcxy', 'x'.repeat(40_000)],
}))
  test(`a file that ${what} while it is read is told`, async () => {
    const data = await read(TWO, printed);
    assert.match(await fault(all(data.contents?.(data.files))), 'was changed while it was read');
  });

test('who stops taking stops the host', async () => {
  const data = await read(TWO, ['abc', 'xy', `${file(3)}${file(2)}./a\n./b\n`]);
  for await (const chunk of data.contents?.(data.files) ?? []) {
    assert.is(Buffer.from(chunk).toString(), 'abc');
    break;
  }
});

test.run();
