import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { moduleNames } from '../../lib/playbook/modules.ts';
import { Folder } from './program.ts';

test('doc lists every module, a line each', async () => {
  using folder = new Folder({});
  const { stdout, stderr, status } = await folder.run('doc');
  assert.is(stderr, '');
  assert.is(status, 0);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(
    lines.map(line => line.split(' ')[0]),
    [...moduleNames()],
  );
  assert.match(stdout, /^ping +\S/m);
});

test('doc shows all about a module, by its short name and its full one', async () => {
  using folder = new Folder({});
  const short = await folder.run('doc', 'apt');
  assert.is(short.status, 0, short.stderr);
  for (const part of ['ansible.builtin.apt', 'update_cache (also update-cache)', 'Examples', '- apt:', 'default false'])
    assert.ok(short.stdout.includes(part), `${part} in\n${short.stdout}`);
  assert.ok(
    short.stdout.split('\n').every(line => line.length <= 100),
    'lines are of a terminal’s width',
  );
  assert.is((await folder.run('doc', 'ansible.builtin.apt')).stdout, short.stdout);
});

test('doc --json is data', async () => {
  using folder = new Folder({});
  const { stdout } = await folder.run('doc', '--json', 'ping', 'release');
  const all = JSON.parse(stdout) as Record<string, { full_name: string | null; arguments: { properties: object } }>;
  assert.equal(Object.keys(all), ['ping', 'release']);
  assert.is(all['ping']?.full_name, 'ansible.builtin.ping');
  assert.is(all['release']?.full_name, null);
  assert.ok('data' in (all['ping']?.arguments.properties ?? {}));
});

test('a module that there is not is said, with the nearest or the reason', async () => {
  using folder = new Folder({});
  const near = await folder.run('doc', 'coppy');
  assert.is(near.status, 1);
  assert.is(near.stdout, '');
  assert.match(near.stderr, /there is no module "coppy"[^]*did you mean "copy"\?/);
  assert.match(
    (await folder.run('doc', 'subversion')).stderr,
    /there is no module "subversion"[^]*hardly any host has svn/,
  );
  assert.match((await folder.run('doc', 'amazon.aws.ec2')).stderr, /there is no module "amazon.aws.ec2"/);
});

test.run();
