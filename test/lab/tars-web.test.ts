import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { makeTarsArchives, makeTarsPackage } from '../../lab/tars/make.ts';
import type { Layout } from '../../lab/tars/servers.ts';
import { skipped } from '../skip.ts';
import { packageForm, type ServerRow, sha1, TarsApi } from './tars-api.ts';
import { Database } from './tars-database.ts';
import { ownAddress, TarsHost, until } from './tars-host.ts';
import { alive, fillDatabase, startMaster, withWeb } from './tars-master.ts';

const root = mkdtempSync(join(tmpdir(), 'tars-web-'));
const address = ownAddress() ?? '';
const missing = address === '' ? 'needs an IPv4 address that is not loopback' : Database.missing();
const tgz = join(root, 'tgz');
makeTarsArchives({ dir: tgz, version: '3.0.18' });
const archive = (server: string): Uint8Array => readFileSync(join(tgz, `${server}.tgz`));

/** Runs the test with a master and its databases, or says why not. */
function withMaster(name: string, layout: Layout, body: (host: TarsHost, database: Database) => Promise<void>): void {
  if (missing !== undefined) {
    skipped(name, missing);
    return;
  }
  test(name, async () => {
    const home = mkdtempSync(join(root, 'host-'));
    makeTarsPackage({ dir: join(home, 'package'), layout });
    const database = await Database.start(join(home, 'database'), address);
    const host = new TarsHost(join(home, 'package'), join(home, 'app'), { address, login: database.login });
    try {
      await fillDatabase(database, host, join(home, 'package'));
      await body(host, database);
    } finally {
      await host.stopAll();
      database.stop();
      rmSync(home, { recursive: true });
    }
  });
}

/** Waits for the web and logs in, after the first password was set. */
async function enter(url: string, login?: string): Promise<TarsApi> {
  const web = new TarsApi(url, login === undefined ? {} : { login });
  for (const place of [url, login ?? url]) {
    await until(`${place} answers`, 30, () =>
      fetch(`${place}/web/title`).then(
        answer => answer.ok,
        () => false,
      ),
    );
  }
  assert.is((await web.first('Tars@2026')).ret_code, 200);
  return web.login('Tars@2026');
}

async function throws(work: Promise<unknown>, text: string): Promise<void> {
  let said = '';
  await work.catch(error => {
    said = String(error);
  });
  assert.match(said, text);
}

withMaster('accounts: one first password, tickets that a restart forgets, tokens that last', '3.x', async host => {
  let token = '';
  let old = new TarsApi('');
  await withWeb(host, async url => {
    const nobody = new TarsApi(url);
    const admin = await enter(url);
    assert.is((await nobody.first('another')).ret_code, 500, 'the second time');
    await throws(nobody.login('another'), '#login.wrongPassword#');
    assert.is(await nobody.refused('node_list'), '#common.noLogin#');
    assert.is(await nobody.as('wrong').refused('node_list'), '#common.noLogin#');
    assert.equal(await admin.call('node_list'), [address]);
    const expire_time = '2099-01-01 00:00:00';
    ({ token } = await admin.call<{ token: string }>('auth/addToken', { name: 'tplay', expire_time }));
    assert.is(await admin.refused('auth/addToken', { name: 'x' }), 'expire_time#common.notEmpty#');
    old = admin;
  });
  await withWeb(host, async url => {
    const nobody = new TarsApi(url);
    await until('the web answers', 30, () =>
      nobody.call(`node_list?ticket=${token}`).then(
        () => true,
        () => false,
      ),
    );
    assert.is(await old.refused('node_list'), '#common.noLogin#');
    // a token of somebody who may nothing
    assert.is(await nobody.refused('node_list?ticket=other'), '#common.noLogin#');
  });
});

const adapter = {
  node_name: address,
  obj_name: 'LogObj',
  bind_ip: address,
  port: 18993,
  port_type: 'tcp',
  protocol: 'tars',
  thread_num: '3',
};
const tarslog = {
  application: 'tars',
  server_name: 'tarslog',
  server_type: 'tars_cpp',
  template_name: 'tars.tarslog',
  node_name: address,
  enable_set: false,
  adapters: [adapter],
};

