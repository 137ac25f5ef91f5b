import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { podmanSetup } from '../../lab/podman.ts';
import { hostPaths } from '../../lab/state.ts';
import { makeTarsPackage } from '../../lab/tars/make.ts';
import type { Scenario, Stage } from './scenario.ts';

/** The framework as containers, with real podman and runc on hosts of the lab; the image is made of their base. */
const hosts = ['master1', 'slave1'];
const password = 'a "pass" \'word\' $HOME #1';

const base = `set -e
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq install -y --no-install-recommends nodejs >/dev/null
mkdir -p /srv/image
tar -C / --one-file-system --exclude=./srv --exclude=./var/cache --exclude=./var/lib/apt --exclude=./usr/share/doc --exclude=./usr/share/locale --exclude=./tmp/* --exclude=./run/* -cf /srv/base.tar .
apt-get -qq install -y --no-install-recommends mariadb-server >/dev/null
printf '[mysqld]\\nbind-address = 0.0.0.0\\n' >/etc/mysql/mariadb.conf.d/90-lab.cnf
systemctl restart mariadb
`;

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** `tars:TAG` as an archive beside the inventory: the base, the package of this version, and what starts it. */
async function image(stage: Stage, tag: string, version: string, start?: string): Promise<void> {
  const { root } = hostPaths(stage.lab.name, 'db1');
  const made = join(stage.folder, `made-${tag}`);
  const to = join(made, 'opt/tars');
  makeTarsPackage({ dir: join(to, 'package'), version });
  const npm = ['install', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', npm, { cwd: join(to, 'package/web'), stdio: ['ignore', 'ignore', 'inherit'] });
  for (const file of ['start.sh', 'fill.js']) cpSync(join(stage.root, 'lab/docker', file), join(to, file));
  if (start !== undefined) writeFileSync(join(to, 'start.sh'), start);
  execFileSync('tar', ['-C', made, '-cf', join(root, 'srv/more.tar'), './opt/tars']);
  await stage.on(
    'db1',
    `cd /srv && cp base.tar image.tar && tar --concatenate --file=image.tar more.tar && podman import --change 'CMD ["/bin/bash","/opt/tars/start.sh"]' --quiet image.tar tars:${tag} >/dev/null &&
     rm -f /srv/saved.tar && podman save --quiet -o /srv/saved.tar tars:${tag} && podman rmi -f tars:${tag} >/dev/null && rm image.tar`,
  );
  const saved = join(stage.folder, `tars-${tag}.tar`);
  cpSync(join(root, 'srv/saved.tar'), `${saved}.new`);
  renameSync(`${saved}.new`, saved);
}

function inventory(tag: string): string {
  return `all:
  vars:
    tars_mode: docker
    tars_image: localhost/tars:${tag}
    tars_image_archive: tars-${tag}.tar
    tars_container_engine: podman
    tars_container_options: { ulimits: ['nofile:1000:1000', 'nproc:1000:1000'], env: { LAB: 'yes it is' } }
    tars_container_start_timeout: 60
    tars_inet: eth0
    tars_container_db_host: db1
    tars_container_db_user: tarsAdmin
    tars_container_db_password: ${quoted(password)}
  children:
    framework-master: { hosts: { master1: {} } }
    framework-slave: { hosts: { slave1: {} } }
    mysql: {}
    tarsnode: {}
    web: {}
`;
}

const podman = async (stage: Stage, host: string, what: string): Promise<string> =>
  (await stage.on(host, `podman ${what}`)).trim();
const started = (stage: Stage): Promise<string[]> =>
  Promise.all(hosts.map(host => podman(stage, host, "inspect -f '{{.Id}} {{.State.StartedAt}}' tars")));
const imageOf = (stage: Stage, host: string, name = 'tars'): Promise<string> =>
  podman(stage, host, `inspect -f '{{.ImageName}}' ${name}`);

async function runs(stage: Stage, tag: string, version: string): Promise<void> {
  for (const host of hosts) {
    assert.equal(await imageOf(stage, host), `localhost/tars:${tag}`);
    const said = await podman(stage, host, 'exec tars /usr/local/app/tars/tarsregistry/bin/tarsregistry --version');
    assert.match(said, new RegExp(`TARS:${version}`));
    const [limit, env = ''] = (await podman(stage, host, "exec tars sh -c 'ulimit -n; env'")).split(/\n([^]*)/);
    assert.equal(limit, '1000');
    assert.ok(env.includes('LAB=yes it is') && env.includes(`MYSQL_ROOT_PASSWORD=${password}`), env);
  }
  const nodes = await stage.on('db1', 'mariadb -N db_tars', 'SELECT node_name FROM t_node_info ORDER BY 1');
  assert.deepEqual(nodes.trim().split('\n'), hosts.map(host => stage.address(host)).sort());
}

let before: string[] = [];
const remember = async (stage: Stage): Promise<void> => {
  before = await started(stage);
};

export default {
  name: 'docker',
  lab: {
    name: 'docker',
    subnet: '10.99.0.0/24',
    hosts: ['db1', ...hosts].map(name => ({ name, kind: 'debian' as const })),
  },
  living: ['/var/lib/containers', '/etc/containers', '/data/tars', '/srv'],
  inventory: () => inventory('1'),
  async prepare(stage) {
    await Promise.all([stage.on('db1', base + podmanSetup), ...hosts.map(host => stage.on(host, podmanSetup))]);
    const user = `CREATE USER tarsAdmin@'%' IDENTIFIED BY ${quoted(password)}; GRANT ALL ON *.* TO tarsAdmin@'%' WITH GRANT OPTION;`;
    await stage.on('db1', 'mariadb', user);
    await image(stage, '1', '3.0.17');
    await image(stage, '2', '3.0.18');
    await image(stage, 'broken', '3.0.18', '#!/bin/bash\necho "no such library"\nexit 1\n');
  },
  // their cgroups are this machine's
  async finish(stage) {
    for (const host of hosts) await stage.on(host, 'podman rm -f -a -t 0');
  },
  steps: [
    {
      title: 'refuses what cannot be before any host is touched',
      play: [
        'install-docker',
        '-e',
        '{"tars_rebuild": true, "tars_container_options": {"network_mode": "bridge"}, "tars_inet": "lo"}',
      ],
      expect: 'fails',
      says: /REBUILD=true[^]*must not have "network_mode"[^]*lo is no interface/,
    },
    {
      title: 'refuses to install files where containers are asked for',
      play: ['install', '-e', 'tars_package=/nowhere', '-e', 'tars_db_password=x'],
      expect: 'fails',
      says: /Tars runs there as a container, not from files/,
    },
    {
      title: 'names the interfaces that a host has',
      play: ['install-docker', '-e', 'tars_inet=enp9s9'],
      expect: 'fails',
      says: /has no interface enp9s9 with an IPv4 address \(tars_inet\): it has eth0/,
    },
    {
      title: 'runs a master and a slave',
      play: ['install-docker'],
      async verify(stage, ran) {
        await runs(stage, '1', '3.0.17');
        assert.ok(!ran.text.includes(password));
        await remember(stage);
      },
      verifySecond: async stage => assert.deepEqual(await started(stage), before),
    },
    { title: 'looks at them', play: ['verify-docker'] },
    {
      title: 'tells of one that was stopped',
      before: async stage => void (await podman(stage, 'slave1', 'stop -t 0 tars')),
      play: ['verify-docker'],
      expect: 'fails',
      says: /slave1[^]*the container tars does not run; nothing listens on port 17890; nothing listens on port 19386/,
    },
    {
      title: 'starts what was stopped',
      play: ['install-docker'],
      async verify(stage) {
        await runs(stage, '1', '3.0.17');
        const ids = (list: readonly string[]) => list.map(one => one.split(' ')[0]);
        assert.deepEqual(ids(await started(stage)), ids(before));
      },
    },
    {
      title: 'returns to the old container when the new one does not come up',
      inventory: () => inventory('broken'),
      before: remember,
      play: ['install-docker', '-e', 'tars_container_start_timeout=5'],
      expect: 'fails',
      says: /localhost\/tars:broken did not come up on master1 [^]*the old container runs again/,
      async verify(stage) {
        await runs(stage, '1', '3.0.17');
        const now = await started(stage);
        assert.equal(now[0]?.split(' ')[0], before[0]?.split(' ')[0]); // the same container, started again
        assert.equal(now[1], before[1]); // the slave was not touched
        assert.match(await stage.on('master1', 'cat /etc/tars-docker/failed.log'), /no such library/);
      },
    },
    {
      title: 'goes to another image where a run was cut, and keeps the old container',
      inventory: () => inventory('2'),
      before: async stage => void (await stage.cut('Note that it was found well', 'install-docker', '-l', 'master1')),
      play: ['install-docker'],
      async verify(stage) {
        await runs(stage, '2', '3.0.18');
        for (const host of hosts) assert.equal(await imageOf(stage, host, 'tars-previous'), 'localhost/tars:1');
        assert.equal((await podman(stage, 'master1', "ps --format '{{.Names}}'")).trim(), 'tars');
        await stage.on('master1', 'test -d /data/tars/app_log');
      },
    },
  ],
} satisfies Scenario as Scenario;
