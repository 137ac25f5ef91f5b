import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeTarsPackage } from '../../lab/tars/make.ts';

/**
 * The rules of the guides that can be known before any host is touched: each is broken in an inventory that is right but for
 * that, and is told with what to do. The hosts lead nowhere.
 */
const program = fileURLToPath(new URL('../../../bin/tplay.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tplay-rules-'));
test.before(() => {
  makeTarsPackage({ dir: join(folder, 'tars') });
  makeTarsPackage({ dir: join(folder, 'tars1'), layout: '1.x' });
});
test.after(() => rmSync(folder, { recursive: true, force: true }));

interface Groups {
  readonly [group: string]: Readonly<Record<string, object>>;
}

const right: Groups = {
  mysql: { db1: { ansible_host: '127.9.9.1', tars_hostip: '10.0.0.1' } },
  'framework-master': { master1: { ansible_host: '127.9.9.2', tars_hostip: '10.0.0.2' } },
  'framework-slave': { slave1: { ansible_host: '127.9.9.3', tars_hostip: '10.0.0.3' } },
  web: { web1: { ansible_host: '127.9.9.4', tars_hostip: '10.0.0.4' } },
  tarsnode: { node1: { ansible_host: '127.9.9.5', tars_hostip: '10.0.0.5' } },
};

let count = 0;
function inventoryOf(groups: Groups, vars: object): string {
  const dir = join(folder, `inventory${++count}`);
  mkdirSync(dir);
  const all = { ansible_port: 9, tars_package: '../tars', tars_db_password: 'x', mysql_root_password: 'x', ...vars };
  const children = Object.fromEntries(Object.entries({ ...right, ...groups }).map(([name, hosts]) => [name, { hosts }]));
  const file = join(dir, 'hosts.yml');
  writeFileSync(file, JSON.stringify({ all: { vars: all, children } }));
  return file;
}

interface Broken {
  readonly playbook?: string;
  readonly groups?: Groups;
  readonly vars?: object;
  readonly flags?: readonly string[];
  readonly says: RegExp;
}

function run(broken: Broken): Promise<string> {
  const argv = [program, broken.playbook ?? 'install', inventoryOf(broken.groups ?? {}, broken.vars ?? {})];
  return new Promise(resolve =>
    execFile(process.execPath, [...argv, '--output', 'plain', ...(broken.flags ?? [])], (error, stdout, stderr) => {
      assert.is(error?.code, 1, `ends with 1\n${stdout}${stderr}`);
      resolve(stderr + stdout);
    }),
  );
}

const two = { a: { tars_hostip: '10.0.0.8' }, b: { tars_hostip: '10.0.0.9' } };

const rules: Readonly<Record<string, Broken>> = {
  'there is one master': {
    groups: { 'framework-master': two },
    says: /exactly one host is the master of the framework, the group framework-master has 2\n.*\n.*tarslog exist once/s,
  },
  'a host is not master and slave': {
    groups: { 'framework-slave': right['framework-master'] ?? {} },
    says: /master1 is a master and a slave of the framework.*take it out of framework-slave/s,
  },
  'the address is not 127.0.0.1': {
    groups: { tarsnode: { node1: { tars_hostip: '127.0.0.1' } } },
    says: /127\.0\.0\.1 cannot be the address of a Tars host.*set tars_hostip to the IPv4 address of a network interface/s,
  },
  'several webs need the packages shared': {
    groups: { web: two },
    says: /2 hosts run the web, and each would keep its own uploaded packages.*share .*patchs among them and the master/s,
  },
  'the domain of cookies begins with a dot': {
    vars: { web_cookie_domain: 'tars.com' },
    says: /must begin with a dot.*write "\.tars\.com"/s,
  },
  'databases are not reset by what is for a Tars in use': {
    playbook: 'expand',
    flags: ['-l', 'slave1', '-e', 'tars_rebuild=yes'],
    says: /tars_rebuild resets databases, and expand is for a Tars that is in use.*take tars_rebuild away/s,
  },
  'databases to drop are named': {
    flags: ['-e', 'tars_rebuild=yes'],
    says: /tars_rebuild drops databases, and none is named/,
  },
  'core servers to update are named': {
    playbook: 'update-core',
    says: /no core server is named.*-e servers=tarsregistry/s,
  },
  'servers that the web publishes are no core servers': {
    playbook: 'update-core',
    flags: ['-e', 'servers=tarsconfig,tarsstat'],
    says: /tarsstat cannot be updated so: it is published through the web.*tplay publish/s,
  },
  'core servers to update are known': {
    playbook: 'update-core',
    flags: ['-e', 'servers=tarsregistri'],
    says: /no core server tarsregistri.*they are tarsAdminRegistry, tarsregistry/s,
  },
  'databases are not reset by an update of the web': {
    playbook: 'update-web',
    flags: ['-e', 'tars_rebuild=yes'],
    says: /tars_rebuild resets databases, and update-web is for a Tars that is in use/,
  },
  'releases of the web are beside the link': {
    vars: { web_releases: '/usr/local/app/web/releases' },
    says: /is below \/usr\/local\/app\/web, which is a link/,
  },
  'a host that is away is one of the inventory': {
    vars: { tars_neighbours_away: ['slave9'] },
    says: /slave9 is no host of the inventory/,
  },
  'a variable that has another name now is not passed over': {
    playbook: 'install-docker',
    vars: { tars_mode: 'docker', tars_image: 'x:1', tars_inet: 'eth0', tars_container_command: ['podman'] },
    says: /no variable tars_container_command any more.*set "tars_container_engine: docker" or/s,
  },
  'the user system lets the web in': {
    vars: { tars_package: '../closed' },
    says: /ignoreIps.*127\.0\.0\.1/is,
  },
};

for (const [name, broken] of Object.entries(rules))
  test(`rule of the guide: ${name}`, async () => {
    if (broken.vars !== undefined && 'tars_package' in broken.vars) closedPackage();
    assert.match(await run(broken), broken.says);
  });

/** A package of 1.x whose user system keeps even its own web out. */
function closedPackage(): void {
  makeTarsPackage({ dir: join(folder, 'closed'), layout: '1.x' });
  writeFileSync(join(folder, 'closed/web/demo/config/loginConf.js'), 'module.exports = { ignoreIps: [] };\n');
}

test.run();
