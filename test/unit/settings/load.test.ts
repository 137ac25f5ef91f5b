import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FLAGS } from '../../../lib/cli/flags.ts';
import { parseOptions, type RunOptions } from '../../../lib/options.ts';
import { loadSettings, originName, type Settings } from '../../../lib/settings/load.ts';
import { SETTING_ROWS } from '../../../lib/settings/table.ts';
import { PLUGIN_FOLDERS, UNSUPPORTED } from '../../../lib/settings/unsupported.ts';
import { Diagnostics } from '../../../lib/text/diagnostic.ts';
import { formatDiagnostics } from '../../../lib/text/frame.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;
type Env = Readonly<Record<string, string>>;

/** The settings of a folder `site` with these files; `home` beside it is the home directory. */
function load(files: Files, env: Env = {}): { settings: Settings; said: string; root: string } {
  const root = mkdtempSync(join(tmpdir(), 'tplay-settings-'));
  try {
    for (const folder of ['site', 'home']) mkdirSync(join(root, folder));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    const found = new Diagnostics();
    const settings = loadSettings({ cwd: join(root, 'site'), env: { HOME: join(root, 'home'), ...env } }, found);
    return { settings, said: formatDiagnostics(found.sorted).replaceAll(root, ''), root };
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** The values given somewhere, with where; everything must be in order. */
function given(files: Files, env: Env = {}): Readonly<Record<string, string>> {
  const { settings, said, root } = load(files, env);
  assert.is(said, '');
  const rows = [...settings.origins].map(([name, origin]) => [
    name,
    `${settings.values[name]} from ${originName(origin)}`.replaceAll(root, ''),
  ]);
  return Object.fromEntries(rows);
}

const cfg = (...lines: readonly string[]) => ({ 'site/ansible.cfg': ['[defaults]', ...lines, ''].join('\n') });

test('without any file or variable every setting has its default', () => {
  assert.equal(given({}), {});
});

test('ansible.cfg is taken from $ANSIBLE_CONFIG, the working directory, the home directory: the first alone', () => {
  const files = {
    'site/other.cfg': '[defaults]\nforks = 1\n',
    'site/ansible.cfg': '[defaults]\nforks = 2\n',
    'home/.ansible.cfg': '[defaults]\nforks = 3\nremote_user = me\n',
  };
  assert.equal(given(files, { ANSIBLE_CONFIG: 'other.cfg' }), { forks: '1 from other.cfg:2:1' });
  assert.equal(given(files), { forks: '2 from ansible.cfg:2:1' });
  assert.equal(given({ 'home/.ansible.cfg': files['home/.ansible.cfg'] }), {
    forks: '3 from /home/.ansible.cfg:2:1',
    remote_user: 'me from /home/.ansible.cfg:3:1',
  });
});

test('$ANSIBLE_CONFIG may name a folder; one that is not there is said', () => {
  const files = { 'site/conf/ansible.cfg': '[defaults]\nforks = 1\n' };
  assert.equal(given(files, { ANSIBLE_CONFIG: 'conf' }), { forks: '1 from conf/ansible.cfg:2:1' });
  assert.is(
    load({}, { ANSIBLE_CONFIG: 'none.cfg' }).said,
    'warning missing-file: there is no file "none.cfg", as ANSIBLE_CONFIG says\n',
  );
});

test('files of a folder that everybody may write to are not read', () => {
  const root = mkdtempSync(join(tmpdir(), 'tplay-settings-'));
  try {
    writeFileSync(join(root, 'ansible.cfg'), '[defaults]\nforks = 1\n');
    writeFileSync(join(root, 'tplay.yml'), 'forks: 2\n');
    chmodSync(root, 0o777);
    const found = new Diagnostics();
    assert.is(loadSettings({ cwd: root, env: {} }, found).origins.size, 0);
    assert.equal(
      found.sorted.map(d => d.message),
      [
        'ansible.cfg is not read: everybody may write to this folder',
        'tplay.yml is not read: everybody may write to this folder',
      ],
    );
  } finally {
    rmSync(root, { recursive: true });
  }
});

test('tplay.yml is stronger than ansible.cfg, the environment than both', () => {
  const files = {
    ...cfg('forks = 1', 'timeout = 5', 'remote_user = a'),
    'site/tplay.yml': 'forks: 2\ntimeout: 6\n',
    'home/.config/tplay/tplay.yml': 'forks: 9\n',
  };
  assert.equal(given(files, { ANSIBLE_FORKS: '3' }), {
    forks: '3 from ANSIBLE_FORKS',
    timeout: '6 from tplay.yml:2:1',
    remote_user: 'a from ansible.cfg:4:1',
  });
});

test('tplay.yml is taken from $TPLAY_CONFIG, the working directory, the configuration of the user: the first alone', () => {
  const files = {
    'site/x.yml': 'forks: 1\n',
    'home/.config/tplay/tplay.yml': 'forks: 2\n',
    'home/c/tplay/tplay.yml': 'forks: 3\n',
  };
  assert.equal(given(files, { TPLAY_CONFIG: 'x.yml' }), { forks: '1 from x.yml:1:1' });
  assert.equal(given(files), { forks: '2 from /home/.config/tplay/tplay.yml:1:1' });
});

test('as Ansible: quotes around a value are taken off, the last of several names of a setting wins', () => {
  const text = '[defaults]\nremote_user = "me"\ntimeout = 5\n[ssh_connection]\ntimeout = 9\n';
  assert.equal(given({ 'site/ansible.cfg': text }), {
    remote_user: 'me from ansible.cfg:2:1',
    timeout: '9 from ansible.cfg:5:1',
  });
  assert.equal(given({}, { ANSIBLE_SSH_TIMEOUT: '4', ANSIBLE_TIMEOUT: '3' }), {
    timeout: '4 from ANSIBLE_SSH_TIMEOUT',
  });
});

test('as Ansible: paths are seen from the file that says them, ~ and variables are put in', () => {
  const text =
    '[defaults]\nroles_path = roles:~/r:/abs/$WHO:${NOBODY}\nprivate_key_file = k\ninventory = a.yml , ../b\n';
  assert.equal(given({ 'site/conf/ansible.cfg': text }, { ANSIBLE_CONFIG: 'conf', WHO: 'me' }), {
    inventory: 'conf/a.yml,b from conf/ansible.cfg:4:1',
    roles_path: '/site/conf/roles,/home/r,/abs/me,/site/conf/${NOBODY} from conf/ansible.cfg:2:1',
    private_key_file: '/site/conf/k from conf/ansible.cfg:3:1',
  });
  assert.equal(given({}, { ANSIBLE_ROLES_PATH: 'a:b' }), { roles_path: '/site/a,/site/b from ANSIBLE_ROLES_PATH' });
});

test('tplay.yml holds lists as YAML, and inventories may be lists of hosts', () => {
  const text =
    'inventory: [hosts.yml, "web1,"]\ntags: web\nroles_path:\n  - ~/r\nbecome: yes\nhost_key_checking: accept-new\n';
  assert.equal(given({ 'site/tplay.yml': text }), {
    inventory: 'hosts.yml,web1, from tplay.yml:1:1',
    tags: 'web from tplay.yml:2:1',
    roles_path: '/home/r from tplay.yml:3:1',
    become: 'true from tplay.yml:5:1',
    host_key_checking: 'accept-new from tplay.yml:6:1',
  });
  assert.equal(given({ 'site/tplay.yml': '# nothing yet\n' }), {});
});

test('host_key_checking is strict or off where Ansible says True or False', () => {
  assert.equal(given(cfg('host_key_checking = False')), { host_key_checking: 'off from ansible.cfg:2:1' });
  assert.equal(given({}, { ANSIBLE_HOST_KEY_CHECKING: 'yes' }), {
    host_key_checking: 'strict from ANSIBLE_HOST_KEY_CHECKING',
  });
});

test('all that is wrong with tplay.yml is told at once', () => {
  const text =
    'froks: 5\nforks: many\nbecome: maybe\ninventory: {a: b}\ntags: [a, []]\ngathering: smrt\nbecome_pass: x\ncolour: 1\nforks: 3\n';
  const { said } = load({ 'site/tplay.yml': text });
  assert.is(
    said,
    `tplay.yml:9:1 error duplicate-key: the key "forks" stands twice in this mapping
  9 | forks: 3
    | ~~~~~
  note: the first one is at tplay.yml:2:1
`,
  );
  assert.is(
    load({ 'site/tplay.yml': text.replace('forks: 3\n', '') }).said,
    `tplay.yml:1:1 error unknown-keyword: there is no setting "froks"
  1 | froks: 5
    | ~~~~~ did you mean "forks"?

tplay.yml:2:8 error bad-value: forks cannot be "many"
  2 | forks: many
    |        ~~~~ a whole number from 1

tplay.yml:3:9 error bad-value: become cannot be "maybe"
  3 | become: maybe
    |         ~~~~~ write True or False

tplay.yml:4:12 error wrong-type: inventory takes a list, not a mapping
  4 | inventory: {a: b}
    |            ~~~~~~

tplay.yml:5:11 error wrong-type: tags takes a list of words, not a list
  5 | tags: [a, []]
    |           ~~

tplay.yml:6:12 error bad-value: gathering cannot be "smrt"
  6 | gathering: smrt
    |            ~~~~ did you mean "smart"?

tplay.yml:7:1 error unsupported: become_pass is not read from here: it would lie open
  7 | become_pass: x
    | ~~~~~~~~~~~ be asked for it, or keep it in an encrypted file of variables

tplay.yml:8:1 error unknown-keyword: there is no setting "colour"
  8 | colour: 1
    | ~~~~~~ tplay config lists them
`,
  );
  assert.match(load({ 'site/tplay.yml': '- a\n' }).said, /tplay.yml holds a mapping of settings, not a list/);
});

test('a wrong value of the environment is named by its variable, a secret one is not shown', () => {
  assert.is(
    load({}, { ANSIBLE_FORKS: '-1' }).said,
    'error bad-value: ANSIBLE_FORKS cannot be "-1"\n  a whole number from 1\n',
  );
  assert.not.match(JSON.stringify(load({}, { ANSIBLE_BECOME_PASS: 'hidden!' }).said), /hidden/);
});

test('what would silently be done otherwise is an error, what is only not done a warning', () => {
  const said = (...lines: readonly string[]) => load(cfg(...lines)).said;
  assert.is(
    said('hash_behaviour = merge'),
    `ansible.cfg:2:18 error unsupported: hash_behaviour: mappings are never merged silently here: a variable takes the place of a weaker one
  2 | hash_behaviour = merge
    |                  ~~~~~ merge where it is meant, by {{ a | combine(b, recursive=true) }}
`,
  );
  assert.match(said('error_on_undefined_vars = False'), /error unsupported: error_on_undefined_vars/);
  assert.match(said('strategy = mitogen_linear'), /error bad-value: strategy cannot be "mitogen_linear"/);
  assert.match(said('jinja2_extensions = jinja2.ext.do,jinja2.ext.i18n'), /error unsupported: jinja2_extensions/);
  assert.match(said('log_path = x.log'), /warning unsupported: log_path: no log is written there/);
  assert.match(load({}, { ANSIBLE_HASH_BEHAVIOUR: 'merge' }).said, /^error unsupported: ANSIBLE_HASH_BEHAVIOUR: /);
  assert.is(
    said(
      'hash_behaviour = replace',
      'error_on_undefined_vars = True',
      'interpreter_python = auto',
      'pipelining = True',
    ),
    '',
  );
  assert.is(
    said('jinja2_extensions = jinja2.ext.do', 'callbacks_enabled = timer, profile_tasks', 'stdout_callback = yaml'),
    '',
  );
});

test('folders of Python plugins are said only where there is one', () => {
  assert.is(load(cfg('library = ./lib')).said, '');
  assert.match(
    load({ ...cfg('library = ./lib'), 'site/lib/x.py': '' }).said,
    /warning unsupported: library: nothing is loaded/,
  );
});

test('a file that is no text is told, not thrown', () => {
  const { said } = load({ 'site/ansible.cfg': new Uint8Array([0x5b, 0xff, 0xfe, 0x5d]) });
  assert.match(said, 'ansible.cfg:1:2 error yaml-syntax: the file is not UTF-8 text\n');
  assert.is(load({ 'site/ansible.cfg/x': '' }).said, '');
});

test('settings are the defaults of flags; tags and -v come on top of them', () => {
  const text =
    '[defaults]\ninventory = hosts.yml\nforks = 3\nverbosity = 1\nremote_user = me\n[privilege_escalation]\nbecome = yes\n[tags]\nrun = a, b\n';
  const { settings } = load({ 'site/ansible.cfg': text });
  const run = (...argv: readonly string[]): RunOptions => {
    const parsed = parseOptions(argv, settings);
    if (!parsed.ok || parsed.value.command !== 'run') throw new Error(JSON.stringify(parsed));
    return parsed.value;
  };
  const plain = run('run', 'site.yml');
  assert.equal(plain.inventories, ['hosts.yml']);
  assert.equal([plain.forks, plain.verbosity, plain.connection.user, plain.become.enabled], [3, 1, 'me', true]);
  const more = run('run', 'site.yml', '-i', 'x', '-f', '7', '-v', '-t', 'c', '-u', 'you');
  assert.equal(more.inventories, ['x']);
  assert.equal([more.forks, more.verbosity, more.connection.user], [7, 2, 'you']);
  assert.equal(more.tags, ['a', 'b', 'c']);
  assert.equal(run('site').inventories, ['hosts.yml']);
  assert.equal(run('site', 'y').inventories, ['y']);
  assert.equal(run('site', 'y', '-i', 'z').inventories, ['y', 'z']);
});

test('every flag of the table of settings is there, and no place is used twice', () => {
  for (const [name, { flag }] of SETTING_ROWS) assert.ok(flag === undefined || flag in FLAGS, name);
  const all = [...SETTING_ROWS.map(([, row]) => row), ...UNSUPPORTED, ...PLUGIN_FOLDERS];
  const places = all.flatMap(row => [...row.ini, ...row.env]);
  assert.equal(
    places.filter((place, i) => places.indexOf(place) !== i && place !== 'defaults.ansible_managed'),
    [],
  );
});

test.run();
