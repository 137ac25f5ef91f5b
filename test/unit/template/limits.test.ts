// Templates that would take all memory, time or stack end in an error.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluated, rendered, scopeOf } from './scope.ts';

const scope = scopeOf(new Map());

for (const [what, text, message] of [
  ['10,000 brackets', '('.repeat(10_000) + '1' + ')'.repeat(10_000), /nested more than 250/],
  ['10,000 filters', `'a'${' | upper'.repeat(10_000)}`, /more than 1500 operators/],
  ['10,000 times not', `${'not '.repeat(10_000)}1`, /nested more than 250/],
  ['10,000 sums', `1${'+1'.repeat(10_000)}`, /more than 1500 operators/],
  ['a range of 10^9', 'range(10 ** 9)', /more than 100000/],
  ['a text of 10^9', "'a' * 10 ** 9", /more than 10000000/],
  ['a margin of 10^9', "'a' | indent(10 ** 9, true)", /longer than a text can be/],
  ['a width of 10^9', "'a' | center(10 ** 9)", /longer than a text can be/],
  ['a format of 10^9', "'%1000000000d' % 1", /too large/],
  ['all orders of 20 items', 'range(20) | permutations(10)', /too many lists/],
] as const)
  test(`${what} is an error`, () => assert.throws(() => evaluated(text, scope), message));

for (const [what, text, message] of [
  ['10,000 ifs in each other', '{% if 1 %}'.repeat(10_000) + '{% endif %}'.repeat(10_000), /nested more than 250/],
  ['a macro that calls itself', '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}', /more than 200 calls/],
  [
    'output without end',
    "{% for i in range(99999) %}{% for j in range(99999) %}{{ 'a' * 9999 }}{% endfor %}{% endfor %}",
    /more than 100 MB/,
  ],
] as const)
  test(`${what} is an error`, () => assert.throws(() => rendered(text, scope), message));

test.run();
