import * as assert from 'node:assert/strict';
import { join } from 'node:path';
import { makeMysqlArchive } from '../../lab/mysql-source/make.ts';
import { makeTarsPackage } from '../../lab/tars/make.ts';
import type { Scenario, Stage } from './scenario.ts';

/** The guide's MySQL of a source, and one of a tarball: real archives, cmake and make; the server is Debian's MariaDB. */
const password = 'it\'s "a" \\ $HOME !';
const inventory = (source = '') => `
all:
  vars:
    tars_package: tars
    tars_db_password: lab-tars
    mysql_root_password: ${JSON.stringify(password)}
    mysql_run_packages: { apt: [mariadb-server-core, mariadb-client-core, perl] }
  children:
    mysql:
      hosts:
        built: { mysql_install: source, mysql_version: 5.6.26, mysql_archive: mysql-5.6.26.tar.gz, ${source} }
        unpacked: { mysql_install: tarball, mysql_version: 5.7.44, mysql_archive: mysql-5.7.44.tar.gz }
    framework-master: { hosts: { master1: { tars_hostip: 10.97.0.50 } } }
    framework-slave:
    web:
`;
const play = ['install', '-t', 'mysql'];
const archives = [
  { version: '5.6.26', kind: 'source' },
  { version: '5.6.27', kind: 'source' },
  { version: '5.7.44', kind: 'tarball' },
] as const;

const ask = (stage: Stage, host: string, statement: string) =>
  stage.on(host, `MYSQL_PWD=$(cat) /usr/local/mysql/bin/mysql -N -S /tmp/mysql.sock -e ${word(statement)}`, password);
const word = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

export default {
  name: 'mysql-source',
  lab: {
    name: 'mysqlsrc',
    subnet: '10.97.0.0/24',
    hosts: [
      { name: 'built', kind: 'debian' },
      { name: 'unpacked', kind: 'debian' },
    ],
  },
  living: ['/data/mysql-data'],
  inventory: () => inventory(),
  prepare(stage) {
    makeTarsPackage({ dir: join(stage.folder, 'tars') });
    for (const archive of archives)
      makeMysqlArchive({ ...archive, file: join(stage.folder, `mysql-${archive.version}.tar.gz`) });
  },
  steps: [
    {
      title: 'another /etc/my.cnf and a data folder of something else are told, and stay',
      async before(stage) {
        await stage.on('built', 'echo "[mysqld]" >/etc/my.cnf');
      },
      play,
      expect: 'fails',
      says: /every program of the server reads \/etc\/my.cnf before/,
      verify: async stage => assert.equal(await stage.on('built', 'cat /etc/my.cnf; ls /usr/local/src'), '[mysqld]\n'),
    },
    {
      title: 'from an archive to a server, in both ways',
      inventory: () => inventory('mysql_replace_etc_conf: true'),
      play,
      async verify(stage) {
        assert.match(await ask(stage, 'built', 'SELECT @@report_host'), /^5\.6\.26/);
        assert.match(await ask(stage, 'unpacked', 'SELECT @@report_host'), /^5\.7\.44/);
        const made = 'version=5.6.26 charset=utf8 prefix=/usr/local/mysql-5.6.26\n';
        assert.equal(await stage.on('built', '. /etc/profile.d/mysql.sh; mysql_config'), made);
        assert.match(await stage.on('built', 'ldconfig -p'), /libmysqlclient.* => \/usr\/local\/mysql\/lib/);
        for (const host of ['built', 'unpacked']) {
          const open =
            "SELECT COUNT(*) FROM mysql.user WHERE User IN ('', 'root') AND Host = 'localhost' AND authentication_string = ''";
          assert.equal((await ask(stage, host, open)).trim(), '0', 'nobody gets in without a password');
          assert.equal(await stage.on(host, 'readlink /usr/local/mysql/data'), '/data/mysql-data\n');
          assert.equal(await stage.on(host, 'systemctl is-enabled mysql'), 'enabled\n');
        }
      },
    },
    {
      title: 'a build that was cut goes on, and another version takes the data over',
      async before(stage) {
        await ask(stage, 'built', 'CREATE DATABASE kept');
        stage.write('newer.yml', 'mysql_version: 5.6.27\nmysql_archive: mysql-5.6.27.tar.gz\n');
        await stage.cut('Install it', ...play, '-l', 'built', '-e', '@newer.yml');
        await stage.on('built', 'while pgrep -x make; do sleep 0.1; done');
        assert.match(await ask(stage, 'built', 'SELECT @@report_host'), /^5\.6\.26/, 'the old one runs');
      },
      play: [...play, '-l', 'built', '-e', '@newer.yml'],
      async verify(stage) {
        assert.match(await ask(stage, 'built', 'SELECT @@report_host'), /^5\.6\.27/);
        assert.match(await ask(stage, 'built', 'SHOW DATABASES'), /kept/);
        assert.equal(
          await stage.on('built', 'ls -d /usr/local/mysql-*'),
          '/usr/local/mysql-5.6.26\n/usr/local/mysql-5.6.27\n',
        );
      },
    },
    {
      title: 'another root password than that of the inventory changes nothing',
      play: [...play, '-l', 'unpacked', '-e', 'mysql_root_password=other'],
      expect: 'fails',
      says: /has another root password than mysql_root_password/,
    },
  ],
} satisfies Scenario as Scenario;
