import * as assert from 'node:assert/strict';
import { join } from 'node:path';
import { makeTarsPackage } from '../../lab/tars/make.ts';
import { treeOf } from '../lab/tree.ts';
import type { Scenario, Stage, Step } from './scenario.ts';

/** A slave, a node and a web join a Tars that is in use, and leave it again; the rules of the guides on the way. */
const running = ['master1', 'slave1', 'web1', 'node1'];

/** What joined so far, beside what is there from the beginning. */
function inventory(joined: { slave2?: boolean; node2?: boolean; web2?: boolean; shared?: boolean } = {}): string {
  const hosts = (...names: readonly (string | false | undefined)[]) =>
    `{ hosts: { ${names.filter(Boolean).join(', ')} } }`;
  return `all:
  vars:
    tars_package: tars
    tars_db_password: lab-tars
    # what the guide's own script breaks on
    mysql_root_password: "it's \\"5$HOME\\" \\\\o/ \`!"
    web_shared_patches: ${joined.shared ?? false}
  children:
    mysql: ${hosts('db1: {}')}
    framework-master: ${hosts('master1: {}')}
    framework-slave: ${hosts('slave1: {}', joined.slave2 && 'slave2: { tars_inet: eth0 }')}
    web: ${hosts('web1: {}', joined.web2 && 'web2: {}')}
    tarsnode: ${hosts('node1: {}', joined.node2 && 'node2: {}')}
`;
}

/** The files of the hosts that were there before, and their processes of Tars, before a step. */
interface Seen {
  readonly files: ReadonlyMap<string, readonly string[]>;
  readonly processes: ReadonlyMap<string, readonly string[]>;
  readonly locators: ReadonlyMap<string, string>;
}
const seen: { now: Seen | undefined } = { now: undefined };
const nodeConf = '/usr/local/app/tars/tarsnode/conf/tars.tarsnode.config.conf';
const webConf = '/usr/local/app/web/config/tars.conf';
const confs = [nodeConf, webConf];

async function look(stage: Stage): Promise<Seen> {
  const files = new Map<string, readonly string[]>();
  const processes = new Map<string, readonly string[]>();
  const locators = new Map<string, string>();
  for (const host of ['db1', ...running]) {
    const tree = treeOf(stage.lab, host, ['/usr/local/app', '/etc', '/var/spool/cron']);
    files.set(
      host,
      tree.filter(line => !/^\S*(\/app_log|\/web(-releases)?\/log|\.pid\b)/.test(line)),
    );
    processes.set(
      host,
      (await stage.on(host, "ps -eo pid,args | grep '[u]sr/local/app/' | grep -v watch.sh || :")).trim().split('\n'),
    );
    locators.set(host, await stage.on(host, `grep -hs 'locator' ${confs.join(' ')} || :`));
  }
  return { files, processes, locators };
}

const without = (some: readonly string[], others: readonly string[]) => some.filter(one => !others.includes(one));

