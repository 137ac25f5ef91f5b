import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTarsArchives, makeTarsPackage } from '../../lab/tars/make.ts';
import type { Scenario, Stage } from './scenario.ts';

/** Basic services are published through the web's API; what goes wrong there is told; then tarslog moves to another host. */
const six = ['tarsnotify', 'tarsstat', 'tarsproperty', 'tarslog', 'tarsquerystat', 'tarsqueryproperty'];
const onSlave = ['tarsnotify', 'tarsquerystat', 'tarsqueryproperty'];
const core = ['tarsAdminRegistry', 'tarsregistry', 'tarsconfig', 'tarspatch', 'tarsnode'];
const password = "first 'pass' word";

function inventory({ moved = false } = {}): string {
  return `all:
  vars:
    tars_package: tars
    tars_db_password: lab-tars
    mysql_root_password: lab-root
    tars_publish_archives: tgz
    tars_publish_timeout: 60
    web_shared_patches: true
    tars_log_min_free_mb: 100
    tars_log_host: ${moved ? 'node1' : '""'}
  children:
    mysql: { hosts: { master1: {} } }
    framework-master: { hosts: { master1: ${moved ? '{ tars_servers_elsewhere: [tarslog] }' : '{}'} } }
    framework-slave: { hosts: { slave1: {} } }
    web: { hosts: { web1: {} } }
    tarsnode: { hosts: { node1: {} } }
`;
}

const sql = (stage: Stage, statement: string): Promise<string> =>
  stage.on('master1', 'mariadb --batch --skip-column-names db_tars', statement);

/** `SERVER PID` of what runs, of these servers. */
async function processes(stage: Stage, host: string, names: readonly string[]): Promise<readonly string[]> {
  const lines = (await stage.on(host, "ps -eo pid,comm,args | grep '[/]app/tars/' || :")).trim().split('\n');
  const found = lines.map(line => line.trim().split(/\s+/)).map(([pid, comm]) => `${comm} ${pid}`);
  return found.filter(line => names.some(name => line.startsWith(name.slice(0, 15)))).sort();
}

/** The version that a server's program says of itself. */
const version = (stage: Stage, host: string, server: string): Promise<string> =>
  stage.on(host, `/usr/local/app/tars/${server}/bin/${server} --version`);

/** Makes the archives of another build; each server's .tgz has other bytes. */
function archives(stage: Stage, touched: boolean): void {
  rmSync(join(stage.folder, 'tgz'), { recursive: true, force: true });
  makeTarsArchives({ dir: join(stage.folder, 'tgz'), ...(touched && { touch: 'servers' }) });
}

/** A server that ends at once. */
function broken(stage: Stage, server: string): void {
  const work = mkdtempSync(join(tmpdir(), 'tplay-broken-'));
  const program = join(work, server, server);
  mkdirSync(join(work, server));
  writeFileSync(program, '#!/bin/sh\necho "no configuration for this build" >&2\nexit 1\n');
  chmodSync(program, 0o755);
  execFileSync('tar', ['-czf', join(stage.folder, `tgz/${server}.tgz`), '-C', work, server]);
  rmSync(work, { recursive: true });
}

const md5 = (stage: Stage, server: string): string =>
  createHash('md5')
    .update(readFileSync(join(stage.folder, 'tgz', `${server}.tgz`)))
    .digest('hex');

/** Every server, wherever it is, has the package of the folder. */
async function published(stage: Stage, servers: readonly string[]): Promise<void> {
  const rows = await sql(
    stage,
    `SELECT s.server_name, s.node_name, s.present_state, p.update_text FROM t_server_conf s
     LEFT JOIN t_server_patchs p ON p.id = s.patch_version WHERE s.server_name IN ('${servers.join("','")}')`,
  );
  const found = rows.trim().split('\n');
  for (const row of found) {
    const [server = '', , state, comment = ''] = row.split('\t');
    assert.equal(state, 'active', row);
    assert.ok(comment.startsWith(`tplay md5=${md5(stage, server)}`), row);
  }
  assert.equal(new Set(found.map(row => row.split('\t')[0])).size, servers.length, rows);
}

