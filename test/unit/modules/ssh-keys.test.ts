import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAuthorized } from '../../../lib/modules/shared/ssh-keys.ts';

const BLOB = 'AAAAC3NzaC1lZDI1NTE5AAAAIE6SNA/jfqmgc3lEIuCBkD4FqqdmK/XQILIPbi7zLrHc';

test('options with blanks, commas and quotes in quotes are told from the key', () => {
  const line = String.raw`no-pty,command="a \"b, c\" \d",from="10.0.0.1" ssh-ed25519 ${BLOB} me there`;
  assert.equal(parseAuthorized(line), {
    options: ['no-pty', String.raw`command="a \"b, c\" \d"`, 'from="10.0.0.1"'],
    type: 'ssh-ed25519',
    blob: BLOB,
    comment: 'me there',
  });
});

test('a long line that is no key is read at once', () => {
  for (const line of ['a'.repeat(50_000), 'a,'.repeat(20_000), String.raw`a="\"`.repeat(10_000), 'a="'.repeat(9_999)])
    assert.is(parseAuthorized(line), undefined);
});

test.run();
