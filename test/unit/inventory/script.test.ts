import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Inventory } from '../../../lib/inventory/hosts.ts';
import { loadInventory } from '../../../lib/inventory/load.ts';
import { scriptRunner } from '../../../lib/remote/run-script.ts';
import type { Checked } from '../../../lib/text/diagnostic.ts';
import { namesOf, printed, valueOf, varsOf, withFiles } from './fixture.ts';

/** A script that prints a text for `--list` and one for each host. */
const script = (list: string, hosts: Readonly<Record<string, string>> = {}) =>
  [
    '#!/bin/sh',
    `[ "$1" = --list ] && cat <<'END'\n${list}\nEND`,
    ...Object.entries(hosts).map(([name, text]) => `[ "$1 $2" = '--host ${name}' ] && ${text}`),
    'exit 0',
  ].join('\n');

function load(text: string, name = 'hosts.sh'): Checked<Inventory> {
  return withFiles({ [name]: text }, (services, folder) => {
    chmodSync(join(folder, name), 0o755);
    return loadInventory([name], services);
  });
}

const heads = (checked: Checked<Inventory>) =>
  printed(checked)
    .split('\n')
    .filter(line => / (error|warning) /.test(line));

test('groups, children, variables and priorities are what --list says', () => {
  const inventory = valueOf(
    load(
      script(`{"web": {"hosts": ["w1", "w2"], "vars": {"v": 1.0, "big": 1e5, "ansible_group_priority": 7}},
        "top": {"children": ["web", "none"]}, "old": ["w2", "o1"], "all": {"vars": {"a": [true, null]}},
        "_meta": {"hostvars": {"w1": {"x": "y"}, "nobody": {"z": 1}}}}`),
    ),
  );
  assert.equal(namesOf(inventory.hosts).toSorted(), ['o1', 'w1', 'w2']);
  assert.equal([...inventory.groups.keys()], ['all', 'ungrouped', 'web', 'top', 'none', 'old']);
  assert.equal(inventory.groups.get('top')?.hosts, ['w1', 'w2']);
  assert.is(inventory.groups.get('web')?.priority, 7);
  const vars = varsOf(inventory.layersOf('w1'));
  assert.equal(
    { ...vars, v: String(Object.values(vars['v'] as object)), big: null },
    {
      a: [true, null],
      v: '1',
      big: null,
      x: 'y',
    },
  );
  assert.is(inventory.host('w1')?.source, 'hosts.sh');
});

test('without hostvars in _meta each host is asked for', () => {
  const inventory = valueOf(load(script('{"g": ["a", "b"]}', { a: `echo '{"x": 1}'`, b: `echo '{}'` })));
  assert.equal(varsOf(inventory.layersOf('a')), { x: 1 });
  assert.equal(varsOf(inventory.layersOf('b')), {});
});

test('it runs where tplay was started, with its path', () =>
  withFiles(
    { 'inv/hosts.sh': '#!/bin/sh\necho "{\\"$(basename "$0")\\": [\\"$(ls)\\"], \\"_meta\\": {\\"hostvars\\": {}}}"' },
    (services, folder) => {
      chmodSync(join(folder, 'inv/hosts.sh'), 0o755);
      const inventory = valueOf(loadInventory(['inv'], services));
      assert.equal(inventory.groups.get('hosts.sh')?.hosts, ['inv']);
    },
  ));

test('what it prints is data: braces stay as they are, with a warning', () => {
  const loaded = load(
    script('{"g": {"hosts": ["a"], "vars": {"t": "{{ 1 + 1 }}", "u": "{% x %}"}}, "_meta": {"hostvars": {}}}'),
  );
  assert.is(varsOf(valueOf(loaded).layersOf('a'))['t'], '{{ 1 + 1 }}');
  assert.equal(heads(loaded), [
    'hosts.sh --list:1:38 warning bad-value: what hosts.sh prints is data: the braces in this text stay as they are (and 1 more)',
  ]);
});

