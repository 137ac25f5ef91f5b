import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeSources, repositories } from '../../lab/build/make.ts';
import type { Scenario, Stage } from './scenario.ts';

/** Tars of its sources: git with a submodule, cmake, bison and flex on a build host; then installed of what was built. */
const inventory = (version: string, more = '') => `
all:
  vars:
    tars_source_repo: file://${repositories}/TarsFramework.git
    tars_source_version: ${version}
    tars_web_source_repo: file://${repositories}/TarsWeb.git
    tars_web_source_version: v1
    tars_build_packages: { apt: [git, gcc, libc6-dev, make, bison, flex, cmake] }
    ${more}
  children:
    build: { hosts: { build1: } }
`;
const installed = `
all:
  vars:
    tars_package: tars-package.tgz
    tars_db_password: lab-tars
    mysql_root_password: lab-root
  children:
    mysql: { hosts: { all1: } }
    framework-master: { hosts: { all1: } }
    framework-slave:
    tarsnode:
    web: { hosts: { all1: } }
`;
const play = ['build-framework'];
const packageOf = (stage: Stage) => readFileSync(join(stage.folder, 'tars-package.tgz'));
const prepared = (stage: Stage) => stage.on('build1', 'cat /usr/local/src/tars/build-*/TarsFramework/build/prepared');

/** A tool that is older than it was, first on the PATH. */
const older = (stage: Stage) =>
  stage.on('build1', 'printf "#!/bin/sh\\necho bison 2.4.1\\n" >/usr/local/bin/bison; chmod 755 /usr/local/bin/bison');

export default {
  name: 'build-framework',
  lab: {
    name: 'build',
    subnet: '10.98.0.0/24',
    hosts: [
      { name: 'build1', kind: 'debian' },
      { name: 'all1', kind: 'debian' },
    ],
  },
  inventory: () => inventory('v1'),
  async prepare(stage) {
    const file = join(stage.folder, 'sources.tgz');
    makeSources(file);
    const unpack = `mkdir -p ${repositories} && base64 -d | tar -xzf - -C ${repositories}`;
    await stage.on('build1', unpack, readFileSync(file).toString('base64'));
    // git takes neither submodules by path nor repositories of others unless told
    const config = '[protocol "file"]\n\tallow = always\n[safe]\n\tdirectory = *\n';
    await stage.on('build1', 'cat >/etc/gitconfig', config);
  },
  steps: [
    {
      title: 'a tool that is too old is told',
      async before(stage) {
        const { status, text } = await stage.tplay(...play, '--check');
        assert.equal(status, 0, `a dry run on a host without any tool:\n${text.slice(-3000)}`);
        await older(stage);
      },
      play,
      expect: 'fails',
      says: /build1 has bison 2\.4\.1; Tars needs 2\.5 or later/,
      verify: async stage => void (await stage.on('build1', 'rm /usr/local/bin/bison')),
    },
    {
      title: 'a build that is cut goes on where it was',
      async before(stage) {
        const cut = await stage.cut('Install', ...play);
        assert.equal(cut.status, null);
        const jobs = 'for job in /root/.tplay_async/*/; do [ ! -d "$job" ] || [ -e "$job/rc" ] || echo "$job"; done';
        await stage.until('what was started has ended', 300, async () => (await stage.on('build1', jobs)) === '');
        stage.write('prepared', await prepared(stage));
      },
      play,
      async verify(stage) {
        assert.equal(await prepared(stage), readFileSync(join(stage.folder, 'prepared'), 'utf8'), 'prepared once');
        const program = '/usr/local/tars/cpp/deploy/framework/servers/patchclient/bin/patchclient';
        assert.equal(await stage.on('build1', program, '1+2+3'), '6 by tars built here\n');
        assert.equal(await stage.on('build1', `stat -c %U ${program}`), 'tars-build\n');
        stage.write('first', packageOf(stage).toString('base64'));
      },
    },
    {
      title: 'another version is another build; the same one again is the same package',
      inventory: () => inventory('v2'),
      play,
      verify: stage =>
        assert.notEqual(packageOf(stage).toString('base64'), readFileSync(join(stage.folder, 'first'), 'utf8')),
    },
    {
      title: 'back to the first',
      inventory: () => inventory('v1'),
      play,
      verify: stage =>
        assert.equal(packageOf(stage).toString('base64'), readFileSync(join(stage.folder, 'first'), 'utf8')),
    },
    {
      title: 'a folder without the client library of MySQL is told',
      inventory: () => inventory('v1', 'tars_mysql_path: /opt/mysql'),
      play,
      expect: 'fails',
      says: /\/opt\/mysql on build1 has not both include\/mysql\.h and lib\/libmysqlclient \(found: nothing\)/,
    },
    {
      title: 'what was built is installed',
      inventory: () => installed,
      play: ['install'],
      skipCheck: 'the dry run of an install is that of other scenarios',
      skipSecond: 'the second run of an install is that of other scenarios',
      async verify(stage) {
        const { status, text } = await stage.tplay('verify');
        assert.equal(status, 0, text.slice(-3000));
      },
    },
  ],
} satisfies Scenario as Scenario;
