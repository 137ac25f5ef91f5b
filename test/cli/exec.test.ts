import { existsSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Folder } from './program.ts';

test('a command runs on the hosts of a pattern, in the order of the inventory', async () => {
  using folder = new Folder({});
  const { status, stdout, stderr } = await folder.run('exec', 'all:!web2', '-i', 'hosts.yml', '-a', 'echo "a  b"');
  assert.is(stderr, '');
  assert.is(status, 0);
  assert.is(stdout, 'web1 | CHANGED | rc=0 >>\na  b\ndb1 | CHANGED | rc=0 >>\na  b\n');
});

test('a module runs with arguments as words, as YAML and as JSON', async () => {
  using folder = new Folder({});
  for (const args of ['msg="hi you" verbosity=0', 'msg: hi you', '{msg: hi you}', '{"msg": "hi you"}']) {
    const { status, stdout } = await folder.run('exec', 'web', '-i', 'hosts.yml', '-m', 'debug', '-a', args);
    assert.is(status, 0, args);
    assert.is(stdout, 'web1 | SUCCESS\n  hi you\nweb2 | SUCCESS\n  hi you\n', args);
  }
});

test('templates in arguments see the variables of each host', async () => {
  using folder = new Folder({ 'group_vars/web.yml': 'port: 80\n' });
  const argv = ['-m', 'ansible.builtin.debug', '-a', 'msg={{ inventory_hostname }}:{{ port }}'];
  const { stdout } = await folder.run('exec', 'web', '-i', 'hosts.yml', ...argv);
  assert.is(stdout, 'web1 | SUCCESS\n  web1:80\nweb2 | SUCCESS\n  web2:80\n');
});

test('a failure is 2 and shows what came back, an unreachable host is 4', async () => {
  using folder = new Folder({});
  const argv = ['-m', 'shell', '-a', 'echo out; echo err >&2; exit 3'];
  const failed = await folder.run('exec', 'db', '-i', 'hosts.yml', ...argv);
  assert.is(failed.status, 2);
  assert.is(failed.stdout, 'db1 | FAILED | rc=3 >>\nout\nerr\nnon-zero return code: 3\n');
  const far = ['-e', '{ansible_connection: ssh, ansible_host: 127.0.0.1, ansible_port: 1, ansible_ssh_retries: 0}'];
  const gone = await folder.run('exec', 'db', '-i', 'hosts.yml', '-m', 'ping', ...far);
  assert.is(gone.status, 4);
  assert.match(gone.stdout, /^db1 \| UNREACHABLE\n {2}cannot connect/);
});

test('--one-line is one line a host', async () => {
  using folder = new Folder({});
  const run = (...argv: string[]) => folder.run('exec', 'db', '-i', 'hosts.yml', '-o', ...argv);
  const shell = await run('-m', 'shell', '-a', 'echo a; echo b; echo c >&2');
  assert.is(shell.stdout, 'db1 | CHANGED | rc=0 | (stdout) a\\nb (stderr) c\n');
  assert.is((await run('-m', 'ping')).stdout, 'db1 | SUCCESS | {"ping":"pong"}\n');
});

test('what is wrong is shown in the words that were typed, and no host is touched', async () => {
  using folder = new Folder({});
  const said = async (...argv: string[]) => {
    const { status, stdout, stderr } = await folder.run('exec', ...argv, '-i', 'hosts.yml');
    assert.is(status, 1, argv.join(' '));
    assert.is(stdout, '', argv.join(' '));
    return stderr;
  };
  assert.is(
    await said('all', '-m', 'pign'),
    `-m:1:1 error unknown-module: there is no module or keyword "pign"
  1 | pign
    | ~~~~ did you mean "ping"?
`,
  );
  assert.is(
    await said('all', '-m', 'file', '-a', 'path=/tmp/x ownr=root'),
    `-a:1:13 error unknown-argument: file has no argument "ownr"
  1 | path=/tmp/x ownr=root
    |             ~~~~ did you mean "owner"?
`,
  );
  assert.match(await said('wbe', '-a', 'id'), /^pattern:1:1 error unknown-host: .*"wbe"/);
  assert.match(await said('all', '-m', 'debug', '-a', '{msg: x'), /^-a:1:8 error yaml-syntax/);
  assert.match(await said('all', 'uptime'), "tplay exec all -a 'uptime'");
  assert.match(await said('all'), 'exec needs something to do');
  assert.match(await said('all', '-a', 'id', '-t', 'x'), 'tplay exec has no flag -t');
});

test('--check --diff says what would change and changes nothing', async () => {
  using folder = new Folder({});
  const args = `dest=${folder.path}/made content=text mode=0600`;
  const run = (...argv: string[]) => folder.run('exec', 'db', '-i', 'hosts.yml', '-m', 'copy', '-a', args, ...argv);
  const dry = await run('-C', '-D');
  assert.is(dry.status, 0);
  assert.match(dry.stdout, /^db1 \| CHANGED\n {2}type: absent -> file\n/);
  assert.match(dry.stdout, /^ {2}\+text$/m);
  assert.not.ok(existsSync(`${folder.path}/made`));
  assert.match((await run()).stdout, /^db1 \| CHANGED\n/);
  assert.match((await run()).stdout, /^db1 \| SUCCESS\n/);
  const unknown = await folder.run('exec', 'db', '-i', 'hosts.yml', '-a', 'touch x', '-C');
  assert.is(unknown.stdout, 'db1 | UNKNOWN\n  command is not run in a dry run\n');
});

test('-B runs in the background, and -P says how often it is looked at', async () => {
  using folder = new Folder({});
  const run = (...argv: string[]) => folder.run('exec', 'db', '-i', 'hosts.yml', ...argv);
  assert.is((await run('-B', '30', '-P', '1', '-a', 'echo done')).stdout, 'db1 | CHANGED | rc=0 >>\ndone\n');
  const started = await run('-B', '5', '-P', '0', '-a', 'true');
  assert.is(started.status, 0);
  assert.match(started.stdout, /^ {2}ansible_job_id: /m);
  assert.match((await run('-P', '1', '-a', 'true')).stderr, '--poll is about what runs in the background');
  assert.match((await run('-B', '5', '-P', 'x', '-a', 'true')).stderr, '--poll cannot be "x"');
});

test('--list-hosts needs no module', async () => {
  using folder = new Folder({});
  const { status, stdout } = await folder.run('exec', 'web', '-i', 'hosts.yml', '--list-hosts', '-l', '!web1');
  assert.is(status, 0);
  assert.is(stdout, '  hosts (1):\n    web2\n');
});

test('--output json is one event a line', async () => {
  using folder = new Folder({});
  const { stdout } = await folder.run('exec', 'db', '-i', 'hosts.yml', '-a', 'id -u', '--output', 'json');
  const events = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as { type: string });
  assert.equal([events[0]?.type, events.at(-1)?.type], ['run-started', 'run-finished']);
});

test('roles and tasks that an include brings run too', async () => {
  using folder = new Folder({ 'roles/hello/tasks/main.yml': '- debug: { msg: one }\n- debug: { msg: two }\n' });
  const { stdout } = await folder.run('exec', 'db', '-i', 'hosts.yml', '-m', 'include_role', '-a', 'name=hello');
  assert.is(stdout, 'db1 | SUCCESS\n  one\ndb1 | SUCCESS\n  two\n');
});

test.run();