const move = ['move-tarslog', '-e', 'tars_log_host=node1'];

const seen = { master: [] as readonly string[], slave: [] as readonly string[], spoilt: '' };
const uploads = (stage: Stage): Promise<string> => sql(stage, 'SELECT COUNT(*) FROM t_server_patchs');

const web = (stage: Stage, what: 'start' | 'stop'): Promise<string> => stage.on('web1', `systemctl ${what} pm2-root`);

async function secret(stage: Stage): Promise<void> {
  stage.write('vault-pass', 'of the vault\n');
  stage.write('tplay.yml', 'vault_password_file: vault-pass\n');
  const file = stage.write('group_vars/web.yml', `tars_web_admin_password: "${password}"\n`);
  const [program, tplay] = [process.execPath, join(stage.root, 'bin/tplay.js')];
  execFileSync(program, [tplay, 'vault', 'encrypt', file], { cwd: stage.folder, stdio: 'pipe' });
  assert.match(readFileSync(file, 'utf8'), /^\$ANSIBLE_VAULT/);
}

export default {
  name: 'publish',
  lab: {
    name: 'publish',
    subnet: '10.85.0.0/24',
    hosts: ['master1', 'slave1', 'web1', 'node1'].map(name => ({ name, kind: 'debian' as const })),
    shares: [{ path: '/usr/local/app/patchs', hosts: ['master1', 'web1'] }],
  },
  inventory: () => inventory(),
  async prepare(stage) {
    makeTarsPackage({ dir: join(stage.folder, 'tars') });
    archives(stage, false);
    await secret(stage);
    const ran = await stage.tplay('install');
    assert.equal(ran.status, 0, ran.text.slice(-4000));
  },
  steps: [
    {
      title: 'refuses core servers, unknown ones and missing archives before any host is touched',
      play: ['publish', '-e', '{"tars_publish": ["tarsregistry", "tarsstats"], "tars_publish_archives": "/nowhere"}'],
      expect: 'fails',
      says: /tarsregistry cannot be published[^]*tarsstats is no basic service[^]*has no tarsregistry\.tgz, tarsstats\.tgz/,
    },
    {
      title: 'publishes six servers on all their hosts, with the first password of a vault',
      async before(stage) {
        seen.master = await processes(stage, 'master1', core);
        seen.slave = await processes(stage, 'slave1', core);
      },
      play: ['publish'],
      async verify(stage, ran) {
        await published(stage, six);
        assert.equal((await uploads(stage)).trim(), '6'); // the slave takes what was uploaded for the master
        assert.deepEqual(await processes(stage, 'master1', core), seen.master);
        assert.deepEqual(await processes(stage, 'slave1', core), seen.slave);
        assert.ok(!ran.text.includes(password));
        assert.ok(!ran.text.includes(createHash('sha1').update(password).digest('hex')));
      },
    },
    {
      title: 'publishes another build',
      before: stage => archives(stage, true),
      play: ['publish'],
      async verify(stage) {
        await published(stage, six);
        for (const server of six) assert.match(await version(stage, 'master1', server), /-1$/m);
        for (const server of onSlave) assert.match(await version(stage, 'slave1', server), /-1$/m);
      },
    },
    {
      title: 'goes on where it was cut',
      async before(stage) {
        archives(stage, false);
        await stage.cut(`Have tarsproperty published on ${stage.address('master1')}`, 'publish');
      },
      play: ['publish'],
      async verify(stage) {
        await published(stage, six);
        assert.equal((await uploads(stage)).trim(), '12'); // those of the first time, not sent again
      },
    },
    {
      title: 'starts what was stopped',
      before: async stage => {
        const stop = `tars_service: { url: "http://127.0.0.1:3000", password: "{{ tars_web_admin_password }}", server: tarsstat, node: ${stage.address('master1')}, state: stopped }`;
        stage.write('stop.yml', `- hosts: web\n  gather_facts: false\n  tasks:\n    - ${stop}\n`);
        const ran = await stage.tplay('stop.yml');
        assert.equal(ran.status, 0, ran.text);
        assert.deepEqual(await processes(stage, 'master1', ['tarsstat']), []);
      },
      play: ['publish'],
      verify: stage => published(stage, six),
    },
    {
      title: 'says that a package is another than was uploaded',
      async before(stage) {
        archives(stage, true);
        const folder = '/usr/local/app/patchs/tars.upload/tars/tarsstat';
        seen.spoilt = (await stage.on('web1', `ls -t ${folder}/*.tgz | head -1`)).trim();
        await stage.on('web1', `printf x >>${seen.spoilt}`);
      },
      play: ['publish', '-e', '{"tars_publish": ["tarsstat"]}'],
      expect: 'fails',
      says: /publish tars\.tarsstat on \S+: task \w+ failed: patch_tars of tarsstat on \S+: .*(md5|MD5|checksum)/,
    },
    {
      title: 'says that a server does not come up',
      before: stage => broken(stage, 'tarsstat'),
      play: ['publish', '-e', '{"tars_publish": ["tarsstat"]}'],
      expect: 'fails',
      says: /publish tars\.tarsstat on \S+: task \w+ failed: patch_tars of tarsstat on \S+: failed, /,
    },
    {
      title: 'says that the password is another',
      play: ['publish', '-e', 'tars_web_admin_password=not-this-one'],
      expect: 'fails',
      says: /set the first password of "admin": .*; the login says: .*give that, or change it in the web/,
    },
    {
      title: 'says that the web is dead',
      before: async stage => void (await web(stage, 'stop')),
      play: ['publish'],
      expect: 'fails',
      says: /cannot reach 127\.0\.0\.1 port 3000 from the host/,
    },
    {
      title: 'brings all back',
      async before(stage) {
        await web(stage, 'start');
        await stage.on('web1', `truncate -s -1 ${seen.spoilt}`);
        archives(stage, false);
        await stage.until('the web answers', 60, async () => (await stage.tplay('verify', '-l', 'web1')).status === 0);
      },
      play: ['publish'],
      verify: stage => published(stage, six),
    },
    {
      title: 'refuses to move tarslog to a framework host',
      play: ['move-tarslog', '-e', 'tars_log_host=slave1'],
      expect: 'fails',
      says: /tarslog cannot be on "slave1": it is moved to a host that has a tarsnode/,
    },
    {
      title: 'refuses a host without room for logs',
      play: [...move, '-e', 'tars_log_min_free_mb=99999999'],
      expect: 'fails',
      says: /node1 has \d+ MiB free below \/usr\/local\/app\/tars, and tars_log_min_free_mb asks for 99999999/,
    },
    {
      title: 'starts the old tarslog again when the new one does not come up',
      before: stage => broken(stage, 'tarslog'),
      play: move,
      expect: 'fails',
      says: /tarslog could not be published on node1 .*; the old one runs again/,
      async verify(stage) {
        assert.equal((await processes(stage, 'master1', ['tarslog'])).length, 1);
        assert.deepEqual(await processes(stage, 'node1', ['tarslog']), []);
      },
    },
    {
      title: 'moves tarslog to another host',
      before: stage => archives(stage, false),
      play: move,
      says: /Write into the inventory "tars_servers_elsewhere: \[tarslog\]" for master1/,
      async verify(stage) {
        assert.deepEqual(await processes(stage, 'master1', ['tarslog']), []);
        assert.equal((await processes(stage, 'node1', ['tarslog'])).length, 1);
        await published(stage, ['tarslog']);
        const nodes = await sql(stage, "SELECT node_name FROM t_server_conf WHERE server_name = 'tarslog'");
        assert.equal(nodes.trim(), stage.address('node1'));
      },
    },
    {
      title: 'does not let install bring a second one',
      play: ['install'],
      expect: 'fails',
      says: /add "tars_servers_elsewhere: \[tarslog\]" to master1 in the inventory/,
    },
    {
      title: 'publishes it where it is from then on',
      inventory: () => inventory({ moved: true }),
      before: stage => archives(stage, true),
      play: ['publish'],
      verify: stage => published(stage, six),
    },
    { title: 'finds all well', play: ['verify'] },
  ],
} satisfies Scenario as Scenario;
