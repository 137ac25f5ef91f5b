import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Folder } from './program.ts';

const MEGABYTE = 1024 * 1024;

/** A file that a host of this machine has, and the place where it is to be put. */
class Fetching {
  readonly folder = new Folder({});
  readonly src = join(this.folder.path, 'a b');
  readonly dest = join(this.folder.path, 'here/got');
  bytes = Buffer.alloc(0);

  fill(size: number): this {
    this.bytes = randomBytes(size);
    writeFileSync(this.src, this.bytes);
    return this;
  }

  /** Fetches it: what the task came to, and its round trips. */
  async fetch(...flags: readonly string[]) {
    const args = JSON.stringify({ src: this.src, dest: this.dest, flat: true });
    const argv = ['exec', 'db1', '-i', 'hosts.yml', '-m', 'fetch', '-a', args, '--output', 'json', ...flags];
    const { stdout, stderr } = await this.folder.run(...argv);
    const line = stdout.split('\n').find(text => text.includes('"task-finished"'));
    assert.ok(line, stdout + stderr);
    const { outcome, frames } = JSON.parse(line);
    return { status: outcome.status, message: outcome.message, checksum: outcome.values?.checksum, frames };
  }

  get sum(): string {
    return createHash('sha1').update(this.bytes).digest('hex');
  }

  /** Whether the place holds the file, and nothing is beside it. */
  get isThere(): boolean {
    return readFileSync(this.dest).equals(this.bytes) && readdirSync(dirname(this.dest)).length === 1;
  }

  [Symbol.dispose](): void {
    this.folder[Symbol.dispose]();
  }
}

// within the look; of which the look tells the checksum; of which it does not
for (const [size, frames] of [
  [1000, { first: 1, unchanged: 1, drifted: 1, check: 1 }],
  [2 * MEGABYTE, { first: 2, unchanged: 1, drifted: 2, check: 1 }],
  [20 * MEGABYTE, { first: 2, unchanged: 2, drifted: 3, check: 2 }],
] as const)
  test(`a file of ${size} bytes is fetched, is known again, and drift is repaired`, async () => {
    using at = new Fetching().fill(size);
    const checksum = at.sum;
    const message = undefined;
    assert.equal(await at.fetch('-C'), { status: 'changed', message, checksum, frames: frames.check });
    assert.not.ok(existsSync(at.dest));
    assert.equal(await at.fetch(), { status: 'changed', message, checksum, frames: frames.first });
    assert.ok(at.isThere);
    assert.equal(await at.fetch(), { status: 'ok', message, checksum, frames: frames.unchanged });
    assert.equal(await at.fetch('-C'), { status: 'ok', message, checksum, frames: frames.unchanged });
    at.fill(size);
    assert.equal(await at.fetch('-C'), { status: 'changed', message, checksum: at.sum, frames: frames.unchanged });
    assert.equal(await at.fetch(), { status: 'changed', message, checksum: at.sum, frames: frames.drifted });
    assert.ok(at.isThere);
  });

test('a file that is written to while it is fetched is an error, and the old one stays', async () => {
  using at = new Fetching().fill(20 * MEGABYTE);
  await at.fetch();
  appendFileSync(at.src, 'more');
  const writer = spawn('sh', ['-c', 'while :; do printf x >>"$1"; done', 'sh', at.src], { stdio: 'ignore' });
  try {
    const { status, message } = await at.fetch();
    assert.is(status, 'failed');
    assert.match(message, 'changed on the host while it was fetched');
    assert.ok(at.isThere);
  } finally {
    writer.kill();
  }
});

test('what the controller cannot write is said', async () => {
  using at = new Fetching().fill(20 * MEGABYTE);
  writeFileSync(join(at.folder.path, 'here'), 'a file, no folder');
  const { status, message } = await at.fetch();
  assert.is(status, 'failed');
  assert.match(message, /^cannot write .*\/here\/got on the controller/);
});

test.run();
