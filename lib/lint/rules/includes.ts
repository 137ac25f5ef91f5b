import { entryOf, valueOf } from '../../yaml/node.ts';
import type { Rule } from '../rule.ts';

export const tagsOnInclude: Rule = {
  name: 'tags-on-include',
  doc: 'Tags of an include decide whether the include itself runs; the tasks it brings have only their own. With -t the include runs and brings nothing that does.',
  bad: { text: '- include_tasks: more.yml\n  tags: web\n', files: { 'more.yml': '- debug:\n' } },
  good: {
    text: `- include_tasks: { file: more.yml, apply: { tags: web } }
  tags: web
- include_tasks: tagged.yml
  tags: web
`,
    files: { 'more.yml': '- debug:\n', 'tagged.yml': '- debug:\n  tags: web\n' },
  },
  *check({ sites }) {
    for (const { task, map, brings } of sites) {
      const tags = valueOf(map, 'tags');
      if (brings === undefined || tags === undefined || brings.length === 0) continue;
      const own = task.directives.tags;
      if (brings.some(site => site.task.directives.tags.some(tag => own.includes(tag) || tag === 'always'))) continue;
      if (own.every(tag => tag === 'always' || tag === 'never')) continue;
      const message = 'none of the tasks that this brings has its tags: with -t none of them runs';
      const suggestion = `add apply: { tags: [${own.join(', ')}] }, or use ${task.action.kind.replace('include', 'import')}`;
      yield { span: entryOf(map, 'tags')?.key.span ?? tags.span, task: task.span, message, suggestion };
    }
  },
};

export const loopVarClash: Rule = {
  name: 'loop-var-clash',
  doc: 'A loop inside an include that is itself in a loop hides the outer item: both are called the same.',
  bad: {
    text: '- include_tasks: more.yml\n  loop: [a, b]\n',
    files: { 'more.yml': '- debug: { msg: "{{ item }}" }\n  loop: [1, 2]\n' },
  },
  good: {
    text: '- include_tasks: more.yml\n  loop: [a, b]\n  loop_control: { loop_var: letter }\n',
    files: { 'more.yml': '- debug: { msg: "{{ letter }}{{ item }}" }\n  loop: [1, 2]\n' },
  },
  *check({ sites }) {
    for (const { task, brings = [] } of sites) {
      const name = task.loop?.loopVar;
      const inner = name === undefined ? undefined : brings.find(site => site.task.loop?.loopVar === name);
      if (task.loop === undefined || inner === undefined) continue;
      yield {
        span: task.loop.span,
        task: task.span,
        message: `the loop variable "${name}" is also that of a loop inside`,
        suggestion: 'name the outer one: loop_control: { loop_var: ... }',
        notes: [{ message: 'the loop inside is', span: inner.task.loop?.span ?? inner.task.span }],
      };
    }
  },
};
