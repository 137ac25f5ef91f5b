import { suite } from 'uvu';
import { skipped } from '../skip.ts';
import { readCases, SHELLS } from './case.ts';
import { localPlace } from './place.ts';
import { missing, runCase } from './run.ts';

// Some cases only: node dist/test/modules/modules.test.js file copy
const cases = readCases(new URL('../../../test/modules/', import.meta.url), process.argv.slice(2));
const test = suite('modules');

// a case that changes a system is run by `npm run test:modules` alone
for (const c of cases.filter(each => each.case.hosts === undefined)) {
  for (const shell of c.case.bad === undefined ? (c.case.shells ?? SHELLS) : (['dash'] as const)) {
    const place = localPlace(shell);
    const name = `${c.module} ${c.name.replaceAll('-', ' ')} on ${shell}`;
    const lacking = missing(c, place);
    if (lacking !== undefined) skipped(name, lacking);
    else test(name, () => runCase(c, place).then(() => undefined));
  }
}

test.run();