withMaster('publishing: the file, the task, the program, the row; stop, start and what fails', '3.x', async host => {
  await startMaster(host);
  await withWeb(host, async url => {
    const web = await enter(url);
    const before = host.pid('tarsstat');
    const form = (): FormData => packageForm('tarsstat', archive('tarsstat'));
    const { id, ...patch } = await web.call<{ id: number }>('upload_patch_package', form());
    assert.equal(Object.keys(patch).sort(), ['comment', 'posttime', 'server', 'tgz']);
    const list = 'server_patch_list?application=tars&module_name=tarsstat&curr_page=1&page_size=10';
    const { count, rows } = await web.call<{ count: number; rows: { comment: string }[] }>(list);
    assert.is(count, 1);
    assert.match(rows[0]?.comment ?? '', /^tplay md5=[0-9a-f]{32}$/);

    const done = await web.task('tarsstat', 'patch_tars', { patch_id: id, bak_flag: false });
    assert.equal([done.status, done.items[0]?.execute_info], [3, 'tarsstat runs']);
    assert.is(execFileSync(join(host.tarsPath, 'tarsstat/bin/tarsstat'), ['--version']).toString(), 'TARS:3.0.18\n');
    assert.is.not(host.pid('tarsstat'), before);
    assert.is((await web.server('tarsstat'))?.patch_version, String(id));

    assert.is((await web.task('tarsstat', 'stop')).status, 3);
    assert.is((await web.server('tarsstat'))?.setting_state, 'inactive');
    const state = async (): Promise<string | undefined> => (await web.server('tarsstat'))?.present_state;
    await until('the web sees that it stands', 30, async () => (await state()) === 'inactive');
    await new Promise(resolve => setTimeout(resolve, 6000));
    assert.is(host.pid('tarsstat'), undefined, 'tarsnode leaves alone what was stopped');
    assert.is((await web.task('tarsstat', 'start')).status, 3);
    await until('the web sees that it runs', 30, async () => (await state()) === 'active');
    assert.ok(await alive(host, 'tarsstat')());

    assert.is(
      await web.refused('upload_patch_package', packageForm('tarsstat', archive('tarsstat'), { md5: 'x' })),
      '#patch.md5#',
    );
    assert.is(await web.refused('upload_patch_package', packageForm('tarsstat', Buffer.alloc(0))), 'no files');
    assert.is(
      await web.refused('upload_patch_package', packageForm('tarsstat', archive('tarsstat'), { module_name: '' })),
      'module_name#common.notEmpty#',
    );
    assert.is(await web.refused('nothing_such'), 'the sample web has no GET nothing_such');

    const upload = async (bytes: Uint8Array): Promise<number> =>
      (await web.call<{ id: number }>('upload_patch_package', packageForm('tarsstat', bytes))).id;
    const other = await web.task('tarsstat', 'patch_tars', { patch_id: await upload(archive('tarslog')) });
    assert.is(other.status, 4);
    assert.match(other.items[0]?.execute_info ?? '', 'holds no tarsstat/tarsstat');
    assert.ok(await alive(host, 'tarsstat')(), 'a bad package stops nothing');
    const broken = await web.task('tarsstat', 'patch_tars', { patch_id: await upload(brokenArchive('tarsstat')) });
    assert.is(broken.status, 4);
    assert.match(broken.items[0]?.execute_info ?? '', 'tarsstat does not start: this one is broken');
    assert.is((await web.server('tarsstat'))?.patch_version, String(id));
    const node = host.pid('tarsnode');
    if (node !== undefined) process.kill(node, 'SIGKILL');
    const dead = await web.task('tarsnotify', 'restart');
    assert.match(dead.items[0]?.execute_info ?? '', /tarsnode at .* does not answer/);
  });
});

/** A package whose program ends with 1. */
function brokenArchive(server: string): Uint8Array {
  const dir = mkdtempSync(join(root, 'broken-'));
  mkdirSync(join(dir, server));
  writeFileSync(join(dir, server, server), '#!/bin/sh\necho this one is broken >&2\nexit 1\n', { mode: 0o755 });
  return execFileSync('tar', ['-C', dir, '-czf', '-', server]);
}

withMaster('deploying: a server that only the web knows has its conf from the templates', '3.x', async host => {
  await startMaster(host);
  await withWeb(host, async url => {
    const web = await enter(url);
    assert.match(await web.refused('deploy_server', tarslog), `tars.tarslog exists on ${address}`);
    assert.is((await web.task('tarslog', 'undeploy_tars')).status, 3);
    assert.is(await web.server('tarslog'), undefined);
    assert.is(await web.call('server_exist?application=tars&server_name=tarslog&node_name=' + address), false);
    rmSync(join(host.tarsPath, 'tarslog'), { recursive: true });

    const made = await web.call<{ server_conf: ServerRow[] }>('deploy_server', tarslog);
    const id = made.server_conf[0]?.id ?? 0;
    const [row] = await web.call<{ servant: string; endpoint: string; protocol: string }[]>(
      `adapter_conf_list?id=${id}`,
    );
    assert.equal(
      [row?.servant, row?.endpoint, row?.protocol],
      ['tars.tarslog.LogObj', `tcp -h ${address} -t 60000 -p 18993`, 'tars'],
    );
    assert.ok((await web.call<string[]>('template_name_list')).includes('tars.tarslog'));
    const early = await web.task('tarslog', 'start');
    assert.match(early.items[0]?.execute_info ?? '', 'tarslog is missing: publish it first');
    const { id: patch_id } = await web.call<{ id: number }>(
      'upload_patch_package',
      packageForm('tarslog', archive('tarslog')),
    );
    const done = await web.task('tarslog', 'patch_tars', { patch_id });
    assert.equal([done.status, done.items[0]?.execute_info], [3, 'tarslog runs']);
    const conf = readFileSync(host.nodeConf('tarslog'), 'utf8');
    assert.match(conf, `logpath=${host.tarsPath}/remote_app_log`);
    assert.match(conf, '<tars.tarslog.LogObjAdapter>');
    assert.not.match(conf, '${');
    await until('the web sees that it runs', 30, async () => (await web.server('tarslog'))?.present_state === 'active');
    assert.is((await web.task('tarslog', 'undeploy_tars')).status, 3);
    assert.not.ok(existsSync(join(host.tarsPath, 'tarsnode/data/tars.tarslog')));
  });
});

withMaster('in 1.x the user system has the accounts, and the web asks it', '1.x', async host => {
  await withWeb(host, async url => {
    const login = url.replace(':3000', ':3001');
    const web = await enter(url, login);
    assert.equal(await web.call('node_list'), [address]);
    assert.is(await new TarsApi(url).refused('node_list'), '#common.noLogin#');
    assert.is(await web.as('wrong').refused('node_list'), '#common.noLogin#');
    assert.match(
      await new TarsApi(url).refused('login', { uid: 'admin', password: sha1('Tars@2026') }),
      '#common.noLogin#',
    );
    const here = await (await fetch(`${login}/api/validate?ticket=x`)).json();
    assert.match(JSON.stringify(here), 'ignoreips has no');
  });
});

test.after(() => rmSync(root, { recursive: true }));

test.run();
