import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Folder } from './program.ts';

const FILES = {
  hosts: '[web]\nw1 ansible_password=hunter2\nw2 url="http://{{ name }}"\n[top:children]\nweb\n',
  'group_vars/web.yml': 'sealed: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3336\n',
};

test('--list prints what an inventory script prints, of the hosts that --limit leaves, secrets as stars', async () => {
  using folder = new Folder(FILES);
  const { stdout, stderr, status } = await folder.run('inventory', '--list', '-i', 'hosts', '-l', 'w1', '-e', 'x=1');
  assert.is(stderr, '');
  assert.is(status, 0);
  assert.equal(JSON.parse(stdout), {
    _meta: { hostvars: { w1: { ansible_password: '***', sealed: '***', x: '1' } } },
    all: { children: ['ungrouped', 'top'] },
    top: { children: ['web'] },
    web: { hosts: ['w1'] },
  });
});

test('--graph prints a tree from a group on', async () => {
  using folder = new Folder(FILES);
  const { stdout } = await folder.run('inventory', '--graph', 'web', '--vars', '-i', 'hosts');
  assert.is(
    stdout,
    '@web:\n  |--w1\n  |  |--{ansible_password = ***}\n  |  |--{sealed = ***}\n  |--w2\n  |  |--{sealed = ***}\n  |  |--{url = http://{{ name }}}\n  |--{sealed = ***}\n',
  );
});

test('--output writes a YAML inventory to a file', async () => {
  using folder = new Folder({ hosts: '[web]\nw1 a=1\n[web:vars]\nb=x\n' });
  const args = ['--list', '--yaml', '--export', '--output', 'out.yml', '-i', 'hosts'];
  const { stdout, status } = await folder.run('inventory', ...args);
  assert.is(status, 0);
  assert.is(stdout, '');
  assert.is(
    readFileSync(join(folder.path, 'out.yml'), 'utf8'),
    'all:\n  children:\n    ungrouped: {}\n    web:\n      hosts:\n        w1:\n          a: 1\n      vars:\n        b: x\n',
  );
  assert.match((await folder.run('inventory', '--host', 'w1', '-i', 'out.yml')).stdout, '"b": "x"');
});

test('what is asked wrongly is said', async () => {
  using folder = new Folder(FILES);
  const said = async (...args: string[]) => (await folder.run('inventory', ...args)).stderr;
  assert.match(await said('-i', 'hosts'), 'inventory needs --list, --graph or --host');
  assert.match(await said('--list', '--graph', '-i', 'hosts'), 'only one of --list, --graph and --host');
  assert.match(await said('hosts', '--list'), 'an inventory is given by -i: -i hosts');
  assert.match(await said('--host', 'w3', '-i', 'hosts'), 'there is no host "w3"\n  did you mean "w1"?');
  assert.match(await said('--graph', 'wbe', '-i', 'hosts'), 'there is no group "wbe"\n  did you mean "web"?');
  assert.match(await said('--graph', '--yaml', '-i', 'hosts'), '--yaml works only with --list and --host');
});

test.run();
