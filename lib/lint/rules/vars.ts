import { MAGIC_NAMES } from '../../engine/magic.ts';
import { KEYWORDS } from '../../playbook/keywords.ts';
import { looksSecret } from '../args.ts';
import { definitionsIn } from '../definitions.ts';
import type { Rule } from '../rule.ts';

export const plainSecret: Rule = {
  name: 'plain-secret',
  doc: 'A secret that stands in a file as text is in the repository, its history and every copy for ever.',
  bad: { text: '- hosts: all\n  vars: { db_password: hunter2 }\n' },
  good: {
    text: "- hosts: all\n  vars: { db_password: \"{{ lookup('env', 'DB_PASSWORD') }}\", db_password_file: /etc/x }\n",
  },
  *check(book) {
    for (const { name, span, value, task } of definitionsIn(book)) {
      if (typeof value !== 'string' || value === '' || !looksSecret(name)) continue;
      const suggestion = 'encrypt it: tplay vault encrypt-string, or give it by -e @file';
      const message = `"${name}" looks like a secret and stands here as text`;
      yield { span, message, suggestion, secret: value, ...(task && { task }) };
    }
  },
};

/** What templates find under these names is always the same, whoever sets them. */
const RESERVED = new Set([
  ...MAGIC_NAMES,
  'lookup',
  'query',
  'q',
  'range',
  'namespace',
  'now',
  'omit',
  'undef',
  'dict',
]);

export const shadowedName: Rule = {
  name: 'shadowed-name',
  doc: "A variable with the name of a magic variable or of a template's own function is never seen. Names of keywords are seen, but Ansible warns about them: nobody can tell which is meant.",
  bad: { text: '- hosts: all\n  vars: { groups: [admins], tags: [a] }\n' },
  good: { text: '- hosts: all\n  vars: { user_groups: [admins], server_tags: [a] }\n' },
  *check(book) {
    const keywords = new Set(KEYWORDS.map(keyword => keyword.name));
    for (const { name, span, task } of definitionsIn(book)) {
      const at = { span, ...(task && { task }), suggestion: 'take another name' };
      if (RESERVED.has(name)) yield { ...at, message: `"${name}" is set by tplay itself: this value is never seen` };
      else if (keywords.has(name)) yield { ...at, message: `"${name}" is also a keyword` };
    }
  },
};

export const unusedDefault: Rule = {
  name: 'unused-default',
  doc: 'A default that nothing in the playbook reads is a leftover, or its reader misspells it.',
  bad: {
    text: '- hosts: all\n  roles: [app]\n',
    files: {
      'roles/app/defaults/main.yml': 'app_prot: 80\n',
      'roles/app/tasks/main.yml': '- debug: { var: app_port }\n',
    },
  },
  good: {
    text: '- hosts: all\n  roles: [app]\n',
    files: {
      'roles/app/defaults/main.yml': 'app_port: 80\n',
      'roles/app/tasks/main.yml': '- debug: { var: app_port }\n',
    },
  },
  *check({ roles, uses, roleTexts, open }) {
    // Names that are put together are used somewhere where no word says so.
    if (open || uses.has('varnames') || uses.has('vars')) return;
    for (const role of roles)
      for (const [name, { span }] of role.defaults)
        if (span !== undefined && !uses.has(name) && !roleTexts.includes(name))
          yield { span, message: `nothing reads the default "${name}"` };
  },
};
