import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inMemory, kindOfBytes, readArchive } from '../../../lib/modules/shared/archive.ts';
import { namesMember } from '../../../lib/modules/shared/members.ts';
import { makeTar, type TarEntry } from '../../../lib/modules/shared/tar.ts';

const test = suite('archives');
const read = (bytes: Uint8Array) => readArchive(inMemory(bytes), kindOfBytes(bytes));
const long = `${'d'.repeat(90)}/${'é'.repeat(80)}`;

const ENTRIES: readonly TarEntry[] = [
  { path: 'd', type: 'directory', mode: 0o750, uid: 7, gid: 8, owner: 'u', group: 'g' },
  { path: 'd/f', type: 'file', mode: 0o4711, bytes: Buffer.from('x'.repeat(513)) },
  { path: `d/${long}`, type: 'file', mode: 0o600, bytes: Buffer.alloc(512, 1) },
  { path: 'l', type: 'link', mode: 0o777, link: long },
  { path: 'h', type: 'hard', mode: 0o4711, link: 'd/f' },
];

test('what is packed is read again, and the same entries give the same bytes', async () => {
  const tar = makeTar(ENTRIES);
  assert.equal(makeTar(ENTRIES), tar);
  for (const bytes of [tar, gzipSync(tar)]) {
    const archive = await read(bytes);
    assert.ok('files' in archive);
    if (!('files' in archive)) return;
    assert.equal(
      archive.files.map(f => [f.path, f.type, f.mode.toString(8), f.bytes.length, f.link]),
      [
        ['d', 'directory', '750', 0, undefined],
        ['d/f', 'file', '4711', 513, undefined],
        [`d/${long}`, 'file', '600', 512, undefined],
        ['l', 'link', '777', 0, long],
        ['h', 'file', '4711', 513, undefined],
      ],
    );
    assert.equal([archive.files[0]?.uid, archive.files[0]?.owner, archive.files[0]?.group], [7, 'u', 'g']);
  }
});

for (const tool of [['tar'], ['busybox', 'tar']])
  test(`${tool.join(' ')} unpacks what is packed`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'tplay-tar-'));
    try {
      const [program = '', ...args] = tool;
      execFileSync(program, [...args, '-xpmf', '-', '-C', folder], { input: makeTar(ENTRIES) });
      const listed = execFileSync('find', ['.', '-printf', '%P %m %y %s %l\n'], { cwd: folder, encoding: 'utf8' });
      for (const line of ['d/f 4711 f 513 ', `d/${long} 600 f 512 `, 'h 4711 f 513 '])
        assert.ok(listed.includes(`\n${line}\n`), listed);
      assert.ok(listed.includes(`l ${long.length + 80} ${long}\n`) || listed.includes(` ${long}\n`));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

const fault = async (entries: readonly TarEntry[]) => {
  const archive = await read(makeTar(entries));
  return 'fault' in archive ? archive.fault : undefined;
};
const at = (path: string): TarEntry => ({ path, type: 'file', mode: 0o644, bytes: Buffer.from('x') });

test('members that would land outside are refused', async () => {
  for (const path of ['/etc/x', '../x', 'a/../../x', 'a/..'])
    assert.match((await fault([at(path)])) ?? '', /outside of dest/, path);
  assert.match(
    (await fault([{ path: 'l', type: 'link', mode: 0o777, link: '/etc' }, at('l/x')])) ?? '',
    /through the link l/,
  );
  assert.is(await fault([at('./a..b/..c')]), undefined);
});

test('damage is told', async () => {
  const tar = Buffer.from(makeTar([at('a')]));
  for (const bytes of [
    Buffer.from('no'),
    Buffer.alloc(600, 65),
    tar.subarray(0, 512),
    gzipSync(tar).subarray(0, 40),
    Buffer.from('PK\x03\x04nothing more'),
  ])
    assert.ok('fault' in (await read(bytes)), String(bytes.length));
});

test('patterns name members as tar does', () => {
  for (const [pattern, path, wanted] of [
    ['a', 'a/b', true],
    ['b', 'a/b', true],
    ['a/*.txt', 'a/x.txt', true],
    ['*.txt', 'a/b/x.txt', true],
    ['./a/', 'a/x', true],
    ['a', 'ab', false],
    ['a.b', 'axb', false],
    ['[!a]x', 'bx', true],
    ['a/b', 'a', false],
  ] as const)
    assert.is(namesMember(pattern, path), wanted, `${pattern} ${path}`);
});

test.run();
