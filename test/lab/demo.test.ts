import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Lab, labDown, labMissing, labUp, rebootHosts, sshArgv } from '../../lab/lab.ts';
import { makeTarsPackage } from '../../lab/tars/make.ts';
import { skipped } from '../skip.ts';
import { treeOf } from './tree.ts';

/**
 * The main job on real hosts, from an empty lab: what `npm run demo` does, and what must hold before and afterwards. The
 * tests are steps of one story and run in this order.
 */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const test = suite('demo');
const folder = mkdtempSync(join(tmpdir(), 'tplay-demo-'));
const inventory = join(folder, 'inventory', 'demo.yml');
const tars = join(folder, '.tplay', 'demo', 'tars');
let lab: Lab;

interface Ran {
  readonly status: number | null;
  readonly out: string;
}

function tplay(...args: string[]): Ran {
  const argv = [join(root, 'bin/tplay.js'), ...args, '--output', 'plain'];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  return { status, out: stdout + stderr };
}

/** Runs a playbook that must end with 0. */
function good(...args: string[]): string {
  const { status, out } = tplay(...args);
  assert.is(status, 0, `tplay ${args.join(' ')}\n${out.slice(-4000)}`);
  return out;
}

/** The recap's counts by host. */
function recap(out: string): ReadonlyMap<string, Readonly<Record<string, number>>> {
  const lines = out.slice(out.lastIndexOf('PLAY RECAP')).matchAll(/^(\S+)\s+: (ok=.*)$/gm);
  return new Map(
    [...lines].map(([, host = '', counts = '']) => [
      host,
      Object.fromEntries([...counts.matchAll(/(\w+)=(\d+)/g)].map(([, key = '', n]) => [key, Number(n)])),
    ]),
  );
}

function on(host: string, command: string): string {
  const [program = '', ...args] = sshArgv(lab, host);
  return execFileSync(program, [...args, command], { encoding: 'utf8' });
}

async function within(seconds: number, what: string, holds: () => boolean): Promise<number> {
  const start = Date.now();
  while (!holds()) {
    if (Date.now() - start > seconds * 1000) assert.unreachable(`${what}: not within ${seconds} s`);
    await new Promise(resolve => setTimeout(resolve, 500));
  }
  return (Date.now() - start) / 1000;
}

test.before(async () => {
  lab = await labUp({
    name: 'tars',
    subnet: '10.82.0.0/24',
    hosts: ['db1', 'master1', 'slave1', 'web1', 'node1'].map(name => ({ name, kind: 'debian' as const })),
  });
  mkdirSync(join(folder, 'inventory'));
  const demo = readFileSync(join(root, 'inventory/demo.yml'), 'utf8');
  writeFileSync(inventory, demo.replaceAll('10.77.0.', '10.82.0.').replaceAll('tplay-lab/demo', 'tplay-lab/tars'));
  makeTarsPackage({ dir: tars });
});

test.after(async () => {
  await labDown('tars');
  rmSync(folder, { recursive: true, force: true });
});

test('a dry run of the first install names what would change, and changes nothing on any host', () => {
  const before = lab.hosts.map(h => treeOf(lab, h.name));
  const out = good('install', inventory, '--check', '--diff');
  assert.match(out, /mariadb-server/);
  for (const [host, counts] of recap(out))
    assert.ok((counts['changed'] ?? 0) > 0, `${host} would change\n${out.slice(-2000)}`);
  const after = lab.hosts.map(h => treeOf(lab, h.name));
  for (const [i, host] of lab.hosts.entries()) assert.equal(after[i], before[i], `${host.name} is as it was`);
});

test('the first install brings Tars up, verify says so, and the second install changes nothing', () => {
  good('install', inventory);
  good('verify', inventory);
  const counts = recap(good('install', inventory));
  assert.is(counts.size, lab.hosts.length);
  for (const [host, { changed, failed }] of counts)
    assert.equal({ host, changed, failed }, { host, changed: 0, failed: 0 });
});

test('a dry run of what is installed says that nothing would change', () => {
  for (const [host, { changed }] of recap(good('install', inventory, '--check')))
    assert.equal({ host, changed }, { host, changed: 0 });
});

test('-t web after a change of the web package touches only the web host', () => {
  appendFileSync(join(tars, 'web/pages/index.html'), '<!-- changed -->\n');
  const before = lab.hosts.filter(h => h.name !== 'web1').map(h => treeOf(lab, h.name, ['/usr/local/app', '/etc']));
  const counts = recap(good('install', inventory, '-t', 'web'));
  assert.equal(
    [...counts].filter(([, c]) => (c['changed'] ?? 0) > 0).map(([host]) => host),
    ['web1'],
  );
  const after = lab.hosts.filter(h => h.name !== 'web1').map(h => treeOf(lab, h.name, ['/usr/local/app', '/etc']));
  assert.equal(after, before);
});

test('--list-tasks names what runs under a limit', () => {
  const listed = good('install', inventory, '--list-hosts', '-l', 'node1');
  assert.match(listed, /node1/);
  assert.not.match(listed, /slave1/);
  assert.equal([...recap(good('install', inventory, '-l', 'node1')).keys()], ['node1']);
});

test('a wrong password of the database fails before any server of Tars is stopped', () => {
  const pids = () => on('master1', 'ps -eo pid,args | grep "[a]pp/tars/.*--config" | sort -n');
  const before = pids();
  const { status } = tplay(
    'install',
    inventory,
    '-e',
    'tars_db_password=wrong',
    '-e',
    'mysql_root_password=wrong',
    '-t',
    'master',
  );
  assert.is(status, 2);
  assert.is(pids(), before);
});

test('a server that is killed is back within 15 seconds', async () => {
  const servers = on('master1', 'ls /usr/local/app/tars')
    .split('\n')
    .filter(n => /^tars/i.test(n) && n !== 'tars.service');
  const killed: string[] = [];
  for (const server of servers) {
    const pid = () => on('master1', `pgrep -f '^/usr/local/app/tars/${server}/bin/${server} ' || :`).trim();
    if (pid() === '') continue; // a folder that holds no server
    const old = pid();
    killed.push(server);
    on('master1', `kill -9 ${old.replaceAll('\n', ' ')}`);
    await within(15, server, () => !['', old].includes(pid()));
  }
  assert.is(killed.length, 11, `killed: ${killed.join(' ')}`);
});

test('after a reboot of every host all is up again within a minute', async () => {
  await rebootHosts(
    lab,
    lab.hosts.map(h => h.name),
  );
  await within(60, 'verify', () => tplay('verify', inventory).status === 0);
});

if (labMissing().length > 0) {
  skipped('demo', labMissing().join('; '));
  rmSync(folder, { recursive: true, force: true });
} else test.run();
