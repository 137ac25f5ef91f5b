import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Cursor, comparePaths } from '../../../lib/engine/cursor.ts';
import type { Block, Item, Task } from '../../../lib/playbook/program.ts';

/** A program in words: a number is a task, a list a block `[tasks, rescue, always]`. */
type Sketch = number | readonly (readonly Sketch[])[];

let blocks = 1000;

function item(sketch: Sketch): Item {
  if (typeof sketch === 'number') return { kind: 'task', id: sketch } as Task;
  const [tasks = [], rescue = [], always = []] = sketch;
  return {
    kind: 'block',
    id: blocks++,
    tasks: tasks.map(item),
    rescue: rescue.map(item),
    always: always.map(item),
  } as unknown as Block;
}

/** The ids of the tasks that come up when those in `failing` fail; `!` where a failure was not rescued. */
function walk(program: readonly Sketch[], failing: readonly number[]): string {
  const cursor = new Cursor(program.map(item));
  const seen: string[] = [];
  for (let at = cursor.peek(); at !== undefined && seen.length < 50; at = cursor.peek()) {
    const failed = failing.includes(at.item.id);
    seen.push(`${at.item.id}`);
    if (!failed) cursor.advance();
    else if (!cursor.fail()) seen.push('!');
  }
  return seen.join(' ');
}

const CASES: readonly (readonly [name: string, program: readonly Sketch[], failing: readonly number[], way: string])[] =
  [
    ['tasks come one after the other', [1, 2, 3], [], '1 2 3'],
    ['a failure outside of blocks ends it', [1, 2, 3], [2], '1 2 !'],
    ['a block is entered and left', [1, [[2, 3]], 4], [], '1 2 3 4'],
    ['an empty block is passed over', [1, [[]], 2], [], '1 2'],
    ['rescue is not for what went well', [[[1], [2]], 3], [], '1 3'],
    ['always is', [[[1], [], [2]], 3], [], '1 2 3'],
    ['always of an empty block is too', [[[], [], [2]], 3], [], '2 3'],
    ['a failure goes to rescue, always and on', [[[1, 2], [3, 4], [5]], 6], [1], '1 3 4 5 6'],
    ['without rescue it goes to always and ends', [[[1, 2], [], [5, 6]], 7], [1], '1 ! 5 6'],
    ['a failure in rescue goes to always and ends', [[[1], [2, 3], [4]], 5], [1, 2], '1 2 ! 4'],
    ['a failure in always ends', [[[1], [], [2, 3]], 4], [2], '1 2 !'],
    ['a failure in always after a rescue ends', [[[1], [2], [3, 4]], 5], [1, 3], '1 2 3 !'],
    ['the inner always, then the outer rescue', [[[[[1], [], [2]], 3], [4], [5]], 6], [1], '1 2 4 5 6'],
    ['the inner rescue keeps it from the outer', [[[[[1], [2], [3]], 4], [5]], 6], [1], '1 2 3 4 6'],
    ['a failed inner rescue goes to the outer', [[[[[1], [2], [3]], 4], [5], [7]], 6], [1, 2], '1 2 3 5 7 6'],
    ['a failed inner always goes to the outer rescue', [[[[[1], [], [2, 3]], 4], [5]], 6], [2], '1 2 5 6'],
    ['two alwayses on the way out', [[[[[1], [], [2]]], [], [3]], 4], [1], '1 ! 2 3'],
    ['a block inside rescue is rescued there', [[[1], [[[2], [3]], 4], [5]], 6], [1, 2], '1 2 3 4 5 6'],
    ['a block inside always is rescued there', [[[1], [9], [[[2], [3]], 4]], 6], [1, 2], '1 9 2 3 4 6'],
    ['an unrescued failure stays one through it', [[[1], [], [[[2], [3]], 4]], 6], [1, 2], '1 ! 2 3 4'],
    ['a rescue three blocks up', [[[[[[[1, 2]], 3]], 4], [5]], 6], [1], '1 5 6'],
  ];

for (const [name, program, failing, way] of CASES) test(name, () => assert.is(walk(program, failing), way));

test('what an include brings stands behind it, inside of the block around it', () => {
  const cursor = new Cursor([[[1, 2], [3]], 4].map(s => item(s as Sketch)));
  cursor.include([
    { items: [item(10), item(11)], layers: [], number: 0 },
    { items: [item(10), item(11)], layers: [], number: 1 },
  ]);
  const seen: (readonly number[])[] = [];
  for (let at = cursor.peek(); at !== undefined; at = cursor.peek()) {
    seen.push(at.path);
    if (seen.length === 4) assert.ok(cursor.fail());
    else cursor.advance();
  }
  assert.equal(seen, [[1, 0, 10], [1, 0, 11], [1, 1, 10], [1, 1, 11], [3], [4]]);
});

test('paths sort an include before what it brings, and that before what follows', () => {
  const paths = [[2], [1, 1, 10], [1, 0, 11], [1], [1, 0, 10, 0, 99], [1, 0, 10]];
  assert.equal(paths.sort(comparePaths), [[1], [1, 0, 10], [1, 0, 10, 0, 99], [1, 0, 11], [1, 1, 10], [2]]);
});

test('goTo passes over rescue, and ends where nothing is meant', () => {
  const cursor = new Cursor([1, [[2], [3], [4]], 5].map(s => item(s as Sketch)));
  cursor.goTo(task => task.id === 4);
  assert.is(cursor.peek()?.item.id, 4);
  cursor.goTo(task => task.id === 3);
  assert.is(cursor.peek(), undefined);
});

test('an ended cursor has nothing next, also after a failure', () => {
  const cursor = new Cursor([[[1], [2]]].map(s => item(s as Sketch)));
  cursor.end();
  assert.is(cursor.peek(), undefined);
  assert.not(cursor.fail());
});

test.run();
