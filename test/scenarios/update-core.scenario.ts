import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTarsArchives, makeTarsPackage } from '../../lab/tars/make.ts';
import type { Scenario, Stage } from './scenario.ts';

const tars = '/usr/local/app/tars';
const hosts = ['master1', 'slave1', 'node1'];

/** When the server's process began, and what its program says; by looking at the process. */
async function look(stage: Stage, host: string, server: string): Promise<{ began: number; version: string }> {
  const [began = '', version = ''] = (
    await stage.on(
      host,
      `p=$(pgrep -f '^${tars}/${server}/bin/${server} ' | head -n 1); [ -n "$p" ] || exit 1
       cut -d' ' -f22 /proc/$p/stat; ${tars}/${server}/bin/${server} --version`,
    )
  ).split('\n');
  return { began: Number(began), version };
}

/** All processes of Tars on a host. */
const processes = (stage: Stage, host: string): Promise<string> =>
  stage.on(host, `ps -eo pid=,args= | grep '${tars}/[t]ars' | sort -n`);

/** An archive of one server whose program says the right version and does not start. */
function broken(stage: Stage, server: string): void {
  const work = join(stage.folder, 'work', server, 'bin');
  mkdirSync(work, { recursive: true });
  mkdirSync(join(stage.folder, 'broken'));
  const text =
    '#!/bin/sh\n[ "$1" != --version ] || { echo TARS:3.0.17; exit 0; }\necho this one is broken >&2\nexit 1\n';
  writeFileSync(join(work, server), text, { mode: 0o755 });
  execFileSync('tar', [
    '-C',
    join(stage.folder, 'work'),
    '-czf',
    join(stage.folder, 'broken', `${server}.tgz`),
    server,
  ]);
}

const update = (servers: string, archives: string, ...more: string[]) => [
  'update-core',
  '-e',
  `servers=${servers}`,
  '-e',
  `tars_core_archives={{ inventory_dir }}/${archives}`,
  ...more,
];
let before: Readonly<Record<string, string>> = {};

export default {
  name: 'update-core',
  lab: { name: 'updcore', subnet: '10.91.0.0/24', hosts: hosts.map(name => ({ name, kind: 'debian' as const })) },
  living: [`${tars}/app_log`, `${tars}/tarsnode/data`],
  inventory: () => `all:
  vars: { tars_package: package, tars_db_password: Scenario-1, mysql_root_password: root }
  children:
    mysql: { hosts: { master1: {} } }
    framework-master: { hosts: { master1: {} } }
    framework-slave: { hosts: { slave1: {} } }
    tarsnode: { hosts: { node1: {} } }
    web: { hosts: {} }
`,
  prepare(stage) {
    makeTarsPackage({ dir: join(stage.folder, 'package') });
    makeTarsArchives({ dir: join(stage.folder, 'newer'), touch: 'servers' });
    makeTarsArchives({ dir: join(stage.folder, 'other'), version: '3.0.18' });
    broken(stage, 'tarsregistry');
  },
  steps: [
    {
      title: 'a Tars that runs',
      play: ['install'],
      skipCheck: 'what packages start by themselves is not known before they are installed',
    },
    { title: 'servers must be named', play: ['update-core'], expect: 'fails', says: /no core server is named/ },
    {
      title: 'what is published is refused',
      play: update('tarsconfig,tarsstat', 'newer'),
      expect: 'fails',
      says: /tarsstat cannot be updated so: it is published through the web/,
    },
    {
      title: 'unknown ones are refused',
      play: update('tarsregistri', 'newer'),
      expect: 'fails',
      says: /no core server tarsregistri/,
    },
    {
      title: 'an archive that is not there is told',
      play: update('tarspatch', 'broken'),
      expect: 'fails',
      says: /no .*broken\/tarspatch\.tgz on the controller/,
    },
    {
      title: 'slaves before the master, tarsnode last, all others untouched',
      async before(stage) {
        before = Object.fromEntries(
          await Promise.all(hosts.map(async host => [host, await processes(stage, host)] as const)),
        );
      },
      play: update('tarsregistry,tarsnode', 'newer'),
      async verify(stage) {
        const registry = {
          slave: await look(stage, 'slave1', 'tarsregistry'),
          master: await look(stage, 'master1', 'tarsregistry'),
        };
        const node = await Promise.all(['node1', 'slave1', 'master1'].map(host => look(stage, host, 'tarsnode')));
        const order = [registry.slave, registry.master, ...node];
        assert.deepEqual(
          order.map(one => one.version),
          order.map(() => 'TARS:3.0.17-1'),
        );
        const began = order.map(one => one.began);
        assert.deepEqual(
          began,
          [...began].sort((a, b) => a - b),
        );
        for (const host of hosts) {
          const others = (text = ''): string[] =>
            text.split('\n').filter(line => line !== '' && !/\/(tarsregistry|tarsnode)\/bin/.test(line));
          assert.deepEqual(others(await processes(stage, host)), others(before[host]));
        }
        assert.match(
          await stage.on('slave1', `${tars}/tarsregistry/bin/tarsregistry.previous --version`),
          /^TARS:3\.0\.17\n/,
        );
        assert.equal(await stage.on('slave1', `ls ${tars}/tarsregistry/bin`), 'tarsregistry\ntarsregistry.previous\n');
      },
    },
    {
      title: 'one that does not start gets its old program back, and the run ends there',
      async before(stage) {
        before = { master1: await processes(stage, 'master1') };
      },
      play: update('tarsregistry', 'broken'),
      expect: 'fails',
      says: /tarsregistry on slave1 is not well: .*The one from before runs again/s,
      async verify(stage) {
        assert.equal((await look(stage, 'slave1', 'tarsregistry')).version, 'TARS:3.0.17-1');
        assert.equal(await processes(stage, 'master1'), before['master1']);
      },
    },
    {
      title: 'cut between the rename and the restart, the next run finishes',
      async before(stage) {
        const { began } = await look(stage, 'master1', 'tarspatch');
        await stage.cut('Whether tarspatch must be restarted', ...update('tarspatch', 'newer'));
        assert.equal((await look(stage, 'master1', 'tarspatch')).began, began);
        assert.match(await stage.on('master1', `ls ${tars}/tarspatch/bin`), /tarspatch\.before/);
      },
      play: update('tarspatch', 'newer'),
      async verify(stage) {
        assert.equal((await look(stage, 'master1', 'tarspatch')).version, 'TARS:3.0.17-1');
        assert.equal(await stage.on('master1', `ls ${tars}/tarspatch/bin`), 'tarspatch\ntarspatch.previous\n');
      },
    },
    {
      title: 'one of another version is refused',
      play: update('tarsconfig', 'other'),
      expect: 'fails',
      says: /tarsconfig of .*other is version 3\.0\.18, the framework on slave1 is 3\.0\.17/,
      async verify(stage) {
        assert.equal((await look(stage, 'slave1', 'tarsconfig')).version, 'TARS:3.0.17');
      },
    },
    {
      title: 'unless it is forced',
      play: update('tarsconfig', 'other', '-e', 'tars_core_force=yes'),
      async verify(stage) {
        for (const host of ['slave1', 'master1'])
          assert.equal((await look(stage, host, 'tarsconfig')).version, 'TARS:3.0.18');
      },
    },
  ],
} satisfies Scenario as Scenario;
