import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { authorizedLine, blobFault, parseAuthorized, splitOptions } from '../../../lib/modules/shared/ssh-keys.ts';

const test = suite('keys of ssh');
const TYPE = 'ssh-ed25519';
const BLOB = 'AAAAC3NzaC1lZDI1NTE5AAAAIE6SNA/jfqmgc3lEIuCBkD4FqqdmK/XQILIPbi7zLrHc';

test('a line of authorized_keys is options, kind, key and comment, whatever the options hold', () => {
  const rows: readonly (readonly [line: string, options: readonly string[], comment: string])[] = [
    [`${TYPE} ${BLOB}`, [], ''],
    [`  ${TYPE}\t${BLOB}   a b  `, [], 'a b'],
    [`no-pty ${TYPE} ${BLOB} x`, ['no-pty'], 'x'],
    [`no-pty,command="a b, c",from="1.2" ${TYPE} ${BLOB}`, ['no-pty', 'command="a b, c"', 'from="1.2"'], ''],
    [`command="say \\"hi, you\\" now" ${TYPE} ${BLOB}`, ['command="say \\"hi, you\\" now"'], ''],
    [`command="cat ${TYPE} ${BLOB} x" ${TYPE} ${BLOB} y`, [`command="cat ${TYPE} ${BLOB} x"`], 'y'],
  ];
  for (const [line, options, comment] of rows)
    assert.equal(parseAuthorized(line), { options, type: TYPE, blob: BLOB, comment }, line);
});

test('what is no key is none, however long it is', () => {
  const lines = ['', '# x', `#${TYPE} ${BLOB}`, 'nonsense', TYPE, `command="open ${TYPE} ${BLOB}`, 'a'.repeat(100_000)];
  for (const line of [...lines, `${'a,'.repeat(50_000)} ${'b '.repeat(50_000)}`, '"\\"'.repeat(30_000)])
    assert.is(parseAuthorized(line), undefined, line.slice(0, 40));
});

test('a key is written as it was read', () => {
  const line = `no-pty,from="a b" ${TYPE} ${BLOB} c d`;
  const key = parseAuthorized(line);
  assert.ok(key);
  if (key !== undefined) assert.is(authorizedLine(key), line);
  assert.equal(splitOptions('a,,b="c,d"'), ['a', 'b="c,d"']);
});

test('the key itself must be base64 of its own kind', () => {
  assert.is(blobFault({ type: TYPE, blob: BLOB }), undefined);
  assert.match(blobFault({ type: 'ssh-rsa', blob: BLOB }) ?? '', /not of the type ssh-rsa/);
  for (const blob of ['', 'x', 'AAAA', BLOB.slice(0, -1), `${BLOB}*`, `${BLOB.slice(0, 20)} `])
    assert.match(blobFault({ type: TYPE, blob }) ?? '', /no base64|not of the type/, blob);
});

test.run();
