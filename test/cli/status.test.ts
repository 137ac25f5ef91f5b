import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Folder } from './program.ts';

const play = (task: string) => `- hosts: all\n  gather_facts: false\n  tasks:\n    - ${task}\n`;

test('0 when all is well, with a recap of every host', async () => {
  using folder = new Folder({ 'p.yml': play('command: echo hi') });
  const { status, stdout, stderr } = await folder.run('run', 'p.yml', '-i', 'hosts.yml');
  assert.is(status, 0);
  assert.is(stderr, '');
  for (const host of ['web1', 'web2', 'db1']) assert.match(stdout, new RegExp(`^${host} +: ok=1 +changed=1 `, 'm'));
});

test('1 when the playbook is wrong, the command line, or the inventory', async () => {
  using folder = new Folder({ 'p.yml': play('comand: echo'), 'good.yml': play('debug:') });
  for (const argv of [
    ['run', 'p.yml', '-i', 'hosts.yml'],
    ['run', 'good.yml', '-i', 'hosts.yml', '--nonsense'],
    ['run', 'good.yml', '-i', 'nosuch.yml'],
    ['run', 'nosuch.yml', '-i', 'hosts.yml'],
    ['run', 'good.yml', '-i', 'hosts.yml', '--limit', 'nobody'],
    ['nosuchname', 'hosts.yml'],
    ['run', 'good.yml'],
  ]) {
    const { status, stdout, stderr } = await folder.run(...argv);
    assert.is(status, 1, argv.join(' '));
    assert.is(stdout, '', argv.join(' '));
    assert.match(stderr, /error/);
    assert.not.match(stderr, /^ +at /m);
  }
});

test('2 when a host failed, 4 when one could not be reached', async () => {
  using folder = new Folder({
    'fails.yml': play("command: /bin/false\n      when: inventory_hostname == 'db1'"),
    'far.yml': play('ping:\n      vars: { ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1 }'),
  });
  const failed = await folder.run('run', 'fails.yml', '-i', 'hosts.yml');
  assert.is(failed.status, 2);
  assert.match(failed.stdout, /^db1 +: ok=0 .* failed=1 /m);
  const far = await folder.run('run', 'far.yml', '-i', 'hosts.yml', '--limit', 'web1', '-e', 'ansible_ssh_retries=0');
  assert.is(far.status, 4);
  assert.match(far.stdout, /^web1 +: ok=0 .* unreachable=1 /m);
});

test('what ~/.ssh/config says and is not honoured is told once, when the first host is connected to', async () => {
  const far = 'all: { hosts: { a: , b: }, vars: { ansible_host: 127.0.0.1, ansible_port: 1, ansible_ssh_retries: 0 } }';
  using folder = new Folder({
    'far-hosts.yml': far,
    '.ssh/config': 'Match exec true\n  User nobody\n',
    'far.yml': '- hosts: a:b\n  gather_facts: false\n  tasks: [{ ping: {} }]\n',
  });
  const { stdout, status } = await folder.run('run', 'far.yml', '-i', 'far-hosts.yml');
  assert.is(status, 4);
  assert.is(stdout.match(/warning: .*config:1: "Match exec true" is not supported/g)?.length, 1);
});

test('a playbook is found by its name in ./playbooks', async () => {
  using folder = new Folder({ 'playbooks/hello.yml': play('debug: { msg: hello }') });
  const { status, stdout } = await folder.run('hello', 'hosts.yml');
  assert.is(status, 0);
  assert.match(stdout, 'hello');
});

test('several playbooks run one after the other', async () => {
  using folder = new Folder({ 'a.yml': play('debug: { msg: from a }'), 'b.yml': play('debug: { msg: from b }') });
  const { stdout } = await folder.run('run', 'a.yml', 'b.yml', '-i', 'hosts.yml', '-l', 'web1');
  assert.ok(stdout.indexOf('from a') > 0 && stdout.indexOf('from a') < stdout.indexOf('from b'));
});

test('--step without a terminal is an error, not a run without questions', async () => {
  using folder = new Folder({ 'p.yml': play('debug:') });
  const { status, stdout, stderr } = await folder.run('run', 'p.yml', '-i', 'hosts.yml', '--step');
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.match(stderr, 'there is no terminal to answer at');
});

test('help and version print and end with 0', async () => {
  using folder = new Folder({});
  const help = await folder.run('--help');
  assert.is(help.status, 0);
  assert.match(help.stdout, 'tplay install inventory/prod.yml');
  const version = await folder.run('--version');
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
});

test('variables of -e reach the playbook in every form', async () => {
  using folder = new Folder({
    'p.yml': play('debug: { msg: "{{ a }} {{ b }} {{ c }} {{ d }}" }'),
    'v.yml': 'c: from file\n',
  });
  const given = ['-e', 'a=1 b="two words"', '-e', '@v.yml', '-e', '{"d": [1, 2]}'];
  const { stdout } = await folder.run('run', 'p.yml', '-i', 'hosts.yml', '-l', 'web1', ...given);
  assert.match(stdout, '1 two words from file [1, 2]');
});

test('--check --diff says what would change and changes nothing', async () => {
  using folder = new Folder({});
  using work = new Folder({
    'p.yml': play(`copy: { dest: "${folder.path}/made", content: "one\\ntwo\\n", mode: "0600" }`),
  });
  const argv = ['run', 'p.yml', '-i', 'hosts.yml', '-l', 'web1', '--diff'];
  const dry = await work.run(...argv, '--check');
  assert.is(dry.status, 0);
  assert.match(dry.stdout, 'DRY RUN');
  assert.match(dry.stdout, /^ *\+two$/m);
  assert.match(dry.stdout, /changed=1/);
  const real = await work.run(...argv);
  assert.match(real.stdout, /changed=1/);
  const again = await work.run(...argv);
  assert.match(again.stdout, /changed=0/);
});

test('-v shows results, -vv places too', async () => {
  using folder = new Folder({ 'p.yml': play('command: echo said') });
  const argv = ['run', 'p.yml', '-i', 'hosts.yml', '-l', 'web1'];
  assert.not.match((await folder.run(...argv)).stdout, 'said');
  assert.match((await folder.run(...argv, '-v')).stdout, 'said');
  assert.match((await folder.run(...argv, '-vv')).stdout, 'p.yml:4:7');
});

test('--output json is one event a line', async () => {
  using folder = new Folder({ 'p.yml': play('command: echo hi') });
  const { stdout, status } = await folder.run('run', 'p.yml', '-i', 'hosts.yml', '--output', 'json');
  assert.is(status, 0);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as { type: string; host?: string; exitStatus?: number });
  assert.is(events[0]?.type, 'run-started');
  assert.equal(
    events
      .filter(e => e.type === 'task-finished')
      .map(e => e.host)
      .sort(),
    ['db1', 'web1', 'web2'],
  );
  assert.is(events.at(-1)?.type, 'run-finished');
  assert.is(events.at(-1)?.exitStatus, 0);
});

test.run();
