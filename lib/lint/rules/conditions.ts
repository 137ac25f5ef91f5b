import { comparisons } from '../conditions.ts';
import type { Rule } from '../rule.ts';

export const comparedToBoolean: Rule = {
  name: 'compared-to-boolean',
  doc: 'A value that is true or false is a condition by itself; compared, a text like "yes" is neither.',
  bad: { text: '- debug:\n  when: ready == true\n' },
  good: { text: '- debug:\n  when: ready and not done\n' },
  *check({ sites }) {
    for (const site of sites)
      for (const { equal, right, span, leftText } of comparisons(site)) {
        if (right.type !== 'constant' || typeof right.value !== 'boolean') continue;
        const suggestion = `write ${equal === right.value ? leftText : `not ${leftText}`}`;
        yield {
          span,
          task: site.task.span,
          message: `the comparison with ${right.value} says nothing more`,
          suggestion,
        };
      }
  },
};

export const comparedToEmpty: Rule = {
  name: 'compared-to-empty',
  doc: 'Compared with an empty text, an empty list and None are not empty.',
  bad: { text: "- debug:\n  when: names != ''\n" },
  good: { text: '- debug:\n  when: names | length > 0\n' },
  *check({ sites }) {
    for (const site of sites)
      for (const { equal, left, right, span, leftText } of comparisons(site)) {
        if (right.type !== 'constant' || right.value !== '') continue;
        // What a command says is always a text.
        if (left.type === 'attribute' && ['stdout', 'stderr', 'msg'].includes(left.name)) continue;
        const suggestion = `write ${leftText} | length ${equal ? '== 0' : '> 0'}`;
        yield { span, task: site.task.span, message: 'only a text is equal to an empty text', suggestion };
      }
  },
};
