import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { limitPatterns } from '../../../lib/inventory/limit.ts';
import { loadInventory } from '../../../lib/inventory/load.ts';
import { nameMatcher, patternOf } from '../../../lib/inventory/pattern.ts';
import { selectHosts } from '../../../lib/inventory/select.ts';
import { sourceFile } from '../../../lib/text/source.ts';
import { entryOf, type MapNode, type ScalarNode, textNode } from '../../../lib/yaml/node.ts';
import { readYaml } from '../../../lib/yaml/read.ts';
import { inventoryOf, namesOf, printed, valueOf, withFiles } from './fixture.ts';

const inventory = inventoryOf(`
web:
  hosts:
    web[1:3]:
db:
  hosts:
    db1:
    "fe80::1":
one:
  hosts:
    web1:
`);

/** What selecting by an option's text prints. */
const said = (text: string) =>
  printed(selectHosts(inventory, [patternOf(textNode(sourceFile('--limit', text)))], { where: 'limit' }));

test('an unknown name points at itself inside the pattern', () => {
  assert.is(
    said('web:!wbe1:db'),
    `--limit:1:5 error unknown-host: unknown host or group "wbe1" in limit
  1 | web:!wbe1:db
    |     ~~~~~ did you mean "web1"?
`,
  );
});

test('every unknown name is said at once', () => {
  assert.is(
    said('wbe, dbb'),
    `--limit:1:1 error unknown-host: unknown host or group "wbe" in limit
  1 | wbe, dbb
    | ~~~ did you mean "web"?

--limit:1:6 error unknown-host: unknown host or group "dbb" in limit
  1 | wbe, dbb
    |      ~~~ did you mean "db1"?
`,
  );
});

test('a pattern under hosts points into its YAML file', () => {
  const file = sourceFile('site.yml', `- hosts: 'web:&dbb'\n`);
  const tree = valueOf(readYaml(file));
  const play = (tree.kind === 'seq' ? tree.items[0] : undefined) as MapNode;
  const node = entryOf(play, 'hosts')?.value as ScalarNode;
  assert.is(
    printed(selectHosts(inventory, [patternOf(node)])),
    `site.yml:1:15 error unknown-host: unknown host or group "dbb" in hosts
  1 | - hosts: 'web:&dbb'
    |               ~~~~ did you mean "db1"?
`,
  );
});

const FAULTS: readonly (readonly [string, string])[] = [
  ['web[7]', 'error unknown-host: "web[7]" in limit names no host: "web" has 3 hosts|the first one is [0]'],
  ['one[-2]', 'error unknown-host: "one[-2]" in limit names no host: "one" has one host|the first one is [0]'],
  ['wbe[0]', 'error unknown-host: unknown host or group "wbe" in limit|did you mean "web"?'],
  ['host[01:09]', 'error unknown-host: unknown host or group "host" in limit|a range names hosts only in an inventory'],
  [
    'web[0:-1]',
    'error bad-pattern: the subscript of "web[0:-1]" in limit cannot be read|write [first:last], counted from 0, both included, or [first:]',
  ],
  ['web:!', 'error bad-pattern: a pattern in limit ends after its sign|'],
  ['~web(', 'error bad-pattern: the pattern "~web(" in limit cannot be read: Unterminated group|'],
  [
    'db1,web:one',
    'error unknown-host: unknown host or group "web:one" in limit|beside commas a colon separates nothing: write commas only',
  ],
  ['mail*', 'warning unknown-host: the pattern "mail*" in limit matches no host and no group|'],
  ['web[0-1]', 'warning bad-pattern: "web[0-1]" in limit is written with ":" today|write "web[0:1]"'],
];

for (const [text, expected] of FAULTS)
  test(`"${text}" is told what is wrong with it`, () => {
    const [message, hint] = expected.split('|');
    const [head = '', , squiggle = ''] = said(text).split('\n');
    assert.is(head.replace(/^--limit:1:\d+ /, ''), message);
    assert.is(squiggle.replace(/^ *\| *~+ ?/, ''), hint);
  });

