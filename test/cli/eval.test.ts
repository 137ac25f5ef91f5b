import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Folder } from './program.ts';

const FILES = { 'group_vars/web.yml': 'port: 80\nurl: "http://{{ inventory_hostname }}:{{ port }}/"\n' };

async function printed(...argv: readonly string[]): Promise<string> {
  using folder = new Folder(FILES);
  const { status, stdout, stderr } = await folder.run('eval', ...argv);
  assert.is(stderr, '');
  assert.is(status, 0);
  return stdout;
}

test('without hosts an expression sees extra variables and lookups', async () => {
  assert.is(await printed('1 + 1.0'), '2.0\n');
  assert.is(
    await printed("{'a': [x, none, true]}", '-e', '{x: 1}'),
    '{\n  "a": [\n    1,\n    null,\n    true\n  ]\n}\n',
  );
  assert.is(await printed("lookup('env', 'LANG')"), '"C"\n');
});

test('with an inventory it sees groups and hostvars', async () => {
  assert.is(await printed('groups.web | length', '-i', 'hosts.yml'), '2\n');
  assert.is(await printed('hostvars.web2.url', '-i', 'hosts.yml'), '"http://web2:80/"\n');
});

test('with -l it is evaluated for each host: one value, or several by their hosts', async () => {
  assert.is(await printed('port + 1', '-i', 'hosts.yml', '-l', 'web1'), '81\n');
  assert.is(
    await printed('url', '-i', 'hosts.yml', '-l', 'web'),
    '{\n  "web1": "http://web1:80/",\n  "web2": "http://web2:80/"\n}\n',
  );
});

test('a text with braces is a template, which keeps types as in playbooks', async () => {
  assert.is(await printed('{{ port }}', '-i', 'hosts.yml', '-l', 'web1'), '80\n');
  assert.is(await printed('at {{ port }}', '-i', 'hosts.yml', '-l', 'web1'), '"at 80"\n');
});

test('--raw prints what a template would', async () => {
  assert.is(await printed('["a", none]', '--raw'), "['a', None]\n");
  assert.is(await printed('"a\\nb"', '--raw'), 'a\nb\n');
  assert.is(
    await printed('url', '-i', 'hosts.yml', '-l', 'web', '--raw'),
    'web1: http://web1:80/\nweb2: http://web2:80/\n',
  );
});

test('--facts gathers facts first', async () => {
  assert.is(await printed('ansible_system', '-i', 'hosts.yml', '-l', 'db1', '--facts'), '"Linux"\n');
});

test('what is wrong is shown in the expression', async () => {
  using folder = new Folder(FILES);
  const said = async (...argv: string[]) => {
    const { status, stdout, stderr } = await folder.run('eval', ...argv);
    assert.is(status, 1, argv.join(' '));
    assert.is(stdout, '');
    return stderr;
  };
  assert.is(
    await said('prot + 1', '-i', 'hosts.yml', '-l', 'web1'),
    `expression:1:1 error undefined-variable: "prot" is not defined
  1 | prot + 1
    | ~~~~ did you mean "port"?
`,
  );
  assert.match(await said('port', '-i', 'hosts.yml', '-l', 'all'), 'note: on the host db1');
  assert.match(await said('1 +'), /^expression:1:\d error template-syntax/);
  assert.match(await said('a', 'b'), "tplay eval 'a b'");
  assert.match(await said('a', '-l', 'web'), '-l names hosts of one');
  assert.match(await said(), 'eval needs an expression');
});

test.run();
