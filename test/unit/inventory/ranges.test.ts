import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readHostNames } from '../../../lib/inventory/host-names.ts';
import { expandRanges } from '../../../lib/inventory/ranges.ts';

/** What is wrong with a text, with the part that is pointed at; or the names. */
function said(text: string): string {
  const read = readHostNames(text);
  if (read.ok) return read.names.join(' ');
  return `${text.slice(read.start, read.end)}: ${read.problem}${read.suggestion ? ` (${read.suggestion})` : ''}`;
}

test('the last range of several counts fastest', () => {
  const expanded = expandRanges('[a:b]-[08:10:2]');
  assert.equal(expanded, { ok: true, names: ['a-08', 'a-10', 'b-08', 'b-10'] });
});

const FAULTS: readonly (readonly [string, string])[] = [
  ['w[1]', '[1]: a range is written [first:last] or [first:last:step]'],
  ['w[1:]x', '[1:]: the range [1:] has no end (write [first:last], the last included)'],
  [
    'w[01:5]',
    '[01:5]: the ends of a range that starts with 0 must be equally long: "01" and "5" are not (write [01:05])',
  ],
  [
    'w[01:100]',
    '[01:100]: the ends of a range that starts with 0 must be equally long: "01" and "100" are not (write [001:100])',
  ],
  ['w[5:1]', '[5:1]: the range from "5" to "1" goes backwards (write [1:5])'],
  ['w[c:a]', '[c:a]: the range from "c" to "a" goes backwards (write [a:c])'],
  ['w[a:3]', '[a:3]: a range goes between two numbers or two letters, not from "a" to "3"'],
  ['w[aa:ac]', '[aa:ac]: a range goes between two numbers or two letters, not from "aa" to "ac"'],
  ['w[1:5:0]', '[1:5:0]: the step of a range is a whole number above 0, not "0"'],
  ['w[1:5', '[1:5: "[" is not closed (write "w[1:5]")'],
  ['w1:5]', ']: "]" closes nothing'],
  ['w[1:2][3]', '[3]: a range is written [first:last] or [first:last:step]'],
  ['w[1:99999999]', '[1:99999999]: names more than 100,000 hosts'],
  ['w[1:1000]-[1:1000]', '[1:1000]: names more than 100,000 hosts'],
  ['w1:99999', '99999: a port is a number from 1 to 65535, not 99999'],
  ['w1:0', '0: a port is a number from 1 to 65535, not 0'],
  ['w1:', 'w1:: "w1:" is not a name for a host (write "w1")'],
  ['w1:ssh', 'w1:ssh: "w1:ssh" is not a name for a host'],
  ['[fe80::1]', '[fe80::1]: an IPv6 address stands in brackets only before a port (write "fe80::1")'],
  ['a,b', 'a,b: "a,b" is not a name for a host (write each host as a key of its own)'],
  ['a b', 'a b: "a b" is not a name for a host'],
  ['!a', '!a: "!a" is not a name for a host'],
  ['web*', 'web*: "web*" is not a name for a host'],
  ['root@web1', 'root@web1: "root@web1" is not a name for a host (write "web1" with the variable ansible_user: root)'],
  ['fe80::g', 'fe80::g: "fe80::g" is not a name for a host'],
];

for (const [text, expected] of FAULTS)
  test(`"${text}" is refused with the place and what to write`, () => assert.is(said(text), expected));

test('a huge range is refused before it is made', () => {
  const from = performance.now();
  assert.is(readHostNames('w[1:999999999999999]').ok, false);
  assert.ok(performance.now() - from < 10_000);
});

test.run();
