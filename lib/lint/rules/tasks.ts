import type { Span } from '../../text/source.ts';
import { entryOf, stringOf, valueOf } from '../../yaml/node.ts';
import type { Finding, Rule } from '../rule.ts';

/** What says by itself what it does. */
const SELF_EVIDENT = /^(meta|include_\w+|import_\w+|debug|assert|fail|set_fact|ping|pause|setup)$/;

export const unnamedTask: Rule = {
  name: 'unnamed-task',
  doc: "A task's name is what people see when it fails, and what --start-at-task and notify need. Tasks that only say or include something may go without.",
  bad: { text: '- file: { path: /srv, state: directory, mode: "0755" }\n' },
  good: { text: '- name: Folder of the service\n  file: { path: /srv, state: directory, mode: "0755" }\n- debug:\n' },
  *check({ sites }) {
    for (const { task, map } of sites) {
      const { action } = task;
      const name = action.kind === 'module' ? action.name : action.kind;
      if (entryOf(map, 'name') !== undefined || SELF_EVIDENT.test(name)) continue;
      yield { span: task.span, message: 'this task has no name', suggestion: 'begin with "name: ..."' };
    }
  },
};

export const duplicateName: Rule = {
  name: 'duplicate-name',
  doc: 'Of two tasks of one name in a play --start-at-task finds the first, and nobody can tell them apart in the output.',
  bad: { text: '- { name: Restart, debug: }\n- { name: Restart, ping: }\n' },
  good: { text: '- { name: Restart the web server, debug: }\n- { name: Restart the database, ping: }\n' },
  *check({ plays, sites }) {
    for (const play of plays) {
      const seen = new Map<string, Span>();
      for (const { task, map } of sites.filter(s => s.play === play)) {
        const node = valueOf(map, 'name');
        const name = stringOf(node);
        if (node === undefined || name === undefined || name.includes('{{')) continue;
        const key = `${task.handler} ${task.role?.name} ${name}`;
        const first = seen.get(key);
        // A file that is included twice is no second task.
        if (first === undefined) seen.set(key, node.span);
        else if (first.file.path !== node.span.file.path || first.start !== node.span.start)
          yield {
            span: node.span,
            task: task.span,
            message: `another task of the play is called "${name}"`,
            notes: [{ message: 'the first one is', span: first }],
          };
      }
    }
  },
};

export const ignoredErrors: Rule = {
  name: 'ignored-errors',
  doc: 'ignore_errors passes over every failure, also those that nobody thought of. With register somebody can look at it; failed_when says which failures are none.',
  bad: { text: '- name: Try\n  ping:\n  ignore_errors: true\n' },
  good: {
    text: `- name: Try
  command: "false"
  register: result
  changed_when: false
  failed_when: result.rc > 1
- name: Check only
  ping:
  ignore_errors: "{{ ansible_check_mode }}"
`,
  },
  *check({ sites }) {
    for (const { task, map } of sites) {
      const node = valueOf(map, 'ignore_errors');
      if (node?.kind !== 'scalar' || node.value !== true || task.register !== undefined) continue;
      const message = 'every failure is passed over, and nobody looks at it';
      yield { span: node.span, task: task.span, message, suggestion: 'write failed_when, or register the result' };
    }
  },
};

export const unusedRegister: Rule = {
  name: 'unused-register',
  doc: 'A result that nothing reads is a leftover, or its reader misspells it.',
  bad: { text: '- name: Look\n  stat: { path: /etc/app }\n  register: app\n' },
  good: { text: '- name: Look\n  stat: { path: /etc/app }\n  register: app\n- debug: { var: app.stat.exists }\n' },
  *check({ sites, uses }) {
    for (const { task, map } of sites) {
      const node = valueOf(map, 'register');
      if (node === undefined || task.register === undefined || uses.has(task.register) || task.register === '_')
        continue;
      // Reading the result of an ignored failure is not the only reason to keep it: see ignored-errors.
      if (valueOf(map, 'ignore_errors') !== undefined) continue;
      yield { span: node.span, task: task.span, message: `nothing reads "${task.register}"` };
    }
  },
};

export const unusedHandler: Rule = {
  name: 'unused-handler',
  doc: 'A handler that nothing notifies never runs.',
  bad: { text: '- hosts: all\n  tasks: [{ ping: }]\n  handlers: [{ name: restart, ping: }]\n' },
  good: {
    text: '- hosts: all\n  tasks: [{ ping: , notify: restart }]\n  handlers: [{ name: restart, ping: }]\n',
  },
  *check({ sites, open, roleTexts }): Iterable<Finding> {
    const notified = sites.flatMap(({ task }) => task.directives.notify.map(n => n.raw));
    if (open || notified.some(raw => typeof raw !== 'string')) return;
    const used = (name: string) => notified.includes(name);
    for (const { task, map } of sites) {
      const name = stringOf(valueOf(map, 'name')) ?? '';
      if (!task.handler || name === '' || name.includes('{{')) continue;
      const names = [name, `${task.role?.name} : ${name}`, ...task.listen];
      // Other files of a role may notify what these playbooks do not.
      if (task.role !== undefined && roleTexts.includes(name)) continue;
      if (!names.some(used)) yield { span: task.span, message: `nothing notifies the handler "${name}"` };
    }
  },
};

/** What to write for a `with_` form, where a loop says the same. */
const LOOPS: ReadonlyMap<string, string> = new Map([
  ['with_items', 'loop: "{{ list | flatten(levels=1) }}", or loop with the list'],
  ['with_list', 'loop with the list'],
  ['with_flattened', 'loop: "{{ list | flatten }}"'],
  ['with_dict', 'loop: "{{ dict | dict2items }}"'],
  ['with_sequence', 'loop: "{{ range(1, 5) }}"'],
  ['with_indexed_items', 'loop with loop_control: { index_var: index }'],
  ['with_together', 'loop: "{{ a | zip(b) }}"'],
  ['with_subelements', 'loop: "{{ list | subelements(\'key\') }}"'],
  ['with_nested', 'loop: "{{ a | product(b) }}"'],
  ['with_cartesian', 'loop: "{{ a | product(b) }}"'],
]);

export const withLoop: Rule = {
  name: 'with-loop',
  doc: 'The with_ forms flatten and guess; `loop` takes a list as it is, and filters say what is done with it.',
  bad: { text: '- debug: { msg: "{{ item }}" }\n  with_items: [a, b]\n' },
  good: { text: '- debug: { msg: "{{ item }}" }\n  loop: [a, b]\n' },
  *check({ sites }) {
    for (const { task, map } of sites)
      for (const { key } of map.entries) {
        const suggestion = LOOPS.get(key.source);
        if (suggestion === undefined) continue;
        yield { span: key.span, task: task.span, message: `${key.source} is an older form of loop`, suggestion };
      }
  },
};
