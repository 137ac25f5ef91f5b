import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { batchesOf } from '../../../lib/engine/batches.ts';

const sizes = (hosts: number, serial: readonly (number | string)[]) =>
  batchesOf([...Array(hosts).keys()], serial)
    .map(b => b.length)
    .join(' ');

for (const [hosts, serial, wanted] of [
  [5, [], '5'],
  [5, [2], '2 2 1'],
  [5, ['2'], '2 2 1'],
  [5, [1, 2], '1 2 2'],
  [5, [10], '5'],
  [5, [0], '5'],
  [10, ['30%'], '3 3 3 1'],
  [3, ['10%'], '1 1 1'],
  [10, [1, '20%', '50%'], '1 2 5 2'],
  [5, ['100%'], '5'],
  [0, [2], ''],
] as const)
  test(`serial ${JSON.stringify(serial)} of ${hosts} hosts`, () => assert.is(sizes(hosts, serial), wanted));

test.run();
