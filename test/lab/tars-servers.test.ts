import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeTarsPackage } from '../../lab/tars/make.ts';
import { servers } from '../../lab/tars/servers.ts';
import { skipped } from '../skip.ts';
import { Database } from './tars-database.ts';
import { type Login, ownAddress, TarsHost, until } from './tars-host.ts';
import { alive, fillDatabase, startMaster, withWeb } from './tars-master.ts';

const root = mkdtempSync(join(tmpdir(), 'tars-servers-'));
const packageDir = join(root, 'package');
const address = ownAddress() ?? '';
const noAddress = address === '' ? 'needs an IPv4 address that is not loopback' : undefined;
const noDatabase = noAddress ?? Database.missing();
makeTarsPackage({ dir: packageDir });

/** Runs the test, or says why not. */
function when(missing: string | undefined, name: string, body: () => Promise<void>): void {
  if (missing === undefined) return void test(name, body);
  skipped(name, missing);
}

async function withHost(login: Login, body: (host: TarsHost) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(root, 'host-'));
  const host = new TarsHost(packageDir, home, { address, login });
  try {
    await body(host);
  } finally {
    await host.stopAll();
    rmSync(home, { recursive: true });
  }
}

const nowhere: Login = { host: 'nowhere.invalid', port: 3306, user: 'tarsAdmin', password: 'x' };

async function kill(host: TarsHost, server: string): Promise<void> {
  const pid = host.pid(server);
  if (pid === undefined) throw new Error(`${server} does not run`);
  process.kill(pid, 'SIGKILL');
  await until(`${server} is dead`, 5, () => host.pid(server) === undefined);
}

when(noAddress, 'a server is found alive by its monitor, and dead with 255 after kill -9', () =>
  withHost(nowhere, async host => {
    assert.is(await host.monitor('tarslog'), 255);
    assert.equal(await host.binary('tarslog'), { status: 0, stderr: '' });
    await until('tarslog answers', 5, alive(host, 'tarslog'));
    const pid = host.pid('tarslog') ?? 0;
    assert.is(host.commandLine(pid), `${host.tarsPath}/tarslog/bin/tarslog --config=${host.conf('tarslog')}`);
    assert.is(readFileSync(`/proc/${pid}/comm`, 'utf8'), 'tarslog\n');
    await kill(host, 'tarslog');
    assert.is(await host.monitor('tarslog'), 255);
  }),
);

when(noAddress, 'a hanging server is not alive', () =>
  withHost(nowhere, async host => {
    await host.binary('tarslog');
    await until('tarslog answers', 5, alive(host, 'tarslog'));
    const pid = host.pid('tarslog') ?? 0;
    process.kill(pid, 'SIGSTOP');
    assert.is(await host.monitor('tarslog'), 255);
  }),
);

when(noAddress, 'a conf with a placeholder, a loopback address or a taken port is refused', () =>
  withHost(nowhere, async host => {
    const file = host.conf('tarslog');
    const good = readFileSync(file, 'utf8');
    const refusal = async (text: string): Promise<string> => {
      writeFileSync(file, text);
      const { status, stderr } = await host.binary('tarslog');
      assert.is(status, 1);
      return stderr;
    };
    for (const placeholder of [
      'TARS_PATH',
      'localip.tars.com',
      'registry.tars.com',
      'registryAddress',
      'db.tars.com',
    ]) {
      assert.match(
        await refusal(good.replace('logsize=10M', `logsize=${placeholder}`)),
        `the placeholder ${placeholder}`,
      );
    }
    assert.match(await refusal(good.replaceAll(address, '127.0.0.1')), 'not 127.0.0.1');
    writeFileSync(file, good);
    assert.is((await host.binary('tarslog')).status, 0);
    assert.match(await refusal(good), `cannot listen on ${address}:18993`);
  }),
);

when(noAddress, 'scripts end with 0 and stop by kill -9', () =>
  withHost(nowhere, async host => {
    await host.script('tarspatch/util/init.sh');
    assert.match(await host.script('tarspatch/util/start.sh'), 'start ');
    await until('tarspatch answers', 5, alive(host, 'tarspatch'));
    assert.match(await host.script('tarspatch/util/stop.sh'), 'kill -9 ');
    await until('tarspatch is dead', 5, () => host.pid('tarspatch') === undefined);
    await host.script('check.sh');
    await until('check.sh has started tarsnode', 5, alive(host, 'tarsnode'));
    // Its database does not exist: nothing starts, and nobody is told.
    await host.script('tarsconfig/util/start.sh');
    assert.is(host.pid('tarsconfig'), undefined);
  }),
);

