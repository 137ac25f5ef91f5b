import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type MakeOptions, makeTarsArchives, makeTarsPackage } from '../../lab/tars/make.ts';
import { servers } from '../../lab/tars/servers.ts';

const root = mkdtempSync(join(tmpdir(), 'tars-package-'));
const names = servers.map(server => server.name);

function make(name: string, options: Omit<MakeOptions, 'dir'> = {}): string {
  const dir = join(root, name);
  makeTarsPackage({ dir, ...options });
  return dir;
}

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');

const filesOf = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(dir, join(entry.parentPath, entry.name)))
    .sort();

const holding = (dir: string, text: string): string[] => filesOf(dir).filter(file => read(dir, file).includes(text));

const whatDiffers = (a: string, b: string): string[] =>
  filesOf(b).filter(file => !existsSync(join(a, file)) || read(a, file) !== read(b, file));

const three = make('three');
const later = make('later', { version: '3.0.18' });
const one = make('one', { layout: '1.x' });

test('the same arguments give the same bytes, modes and times', () => {
  const hash = (dir: string): string =>
    createHash('sha256')
      .update(execFileSync('tar', ['-C', dir, '--sort=name', '-cf', '-', '.']))
      .digest('hex');
  assert.is(hash(make('again')), hash(three));
});

test('a directory with something in it is refused', () => {
  assert.throws(() => makeTarsPackage({ dir: three }), /is not empty/);
  assert.throws(() => makeTarsPackage({ dir: join(root, 'bad'), version: '3' }), /three numbers/);
});

test('the servers, confs and scripts of tars.md are there', () => {
  assert.equal(readdirSync(join(three, 'framework/servers')).sort(), [...names, 'patchclient'].sort());
  for (const name of names) {
    assert.ok(existsSync(join(three, 'framework/conf', name, 'conf', `tars.${name}.config.conf`)), name);
    const extra = { tarsnode: ['check.sh', 'monitor.sh'], tarsregistry: ['monitor.sh'], tarspatch: ['init.sh'] }[name];
    const scripts = ['execute.sh', 'start.sh', 'stop.sh', ...(extra ?? [])].sort();
    assert.equal(readdirSync(join(three, 'framework/util-linux', name, 'util')).sort(), scripts, name);
    assert.is(statSync(join(three, 'framework/servers', name, 'bin', name)).mode & 0o777, 0o755);
  }
  assert.is(readdirSync(join(three, 'framework/sql/template')).length, 20);
  assert.is(read(three, 'FRAMEWORK_VERSION.txt'), '3.0.17');
});

test('each placeholder stands where it does in the real package', () => {
  const confs = join(three, 'framework/conf');
  assert.is(holding(confs, 'registry.tars.com').length, 10);
  assert.equal(holding(confs, 'registryAddress'), ['tarsnode/conf/tars.tarsnode.config.conf']);
  for (const text of ['db.tars.com', 'dbuser=tars', 'dbpass=tars2015', 'dbport=3306']) {
    assert.is(holding(confs, text).length, 8, text);
  }
  assert.is(holding(confs, 'localip.tars.com').length, 11);
  assert.equal(holding(confs, 'UPLOAD_PATH'), ['tarspatch/conf/tars.tarspatch.config.conf']);
  assert.is(holding(confs, 'TARS_PATH').length, 12);
  assert.equal(holding(join(three, 'framework/sql/template'), 'db.tars.com'), ['tars.framework-db']);
  assert.equal(holding(join(three, 'framework/util-linux'), 'WEB_PATH'), ['check.sh', 'tars-start.sh', 'tars-stop.sh']);
  assert.equal(
    holding(join(three, 'web'), '.tars.com').filter(file => file !== 'bin/www'),
    ['config/tars.conf', 'config/webConf.js'],
  );
  assert.equal(
    filesOf(three).filter(file => /@[A-Z]+@|--\[/.test(read(three, file))),
    [],
  );
});

test('a later version differs in the binaries, the version texts, a template and the upgrades', () => {
  assert.equal(whatDiffers(three, later), [
    'FRAMEWORK_VERSION.txt',
    ...names.map(name => `framework/servers/${name}/bin/${name}`).sort(),
    'framework/sql/db_tars.sql',
    'framework/sql/tars_upgrade.conf',
    'framework/sql/template/tars.default',
    'web/package.json',
    'web/pages/index.html',
  ]);
});

test('a touched part differs alone', () => {
  assert.equal(whatDiffers(three, make('web', { touch: 'web' })), ['web/package.json', 'web/pages/index.html']);
  assert.is(whatDiffers(three, make('servers', { touch: 'servers' })).length, 11);
});

test('a 1.x package has the user system and neither version file nor the later databases', () => {
  assert.not.ok(existsSync(join(one, 'FRAMEWORK_VERSION.txt')));
  assert.equal(readdirSync(join(one, 'web/sql')), ['db_tars_web.sql']);
  assert.equal(readdirSync(join(one, 'web/demo/sql')), ['db_user_system.sql']);
  assert.match(read(one, 'framework/conf/tarsnode/conf/tars.tarsnode.config.conf'), '-p 19385');
  assert.not.match(read(one, 'framework/conf/tarslog/conf/tars.tarslog.config.conf'), '-p 18913');
});

test('archives hold the program with conf and util, those that are published also the program alone', () => {
  const dirs = ['tgz', 'tgz-again'].map(name => join(root, name));
  for (const dir of dirs) makeTarsArchives({ dir });
  const [dir, again] = dirs as [string, string];
  assert.equal(readdirSync(dir).sort(), names.map(name => `${name}.tgz`).sort());
  for (const name of names)
    assert.equal(readFileSync(join(dir, `${name}.tgz`)), readFileSync(join(again, `${name}.tgz`)));
  const list = (name: string): string[] =>
    execFileSync('tar', ['-tzf', join(dir, `${name}.tgz`)], { encoding: 'utf8' })
      .split('\n')
      .filter(path => /[^/]$/.test(path));
  const util = (name: string, extra: string[] = []): string[] =>
    ['execute', ...extra, 'start', 'stop'].map(script => `${name}/util/${script}.sh`).sort();
  assert.equal(list('tarsregistry'), [
    'tarsregistry/bin/tarsregistry',
    'tarsregistry/conf/tars.tarsregistry.config.conf',
    ...util('tarsregistry', ['monitor']),
  ]);
  assert.ok(list('tarsstat').includes('tarsstat/tarsstat'));
  const conf = execFileSync('tar', ['-xzOf', join(dir, 'tarsstat.tgz'), 'tarsstat/conf/tars.tarsstat.config.conf']);
  assert.match(conf.toString(), 'localip.tars.com');
});

test('every program is Perl that compiles without a warning', () => {
  for (const name of names) {
    const file = join(three, 'framework/servers', name, 'bin', name);
    const command = `perl -wc ${file} 2>&1`;
    assert.is(execFileSync('sh', ['-c', command], { encoding: 'utf8' }), `${file} syntax OK\n`);
  }
});

test.after(() => {
  rmSync(root, { recursive: true });
});

test.run();
