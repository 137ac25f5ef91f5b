import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { features, readCases, readRecorded } from '../against-ansible/cases.ts';

// Cases are replayed on hosts for minutes; that one was changed and not recorded again is told at once.
test('every case is recorded as it is written', () => {
  const stale = readCases().filter(c => readRecorded(c.feature)[c.title]?.case !== c.hash);
  assert.equal(
    stale.map(c => `${c.feature}: ${c.title}`),
    [],
  );
});

test('nothing is recorded of a case that is not there', () => {
  const titles = new Set(readCases().map(c => `${c.feature}: ${c.title}`));
  const recorded = features().flatMap(f => Object.keys(readRecorded(f)).map(title => `${f}: ${title}`));
  assert.equal(
    recorded.filter(r => !titles.has(r)),
    [],
  );
});

test.run();
