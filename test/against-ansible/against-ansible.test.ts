import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readCases, readRecorded } from './cases.ts';
import { readDifferences } from './differences.ts';
import { againstRecord } from './judge.ts';
import { tell } from './story.ts';
import { byTplayHere } from './tplay.ts';

// What ansible-playbook made of the cases is recorded (npm run test:ansible -- --record), so that this runs without it.
const cases = readCases(process.argv.slice(2)).filter(given => given.needs === undefined); // test/lab has the others
const limit = pLimit(2 * availableParallelism());
const runs = cases.map(given => limit(() => tell(given, byTplayHere)));
for (const run of runs) run.catch(() => undefined); // the test that awaits it gets the error

cases.forEach((given, i) => {
  test(`as Ansible: ${given.title} (${given.feature})`, async () => {
    assert.is(againstRecord(given, (await runs[i]) ?? []).join('\n'), '');
  });
});

test('every meant difference has a case, and every case means one that is in the table', () => {
  const meant = readCases().flatMap(c => (c.meant === undefined ? [] : [c.meant]));
  assert.equal([...new Set(meant)].sort(), Object.keys(readDifferences()).sort());
});

test.run();
