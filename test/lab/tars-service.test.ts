import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeTarsArchives, makeTarsPackage } from '../../lab/tars/make.ts';
import { failure, run } from '../modules/tars/rig.ts';
import { skipped } from '../skip.ts';
import { Database } from './tars-database.ts';
import { ownAddress, TarsHost, until } from './tars-host.ts';
import { fillDatabase, startMaster, withWeb } from './tars-master.ts';

/** Publishing into the older layout, where logins are the user system's; 3.x is the scenario publish. */
const address = ownAddress() ?? '';
const missing = address === '' ? 'needs an IPv4 address that is not loopback' : Database.missing();
const name = 'in 1.x a server is published with logins at the user system, and the query servers are not_tars';

if (missing !== undefined) skipped(name, missing);
else
  test(name, async () => {
    const home = mkdtempSync(join(tmpdir(), 'tars-service-'));
    const layout = '1.x';
    makeTarsPackage({ dir: join(home, 'package'), layout });
    makeTarsArchives({ dir: join(home, 'tgz'), layout, touch: 'servers' });
    const database = await Database.start(join(home, 'database'), address);
    const host = new TarsHost(join(home, 'package'), join(home, 'app'), { address, login: database.login });
    try {
      await fillDatabase(database, host, join(home, 'package'));
      await startMaster(host);
      await withWeb(host, url => publishes(url, join(home, 'tgz')));
    } finally {
      await host.stopAll();
      database.stop();
      rmSync(home, { recursive: true });
    }
  });

async function publishes(url: string, tgz: string): Promise<void> {
  const login_url = url.replace(':3000', ':3001');
  for (const place of [url, login_url])
    await until(`${place} answers`, 30, () =>
      fetch(`${place}/web/title`).then(
        answer => answer.ok,
        () => false,
      ),
    );
  const web = { url, login_url, password: 'Tars@2026' };
  assert.is((await run('tars_web_admin', web)).status, 'changed');
  assert.is((await run('tars_web_admin', web)).status, 'ok');
  const object = { obj_name: 'NoTarsObj', port: 18393 };
  const query = { ...web, server: 'tarsquerystat', node: address, package: join(tgz, 'tarsquerystat.tgz') };
  const asked = await run('tars_service', { ...query, adapters: [{ ...object, protocol: 'tars' }] });
  assert.match(failure(asked), /is deployed with NoTarsObj of protocol not_tars, not tars/);
  const right = { ...query, adapters: [{ ...object, protocol: 'not_tars' }] };
  for (const [check, status] of [
    [true, 'changed'],
    [false, 'changed'],
    [true, 'ok'],
    [false, 'ok'],
  ] as const) {
    const outcome = await run('tars_service', right, { check });
    assert.is(outcome.status, status, failure(outcome));
  }
}

test.run();
