import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Folder } from './program.ts';

test('the facts of one host are printed as JSON, those of several by their names', async () => {
  using folder = new Folder({});
  const one = await folder.run('facts', 'db1', '-i', 'hosts.yml', '--filter', 'ansible_system', '--filter', 'kernel*');
  assert.is(one.stderr, '');
  assert.is(one.status, 0);
  const facts = JSON.parse(one.stdout) as Record<string, unknown>;
  assert.is(facts['ansible_system'], 'Linux');
  assert.ok('ansible_kernel' in facts);
  assert.not.ok('ansible_distribution' in facts);
  const two = await folder.run('facts', 'web', '-i', 'hosts.yml', '--subset', '!all', '--filter', 'ansible_system');
  assert.equal(JSON.parse(two.stdout), { web1: { ansible_system: 'Linux' }, web2: { ansible_system: 'Linux' } });
});

test('what cannot be reached is said on stderr, and the others are printed', async () => {
  using folder = new Folder({
    'far.yml': `all:
  vars: { ansible_ssh_retries: 0 }
  hosts:
    near: { ansible_connection: local }
    far: { ansible_host: 127.0.0.1, ansible_port: 1 }
`,
  });
  const { status, stdout, stderr } = await folder.run('facts', 'all', '-i', 'far.yml', '--filter', 'ansible_system');
  assert.is(status, 4);
  assert.equal(JSON.parse(stdout), { near: { ansible_system: 'Linux' } });
  assert.match(stderr, /^far \| UNREACHABLE\n/);
});

test('a host of no inventory is written with a comma', async () => {
  using folder = new Folder({});
  const local = await folder.run('facts', 'here,', '-c', 'local', '--filter', 'ansible_system');
  assert.equal(JSON.parse(local.stdout), { ansible_system: 'Linux' });
  const { status, stderr } = await folder.run('facts', 'here');
  assert.is(status, 1);
  assert.match(stderr, 'tplay facts here,');
});

test('a part that there is not is named', async () => {
  using folder = new Folder({});
  const { status, stderr } = await folder.run('facts', 'db1', '-i', 'hosts.yml', '--subset', 'nonet');
  assert.is(status, 1);
  assert.match(stderr, 'there is no subset "nonet"');
});

test.run();