test('an unknown name may be a warning, for groups made at run time', () => {
  const selected = selectHosts(inventory, 'web1:os_debian', { unknownNames: 'warning' });
  assert.equal(namesOf(valueOf(selected)), ['web1']);
  assert.is(printed(selected), 'warning unknown-host: unknown host or group "os_debian" in hosts\n');
});

test('patterns of a list work together', () => {
  const selected = selectHosts(inventory, [{ text: '!web2' }, { text: 'db1,web' }]);
  assert.equal(namesOf(valueOf(selected)), ['db1', 'web1', 'web3']);
});

test('an IPv6 address can be excluded', () => {
  for (const patterns of [[{ text: 'db,!fe80::1' }], [{ text: 'db' }, { text: '!fe80::1' }]])
    assert.equal(namesOf(valueOf(selectHosts(inventory, patterns))), ['db1']);
});

test('localhost is the controller only when it is named', () => {
  const [host] = valueOf(selectHosts(inventory, 'localhost'));
  assert.is(host?.implicit, true);
  assert.is(host?.vars.get('ansible_connection')?.value, 'local');
  assert.equal(
    inventory.groupsOf('localhost').map(g => g.name),
    ['all'],
  );
  assert.not.ok(namesOf(valueOf(selectHosts(inventory, 'all:l*'))).includes('localhost'));
});

test('wildcards follow fnmatch and regular expressions those of Python', () => {
  const matches = (pattern: string, name: string) => {
    const matcher = nameMatcher(pattern);
    return matcher.ok && matcher.test(name);
  };
  const yes = [
    ['w?b', 'wxb'],
    ['w[]x]b', 'w]b'],
    ['w[!x]b', 'wab'],
    ['a.b*', 'a.bc'],
    ['a[^b]', 'a^'],
    ['w[x', 'w[x'],
    ['~web', 'web1'],
    ['~(?i)WEB', 'web1'],
    ['~(?P<n>a)(?P=n)$', 'aa'],
    ['~a\\Z', 'a'],
    ['~ba{,2}$', 'baa'],
  ] as const;
  const no = [
    ['a.b', 'axb'],
    ['web', 'web1'],
    ['W*', 'web'],
    ['w[!x]b', 'wxb'],
    ['~eb', 'web'],
    ['~a\\Z', 'ab'],
    ['~ba{,2}$', 'baaa'],
  ] as const;
  for (const [pattern, name] of yes) assert.ok(matches(pattern, name), pattern);
  for (const [pattern, name] of no) assert.not.ok(matches(pattern, name), pattern);
});

const LIMIT_FILES = {
  'hosts.yml': 'web:\n  hosts:\n    web[1:3]:\n',
  'bad.retry': 'web1\n\nweb9\nweb1,web2\n',
  'good.retry': '  web1\nweb3  \n',
};

test('--limit @file takes a pattern a line and points into the file', () =>
  withFiles(LIMIT_FILES, services => {
    const hosts = valueOf(loadInventory(['hosts.yml'], services));
    const select = (limit: string) => selectHosts(hosts, valueOf(limitPatterns(limit, services)), { where: 'limit' });
    assert.equal(namesOf(valueOf(select('@good.retry'))), ['web1', 'web3']);
    assert.equal(namesOf(valueOf(select('@good.retry,!web1'))), ['web3']);
    assert.is(
      printed(select('@bad.retry')),
      `bad.retry:3:1 error unknown-host: unknown host or group "web9" in limit
  3 | web9
    | ~~~~ did you mean "web1"?

bad.retry:4:1 error unknown-host: unknown host or group "web1,web2" in limit
  4 | web1,web2
    | ~~~~~~~~~ write each pattern on a line of its own
`,
    );
    assert.is(
      printed(limitPatterns('web,@no.retry', services)),
      `--limit:1:5 error missing-file: there is no file "no.retry" of patterns
  1 | web,@no.retry
    |     ~~~~~~~~~
`,
    );
  }));

test.run();
