import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Folder } from './program.ts';

const CFG = '[defaults]\nforks = 5\nremote_user = me\n';
const SITE = '- hosts: all\n  gather_facts: false\n  tasks:\n    - debug: { msg: "forks={{ ansible_forks }}" }\n';

test('config shows each setting and where it comes from', async () => {
  using folder = new Folder({ 'ansible.cfg': CFG, 'tplay.yml': 'timeout: 9\n' });
  const { stdout, stderr, status } = await folder.run('config', '-v', '--become');
  const lines = stdout.split('\n').map(line => line.replace(/ {2,}/g, ' | '));
  assert.is(stderr, '');
  assert.is(status, 0);
  for (const line of [
    'forks | 5 | ansible.cfg:2:1',
    'timeout | 9 | tplay.yml:1:1',
    'become | true | --become',
    'verbosity | 1 | --verbose',
    'strategy | linear | default',
    'skip_tags | - | default',
    'transport | (ssh) | default',
  ])
    assert.ok(lines.includes(line), `${line} in\n${lines.join('\n')}`);
});

test('config --changed --json shows what is given somewhere, as data', async () => {
  using folder = new Folder({ 'ansible.cfg': CFG });
  const { stdout } = await folder.run('config', '--changed', '--json');
  assert.equal(JSON.parse(stdout), {
    forks: { value: 5, from: 'ansible.cfg:2:1' },
    remote_user: { value: 'me', from: 'ansible.cfg:3:1' },
  });
});

test('a run takes its inventory and its forks from the settings', async () => {
  using folder = new Folder({ 'ansible.cfg': `${CFG}inventory = hosts.yml\n`, 'site.yml': SITE });
  const { stdout, stderr, status } = await folder.run('run', 'site.yml');
  assert.is(stderr, '');
  assert.is(status, 0);
  assert.match(stdout, /web1/);
  assert.match(stdout, /forks=5/);
});

test('a wrong setting ends a run before it begins; help is given all the same', async () => {
  using folder = new Folder({ 'tplay.yml': 'frks: 5\n', 'site.yml': SITE });
  const { stdout, stderr, status } = await folder.run('run', 'site.yml', '-i', 'hosts.yml');
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.match(stderr, /^tplay.yml:1:1 error unknown-keyword: there is no setting "frks"/);
  assert.is((await folder.run('--help')).status, 0);
});

test.run();
