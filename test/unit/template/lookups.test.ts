import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type Dict, Failure, fromPlain, Secret, type Value } from '../../../lib/template/index.ts';
import { rendered, scopeOf, services } from './scope.ts';

const FILES = {
  'a.txt': '  one \n\n',
  'b.txt': 'two',
  't.j2': 'hi {{ name }} {{ extra | default("-") }}\n',
  'app.ini': '[global]\nuser=root\n[web]\nPort = 80\nhost: h\n  more\n',
  'app.properties': 'a.b=1\nc = x y\n',
  'users.csv': 'bob,1,"x, y"\nann,2,z\n',
  'users.tsv': 'bob\tadmin\n',
  'secrets/db': 'pw123\n',
  'secrets/salted': 'pw123 salt=saltsalt\n',
};

interface Controller {
  readonly stored: Map<string, string>;
  readonly hidden: string[];
  readonly scope: ReturnType<typeof scopeOf>;
}

function controller(): Controller {
  const stored = new Map<string, string>();
  const hidden: string[] = [];
  const vars = fromPlain({ name: 'web1', app_a: 1, app_b: 2, list: ['x', 'y'] }) as Dict;
  const from = services(FILES, {
    glob: pattern => (pattern === 'f/*.conf' ? ['/p/f/a.conf', '/p/f/b.conf'] : []),
    pipe: command => (command === 'date' ? 'today\nnow\n' : fail(command)),
    environment: { HOME: '/home/me', USER: 'me' },
    hide: text => void hidden.push(text),
    storePassword: (path, text) => void stored.set(path, text),
    inspect: path =>
      path === 'a.txt'
        ? { kind: 'file', link: false, mount: false, id: '1' }
        : path === 'dir'
          ? { kind: 'directory', link: true, mount: true, id: '2' }
          : undefined,
    hostNames: patterns => {
      if (patterns.includes('web[9]')) throw new Failure('"web[9]" names no host');
      return patterns.flatMap(pattern => [`${pattern}1`, `${pattern}2`]);
    },
    setting: name => (name === 'DEFAULT_FORKS' ? 25 : name === 'DEFAULT_REMOTE_USER' ? null : undefined),
    realPath: path => `/real/${path}`,
  });
  return { stored, hidden, scope: scopeOf(vars, from) };
}

function fail(command: string): never {
  throw new Error(`"${command}" ended with 1`);
}

const CASES: readonly (readonly [string, Value])[] = [
  ["lookup('file', 'a.txt')", '  one'],
  ["lookup('file', 'a.txt', lstrip=true, rstrip=false)", 'one \n\n'],
  ["lookup('file', 'a.txt', 'b.txt')", '  one,two'],
  ["query('file', 'a.txt', 'b.txt')", ['  one', 'two']],
  ["lookup('file', 'b.txt', wantlist=true)", ['two']],
  ["lookup('ansible.builtin.file', 'b.txt')", 'two'],
  ["lookup('template', 't.j2')", 'hi web1 -\n'],
  ["lookup('template', 't.j2', template_vars={'extra': 5})", 'hi web1 5\n'],
  ["lookup('env', 'USER')", 'me'],
  ["lookup('env', 'NONE')", ''],
  ["lookup('env', 'NONE', default='d')", 'd'],
  ["lookup('pipe', 'date')", 'today\nnow'],
  ["query('lines', 'date')", ['today', 'now']],
  ["query('fileglob', 'f/*.conf')", ['/p/f/a.conf', '/p/f/b.conf']],
  ["lookup('fileglob', 'f/*.conf')", '/p/f/a.conf,/p/f/b.conf'],
  ["query('fileglob', 'none*')", []],
  ["lookup('first_found', ['none', 'b.txt'])", 'b.txt'],
  ["lookup('first_found', {'files': ['none', 'db'], 'paths': ['x', 'secrets']})", 'secrets/db'],
  ["query('first_found', ['none'], skip=true)", []],
  ["lookup('ini', 'user', file='app.ini')", 'root'],
  ["lookup('ini', 'user file=app.ini')", 'root'],
  ["lookup('ini', 'port section=web file=app.ini')", '80'],
  ["lookup('ini', 'nope', section='web', file='app.ini', default='d')", 'd'],
  ["query('ini', '.*', section='web', file='app.ini', re=true)", ['80', 'h\nmore']],
  ["lookup('ini', 'c', type='properties', file='app.properties')", 'x y'],
  ["lookup('csvfile', 'ann', file='users.csv', delimiter=',')", '2'],
  ["lookup('csvfile', 'bob file=users.csv delimiter=, col=2')", 'x, y'],
  ["lookup('csvfile', 'bob', file='users.tsv')", 'admin'],
  ["lookup('csvfile', 'eve', file='users.csv', delimiter=',', default='none')", 'none'],
  ["lookup('vars', 'app_' ~ 'a')", 1],
  ["query('varnames', '^app_')", ['app_a', 'app_b']],
  ["query('sequence', start=4, end=8, stride=2, format='n%02d')", ['n04', 'n06', 'n08']],
  ["query('inventory_hostnames', 'web', 'db')", ['web1', 'web2', 'db1', 'db2']],
  ["lookup('inventory_hostnames', 'web')", 'web1,web2'],
  ["query('inventory_hostnames')", []],
  ["lookup('config', 'DEFAULT_FORKS')", 25],
  ["query('config', 'DEFAULT_FORKS', 'DEFAULT_REMOTE_USER')", [25, null]],
  ["query('config', 'NOPE', 'DEFAULT_FORKS', on_missing='skip')", [25]],
  ["lookup('config', 'NOPE', on_missing='warn')", []],
  ["lookup('nope' if false else 'list', list)", ['x', 'y']],
  ["vars['name']", 'web1'],
  ['vars.name', 'web1'],
  ["vars.get('nope', 'd')", 'd'],
  ["'~/x' | expanduser", '/home/me/x'],
  ["'$HOME/${USER}' | expandvars", '/home/me/me'],
  ["'a.txt' is file", true],
  ["'a.txt' is directory", false],
  ["'dir' is directory", true],
  ["'dir' is link", true],
  ["'none' is exists", false],
  ["'dir' is mount", true],
  ["'a.txt' is mount", false],
  ["'a.txt' is same_file('a.txt')", true],
  ["'a.txt' is same_file('dir')", false],
  ["'x' | realpath", '/real/x'],
  ["lookup('fileglob', 'none*')", []],
];

