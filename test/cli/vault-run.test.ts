import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { seal } from '../../lib/vault/vault.ts';
import { secret } from '../unit/vault/recorded.ts';
import { Folder } from './program.ts';

const dev = (text: string) => seal(Buffer.from(text), secret('s3cret', 'dev'));
const prod = (text: string) => seal(Buffer.from(text), secret('other', 'prod'));
const scalar = (text: string) => `!vault |\n${text.replace(/^/gm, '    ').trimEnd()}\n`;
const DEV = ['--vault-id', 'dev@pw'];

const FILES = {
  pw: 's3cret\n',
  'group_vars/web/vault.yml': dev(
    'name: Zaphod Beeblebrox\nport: 54321\npin: 42\nflag: true\nusers: [{ login: marvin9 }, { login: trillian9 }]\n',
  ),
  'group_vars/all.yml': `inline: ${scalar(dev('InlinePassword'))}`,
  'host_vars/db1.yml': prod('of_db: DatabaseSecret\n'),
  'templates/t.j2': 'name={{ name }}\nb64={{ inline | b64encode }}\nstays=as it is\n',
  'files/enc.txt': dev('FileContent\n'),
  'site.yml': `
- hosts: web
  gather_facts: false
  tasks:
    - debug: { var: users }
    - debug: { msg: "{{ port }} {{ pin }} {{ flag }} {{ name }}" }
    - debug: { var: pin }
    - debug: { var: flag }
    - debug: { msg: "{{ item.login }}" }
      loop: "{{ users }}"
    - set_fact: { made: "{{ inline }}-more", list: "{{ users | map(attribute='login') | list }}" }
    - debug: { msg: "{{ made }} {{ list | join }} {{ lookup('file', 'enc.txt') }}" }
    - template: { src: t.j2, dest: "{{ playbook_dir }}/out-{{ inventory_hostname }}", mode: "0600" }
    - copy: { src: enc.txt, dest: "{{ playbook_dir }}/enc-{{ inventory_hostname }}", mode: "0600" }
    - command: echo {{ inline }} {{ port }}
      register: said
    - debug: { var: said.stdout }
    - fail: { msg: "cannot go on with {{ name }}" }
      when: flag
      ignore_errors: true
    - debug: { msg: "{{ name | from_json }}" }
      ignore_errors: true
`,
};
const SECRETS =
  /Zaphod|Beeblebrox|54321|marvin9|trillian9|InlinePassword|SW5saW5lUGFzc3dvcmQ|FileContent|pin: "?42|flag: "?true/;

for (const output of ['plain', 'json', 'junit'])
  test(`nothing of a vault is shown by the output ${output}, not in results, diffs or errors`, async () => {
    using folder = new Folder(FILES);
    const ended = await folder.run('run', 'site.yml', '-i', 'hosts.yml', ...DEV, '-vvv', '--diff', '--output', output);
    assert.is(ended.status, 0, ended.stderr);
    assert.not.match(ended.stdout + ended.stderr, SECRETS);
    if (output === 'plain') assert.match(ended.stdout, 'stays=as it is'); // the rest of a diff is shown
  });

test('files come out with what was encrypted', async () => {
  using folder = new Folder(FILES);
  await folder.run('run', 'site.yml', '-i', 'hosts.yml', ...DEV);
  assert.is(folder.text('out-web1'), 'name=Zaphod Beeblebrox\nb64=SW5saW5lUGFzc3dvcmQ=\nstays=as it is\n');
  assert.is(folder.text('enc-web2'), 'FileContent\n');
});

test('what no password opens is told before any host is touched, for the hosts of the run alone', async () => {
  using folder = new Folder(FILES);
  const all = await folder.run('exec', 'all', '-i', 'hosts.yml', ...DEV, '-a', 'touch touched');
  assert.is(all.status, 1);
  assert.match(all.stderr, 'host_vars/db1.yml:1:1 error vault-password: this is encrypted with the vault id "prod"');
  assert.match(all.stderr, 'give its password: --vault-id prod@prompt');
  assert.throws(() => folder.text('touched'), /ENOENT/);
  assert.is((await folder.run('exec', 'web', '-i', 'hosts.yml', ...DEV, '-a', 'true')).status, 0);
  const hostvars = await folder.run('eval', "hostvars['db1'].of_db", '-i', 'hosts.yml', '-l', 'web1', ...DEV);
  assert.is(hostvars.status, 1);
  assert.match(hostvars.stderr, 'which the vault id dev cannot open');
});

test('without a password every place that needs one is told at once', async () => {
  using folder = new Folder(FILES);
  const ended = await folder.run('run', 'site.yml', '-i', 'hosts.yml', '-l', 'web1');
  assert.is(ended.status, 1);
  assert.match(
    ended.stderr,
    /files\/enc\.txt: this is encrypted with the vault id "dev", and no vault password is given/,
  );
  using inventory = new Folder({ ...FILES, 'site.yml': '- { hosts: web, tasks: [{ ping: }] }\n' });
  const vars = await inventory.run('run', 'site.yml', '-i', 'hosts.yml');
  assert.match(vars.stderr, /group_vars\/all\.yml:1:\d+ error vault-password/);
  assert.match(vars.stderr, /group_vars\/web\/vault\.yml:1:1 error vault-password/);
});

test('of an encrypted file with faults places and keys are told, and no line and no value', async () => {
  const tasks = `- hosts: all
  tasks:
    - fiel: { path: /Hidden1 }
    - file: { path: /Hidden1, state: Hidden2 }
    - debug: { msg: "{{ Hidden3 | nofilter }}" }
`;
  using folder = new Folder({ pw: 's3cret', 'site.yml': dev(tasks), 'group_vars/all.yml': dev('a: b: Hidden4\n') });
  const ended = await folder.run('run', 'site.yml', '-i', 'hosts.yml', ...DEV);
  assert.is(ended.status, 1);
  assert.match(ended.stderr, 'site.yml:3:7 error unknown-module: there is no module or keyword "fiel"');
  assert.match(ended.stderr, /site\.yml:4:\d+ error bad-value: "\*{3}" is not one of/);
  assert.match(ended.stderr, 'group_vars/all.yml:1:');
  assert.match(ended.stderr, 'the file is encrypted: the line is not shown');
  assert.not.match(ended.stderr, /Hidden|path: /);
});

test('200 encrypted scalars are opened in seconds, not in minutes', async () => {
  const vars = Array.from({ length: 200 }, (_, n) => `v${n}: ${scalar(dev(`value ${n}`))}`).join('');
  using folder = new Folder({
    pw: 's3cret',
    'group_vars/all.yml': vars,
    'site.yml': '- { hosts: web1, gather_facts: false }\n',
  });
  const start = performance.now();
  assert.is((await folder.run('run', 'site.yml', '-i', 'hosts.yml', ...DEV)).status, 0);
  const seconds = (performance.now() - start) / 1000;
  assert.ok(seconds < 60, `it took ${seconds} s`); // two are promised; the machine may be busy with much else
});

test.run();
