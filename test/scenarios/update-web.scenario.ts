import * as assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MakeOptions, makeTarsPackage } from '../../lab/tars/make.ts';
import type { Scenario, Stage } from './scenario.ts';

/** A package beside the inventory. */
function make(stage: Stage, name: string, options: Omit<MakeOptions, 'dir'> = {}): void {
  makeTarsPackage({ ...options, dir: join(stage.folder, name) });
}

const page = async (stage: Stage): Promise<string> =>
  (await fetch(`http://${stage.address('tars1')}:3000/`, { signal: stage.signal })).text();
const releases = '/usr/local/app/web-releases';

/** The release that is used, runs, and is the one to go back to. */
async function release(stage: Stage): Promise<string> {
  const [current = '', permanent, used, runs] = (
    await stage.on(
      'tars1',
      `readlink ${releases}/current; readlink ${releases}/permanent; cd -P /usr/local/app/web && pwd;
       readlink /proc/$(pgrep -f '^node /usr/local/app/web/bin/www')/cwd`,
    )
  ).split('\n');
  assert.equal(permanent, current);
  assert.deepEqual([used, runs], [`${releases}/${current}`, `${releases}/${current}`]);
  return current.replace('releases/', '');
}

export default {
  name: 'update-web',
  lab: { name: 'updweb', subnet: '10.84.0.0/24', hosts: [{ name: 'tars1', kind: 'debian' }] },
  living: [
    '/root/.pm2',
    '/root/.npm',
    '/usr/local/app/tars/app_log',
    '/usr/local/app/tars/tarsnode/data',
    `${releases}/log`,
  ],
  inventory: () => `all:
  vars: { tars_package: first, tars_db_password: Scenario-1, mysql_root_password: "root's" }
  children:
    mysql: { hosts: { tars1: {} } }
    framework-master: { hosts: { tars1: {} } }
    framework-slave: { hosts: {} }
    tarsnode: { hosts: {} }
    web: { hosts: { tars1: {} } }
`,
  prepare(stage) {
    make(stage, 'first');
    make(stage, 'newer', { touch: 'web' });
    make(stage, 'broken');
    writeFileSync(join(stage.folder, 'broken/web/bin/www'), "console.error('this one is broken');\nprocess.exit(1);\n");
    make(stage, 'third');
    appendFileSync(join(stage.folder, 'third/web/pages/index.html'), '<!-- third -->\n');
    make(stage, 'other', { version: '3.0.18' });
  },
  steps: [
    {
      title: 'a Tars that runs',
      play: ['install'],
      skipCheck: 'what packages start by themselves is not known before they are installed',
      async verify(stage) {
        assert.match(await release(stage), /^3\.0\.17-[0-9a-f]{8}$/);
        // what the package's own check.sh looks for, each minute
        await stage.on('tars1', 'ps -eo pid,cmd | grep /usr/local/app/web/bin/www | grep -v grep');
      },
    },
    {
      title: 'a web from before there were releases is kept as one',
      async before(stage) {
        await stage.on(
          'tars1',
          `set -e; cd /usr/local/app; export PM2_HOME=/root/.pm2; pm2 delete tars-node-web >/dev/null
           cp -aL web web.real; rm web; rm -r web-releases; mv web.real web; rm web/.tplay-release
           cd web; npm run prd >/dev/null; pm2 save --force >/dev/null`,
        );
      },
      play: ['update-web', '-e', 'tars_package=newer'],
      async verify(stage) {
        assert.match(await page(stage), /release 3\.0\.17-1/);
        assert.match(await release(stage), /^3\.0\.17-1-[0-9a-f]{8}$/);
        assert.match(await stage.on('tars1', `ls ${releases}/releases`), /3\.0\.17-before/);
        assert.equal(await stage.on('tars1', `readlink ${releases}/current/log`), `${releases}/log\n`);
      },
    },
    {
      title: 'one that does not answer goes back by itself',
      play: ['update-web', '-e', 'tars_package=broken'],
      expect: 'fails',
      says: /is not well .* 3\.0\.17-1-[0-9a-f]{8} runs again/,
      async verify(stage) {
        assert.match(await page(stage), /release 3\.0\.17-1/);
        assert.match(await release(stage), /^3\.0\.17-1-/);
      },
    },
    {
      title: 'cut between the switch and the restart, the next run finishes',
      async before(stage) {
        await stage.cut('Which apps must be started', 'update-web', '-e', 'tars_package=third');
        assert.match(await page(stage), /release 3\.0\.17-1/);
        assert.doesNotMatch(await stage.on('tars1', `readlink ${releases}/current`), /3\.0\.17-1-/);
      },
      play: ['update-web', '-e', 'tars_package=third'],
      async verify(stage) {
        assert.match(await page(stage), /<!-- third -->/);
        assert.match(await release(stage), /^3\.0\.17-[0-9a-f]{8}$/);
      },
    },
    {
      title: 'a web of another version is refused',
      play: ['update-web', '-e', 'tars_package=other'],
      expect: 'fails',
      says: /the framework on tars1 is version 3\.0\.17 .* goes with 3\.0\.18/,
      async verify(stage) {
        assert.match(await page(stage), /<!-- third -->/);
      },
    },
    {
      title: 'unless it is forced; -t web is the same',
      play: ['install', '-t', 'web', '-e', 'tars_package=other', '-e', 'tars_web_force=yes'],
      async verify(stage) {
        assert.match(await release(stage), /^3\.0\.18-/);
        const old = (await stage.on('tars1', `ls ${releases}/releases`)).trim().split('\n');
        assert.ok(old.length <= 5, `too many are kept: ${old.join(' ')}`);
      },
    },
    {
      title: 'what pm2 starts at boot is the release of the day',
      async verify(stage) {
        await stage.on('tars1', 'systemctl restart pm2-root');
        await stage.until('the web answers', 60, () =>
          fetch(`http://${stage.address('tars1')}:3000/web/title`).then(
            answer => answer.ok,
            () => false,
          ),
        );
        assert.match(await release(stage), /^3\.0\.18-/);
      },
    },
  ],
} satisfies Scenario as Scenario;
