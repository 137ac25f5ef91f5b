import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Folder } from './program.ts';

const FILES = {
  'p.yml': `
- name: Web servers
  hosts: web
  tags: www
  roles: [{ role: base, tags: base }]
  tasks:
    - { name: one, debug: }
    - { name: two, debug: , tags: [slow, special] }
    - block:
        - { name: inner, debug: , tags: slow }
      always:
        - { name: cleanup, debug: , tags: always }
    - { name: hidden, debug: , tags: never }
    - debug: { msg: no name }
- hosts: db
  tasks: [{ name: three, debug: , tags: slow }]
`,
  'roles/base/tasks/main.yml': '- { name: in role, debug: }\n',
};

async function listed(...argv: readonly string[]): Promise<string> {
  using folder = new Folder(FILES);
  const { status, stdout, stderr } = await folder.run('run', 'p.yml', '-i', 'hosts.yml', ...argv);
  assert.is(stderr, '');
  assert.is(status, 0);
  return stdout;
}

test('--list-hosts names the hosts of each play, with --limit those that are left', async () => {
  assert.is(
    await listed('--list-hosts'),
    `play #1 (Web servers)  tags: [www]
  hosts (2):
    web1
    web2

play #2 (db)
  hosts (1):
    db1

`,
  );
  assert.match(
    await listed('--list-hosts', '-l', 'web2'),
    /hosts \(1\):\n {4}web2\n\nplay #2 \(db\)\n {2}hosts \(0\):\n/,
  );
});

test('--list-tasks names the tasks that would run', async () => {
  assert.is(
    await listed('--list-tasks'),
    `play #1 (Web servers)  tags: [www]
  tasks:
    base : in role  tags: [base, www]
    one  tags: [www]
    two  tags: [slow, special, www]
    inner  tags: [slow, www]
    cleanup  tags: [always, www]
    debug  tags: [www]

play #2 (db)
  tasks:
    three  tags: [slow]

`,
  );
});

test('--list-tasks goes by --tags and --skip-tags', async () => {
  const names = async (...argv: string[]) =>
    (await listed('--list-tasks', ...argv)).match(/^ {4}\S.*?(?= {2}tags|$)/gm)?.map(l => l.trim());
  assert.equal(await names('-t', 'slow'), ['two', 'inner', 'cleanup', 'three']);
  assert.equal(await names('-t', 'slow', '--skip-tags', 'special'), ['inner', 'cleanup', 'three']);
  assert.equal(await names('-t', 'never'), ['cleanup', 'hidden']);
});

test('--list-tasks starts at --start-at-task', async () => {
  const text = await listed('--list-tasks', '--start-at-task', 'inner');
  assert.not.match(text, '    two');
  assert.match(text, '    inner');
  assert.match(text, '    three');
});

test('--list-tags names the tags of the tasks that would run', async () => {
  assert.is(
    await listed('--list-tags'),
    `play #1 (Web servers)  tags: [www]
  tags: always, base, slow, special, www

play #2 (db)
  tags: slow

`,
  );
});

test('--list-tags goes by --tags and --skip-tags', async () => {
  const text = await listed('--list-tags', '-t', 'special', '--skip-tags', 'base');
  assert.match(text, /tags: always, slow, special, www\n\nplay #2 \(db\)\n {2}tags: none/);
});

test('--syntax-check says nothing where nothing is wrong', async () => {
  assert.is(await listed('--syntax-check'), '');
});

test('several lists at once', async () => {
  const text = await listed('--list-hosts', '--list-tasks', '--list-tags', '-l', 'db1');
  assert.match(text, /hosts \(1\):\n {4}db1\n {2}tasks:\n {4}three {2}tags: \[slow\]\n {2}tags: slow\n/);
});

test.run();