when(noAddress, 'tarsnode starts a dead server again from the conf in its data, and without one never', () =>
  withHost(nowhere, async host => {
    await host.binary('tarslog');
    assert.equal(await host.binary('tarsnode', `--nodeid=${address}`), { status: 0, stderr: '' });
    await until('both answer', 5, async () => (await alive(host, 'tarslog')()) && (await alive(host, 'tarsnode')()));
    await kill(host, 'tarslog');
    await until('tarsnode has looked', 15, () => host.log('tarsnode').includes('is missing: cannot start it'));
    assert.is(host.pid('tarslog'), undefined);
    mkdirSync(dirname(host.nodeConf('tarslog')), { recursive: true });
    copyFileSync(host.conf('tarslog'), host.nodeConf('tarslog'));
    await until('tarslog is back', 15, alive(host, 'tarslog'));
    assert.match(host.commandLine(host.pid('tarslog') ?? 0), `--config=${host.nodeConf('tarslog')}`);
  }),
);

when(noDatabase, 'a master with a real database: rows, ten confs, restarts, heartbeat, title', async () => {
  const database = await Database.start(join(root, 'database'), address);
  try {
    await withHost(database.login, async host => {
      await fillDatabase(database, host, packageDir);
      assert.equal([await database.count('t_server_conf'), await database.count('t_adapter_conf')], [10, 12]);
      assert.is(await database.count('t_node_info'), 1);
      await startMaster(host);
      const ten = servers.map(server => server.name).filter(name => name !== 'tarsnode');
      await until('the ten files', 10, () => ten.every(name => existsSync(host.nodeConf(name))));
      const heart = "present_state = 'active' AND last_heartbeat > NOW() - INTERVAL 10 SECOND";
      await until('a heartbeat', 10, async () => (await database.count('t_node_info', heart)) === 1);
      await until(
        'all active',
        10,
        async () => (await database.count('t_server_conf', "present_state = 'active'")) === 10,
      );

      await host.script('tarsstat/util/stop.sh');
      await until('tarsstat is back', 15, alive(host, 'tarsstat'));
      assert.match(host.commandLine(host.pid('tarsstat') ?? 0), `--config=${host.nodeConf('tarsstat')}`);
      unlinkSync(host.nodeConf('tarsnotify'));
      await kill(host, 'tarsnotify');
      await until('tarsnode has looked', 15, () => host.log('tarsnode').includes('tarsnotify is dead and'));
      assert.is(host.pid('tarsnotify'), undefined);

      await withWeb(host, async url => {
        const status = () =>
          fetch(`${url}/web/title`).then(
            answer => answer.status,
            () => 0,
          );
        await until('the title', 10, async () => (await status()) === 200);
        await database.query('DROP DATABASE db_tars_web');
        assert.is(await status(), 500);
      });
    });
  } finally {
    database.stop();
  }
});

when(noDatabase, 'a wrong password, a missing database and a dead database server stop a start', async () => {
  const database = await Database.start(join(root, 'other'), address);
  try {
    await withHost({ ...database.login, password: 'wrong' }, async host => {
      await fillDatabase(database, host, packageDir);
      const { status, stderr } = await host.binary('tarsconfig');
      assert.is(status, 1);
      assert.match(stderr, 'Access denied');
      assert.match(host.log('tarsconfig'), 'Access denied');
    });
    await withHost(database.login, async host => {
      await database.query('DROP DATABASE tars_stat');
      assert.match((await host.binary('tarsstat')).stderr, "Unknown database 'tars_stat'");
      database.stop();
      await until('the database is down', 5, () =>
        database.query('SELECT 1').then(
          () => false,
          () => true,
        ),
      );
      assert.match((await host.binary('tarsconfig')).stderr, 'cannot reach the database');
    });
  } finally {
    database.stop();
  }
});

when(
  noDatabase,
  'a node host without rows registers itself, and tars_upgrade.conf brings an older db_tars up',
  async () => {
    const database = await Database.start(join(root, 'third'), address);
    try {
      await withHost(database.login, async host => {
        await fillDatabase(database, host, packageDir);
        await database.query('DELETE FROM t_server_conf; DELETE FROM t_node_info', 'db_tars');
        await host.binary('tarsregistry');
        await host.binary('tarsnode', `--nodeid=${address}`);
        await until('the node is there', 10, async () => (await database.count('t_node_info')) === 1);
        const upgrades = readFileSync(join(packageDir, 'framework/sql/tars_upgrade.conf'), 'utf8');
        for (const [, field] of upgrades.matchAll(/^\s*field = (.*)$/gm)) {
          await database.query(`ALTER TABLE t_server_conf DROP ${field}`, 'db_tars');
        }
        for (const [, sql] of upgrades.matchAll(/^\s*sql = (.*)$/gm)) await database.query(sql ?? '', 'db_tars');
        await database.query('SELECT flow_state, run_type, base_image_id FROM t_server_conf', 'db_tars');
      });
    } finally {
      database.stop();
    }
  },
);

test.after(() => rmSync(root, { recursive: true }));

test.run();
