import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Folder } from './program.ts';

const FILES = {
  'inv/hosts.yml': `all:
  vars:
    port: 80
    url: "http://{{ inventory_hostname }}:{{ port }}/"
    ansible_password: hunter2
    login: "me:{{ ansible_password }}"
    os: "{{ ansible_distribution }}"
  children:
    web:
      hosts: { web1: { port: 81 }, web2: }
`,
  'inv/group_vars/web.yml': 'port: 82\n',
  'site.yml': `- name: site
  hosts: web
  vars: { port: 90 }
  vars_files: [more.yml]
  roles: [{ role: r, extra: 5 }]
`,
  'more.yml': 'motd: |\n  one\n  two\n',
  'host_vars/web1.yml': 'users: [{ name: "{{ url }}" }]\n',
  'roles/r/defaults/main.yml': 'port: 1\nown: 2\n',
  'roles/r/vars/main.yml': 'fixed: 3\n',
};

test('vars lists what is set for a host as YAML, with level and place; passwords are hidden', async () => {
  using folder = new Folder(FILES);
  const { stdout, stderr, status } = await folder.run('vars', 'inv/hosts.yml', 'web2');
  assert.is(stderr, '');
  assert.is(status, 0);
  assert.is(
    stdout,
    `ansible_password: '***'           # 3 inventory group vars, inv/hosts.yml:5:5
login: me:***                     # 3 inventory group vars, inv/hosts.yml:6:5
os: '{{ ansible_distribution }}'  # 3 inventory group vars, inv/hosts.yml:7:5; has no value here: "ansible_distribution" is not defined
port: 82                          # 6 inventory group_vars/*, inv/group_vars/web.yml:1:1
url: http://web2:82/              # 3 inventory group vars, inv/hosts.yml:4:5
`,
  );
});

test('with a playbook its variables count too, with a role those that the role sees', async () => {
  using folder = new Folder(FILES);
  const { stdout } = await folder.run('vars', '-i', 'inv/hosts.yml', 'web1', '-p', 'site.yml', '--role', 'r');
  const lines = stdout.split('\n').map(line => line.replace(/ {2,}#/, ' #'));
  assert.is(lines[0], '# as seen by the role r in the play "site", site.yml:1:3');
  for (const line of [
    'extra: 5 # 20 role params, site.yml:5:22',
    'fixed: 3 # 15 role vars, roles/r/vars/main.yml:1:1',
    'own: 2 # 2 role defaults, roles/r/defaults/main.yml:2:1',
    'port: 90 # 12 play vars, site.yml:3:11',
    '# 14 play vars_files, more.yml:1:1',
    'users: # 10 playbook host_vars/*, host_vars/web1.yml:1:1',
    '- name: http://web1:90/',
  ])
    assert.ok(lines.includes(line), `${line} in\n${stdout}`);
});

test('--explain shows what wins, then all it overrode', async () => {
  using folder = new Folder(FILES);
  const asked = ['--explain', 'port', '--explain', 'os', '-p', 'site.yml', '--role', 'r'];
  const { stdout, stderr } = await folder.run('vars', 'inv/hosts.yml', 'web1', ...asked);
  assert.is(stderr, '');
  assert.is(
    stdout,
    `# as seen by the role r in the play "site", site.yml:1:3
port: 90
  wins  12  play vars               site.yml:3:11                  90
  over   8  inventory host vars     inv/hosts.yml:10:24            81
  over   6  inventory group_vars/*  inv/group_vars/web.yml:1:1     82
  over   3  inventory group vars    inv/hosts.yml:3:5              80
  over   2  role defaults           roles/r/defaults/main.yml:1:1  1

os has no value here: "ansible_distribution" is not defined
  wins  3  inventory group vars  inv/hosts.yml:7:5  "{{ ansible_distribution }}"
`,
  );
});

test('--json gives the same as data', async () => {
  using folder = new Folder(FILES);
  const listed = JSON.parse((await folder.run('vars', 'inv/hosts.yml', 'web1', '--json')).stdout);
  assert.equal(listed.url, {
    value: 'http://web1:81/',
    level: 3,
    levelName: 'inventory group vars',
    where: 'inv/hosts.yml:4:5',
    written: 'http://{{ inventory_hostname }}:{{ port }}/',
  });
  assert.is(listed.ansible_password.value, '***');
  assert.is(listed.ansible_password.written, '***');
  assert.match(listed.os.error, /"ansible_distribution" is not defined/);
  const explained = JSON.parse(
    (await folder.run('vars', 'inv/hosts.yml', 'web1', '--json', '--explain', 'port')).stdout,
  );
  assert.equal(
    explained.port.set.map((place: { level: number; written: unknown }) => [place.level, place.written]),
    [
      [8, 81],
      [6, 82],
      [3, 80],
    ],
  );
});

test('what comes from a vault is hidden, and what is made of it', async () => {
  using folder = new Folder({
    ...FILES,
    pass: 'one\n',
    'tplay.yml': 'vault_password_file: pass\n',
    'inv/group_vars/web.yml': `sec: !vault |
          \$ANSIBLE_VAULT;1.1;AES256
          32373031306637613235656235646466386334343037373235666337623364613339313131663833
          3464343837663435656134303261306261323237616236390a343739393565633966656164653563
          35623830323238633063313037366463366137623332633664353064626638383733613831623832
          6362646164336161610a333431636638316135326530623763653339373161303338653661346337
          3133\nderived: "x-{{ sec }}-y"\n`,
  });
  const { stdout, stderr } = await folder.run(
    'vars',
    'inv/hosts.yml',
    'web2',
    '--explain',
    'sec',
    '--explain',
    'derived',
  );
  assert.is(stderr, '');
  assert.is(
    stdout,
    `sec: '***'
  wins  6  inventory group_vars/*  inv/group_vars/web.yml:1:1  "***"

derived: '***'
  wins  6  inventory group_vars/*  inv/group_vars/web.yml:8:1  "x-{{ sec }}-y"
`,
  );
});

test('a variable that nobody sets is said to be magic, one that is not there is an error with what was meant', async () => {
  using folder = new Folder(FILES);
  assert.is(
    (await folder.run('vars', 'inv/hosts.yml', 'web1', '--explain', 'group_names')).stdout,
    'group_names:\n- web\n  wins    magic variable\n',
  );
  const { stdout, stderr, status } = await folder.run('vars', 'inv/hosts.yml', 'web1', '--explain', 'prot');
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.is(stderr, 'error undefined-variable: there is no variable "prot"\n  did you mean "port"?\n');
});

test('a host that is not there, a group, a role or play without it: each its own error', async () => {
  using folder = new Folder(FILES);
  const error = async (...words: readonly string[]) => (await folder.run('vars', ...words)).stderr;
  assert.match(await error('inv/hosts.yml', 'wbe1'), /unknown host or group "wbe1"[^]*did you mean "web1"/);
  assert.is(
    await error('inv/hosts.yml', 'web'),
    'error bad-option: "web" is a group\n  name one of its hosts: web1, web2\n',
  );
  assert.match(
    await error('inv/hosts.yml', 'web1', '-p', 'site.yml', '--role', 'x'),
    /the play "site" has no role "x"/,
  );
  assert.match(
    await error('hosts.yml', 'db1', '-i', 'inv/hosts.yml', '-p', 'site.yml'),
    /no play of site.yml has the host db1/,
  );
  assert.match(await error('web1'), /no inventory is given[^]*type: tplay vars inventory\/prod.yml web1/);
  assert.match(await error(), /vars needs a host/);
});

test.run();
