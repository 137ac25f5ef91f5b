import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadInventory } from '../../../lib/inventory/load.ts';
import { selectHosts } from '../../../lib/inventory/select.ts';
import { loadVarsFiles } from '../../../lib/inventory/vars-files.ts';
import { spanName } from '../../../lib/text/source.ts';
import { inventoryOf, namesOf, plainRaw, printed, valueOf, withFiles } from './fixture.ts';

const OK = 'web:\n  hosts:\n    web1:\n';

/** The first lines of what loading sources prints. */
const heads = (files: Readonly<Record<string, string>>, ...sources: readonly string[]) =>
  withFiles(files, services => printed(loadInventory(sources, services)).replace(/\n$/, ''));

test('a missing inventory is named, with a near file', () => {
  const files = { 'inventory/prod.yml': OK, 'inventory/test.yml': OK };
  const missing = (name: string) => heads(files, name);
  assert.is(
    missing('inventory/pord.yml'),
    'error missing-file: there is no inventory "inventory/pord.yml"\n  did you mean "inventory/prod.yml"?',
  );
  assert.is(
    missing('inventory/prod'),
    'error missing-file: there is no inventory "inventory/prod"\n  did you mean "inventory/prod.yml"?',
  );
  assert.is(missing('no/such'), 'error missing-file: there is no inventory "no/such"');
  assert.is(
    missing('web1'),
    'error missing-file: there is no inventory "web1"\n  for a host of this name write "web1,"',
  );
});

test('faults of several sources and of the files beside them are said at once, by file', () => {
  const files = {
    'a.yml': 'web:\n  hots:\n',
    'b.yml': 'web:\n  hosts: {w1: }\n',
    'group_vars/web.yml': '[1]',
    'host_vars/w1.yml': 'a: [',
  };
  const lines = heads(files, 'b.yml', 'a.yml', 'c.yml')
    .split('\n')
    .filter(l => /error/.test(l));
  assert.equal(lines, [
    'error missing-file: there is no inventory "c.yml"',
    'a.yml:2:3 error unknown-inventory-keyword: a group has no keyword "hots"',
    'group_vars/web.yml:1:1 error wrong-shape: a file of variables holds a mapping, not a list',
    'host_vars/w1.yml:1:5 error yaml-syntax: flow sequence in block collection must be sufficiently indented and end with a ]',
  ]);
});

const KINDS: readonly (readonly [string, string, string])[] = [
  ['hosts.toml', '[web]\n', 'this is a TOML inventory, which is not supported'],
  ['hosts.py', '#!/usr/bin/python3\n', 'this is an inventory script, but nobody may execute it'],
  ['hosts.d', 'web:\n', 'the name of a YAML inventory ends in .yml, .yaml or .json, or has no dot'],
];

for (const [name, text, message] of KINDS)
  test(`${name} with ${JSON.stringify(text)}: ${message}`, () =>
    assert.is(heads({ [name]: text }, name).split('\n')[0], `${name}:1:1 error unsupported: ${message}`));

const READ: readonly (readonly [string, string])[] = [
  ['hosts.ini', 'web1\n'],
  ['hosts', '# mine\n[web]\nweb1 ansible_host=1.2.3.4\n'],
  ['hosts', 'web1 a="x: y"\n'],
  ['hosts.yml', 'web1\n'], // as Ansible: what is no YAML inventory may be an INI one
  ['hosts.yml', '[web]\nweb1\n'],
  ['prod.example.com', 'web1:22\n'],
  ['hosts', '---\nweb: {hosts: {web1: }}'],
  ['hosts.json', '{"web": {"hosts": {"web1": {}}}}'],
  ['hosts', '"web":\n  hosts: {web1: }'],
];

for (const [name, text] of READ)
  test(`${name} with ${JSON.stringify(text)} is read`, () =>
    withFiles({ [name]: text }, services =>
      assert.equal(namesOf(valueOf(loadInventory([name], services)).hosts), ['web1']),
    ));

test('an executable file without #! is no script, as in Ansible', () =>
  withFiles({ hosts: 'web1', 'hosts.yml': OK }, (services, folder) => {
    for (const name of ['hosts', 'hosts.yml']) {
      chmodSync(join(folder, name), 0o755);
      assert.equal(namesOf(valueOf(loadInventory([name], services)).hosts), ['web1']);
    }
  }));

test('what is no UTF-8 and what is no file end in a diagnostic', () =>
  withFiles({}, (services, folder) => {
    writeFileSync(join(folder, 'latin1.yml'), Buffer.from([0x77, 0xe9, 0x3a]));
    mkdirSync(join(folder, 'empty'));
    symlinkSync('loop.yml', join(folder, 'loop.yml'));
    const first = (source: string) => printed(loadInventory([source], services)).split('\n')[0];
    assert.is(first('latin1.yml'), 'latin1.yml:1:2 error yaml-syntax: the file is not UTF-8 text');
    assert.is(first('empty'), 'error missing-file: the folder "empty" holds no inventory');
    assert.is(first('loop.yml'), 'loop.yml:1:1 error missing-file: the file cannot be read: ELOOP');
  }));

test('a folder that contains itself ends in a diagnostic', () =>
  withFiles({ 'inv/h.yml': OK, 'group_vars/web/a.yml': 'a: 1' }, (services, folder) => {
    symlinkSync('.', join(folder, 'inv/again'));
    assert.match(printed(loadInventory(['inv'], services)), 'is nested too deeply to be an inventory');
    symlinkSync('.', join(folder, 'group_vars/web/again'));
    const inventory = inventoryOf(OK);
    assert.match(printed(loadVarsFiles('.', inventory, services)), 'is nested too deeply');
  }));

