import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FrameReader } from '../../../lib/shell/protocol.ts';

/** A frame whose stdout comes in pieces of so many bytes, of which so many are kept. */
function read(out: string, { keep, piece }: { keep: number; piece: number }) {
  const reader = new FrameReader('TAG');
  reader.expect(1, keep);
  reader.stderr(Buffer.from('\nTAG 1\n'));
  const all = Buffer.from(`${out}\nTAG 1 7\n`);
  for (let at = 0; at < all.length; at += piece) {
    const reply = reader.stdout(all.subarray(at, at + piece));
    if (reply !== undefined) return reply;
  }
  throw new Error('no reply');
}

for (const piece of [1, 3, 7, 50])
  test(`of a long stream its middle is left out, and that is said (pieces of ${piece})`, () => {
    const text = Array.from({ length: 300 }, (_, i) => `${i}`.padStart(3, '0')).join('');
    const reply = read(text, { keep: 60, piece });
    assert.is(reply.rc, 7);
    const [head = '', said = '', tail = ''] = reply.stdout.split('\n');
    assert.is(head, text.slice(0, 30));
    assert.ok(tail.length >= 30 && text.endsWith(tail), tail);
    assert.is(said, `[tplay: ${reply.cut?.stdout} bytes are left out here]`);
    assert.is(head.length + tail.length + (reply.cut?.stdout ?? 0), text.length);
    assert.is(reply.cut?.stderr, 0);
  });

for (const length of [0, 1, 29, 30, 31, 59, 60])
  test(`a stream of ${length} bytes is whole`, () => {
    const text = 'x'.repeat(length);
    for (const piece of [1, 13, 1000]) {
      const reply = read(text, { keep: 60, piece });
      assert.equal([reply.stdout, reply.cut], [text, undefined]);
    }
  });

test.run();
