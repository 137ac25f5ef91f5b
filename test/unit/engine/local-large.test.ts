import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type LargeFiles, largeFile } from '../../../lib/engine/local-large.ts';

const folder = mkdtempSync(join(tmpdir(), 'tplay-large-'));
const path = join(folder, 'f');
const bytes = Buffer.alloc(3_000_000, 'abc');
const sum = (name: string) => createHash(name).update(bytes).digest('hex');
test.before.each(() => writeFileSync(path, bytes));
test.after(() => rmSync(folder, { recursive: true }));

async function read(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

test('a file that is sent has its checksums by the way', async () => {
  const file = largeFile(path, statSync(path));
  const [sha1, sha256] = [file.sum('sha1'), file.sum('sha256')];
  assert.is(sha1.known, undefined);
  assert.ok((await read(file.chunks())).equals(bytes));
  assert.equal([sha1.known, sha256.known], [sum('sha1'), sum('sha256')]);
});

test('a checksum that is waited for reads the file, and waits for who reads it already', async () => {
  const file = largeFile(path, statSync(path));
  assert.is(await file.sum('sha256').wait(), sum('sha256'));
  const other = largeFile(path, statSync(path));
  const sha1 = other.sum('sha1');
  const [all, one, two] = await Promise.all([read(other.chunks()), sha1.wait(), other.sum('sha256').wait()]);
  assert.equal([all.length, one, two], [bytes.length, sum('sha1'), sum('sha256')]);
});

test('a reading that is broken off makes no checksum', async () => {
  const file = largeFile(path, statSync(path));
  const sha1 = file.sum('sha1');
  for await (const _ of file.chunks()) break;
  assert.is(sha1.known, undefined);
  assert.is(await sha1.wait(), sum('sha1'));
});

test('a checksum that is needed at once is kept', () => {
  const file = largeFile(path, statSync(path));
  const sha1 = file.sum('sha1');
  assert.equal([file.sumNow('sha1'), sha1.known, file.sumNow('sha1')], [sum('sha1'), sum('sha1'), sum('sha1')]);
});

test('a file that changes while it is read is an error', async () => {
  const file = largeFile(path, statSync(path));
  let first = true;
  const change = async () => {
    for await (const _ of file.chunks()) {
      if (first) appendFileSync(path, 'more');
      first = false;
    }
  };
  const error = await change().catch((e: Error) => e);
  assert.match(String(error), /was changed while it was read/);
});

test('one file of a run is known again, a changed one is another', () => {
  const known: LargeFiles = new Map();
  const file = largeFile(path, statSync(path), known);
  assert.is(largeFile(path, statSync(path), known), file);
  appendFileSync(path, 'more');
  assert.is.not(largeFile(path, statSync(path), known), file);
});

test.run();
