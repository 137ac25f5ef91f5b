// What a host, a command, a file or a script gives is data on every path: its braces are printed as they are.
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Folder } from './program.ts';

const EVIL = '{{ 1+1 }}{% if 1 %}x{% endif %}{# c #} !unsafe';
const PATHS: readonly (readonly [what: string, message: string, more?: string])[] = [
  ['register', '{{ out.stdout }}'],
  ['loop', '{{ item }}', 'loop: "{{ out.stdout_lines }}"'],
  ['with_items', '{{ item }}', 'with_items: "{{ [out.stdout] }}"'],
  ['label', '{{ item.a }}', 'loop: [{ a: "{{ out.stdout }}" }], loop_control: { label: "{{ item.a }}" }'],
  ['dict2items', '{{ item.key }}', 'loop: "{{ {out.stdout: 1} | dict2items }}"'],
  ['set_fact', '{{ fact }}'],
  ['nested fact', '{{ nested.a[0] }}'],
  ['hostvars', "{{ hostvars['h1'].fact }}"],
  ['hostvars register', '{{ hostvars.h1.out.stdout }}'],
  ['lookup vars', "{{ lookup('vars', 'fact') }}"],
  ['lookup file', "{{ lookup('file', evil) }}"],
  ['lookup pipe', "{{ lookup('pipe', 'cat ' ~ evil) }}"],
  ['query lines', "{{ query('lines', 'cat ' ~ evil)[0] }}"],
  ['slurp', '{{ slurped.content | b64decode }}'],
  ['from_yaml', "{{ ('- ' ~ out.stdout | to_json) | from_yaml | first }}"],
  ['from_json', '{{ out.stdout | to_json | from_json }}'],
  ['task variable', '{{ v }}', 'vars: { v: "{{ out.stdout }}" }'],
  ['template file', '{{ rendered.stdout }}'],
  ['copied content', '{{ copied.stdout }}'],
  ['failure', '{{ failed.msg }}'],
  ['unsafe', '{{ unsafe }}'],
  ['inventory script', '{{ fromscript }}'],
];

const PLAY = `- hosts: h1
  gather_facts: false
  vars: { evil: "{{ playbook_dir }}/evil.txt", unsafe: !unsafe "${EVIL}" }
  tasks:
    - { command: "cat {{ evil }}", register: out, changed_when: false }
    - { set_fact: { fact: "{{ out.stdout }}", nested: { a: ["{{ out.stdout }}"] } } }
    - { slurp: { src: "{{ evil }}" }, register: slurped }
    - { template: { src: t.j2, dest: "{{ playbook_dir }}/rendered" } }
    - { command: "cat {{ playbook_dir }}/rendered", register: rendered, changed_when: false }
    - { copy: { content: "{{ out.stdout }}", dest: "{{ playbook_dir }}/copied" } }
    - { command: "cat {{ playbook_dir }}/copied", register: copied, changed_when: false }
    - { fail: { msg: "{{ out.stdout }}" }, ignore_errors: true, register: failed }
${PATHS.map(
  ([what, message, more]) =>
    `    - { name: ${what}, debug: { msg: "<${what}> ${message} <end>" }${more === undefined ? '' : `, ${more}`} }\n`,
).join('')}`;

test('what a host gives is printed as it is on every path', async () => {
  const vars = { ansible_connection: 'local', fromscript: EVIL };
  const listed = JSON.stringify({ all: { hosts: ['h1'] }, _meta: { hostvars: { h1: vars } } });
  using folder = new Folder({
    'p.yml': PLAY,
    'evil.txt': EVIL,
    't.j2': '{{ out.stdout }}',
    'inv.sh': `#!/bin/sh\ncat <<'END'\n${listed}\nEND\n`,
  });
  chmodSync(join(folder.path, 'inv.sh'), 0o755);
  const { status, stdout, stderr } = await folder.run('run', 'p.yml', '-i', 'inv.sh');
  assert.is(status, 0, stderr + stdout);
  for (const [what] of PATHS) assert.ok(stdout.includes(`<${what}> ${EVIL} <end>`), `${what}:\n${stdout}`);
});

test('-e is written by the user: its braces are a template, as in Ansible', async () => {
  using folder = new Folder({
    'p.yml': '- hosts: web1\n  gather_facts: false\n  tasks: [{ debug: { var: extra } }]\n',
  });
  const { stdout } = await folder.run('run', 'p.yml', '-i', 'hosts.yml', '-e', '{"extra": "{{ 1 + 1 }}"}');
  assert.match(stdout, /extra: 2\b/);
});

test.run();