test('faults of a host list point into the option', () => {
  assert.is(
    heads({}, 'web1, web[1:3],db1:0'),
    `-i:1:7 error bad-value: a list of hosts takes no ranges
  1 | web1, web[1:3],db1:0
    |       ~~~~~~~~ write an inventory file

-i:1:16 error bad-value: a port is a number from 1 to 65535, not 0
  1 | web1, web[1:3],db1:0
    |                ~~~~~`,
  );
});

test('warnings do not stop: what is hidden, late or doubtful is said', () => {
  const files = {
    'h.yml': 'web:\n  hosts:\n    web1:\n    web:\n    localhost:\n    127.0.0.1:\ndb:\n  hosts:\n    "web1:22":\n',
    'group_vars/web.yml': 'ansible_group_priority: 2',
    'group_vars/web/a.yml': 'a: 1',
    'group_vars/db.json': 'a: {"ansible_usr": 1}',
    host_vars: '',
  };
  const said = heads({ ...files, 'group_vars/db.json': '{"ansible_group_priority": 1}' }, 'h.yml');
  assert.equal(
    said.split('\n').filter(l => / warning | error /.test(l)),
    [
      'group_vars/db.json:1:2 warning bad-value: ansible_group_priority works only in the inventory itself',
      'group_vars/web.yml:1:1 warning bad-value: this is not read, because group_vars/web is there',
      'h.yml:4:5 warning bad-value: "web" is the name of a host and of a group',
      'h.yml:6:5 warning bad-value: there are two hosts for this machine: "localhost" and "127.0.0.1"',
      'h.yml:9:5 warning bad-value: the port 22 is ignored: web1 was named before without it',
      'host_vars:1:1 warning wrong-shape: this is not a folder: nothing is read from it',
    ],
  );
});

test('a password is not printed with the line of another fault', () => {
  const said = heads(
    {
      'h.yml': `web:\n  hosts:\n    a: { ansible_password: "s3, \\"cret", ansible_port: x }\n    b: {ansible_become_pass: p4ss, ansible_port: y}\n`,
    },
    'h.yml',
  );
  assert.not.match(said, /s3|cret|p4ss/);
  assert.match(said, 'a: { ansible_password: ************, ansible_port: x }');
  assert.match(said, 'b: {ansible_become_pass: ****, ansible_port: y}');
});

test('each variable knows where it was set, and what it overrode is kept', () =>
  withFiles(
    { 'a.yml': 'web:\n  hosts:\n    web1: { x: 1 }\n', 'b.yml': 'web:\n  hosts:\n    web1:\n      x: 2\n' },
    services => {
      const host = valueOf(loadInventory(['a.yml', 'b.yml'], services)).host('web1');
      const places = host?.layers.map(layer => layer.get('x')).map(e => [e?.value, e && spanName(e.span)]);
      assert.equal(places, [
        [1, 'a.yml:3:13'],
        [2, 'b.yml:4:7'],
      ]);
      assert.is(host?.vars.get('x')?.value, 2);
      assert.is(host?.source, 'a.yml');
    },
  ));

test('faults found while values are compiled are faults of the inventory', () =>
  withFiles({ 'h.yml': 'web:\n  vars:\n    a: "{{ b"\n' }, services => {
    const loaded = loadInventory(['h.yml'], {
      ...services,
      compile: (node, found) => {
        found.error('template-syntax', 'no end', { span: node.span });
        return plainRaw(node);
      },
    });
    assert.is(printed(loaded).split('\n')[0], 'h.yml:3:8 error template-syntax: no end');
  }));

test('without a source there is only the controller', () => {
  const inventory = withFiles({}, services => valueOf(loadInventory([], services)));
  assert.equal(inventory.hosts, []);
  assert.equal([...inventory.groups.keys()], ['all', 'ungrouped']);
  assert.equal(namesOf(valueOf(selectHosts(inventory, 'localhost'))), ['localhost']);
});

test('variables for the controller come from all and from its own file', () =>
  withFiles(
    { 'h.yml': 'all:\n  vars: {q: 1}\n', 'group_vars/all.yml': 'x: 1', 'host_vars/localhost.yml': 'y: 2' },
    services => {
      const inventory = valueOf(loadInventory(['h.yml'], services));
      const levels = inventory.varsFiles.layersOf('localhost');
      assert.equal(
        inventory.layersOf('localhost').all.map(l => [...l.keys()]),
        [['q']],
      );
      assert.equal(
        [levels.all, levels.groups, levels.host].map(ls => ls.flatMap(l => [...l.keys()])),
        [['x'], [], ['y']],
      );
      assert.equal(inventory.varsFiles.files, ['group_vars/all.yml', 'host_vars/localhost.yml']);
    },
  ));

test('10,000 hosts in 200 groups are read and looked up in a moment', () => {
  const groups = Array.from(
    { length: 200 },
    (_, i) => `g${i}:\n  hosts:\n    h[${i * 50}:${i * 50 + 49}]: { a: 1 }\n  vars: { b: ${i} }\n`,
  );
  const text = groups.join('');
  const from = performance.now();
  const inventory = inventoryOf(text);
  for (const host of inventory.hosts) inventory.layersOf(host.name);
  assert.is(inventory.hosts.length, 10_000);
  assert.is(valueOf(selectHosts(inventory, 'g1*:!h5*')).length, 4440);
  assert.ok(performance.now() - from < 60_000, 'no growth with the square of the hosts');
});

test.run();