test('a mapping of other keys is a host of its own, as in Ansible, and is warned about', () => {
  const loaded = load(script('{"g": {"x": 1}, "_meta": {"hostvars": {}}}'));
  assert.equal(varsOf(valueOf(loaded).layersOf('g')), { x: 1 });
  assert.match(heads(loaded).join('\n'), '"g" has neither hosts nor vars nor children');
});

const WRONG: readonly (readonly [string, readonly string[]])[] = [
  ['', ['hosts.sh --list:2:1 error wrong-shape: the JSON has no end']],
  ['[]', ['hosts.sh --list:1:1 error wrong-type: what an inventory script prints must be a mapping, not a list']],
  ['{"g": ["a"]} x', ['hosts.sh --list:1:14 error wrong-shape: this is not JSON: something follows its end']],
  ['{"g": ["a",]}', ['hosts.sh --list:1:12 error wrong-shape: this is not JSON: a value is expected here']],
  ["{'g': 1}", ['hosts.sh --list:1:2 error wrong-shape: this is not JSON: a key in quotes is expected here']],
  [
    '{"g": 1, "h": {"hosts": "a", "vars": [], "children": {}, "hots": []}, "_meta": {"hostvars": {"a": 1}},\n"i": [1, "a b", "a"], "!": []}',
    [
      'hosts.sh --list:1:7 error wrong-type: the group "g" must be a mapping or a list of hosts, not a number',
      'hosts.sh --list:1:25 error wrong-type: the hosts of "h" must be a list of names, not a string',
      'hosts.sh --list:1:38 error wrong-type: the variables of "h" must be a mapping, not a list',
      'hosts.sh --list:1:54 error wrong-type: the children of "h" must be a list of names, not a mapping',
      'hosts.sh --list:1:58 warning unknown-inventory-keyword: the group "h" has a key "hots", which is ignored',
      'hosts.sh --list:1:99 error wrong-type: the variables of a must be a mapping, not a number',
      'hosts.sh --list:2:7 error wrong-type: the name of a host must be a text, not a number',
      'hosts.sh --list:2:10 error bad-value: "a b" is not a name for a host',
      'hosts.sh --list:2:23 error bad-value: "!" is not a name for a group: no pattern could name it',
    ],
  ],
  ['{"_meta": null, "g": []}', ['hosts.sh --list:1:11 error wrong-type: this must be a mapping, not nothing']],
];

for (const [text, expected] of WRONG)
  test(`output ${JSON.stringify(text)} is told what is wrong with it`, () =>
    assert.equal(heads(load(script(text))), expected));

test('a script that fails is told with its status and what it says', () => {
  assert.equal(heads(load('#!/bin/sh\necho no token >&2; exit 3\n')), [
    'hosts.sh:1:1 error bad-value: "hosts.sh --list" ended with 3: no token',
  ]);
  assert.match(heads(load('#!/bin/sh\nkill -9 $$\n')).join(''), 'was ended by SIGKILL');
  assert.match(heads(load('#!/no/such/program\n')).join(''), 'the program that its first line names is not there');
  assert.match(heads(load(script('{"g": ["a"]}', { a: 'exit 4' }))).join(''), '"hosts.sh --host a" ended with 4');
  assert.match(heads(load(script('{"g": ["a"]}'))).join(''), 'the JSON has no end');
});

test('what a script says besides is a warning', () =>
  assert.equal(heads(load('#!/bin/sh\necho old API >&2; echo {}')), [
    'hosts.sh:1:1 warning bad-value: "hosts.sh --list" says: old API',
  ]));

test('a script that does not end is ended', () =>
  withFiles({ 's.sh': '#!/bin/sh\nexec sleep 60\n' }, (services, folder) => {
    chmodSync(join(folder, 's.sh'), 0o755);
    const loaded = loadInventory(['s.sh'], { ...services, runScript: scriptRunner(folder, 50) });
    assert.match(heads(loaded).join(''), '"s.sh --list" did not end within 0.05 seconds');
  }));

test('secrets that a script prints are not printed with another fault', () => {
  const said = printed(load(script('{"g": {"hosts": 1, "vars": {"ansible_password": "s3cret"}}}')));
  assert.match(said, '"ansible_password": ********');
  assert.not.match(said, 's3cret');
});

test.run();