for (const [text, value] of CASES)
  test(`${text} gives what Ansible gives`, () => assert.equal(rendered(`{{ ${text} }}`, controller().scope), value));

const FAILING: readonly (readonly [string, RegExp])[] = [
  ["lookup('file', 'none')", /found no file "none"/],
  ["lookup('first_found', ['none', 'no'])", /found none of "none", "no"/],
  ["lookup('pipe', 'false')", /"false" ended with 1/],
  ["lookup('vars', 'nam')", /"nam" is not defined/],
  ["lookup('no' ~ 'pe')", /there is no lookup "nope"/],
  ["query('inventory_hostnames', 'web[9]')", /"web\[9\]" names no host/],
  ["lookup('config', 'NOPE')", /knows no setting "NOPE"/],
  ["lookup('config', 5)", /names of settings as texts/],
  ["lookup('config', 'NOPE', on_missing='x')", /error, warn or skip/],
  ["lookup('config', 'port', plugin_type='connection', plugin_name='ssh')", /no option "plugin_type"/],
  ["lookup('url', 'http://a/')", /cannot read "http:..a\/" here/],
  ["query('sequence', 'start=5 end=1')", /negative stride/],
  ["query('sequence', 'end=1000000')", /more than 100000/],
  ["lookup('password', 'new length=x')", /positive "length"/],
];

for (const [text, message] of FAILING)
  test(`${text} fails and says why`, () => assert.throws(() => rendered(`{{ ${text} }}`, controller().scope), message));

function secretOf(value: Value): string {
  assert.instance(value, Secret);
  return String((value as Secret).reveal());
}

test('a password is read from its file, hidden and secret', () => {
  const { scope, hidden, stored } = controller();
  assert.is(secretOf(rendered("{{ lookup('password', 'secrets/db') }}", scope)), 'pw123');
  assert.equal(hidden, ['pw123']);
  assert.is(stored.size, 0);
});

test('a password that is not there is made and stored', () => {
  const { scope, stored } = controller();
  const made = secretOf(rendered("{{ lookup('password', 'secrets/new length=12 chars=digits,x') }}", scope));
  assert.match(made, /^[0-9x]{12}$/);
  assert.equal([...stored], [['secrets/new', `${made}\n`]]);
});

test('a password of /dev/null is not stored, one with a seed is always the same', () => {
  const { scope, stored } = controller();
  const once = () => secretOf(rendered("{{ lookup('password', '/dev/null', seed=name) }}", scope));
  assert.is(once(), once());
  assert.is.not(secretOf(rendered("{{ lookup('password', '/dev/null') }}", scope)), once());
  assert.is(stored.size, 0);
});

test('an encrypted password keeps its salt beside it', () => {
  const { scope, stored } = controller();
  const kept = secretOf(rendered("{{ lookup('password', 'secrets/salted encrypt=sha256_crypt') }}", scope));
  assert.match(kept, /^\$5\$rounds=535000\$saltsalt\$/);
  const fresh = secretOf(rendered("{{ lookup('password', 'secrets/db encrypt=sha512_crypt') }}", scope));
  const salt = /^\$6\$rounds=656000\$([^$]{16})\$/.exec(fresh)?.[1];
  assert.equal([...stored], [['secrets/db', `pw123 salt=${salt}\n`]]);
});

test.run();
