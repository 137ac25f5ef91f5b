import * as assert from 'node:assert/strict';
import { join } from 'node:path';
import { makeTarsPackage } from '../../lab/tars/make.ts';
import type { Scenario, Stage } from './scenario.ts';

/** Two real MariaDB servers: a primary with a replica, the ways in which a replica breaks, and how that is told. */
const inventory = (more = '') => `
all:
  vars:
    tars_package: tars
    tars_db_password: lab-tars
    mysql_root_password: "it's \\"a\\" \\\\ $HOME !"
    mysql_replication_password: lab-sync
    mysql_replica_retries: 60
${more}
  children:
    mysql:
      hosts:
        db1:
        db2: { mysql_primary: db1 }
    framework-master: { hosts: { master1: { tars_hostip: 10.96.0.50 } } }
    framework-slave:
    web:
`;

const sql = (stage: Stage, host: string, statement: string) => stage.on(host, 'mariadb -N', statement);

async function stopped(stage: Stage): Promise<boolean> {
  return /Slave_SQL_Running: No/.test(await stage.on('db2', 'mariadb -E', 'SHOW SLAVE STATUS;'));
}

export default {
  name: 'mysql-replication',
  lab: {
    name: 'mysqlrepl',
    subnet: '10.96.0.0/24',
    hosts: [
      { name: 'db1', kind: 'debian' },
      { name: 'db2', kind: 'debian' },
    ],
  },
  inventory: () => inventory(),
  prepare: stage => makeTarsPackage({ dir: join(stage.folder, 'tars') }),
  steps: [
    {
      title: 'two hosts with one server_id are refused before any is touched',
      inventory: () => inventory('    mysql_server_id: 7'),
      play: ['mysql-replication'],
      expect: 'fails',
      says: /another host of the group mysql has the server_id 7 too/,
    },
    {
      title: 'a primary and its replica, from nothing',
      inventory: () => inventory(),
      play: ['mysql-replication'],
      async verify(stage) {
        await sql(stage, 'db1', 'CREATE DATABASE shop; CREATE TABLE shop.article (id INT PRIMARY KEY, name TEXT);');
        await sql(stage, 'db1', "INSERT INTO shop.article VALUES (1, 'pen');");
        const tables = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'shop';";
        await stage.until('the table is there', 60, async () => (await sql(stage, 'db2', tables)).trim() === '1');
        const names = 'SELECT name FROM shop.article;';
        await stage.until('its row is there', 60, async () => (await sql(stage, 'db2', names)).trim() === 'pen');
      },
    },
    {
      title: 'a primary that was away for a while is followed again',
      before: async stage => void (await stage.on('db1', 'systemctl restart mariadb')),
      play: ['mysql-replication'],
    },
    {
      title: 'a replica that somebody has written to is told with its error',
      async before(stage) {
        await sql(stage, 'db2', "INSERT INTO shop.article VALUES (2, 'by hand');");
        await sql(stage, 'db1', "INSERT INTO shop.article VALUES (2, 'ink');");
        await stage.until('the replica has stopped', 60, () => stopped(stage));
      },
      play: ['mysql-replication'],
      expect: 'fails',
      says: /db2 has stopped following db1, error 1062: .*Duplicate entry/,
    },
    {
      title: 'what was set right is followed again',
      before: async stage => void (await sql(stage, 'db2', 'DELETE FROM shop.article WHERE id = 2;')),
      play: ['mysql-replication'],
      verify: async stage =>
        assert.equal((await sql(stage, 'db2', 'SELECT name FROM shop.article WHERE id = 2;')).trim(), 'ink'),
    },
    {
      title: 'a replica of a primary whose log is cut is refused, and told what to load',
      async before(stage) {
        await sql(stage, 'db1', 'FLUSH BINARY LOGS;');
        const [last] = (await sql(stage, 'db1', 'SHOW MASTER STATUS;')).split('\t');
        await sql(stage, 'db2', "STOP SLAVE; RESET SLAVE ALL; SET GLOBAL gtid_slave_pos = '';");
        await sql(stage, 'db2', 'DROP DATABASE shop; DROP DATABASE tplay_check;');
        await sql(stage, 'db1', `PURGE BINARY LOGS TO '${last}';`);
      },
      play: ['mysql-replication'],
      expect: 'fails',
      says: /the log of db1 begins with mysql-bin\.0+[2-9][^]*Load a dump of the primary/,
      verify: async stage => assert.equal(await stage.on('db2', 'mariadb -E', 'SHOW SLAVE STATUS;'), ''),
    },
    {
      title: 'a dump that has its position is what it needs',
      async before(stage) {
        const dump = await stage.on('db1', 'mariadb-dump --all-databases --single-transaction --gtid --master-data=1');
        await stage.on('db2', 'mariadb', dump);
      },
      play: ['mysql-replication'],
      verify: async stage => assert.equal((await sql(stage, 'db2', 'SELECT COUNT(*) FROM shop.article;')).trim(), '2'),
    },
  ],
} satisfies Scenario as Scenario;
