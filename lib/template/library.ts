import { codingFilters } from './filters/coding.ts';
import { communityFilters } from './filters/community.ts';
import { cryptoFilters } from './filters/crypto.ts';
import { dataFilters } from './filters/data.ts';
import { dateFilters } from './filters/date.ts';
import { dictFilters } from './filters/dict.ts';
import { eachFilters } from './filters/each.ts';
import { htmlFilters } from './filters/html.ts';
import { listFilters } from './filters/list.ts';
import { numberFilters } from './filters/number.ts';
import { orderFilters } from './filters/order.ts';
import { pathFilters } from './filters/path.ts';
import { regexFilters } from './filters/regex.ts';
import { setFilters } from './filters/sets.ts';
import { textFilters } from './filters/text.ts';
import { typeFilters } from './filters/types.ts';
import { urlFilters } from './filters/url.ts';
import { vaultFilters } from './filters/vault.ts';
import { table } from './frame.ts';
import { fileLookups } from './lookups/file.ts';
import { inventoryLookups } from './lookups/inventory.ts';
import { listLookups } from './lookups/list.ts';
import { passwordLookups } from './lookups/password.ts';
import { urlLookups } from './lookups/url.ts';
import { outcomeTests } from './tests/outcome.ts';
import { textTests } from './tests/text.ts';
import { valueTests } from './tests/value.ts';

/** Every filter, test and lookup. */
export const TABLES = {
  filters: table(
    typeFilters,
    textFilters,
    listFilters,
    eachFilters,
    orderFilters,
    setFilters,
    dictFilters,
    dataFilters,
    codingFilters,
    cryptoFilters,
    dateFilters,
    numberFilters,
    pathFilters,
    regexFilters,
    urlFilters,
    htmlFilters,
    communityFilters,
    vaultFilters,
  ),
  tests: table(valueTests, textTests, outcomeTests),
  lookups: table(fileLookups, listLookups, passwordLookups, urlLookups, inventoryLookups),
};
