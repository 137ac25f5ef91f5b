import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { KEYWORD_DOCS } from '../../../lib/playbook/keyword-docs.ts';
import { KEYWORDS, keywordsOf } from '../../../lib/playbook/keywords.ts';

/** Recorded of ansible-core 2.14: `ansible-doc -t keyword -j NAME...`, the keyword's name and what it applies to. */
const ANSIBLE: Readonly<Record<string, string>> = {
  action: 'task',
  always: 'block',
  any_errors_fatal: 'play role block task',
  args: 'task',
  async: 'task',
  become: 'play role block task',
  become_exe: 'play role block task',
  become_flags: 'play role block task',
  become_method: 'play role block task',
  become_user: 'play role block task',
  block: 'block',
  changed_when: 'task',
  check_mode: 'play role block task',
  collections: 'play role block task',
  connection: 'play role block task',
  debugger: 'play role block task',
  delay: 'task',
  delegate_facts: 'role block task',
  delegate_to: 'role block task',
  diff: 'play role block task',
  environment: 'play role block task',
  fact_path: 'play',
  failed_when: 'task',
  force_handlers: 'play',
  gather_facts: 'play',
  gather_subset: 'play',
  gather_timeout: 'play',
  handlers: 'play',
  hosts: 'play',
  ignore_errors: 'play role block task',
  ignore_unreachable: 'play role block task',
  local_action: 'task',
  loop: 'task',
  loop_control: 'task',
  max_fail_percentage: 'play',
  module_defaults: 'play role block task',
  name: 'play role block task',
  no_log: 'play role block task',
  notify: 'block task',
  order: 'play',
  poll: 'task',
  port: 'play role block task',
  post_tasks: 'play',
  pre_tasks: 'play',
  register: 'task',
  remote_user: 'play role block task',
  rescue: 'block',
  retries: 'task',
  roles: 'play',
  run_once: 'play role block task',
  serial: 'play',
  strategy: 'play',
  tags: 'play role block task',
  tasks: 'play',
  throttle: 'play role block task',
  timeout: 'play role block task',
  until: 'task',
  vars: 'play role block task',
  vars_files: 'play',
  vars_prompt: 'play',
  when: 'role block task',
};

for (const [name, places] of Object.entries(ANSIBLE))
  test(`the keyword ${name} is taken or refused where Ansible has it: ${places}`, () => {
    const here = (['play', 'role', 'block', 'task'] as const).filter(place => keywordsOf(place).has(name));
    assert.equal(here, places.split(' '));
  });

test('what is no keyword of Ansible is one that it has without listing it', () => {
  const more = KEYWORDS.map(k => k.name).filter(name => !(name in ANSIBLE));
  assert.equal(
    more.sort(),
    ['become_exe', 'listen', 'role'].filter(n => !(n in ANSIBLE)),
  );
});

test('every keyword that is taken says what it does, for the reference and editors', () => {
  assert.equal(
    Object.keys(KEYWORD_DOCS).sort(),
    KEYWORDS.filter(k => k.refused === undefined)
      .map(k => k.name)
      .sort(),
  );
});

test.run();
