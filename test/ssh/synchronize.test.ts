import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Folder } from '../cli/program.ts';
import { skipped } from '../skip.ts';
import { type Sshd, sshdMissing, startSshd } from './sshd.ts';

const missing = sshdMissing();

/** Reads the start of a file, then ends the sshd that it runs behind. */
const CUTTING = `#!/bin/sh
case "$1 $2" in "-- ./"*) ;; *) exec /bin/cat "$@" ;; esac
head -c 1000 "$2"
p=$PPID
while [ "$(ps -o comm= -p "$p")" != sshd ]; do p=$(ps -o ppid= -p "$p" | tr -d ' '); done
kill -9 "$p"
sleep 60
`;

/** Two hosts, each behind an sshd of its own; each has a folder h1, h2 of this machine. */
function check(name: string, tasks: string, after: (folder: Folder, said: string) => void, hosts = 'h1:h2'): void {
  if (missing !== undefined) return skipped(name, missing);
  test(name, async () => {
    await using one = await startSshd();
    await using two = await startSshd();
    using folder = new Folder({ 'hosts.yml': inventory({ h1: one, h2: two }), 'play.yml': playbook(hosts, tasks) });
    mkdirSync(join(folder.path, 'bin'));
    writeFileSync(join(folder.path, 'bin/cat'), CUTTING);
    chmodSync(join(folder.path, 'bin/cat'), 0o755);
    for (const host of ['h1', 'h2']) {
      mkdirSync(join(folder.path, host, 's/sub'), { recursive: true });
      writeFileSync(join(folder.path, host, 's/who'), host, { mode: 0o640 });
      writeFileSync(join(folder.path, host, 's/sub/large'), Buffer.alloc(5_000_000, host));
    }
    const { stdout, stderr } = await folder.run('run', '-i', 'hosts.yml', 'play.yml');
    after(folder, stdout + stderr);
  });
}

function inventory(hosts: Readonly<Record<string, Sshd>>): string {
  const all = Object.entries(hosts).map(([name, sshd]) => [
    name,
    {
      ...{ ansible_host: '127.0.0.1', ansible_port: sshd.port, ansible_user: sshd.user },
      ansible_ssh_private_key_file: sshd.key,
      ansible_ssh_common_args: `-o UserKnownHostsFile=${sshd.knownHosts}`,
    },
  ]);
  return JSON.stringify({ all: { hosts: Object.fromEntries(all) } });
}

function playbook(hosts: string, tasks: string): string {
  const vars = `{ here: "{{ playbook_dir }}/{{ inventory_hostname }}", other: "{{ 'h2' if inventory_hostname == 'h1' else 'h1' }}", there: "{{ playbook_dir }}/{{ other }}" }`;
  return `- hosts: ${hosts}\n  gather_facts: false\n  vars: ${vars}\n  tasks:\n${tasks}`;
}

const text = (folder: Folder, path: string) => readFileSync(join(folder.path, path), 'utf8');
const names = (folder: Folder, path: string) => readdirSync(join(folder.path, path)).sort();

check(
  'each of two hosts sends to the other at the same time, and the second run changes nothing',
  `
    - { name: push, synchronize: { src: "{{ there }}/s/", dest: "{{ here }}/from-other" }, delegate_to: "{{ other }}" }
    - { name: again, synchronize: { src: "{{ there }}/s/", dest: "{{ here }}/from-other" }, delegate_to: "{{ other }}", register: r }
    - { name: pull, synchronize: { mode: pull, src: "{{ here }}/s/", dest: "{{ there }}/pulled" }, delegate_to: "{{ other }}" }
    - { name: same, synchronize: { src: "{{ here }}/s/", dest: "{{ here }}/copy" }, delegate_to: "{{ inventory_hostname }}" }
    - { assert: { that: not r.changed } }
`,
  (folder, said) => {
    assert.not.match(said, /failed=[1-9]|error/);
    for (const [host, other] of [
      ['h1', 'h2'],
      ['h2', 'h1'],
    ] as const) {
      const from = { 'from-other': other, pulled: other, copy: host };
      for (const [path, who] of Object.entries(from)) {
        assert.is(text(folder, `${host}/${path}/who`), who);
        assert.is(statSync(join(folder.path, host, path, 'who')).mode & 0o777, 0o640);
        assert.ok(readFileSync(join(folder.path, host, path, 'sub/large')).equals(Buffer.alloc(5_000_000, who)));
      }
    }
  },
);

check(
  'a folder of the host comes to the controller, in one round trip when it is there',
  `
    - { name: first, synchronize: { mode: pull, src: "{{ here }}/s/", dest: got } }
    - { name: second, synchronize: { mode: pull, src: "{{ here }}/s/", dest: got } }
`,
  (folder, said) => {
    assert.is(text(folder, 'got/who'), 'h1');
    assert.match(said, 'ok=2    changed=1');
    assert.match(said, '3 round trips');
  },
  'h1',
);

check(
  'a source that is lost half-way is told, and nothing is put in place',
  `
    - { name: prepare, shell: "mkdir -p {{ here }}/d; echo old >{{ here }}/d/who" }
    - name: cut
      synchronize: { src: "{{ there }}/s/", dest: "{{ here }}/d" }
      delegate_to: h2
      environment: { PATH: "{{ playbook_dir }}/bin:/usr/bin:/bin" }
`,
  (folder, said) => {
    assert.match(said, /failed=1|unreachable=1/, said);
    assert.match(said, 'the connection was');
    assert.is(text(folder, 'h1/d/who'), 'old\n');
    assert.equal(names(folder, 'h1/d'), ['who']);
  },
  'h1',
);

test.run();
