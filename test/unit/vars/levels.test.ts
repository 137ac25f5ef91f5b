import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type LayersByLevel, LEVELS, layersInOrder, namesSet, occurrencesOf } from '../../../lib/vars/levels.ts';
import type { VarLayer } from '../../../lib/vars/scope.ts';

const layer = (value: number): VarLayer => new Map([['x', { value }]]);
// one layer a level, given in the opposite order
const ALL: LayersByLevel = Object.fromEntries(
  Object.entries(LEVELS)
    .map(([name, { number }]) => [name, [layer(number)]])
    .toReversed(),
);
const values = (layers: readonly VarLayer[]) => layers.map(l => l.get('x')?.value);

test("the levels are numbered in Ansible's order, none left out but 16, which is 17's; loop variables are above", () => {
  const numbers = Object.values(LEVELS).map(level => level.number);
  assert.equal(
    numbers,
    [...Array(23).keys()].map(i => i + 1).filter(number => number !== 16),
  );
});

test('layers stand in the order of the levels, whoever names them first', () => {
  assert.equal(
    values(layersInOrder(ALL)),
    Object.values(LEVELS).map(level => level.number),
  );
});

test('the occurrences of a variable are those layers from strong to weak', () => {
  const by: LayersByLevel = {
    extraVars: undefined,
    playVars: [layer(1), layer(2)],
    roleDefaults: [layer(0)],
    facts: [new Map()],
  };
  assert.equal(
    values(layersInOrder(by)).filter(v => v !== undefined),
    [0, 1, 2],
  );
  assert.equal(
    occurrencesOf('x', by).map(({ level, entry }) => [level.number, entry.value]),
    [
      [12, 2],
      [12, 1],
      [2, 0],
    ],
  );
  assert.equal(occurrencesOf('y', by), []);
});

test('what the settings set is no name that somebody set', () => {
  const by = {
    settings: [new Map([['s', { value: 1 }]])],
    facts: [layer(1)],
    playVars: [new Map([['a', { value: 1 }]])],
  };
  assert.equal(namesSet(by), ['a', 'x']);
});

test.run();
