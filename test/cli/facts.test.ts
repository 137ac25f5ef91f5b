import { spawn, spawnSync } from 'node:child_process';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { skipped } from '../skip.ts';
import { endOf, Folder, program } from './program.ts';

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

// A file system in user space that nobody serves: whoever asks for its size waits for ever, as for a dead NFS server.
const DEAD = `exec 3<>/dev/fuse && mkdir dead &&
mount -i -t fuse.dead -o fd=3,rootmode=40000,user_id=0,group_id=0 server:/x dead`;

function lacking(): boolean {
  using folder = new Folder({});
  const script = `${DEAD} && umount -l dead`;
  return spawnSync('unshare', ['-m', 'sh', '-c', script], { cwd: folder.path }).status !== 0;
}

if (lacking()) skipped('a file system that does not answer costs its sizes', 'no right to mount, or no /dev/fuse');
else
  test('a file system that does not answer costs its sizes, and no other fact', async () => {
    using folder = new Folder({});
    const given = [program, 'facts', 'db1', '-i', 'hosts.yml', '--filter', 'ansible_m*'];
    const script = `${DEAD}; "$@"; status=$?; umount -l dead; exit $status`;
    const argv = ['-m', 'sh', '-c', script, 'sh', process.execPath, ...given];
    const { status, stdout } = await endOf(spawn('unshare', argv, { cwd: folder.path }));
    assert.is(status, 0);
    const facts = JSON.parse(stdout) as { ansible_mounts: Record<string, unknown>[]; ansible_memtotal_mb: number };
    const dead = facts.ansible_mounts.find(m => m['device'] === 'server:/x');
    assert.equal([dead?.['fstype'], dead?.['size_total']], ['fuse.dead', undefined]);
    assert.ok(facts.ansible_mounts.some(m => Number(m['size_total']) > 0));
    assert.ok(facts.ansible_memtotal_mb > 0);
  });

test.run();
