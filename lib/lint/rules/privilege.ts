import { stringOf, valueOf } from '../../yaml/node.ts';
import type { Rule } from '../rule.ts';

export const becomeUserAlone: Rule = {
  name: 'become-user-alone',
  doc: 'become_user says who to become, become that somebody is become at all: without it the task runs as the login, unless -b is given.',
  bad: { text: '- name: Look\n  command: id\n  changed_when: false\n  become_user: postgres\n' },
  good: { text: '- name: Look\n  command: id\n  changed_when: false\n  become: true\n  become_user: postgres\n' },
  *check({ sites }) {
    for (const { task, map } of sites) {
      const node = valueOf(map, 'become_user');
      if (node === undefined || task.directives.become.become !== undefined) continue;
      const message = 'become_user without become: the task runs as the login';
      yield { span: node.span, task: task.span, message, suggestion: 'add become: true' };
    }
  },
};

export const delegatedBecome: Rule = {
  name: 'delegated-become',
  doc: 'A task that is delegated to the controller takes the become of its play with it, and wants to be root on your machine.',
  bad: {
    text: '- hosts: all\n  become: true\n  tasks:\n    - name: Ask\n      uri: { url: "http://localhost/" }\n      delegate_to: localhost\n',
  },
  good: {
    text: '- hosts: all\n  become: true\n  tasks:\n    - name: Ask\n      uri: { url: "http://localhost/" }\n      delegate_to: localhost\n      become: false\n',
  },
  *check({ sites }) {
    for (const { task, map } of sites) {
      const to = valueOf(map, 'delegate_to');
      if (to === undefined || !['localhost', '127.0.0.1', '::1'].includes(stringOf(to) ?? '')) continue;
      if (task.directives.become.become !== true || valueOf(map, 'become') !== undefined) continue;
      // What is not a module of the host needs nobody there.
      if (task.action.kind === 'module' && task.action.module.kind === 'local') continue;
      const message = 'the play becomes another user, and so does this task on the controller';
      yield { span: to.span, task: task.span, message, suggestion: 'add become: false, or true where it is meant' };
    }
  },
};
