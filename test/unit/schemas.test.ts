import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDocument } from 'yaml';
import { generated, root } from '../../dev/generated.ts';
import { moduleNames } from '../../lib/playbook/modules.ts';
import { readCases } from '../against-ansible/cases.ts';

// The schemas for editors: they must take what tplay takes, and find what an editor can find.
const made = await generated();
const schema = (name: string) => ({ $id: name, ...JSON.parse(made.get(`schemas/${name}`) ?? '') });
const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true });
ajv.addSchema(schema('tasks.json'));
const tasks = ajv.getSchema('tasks.json') as ValidateFunction;
const handlers = ajv.compile(schema('handlers.json'));
const playbook = ajv.compile(schema('playbook.json'));
const inventory = ajv.compile(schema('inventory.json'));

/** As an editor reads it; undefined for what is no YAML. */
function read(text: string): unknown {
  const tags = ['!vault', '!unsafe'].map(tag => ({ tag, resolve: (value: string) => value }));
  const document = parseDocument(text, { customTags: tags, merge: true });
  return document.errors.length > 0 ? undefined : document.toJS();
}

/** What is wrong with a text, in the words of the schema; '' when nothing is. */
function faults(by: ValidateFunction, text: string): string {
  if (by(read(text))) return '';
  const [first] = by.errors ?? [];
  return `${first?.instancePath} ${first?.message} ${JSON.stringify(first?.params)}`;
}

function fine(folder: string, by: ValidateFunction): void {
  if (!existsSync(root + folder)) return;
  for (const name of readdirSync(root + folder).filter(each => each.endsWith('.yml')))
    assert.is(faults(by, readFileSync(`${root}${folder}/${name}`, 'utf8')), '', `${folder}/${name}`);
}

test('our playbooks, inventories, and the tasks and handlers of our roles are as the schemas say', () => {
  fine('playbooks', playbook);
  fine('inventory', inventory);
  for (const role of readdirSync(`${root}roles`)) {
    fine(`roles/${role}/tasks`, tasks);
    fine(`roles/${role}/handlers`, handlers);
  }
});

test('so are the playbooks that are compared with Ansible, which have every form of the language', () => {
  // an editor looks at a task alone: what module_defaults and args bring it asks for all the same
  const elsewhere = (c: { readonly title: string; readonly playbook: string }) =>
    c.playbook.includes('module_defaults:') || c.title === 'args beside a module, and names of modules in full';
  const cases = readCases()
    .filter(c => !['language/refused', 'language/stricter'].includes(c.feature) && !elsewhere(c))
    .filter(c => read(c.playbook) !== undefined);
  assert.ok(cases.length > 500, `${cases.length} cases`);
  for (const c of cases) assert.is(faults(playbook, c.playbook), '', `${c.feature}: ${c.title}`);
});

for (const [what, text, wanted] of [
  ['an argument that there is not', '- copy: { src: a, dest: /b, moed: "0644" }', '/0/copy .*additional.*moed'],
  ['a missing argument', '- copy: { src: a }', "/0/copy .*required property 'dest'"],
  ['an unknown choice', '- file: { path: /a, state: folder }', '/0/file/state'],
  ['a full name', '- ansible.builtin.file: { path: /a, stat: directory }', '/0/ansible.builtin.file .*stat'],
  ['an unknown module', '- cpoy: { src: a, dest: /b }', '/0 .*cpoy'],
  ['an unknown keyword', '- ping:\n  wen: x', '/0 .*wen'],
  ['a number that is none', '- pause: { seconds: soon }', '/0/pause/seconds'],
  ['a truth that is none', '- file: { path: /a, recurse: perhaps }', '/0/file/recurse'],
  ['a task in a block', '- block:\n    - fiel: { path: /a }', '/0/block/0 .*fiel'],
  ['a task in a rescue', '- block: []\n  rescue:\n    - file: { pth: /a }', '/0/rescue/0/file'],
  ['a keyword of a block', '- block: []\n  loop: [1]', '/0 .*loop'],
  ['what listen is for', '- ping:\n  listen: x', '/0 .*listen'],
  ['an unknown loop', '- ping:\n  with_itmes: [1]', '/0 .*with_itmes'],
  ['an include', '- include_tasks: { fle: a.yml }', '/0/include_tasks'],
] as const)
  test(`the schema of tasks finds ${what}`, () => {
    assert.match(faults(tasks, text), new RegExp(wanted));
  });

for (const [what, text] of [
  [
    'templates in place of every value',
    '- file: { path: "{{ p }}", state: "{{ s }}", recurse: "{{ r }}", mode: "{{ m }}" }',
  ],
  ['text behind a module', '- command: ls -l\n- file: path=/a state=directory\n- ping:'],
  ['words for booleans, numbers as text', '- file: { path: /a, recurse: "yes" }\n- pause: { seconds: "3" }'],
  ['a list as text with commas', '- add_host: { name: a, groups: "web,db" }'],
  ['other names of arguments', '- apt: { pkg: [a], update-cache: true }\n- file: { dest: /a, state: touch }'],
  ['names of ansible.legacy', '- ansible.legacy.copy: { src: a, dest: /b }\n- ansible.builtin.include_tasks: a.yml'],
  ['loops', '- debug: { msg: a }\n  with_items: [1]\n- debug: { msg: a }\n  with_dict: { a: 1 }'],
] as const)
  test(`the schema of tasks takes ${what}`, () => {
    assert.is(faults(tasks, text), '');
  });

test('the schema of playbooks finds what is wrong with a play', () => {
  assert.match(faults(playbook, '- tasks: []'), /hosts/);
  assert.match(faults(playbook, '- hosts: all\n  task: []'), /\/0 .*"task"/);
  assert.match(faults(playbook, '- hosts: all\n  handlers:\n    - ping: { dta: x }'), /\/0\/handlers\/0\/ping/);
  assert.match(faults(playbook, '- hosts: all\n  vars_prompt:\n    - prompt: Who?'), /vars_prompt\/0 .*name/);
  assert.match(faults(playbook, '- import_playbook: a.yml\n  hosts: all'), /\/0 .*hosts/);
  assert.is(faults(playbook, '- hosts: all\n  handlers:\n    - ping:\n      listen: x\n- import_playbook: a.yml'), '');
});

test('handlers may listen; a wrong inventory is found', () => {
  assert.is(faults(handlers, '- name: restart\n  ping:\n  listen: [a, b]'), '');
  assert.match(faults(inventory, 'all:\n  host: { web1: }'), /\/all .*host/);
});

test('every module is known by its short name and its full one', () => {
  const { definitions } = schema('tasks.json') as { definitions: { task: { properties: object } } };
  const names = Object.keys(definitions.task.properties);
  for (const name of moduleNames()) assert.ok(names.includes(name), name);
  for (const name of ['ansible.builtin.apt', 'community.mysql.mysql_db', 'community.general.apk'])
    assert.ok(names.includes(name), name);
  assert.not.ok(names.includes('ansible.builtin.release'), 'ours have no full name');
});

test.run();
