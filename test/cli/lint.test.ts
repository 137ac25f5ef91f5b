import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Folder } from './program.ts';

const FILES = {
  'p.yml': `- hosts: web
  vars:
    api_token: hunter2
  tasks:
    - name: Look
      command: uptime
`,
};

test('what is found is shown with its rule and place, and ends with 1', async () => {
  using folder = new Folder(FILES);
  const { status, stdout, stderr } = await folder.run('lint', 'p.yml');
  assert.is(stderr, '');
  assert.is(status, 1);
  assert.is(
    stdout,
    `p.yml:3:5 warning [plain-secret]: "api_token" looks like a secret and stands here as text
  3 |     api_token: ***
    |     ~~~~~~~~~ encrypt it: tplay vault encrypt-string, or give it by -e @file

p.yml:6:7 warning [always-changed]: command counts as changed whenever it runs
  6 |       command: uptime
    |       ~~~~~~~ say when it changes something: changed_when, creates or removes
`,
  );
});

test('--warn-only ends with 0, --skip-rule leaves rules out', async () => {
  using folder = new Folder(FILES);
  assert.is((await folder.run('lint', 'p.yml', '--warn-only')).status, 0);
  const less = await folder.run('lint', 'p.yml', '--skip-rule', 'plain-secret,always-changed');
  assert.is(less.status, 0);
  assert.is(less.stdout, '');
  const wrong = await folder.run('lint', 'p.yml', '--skip-rule', 'plain-secrets');
  assert.is(wrong.status, 1);
  assert.match(wrong.stderr, 'did you mean "plain-secret"?');
});

test('--output json is one finding a line, without secrets', async () => {
  using folder = new Folder(FILES);
  const { stdout } = await folder.run('lint', 'p.yml', '--output', 'json');
  const found = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>);
  assert.equal(
    found.map(f => [f['rule'], f['severity'], f['span']]),
    [
      ['plain-secret', 'warning', { file: 'p.yml', line: 3, column: 5 }],
      ['always-changed', 'warning', { file: 'p.yml', line: 6, column: 7 }],
    ],
  );
});

test('errors are errors: also those of included files, and with an inventory those of hosts', async () => {
  using folder = new Folder({
    'bad.yml': '- hosts: web\n  tasks:\n    - comand: x\n',
    'inc.yml': '- hosts: web\n  tasks:\n    - include_tasks: more.yml\n',
    'more.yml': '- debug: { mgs: x }\n',
    'nobody.yml': '- hosts: nobody\n  tasks: [{ debug: }]\n',
  });
  const said = async (...argv: string[]) => {
    const { status, stdout } = await folder.run('lint', ...argv, '--warn-only');
    return `${status} ${stdout}`;
  };
  assert.match(await said('bad.yml'), /^1 bad\.yml:3:7 error unknown-module/);
  assert.match(await said('inc.yml'), /^1 more\.yml:1:12 error unknown-argument/);
  assert.match(await said('nobody.yml'), /^0 $/);
  assert.match(await said('nobody.yml', '-i', 'hosts.yml'), /^1 nobody\.yml:1:10 error unknown-host/);
});

test('--rules lists the rules', async () => {
  using folder = new Folder({});
  const { status, stdout } = await folder.run('lint', '--rules');
  assert.is(status, 0);
  assert.match(stdout, /^always-changed\n {2}A command/);
});

test('our own playbooks and roles are clean', async () => {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const playbooks = readdirSync(`${root}playbooks`).map(name => `playbooks/${name}`);
  assert.ok(playbooks.length > 3);
  const said = await new Promise<string>(resolve =>
    execFile(process.execPath, ['bin/tplay.js', 'lint', ...playbooks], { cwd: root }, (error, stdout, stderr) =>
      resolve(`${error?.code ?? 0} ${stdout}${stderr}`),
    ),
  );
  assert.is(said, '0 ');
});

test.run();
