import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Lab, labDown, labMissing, labPasswords, labUp } from '../../lab/lab.ts';
import { skipped } from '../skip.ts';

/** Becoming root on a host where nobody logs in as root: sudo with and without a password, su; and what goes wrong. */
const root = fileURLToPath(new URL('../../../', import.meta.url));
const test = suite('become');
const folder = mkdtempSync(join(tmpdir(), 'tplay-become-'));
let lab: Lab;

const PLAYBOOK = `
- hosts: all
  gather_facts: false
  become: true
  tasks:
    - command: id -un
      register: me
      changed_when: false
    - assert: { that: me.stdout == "root" }
    - file: { path: /root/made, state: directory, mode: "0700" }
    - copy: { content: "{{ 'x' * 100000 }}", dest: /root/made/large, mode: "0600" }
    - command: id -un
      become_user: ops
      register: other
      changed_when: false
    - assert: { that: other.stdout == "ops" }
`;

test.before(async () => {
  lab = await labUp({ name: 'become', subnet: '10.83.0.0/24', hosts: [{ name: 'u1', kind: 'user' }] });
  writeFileSync(join(folder, 'p.yml'), PLAYBOOK);
});

test.after(async () => {
  await labDown('become');
  rmSync(folder, { recursive: true, force: true });
});

function run(vars: Readonly<Record<string, string>>): { status: number | null; out: string } {
  const all = {
    ansible_host: lab.hosts[0]?.address ?? '',
    ansible_ssh_private_key_file: lab.privateKey,
    ansible_ssh_common_args: `-o UserKnownHostsFile=${lab.knownHosts}`,
    ...vars,
  };
  const lines = Object.entries(all).map(([name, value]) => `    ${name}: ${JSON.stringify(value)}`);
  writeFileSync(join(folder, 'hosts.yml'), `all:\n  hosts:\n    u1:\n  vars:\n${lines.join('\n')}\n`);
  const argv = [
    join(root, 'bin/tplay.js'),
    'run',
    join(folder, 'p.yml'),
    '-i',
    join(folder, 'hosts.yml'),
    '--output',
    'plain',
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  return { status, out: stdout + stderr };
}

test('sudo without a password, twice: the second run changes nothing', () => {
  const first = run({ ansible_user: 'ops' });
  assert.is(first.status, 0, first.out);
  const second = run({ ansible_user: 'ops' });
  assert.is(second.status, 0, second.out);
  assert.match(second.out, /changed=0 /);
});

test('sudo with a password', () => {
  const { status, out } = run({ ansible_user: 'deploy', ansible_become_password: labPasswords.deploy });
  assert.is(status, 0, out);
  assert.not.match(out, new RegExp(labPasswords.deploy));
});

test('su with the password of root', () => {
  const { status, out } = run({
    ansible_user: 'deploy',
    ansible_become_method: 'su',
    ansible_become_password: labPasswords.root,
    ansible_password: labPasswords.deploy,
  });
  // becoming `ops` by su needs the password of ops: only root's tasks can pass
  assert.match(out, /u1\s+: ok=4 /, out);
  assert.is(status, 4);
});

test('a login by password, where no key is given', () => {
  const { status, out } = run({
    ansible_user: 'ops',
    ansible_password: labPasswords.ops,
    ansible_ssh_private_key_file: join(folder, 'none'),
  });
  assert.is(status, 0, out);
});

test('a wrong password is said quickly, without showing it, and the host counts as unreachable', () => {
  const start = Date.now();
  const { status, out } = run({ ansible_user: 'deploy', ansible_become_password: 'not-the-password' });
  assert.is(status, 4, out);
  assert.match(out, /sudo/);
  assert.not.match(out, /not-the-password/);
  assert.ok(Date.now() - start < 10_000);
});

if (labMissing().length > 0) {
  skipped('become', labMissing().join('; '));
  rmSync(folder, { recursive: true, force: true });
} else test.run();