/** The paths that differ on a host, and the programs whose processes are others. */
function differing(host: string, before: Seen, after: Seen): { paths: readonly string[]; programs: readonly string[] } {
  const lines = (of: Seen) => of.files.get(host) ?? [];
  const processes = (of: Seen) => of.processes.get(host) ?? [];
  // the web is a link to the release that is in use
  const path = (line: string) => (line.split(' ')[0] ?? '').replace(/\/web-releases\/releases\/[^/]+\//, '/web/');
  const program = (line: string) => /([^/ ]+)( --|$)/.exec(line)?.[1] ?? line;
  return {
    paths: [
      ...new Set([...without(lines(before), lines(after)), ...without(lines(after), lines(before))].map(path)),
    ].sort(),
    programs: without(processes(after), processes(before)).map(program).sort(),
  };
}

/** That each host knows exactly these registries, and nothing else of it changed. */
async function onlyTold(stage: Stage, registries: readonly string[]): Promise<void> {
  const before = seen.now;
  assert.ok(before !== undefined);
  const after = await look(stage);
  const list = registries.map(name => `tcp -h ${stage.address(name)} -p 17890`).join(':');
  for (const host of running) {
    const conf = host === 'web1' ? webConf : nodeConf;
    const program = host === 'web1' ? 'www' : 'tarsnode';
    assert.deepEqual(differing(host, before, after), { paths: [conf], programs: [program] }, host);
    assert.match(after.locators.get(host) ?? '', new RegExp(`QueryObj@${list}\\s*$`), host);
  }
  assert.deepEqual(differing('db1', before, after), { paths: [], programs: [] });
}

async function nothingTold(stage: Stage): Promise<void> {
  const before = seen.now;
  assert.ok(before !== undefined);
  const after = await look(stage);
  for (const host of ['db1', ...running])
    assert.deepEqual(differing(host, before, after), { paths: [], programs: [] }, host);
}

const remember = async (stage: Stage): Promise<void> => {
  seen.now = await look(stage);
};

const sql = (stage: Stage, statement: string): Promise<string> =>
  stage.on('db1', 'mariadb --batch --skip-column-names', statement);

/** What the database has of a host: rows of the four tables, and accounts. */
async function rowsOf(stage: Stage, host: string): Promise<readonly string[]> {
  const ip = stage.address(host);
  const counts = ['t_server_conf', 't_adapter_conf', 't_node_info'].map(
    table => `SELECT COUNT(*) FROM db_tars.${table} WHERE node_name = '${ip}';`,
  );
  const registries = `SELECT COUNT(*) FROM db_tars.t_registry_info WHERE locator_id LIKE '${ip}:%';`;
  const accounts = `SELECT COUNT(*) FROM mysql.user WHERE Host = '${ip}';`;
  return (await sql(stage, [...counts, registries, accounts].join(''))).trim().split('\n');
}

const least = (what: object): string =>
  JSON.stringify({ tars_minimum: { kernel: '2.6.18', mysql: '4.1.17', node: '12.13.0', ...what } });

/** What is wrong on hosts or in the database, each looked for where it is told, and put right again. */
const rules: readonly Step[] = [
  {
    title: 'refuses an old kernel',
    play: ['install', '-l', 'slave1', '-t', 'check', '-e', least({ kernel: '99.0' })],
    expect: 'fails',
    says: /slave1 runs Linux \S+; Tars needs 99\.0 at least/,
  },
  {
    title: 'refuses an old database',
    play: ['install', '-l', 'slave1', '-t', 'check', '-e', least({ mysql: '99.0' })],
    expect: 'fails',
    says: /runs MySQL 10\.[\d.]+; Tars needs 99\.0 at least/,
  },
  {
    title: 'refuses an old Node',
    play: ['install', '-l', 'web1', '-t', 'node', '-e', least({ node: '99.0' })],
    expect: 'fails',
    says: /has Node v\d\S+; the web needs 99\.0 at least/,
  },
  {
    title: 'names the interfaces that there are',
    play: ['install', '-l', 'node1', '-t', 'check', '-e', 'tars_inet=eth9'],
    expect: 'fails',
    says: /node1 has no interface eth9 with an IPv4 address \(tars_inet\): it has [a-z0-9, ]*lo/,
  },
  {
    title: 'refuses a second tarslog',
    before: stage => copyRow(stage, 'tarslog', 'master1', 'slave1'),
    play: ['verify', '-l', 'master1'],
    expect: 'fails',
    says: /may run on one node only, and db_tars has .*tarslog on \S+, tarslog on \S+:/,
  },
  {
    title: 'refuses to start a tarslog again that was moved away',
    before: stage =>
      sql(
        stage,
        `DELETE FROM db_tars.t_server_conf WHERE server_name = 'tarslog' AND node_name = '${stage.address('master1')}'`,
      ).then(() => undefined),
    play: ['install', '-l', 'master1', '-t', 'check'],
    expect: 'fails',
    says: /tarslog runs on \S+, and this would start another one on .*tars_servers_elsewhere: \[tarslog\]/,
  },
  {
    title: 'tells of a database that is missing',
    async before(stage) {
      await copyRow(stage, 'tarslog', 'slave1', 'master1');
      await sql(
        stage,
        `DELETE FROM db_tars.t_server_conf WHERE server_name = 'tarslog' AND node_name = '${stage.address('slave1')}'`,
      );
      await sql(stage, 'DROP DATABASE tars_stat');
    },
    play: ['verify', '-l', 'slave1'],
    expect: 'fails',
    says: /the database lacks the database tars_stat/,
  },
  {
    title: 'tells of a script that nobody could start',
    async before(stage) {
      await sql(stage, 'CREATE DATABASE tars_stat');
      await stage.on('slave1', 'chmod 644 /usr/local/app/tars/tarsconfig/util/start.sh');
    },
    play: ['verify', '-l', 'slave1'],
    expect: 'fails',
    says: /tarsconfig\/util\/start\.sh is missing or not executable/,
  },
  {
    title: 'tells that the packages are not shared, whatever the inventory says',
    inventory: () => inventory({ shared: true }),
    async before(stage) {
      await stage.on('slave1', 'chmod 755 /usr/local/app/tars/tarsconfig/util/start.sh');
      await stage.on('web1', 'mkdir /tmp/other && mount --bind /tmp/other /usr/local/app/patchs');
    },
    play: ['verify', '-l', 'web1'],
    expect: 'fails',
    says: /web1 and master1 do not see the same files in \/usr\/local\/app\/patchs/,
  },
  {
    title: 'verify is content',
    before: stage => stage.on('web1', 'umount /usr/local/app/patchs').then(() => undefined),
    play: ['verify'],
    async verify(stage) {
      assert.equal(await stage.on('master1', 'ls -A /usr/local/app/patchs | grep tplay || :'), '');
      for (const host of ['master1', 'slave1', 'node1'])
        assert.equal(await stage.on(host, "crontab -l | grep -c '/usr/local/app/tars/'"), '1\n', host);
    },
  },
];

async function copyRow(stage: Stage, server: string, from: string, to: string): Promise<void> {
  const [source, target] = [from, to].map(host => stage.address(host));
  await sql(
    stage,
    `INSERT INTO db_tars.t_server_conf (application, server_name, node_name, exe_path, template_name, setting_state)
     SELECT application, server_name, '${target}', exe_path, template_name, 'active' FROM db_tars.t_server_conf
     WHERE server_name = '${server}' AND node_name = '${source}'`,
  );
}

/** tarsstat on slave2 too, as the web would publish it; its shared memory stays behind when it ends. */
async function publishStat(stage: Stage): Promise<void> {
  const [from, to] = ['master1', 'slave2'].map(host => stage.address(host));
  const packed = await stage.on(
    'master1',
    'cd /usr/local/app/tars && tar -cz tarsstat/bin tarsstat/conf tarsstat/util | base64',
  );
  await stage.on('slave2', 'cd /usr/local/app/tars && base64 -d | tar -xz', packed);
  await stage.on(
    'slave2',
    `sed -i 's/${from}/${to}/' /usr/local/app/tars/tarsstat/conf/* && mkdir /usr/local/app/tars/tarsstat/data`,
  );
  await copyRow(stage, 'tarsstat', 'master1', 'slave2');
  await stage.on('slave2', 'bash /usr/local/app/tars/tarsstat/util/start.sh');
  await stage.until('tarsstat has its memory', 60, async () => (await segments(stage)).length === 2);
}

async function segments(stage: Stage): Promise<readonly string[]> {
  return (await stage.on('slave2', 'tail -n +2 /proc/sysvipc/shm')).split('\n').filter(line => line !== '');
}

const joins: readonly Step[] = [
  {
    title: 'expand wants the new hosts named',
    inventory: () => inventory({ slave2: true, node2: true, shared: true }),
    play: ['expand'],
    expect: 'fails',
    says: /name the hosts that are new: tplay expand INVENTORY -l HOST/,
  },
  {
    title: 'expand adds no master',
    play: ['expand', '-l', 'master1'],
    expect: 'fails',
    says: /master1 is in framework-master: a new host is one of framework-slave, tarsnode and web/,
  },
  {
    title: 'a new host has the version of the framework',
    play: ['expand', '-l', 'slave2', '-e', 'tars_package=later'],
    expect: 'fails',
    says: /the framework on master1 is version 3\.0\.17, the package later is 3\.0\.18: give the package of the framework/,
  },
  {
    title: 'a slave joins, while another host of the inventory is not there yet',
    before: remember,
    play: ['expand', '-l', 'slave2'],
    async verify(stage) {
      await onlyTold(stage, ['master1', 'slave1', 'slave2']);
      assert.deepEqual(await rowsOf(stage, 'slave2'), ['5', '6', '1', '3', '1']);
    },
  },
  {
    title: 'a node joins, and nobody else is told',
    before: remember,
    play: ['expand', '-l', 'node2'],
    async verify(stage) {
      await nothingTold(stage);
      assert.deepEqual(await rowsOf(stage, 'node2'), ['0', '0', '1', '0', '0']);
    },
  },
  {
    title: 'a second web joins, which sees the same packages',
    inventory: () => inventory({ slave2: true, node2: true, web2: true, shared: true }),
    before: remember,
    play: ['expand', '-l', 'web2'],
    async verify(stage) {
      await nothingTold(stage);
      assert.equal((await rowsOf(stage, 'web2'))[4], '1');
    },
  },
  {
    title: 'an install of all hosts finds everything as expand left it',
    before: remember,
    play: ['install'],
    verify: nothingTold,
  },
];

const leaves: readonly Step[] = [
  {
    title: 'remove wants the name once more',
    play: ['remove', '-l', 'slave2', '-e', 'remove_host=slave1'],
    expect: 'fails',
    says: /"slave1" was typed, and the limit is slave2: nothing was done/,
  },
  {
    title: 'remove takes one host',
    play: ['remove', '-l', 'slave1,slave2', '-e', 'remove_host=slave2'],
    expect: 'fails',
    says: /name the one host that is to be taken away/,
  },
  {
    title: 'the master stays',
    play: ['remove', '-l', 'master1', '-e', 'remove_host=master1'],
    expect: 'fails',
    says: /master1 is in framework-master and stays/,
  },
  {
    title: 'a host with a published service stays',
    before: stage =>
      sql(
        stage,
        `INSERT INTO db_tars.t_server_conf (application, server_name, node_name) VALUES ('Shop', 'CartServer', '${stage.address('slave2')}')`,
      ).then(() => undefined),
    play: ['remove', '-l', 'slave2', '-e', 'remove_host=slave2'],
    expect: 'fails',
    says: /Shop\.CartServer is published on slave2 .*undeploy it on the web first/,
  },
  {
    title: 'the only host of a server stays',
    before: stage =>
      sql(
        stage,
        `UPDATE db_tars.t_server_conf SET application = 'tars', server_name = 'tarslog', node_name = '${stage.address('node2')}'
         WHERE application = 'Shop';
         UPDATE db_tars.t_server_conf SET setting_state = 'inactive'
         WHERE server_name = 'tarslog' AND node_name = '${stage.address('master1')}'`,
      ).then(() => undefined),
    play: ['remove', '-l', 'node2', '-e', 'remove_host=node2'],
    expect: 'fails',
    says: /tars\.tarslog runs on node2 only: move it to another host first/,
  },
  {
    title: 'a slave leaves: no file, row, account, process or shared memory of it stays',
    async before(stage) {
      await sql(
        stage,
        `DELETE FROM db_tars.t_server_conf WHERE server_name = 'tarslog' AND node_name = '${stage.address('node2')}';
         UPDATE db_tars.t_server_conf SET setting_state = 'active' WHERE server_name = 'tarslog'`,
      );
      await publishStat(stage);
      await remember(stage);
    },
    play: ['remove', '-l', 'slave2', '-e', 'remove_host=slave2'],
    async verify(stage) {
      await onlyTold(stage, ['master1', 'slave1']);
      await nothingLeft(stage);
    },
  },
  {
    title: 'a slave that was half taken away when the power went is taken away by the next run',
    async before(stage) {
      const back = await stage.tplay('expand', '-l', 'slave2');
      assert.equal(back.status, 0, back.text);
      await remember(stage);
      await stage.cut('Take the unit away', 'remove', '-l', 'slave2', '-e', 'remove_host=slave2');
    },
    play: ['remove', '-l', 'slave2', '-e', 'remove_host=slave2'],
    async verify(stage) {
      await onlyTold(stage, ['master1', 'slave1']);
      await nothingLeft(stage);
    },
  },
  {
    title: 'a web leaves',
    before: remember,
    play: ['remove', '-l', 'web2', '-e', 'remove_host=web2'],
    async verify(stage) {
      await nothingTold(stage);
      assert.equal(await stage.on('web2', 'ls /usr/local/app; ps -eo args | grep "[w]eb/bin/www" || :'), 'patchs\n');
      assert.equal((await rowsOf(stage, 'web2'))[4], '0');
    },
  },
  {
    title: 'a node that is dead is forgotten by the others',
    inventory: () => inventory({ node2: true, shared: true }),
    async before(stage) {
      await stage.on('node2', 'systemd-run --on-active=1 systemctl poweroff');
      await stage.until('node2 is off', 60, () =>
        stage.on('node2', 'true').then(
          () => false,
          () => true,
        ),
      );
      await remember(stage);
    },
    play: ['remove', '-l', 'node2', '-e', 'remove_host=node2', '-e', 'remove_dead=yes'],
    async verify(stage) {
      await nothingTold(stage);
      assert.deepEqual(await rowsOf(stage, 'node2'), ['0', '0', '0', '0', '0']);
    },
  },
  { title: 'all others are well', inventory: () => inventory({ shared: true }), play: ['verify'] },
];

async function nothingLeft(stage: Stage): Promise<void> {
  assert.deepEqual(await rowsOf(stage, 'slave2'), ['0', '0', '0', '0', '0']);
  assert.deepEqual(await segments(stage), []);
  const left =
    'ls /usr/local/app; crontab -l 2>/dev/null; ls /etc/systemd/system | grep tars; ps -eo args | grep "[a]pp/tars" || :';
  assert.equal((await stage.on('slave2', left)).trim(), '');
}

export default {
  name: 'expand',
  lab: {
    name: 'expand',
    subnet: '10.83.0.0/24',
    hosts: ['db1', 'master1', 'slave1', 'web1', 'node1', 'slave2', 'node2', 'web2'].map(name => ({
      name,
      kind: 'debian' as const,
    })),
    shares: [{ path: '/usr/local/app/patchs', hosts: ['master1', 'web1', 'web2'] }],
  },
  // tarsnode makes its copies of confs by itself
  living: ['/usr/local/app/tars/tarsnode/data', '/root/.pm2'],
  inventory: () => inventory(),
  prepare(stage) {
    makeTarsPackage({ dir: join(stage.folder, 'tars') });
    makeTarsPackage({ dir: join(stage.folder, 'later'), version: '3.0.18' });
  },
  steps: [
    {
      title: 'Tars is there, and the root password has every character that scripts break on',
      play: ['install'],
      skipCheck: 'the first install is that of the demo',
    },
    ...rules,
    ...joins,
    ...leaves,
  ],
} satisfies Scenario as Scenario;
