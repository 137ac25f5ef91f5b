import { suite } from 'uvu';
import { skipped } from '../skip.ts';
import { readCases, SHELLS } from './case.ts';
import { missing, runCase } from './run.ts';

// Some cases only: node dist/test/modules/modules.test.js file copy
const cases = readCases(new URL('../../../test/modules/', import.meta.url), process.argv.slice(2));
const test = suite('modules');

for (const c of cases) {
  const lacking = missing(c);
  for (const shell of c.case.bad === undefined ? (c.case.shells ?? SHELLS) : (['dash'] as const)) {
    const name = `${c.module} ${c.name.replaceAll('-', ' ')} on ${shell}`;
    if (lacking !== undefined) skipped(name, lacking);
    else test(name, () => runCase(c, shell));
  }
}

test.run();
